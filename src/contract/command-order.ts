/** What a person may ask of a running edge, signed, for a while; and what the edge answers. */
import Type from 'typebox'
import { EpochMs, KeyId, OrderVersion } from './signed-order.ts'

const Name = Type.String({ minLength: 1, maxLength: 64 })
/** Nobody gives an order for longer than a day: whoever has forgotten it must not be surprised by it. */
const ForMs = Type.Integer({ minimum: 1_000, maximum: 86_400_000 })

/** The number in our events is the place in this list, from 1: append only. */
export const COMMANDS = ['release', 'hold-rung', 'priority', 'special-event', 'take-back', 'flash'] as const
export type CommandName = (typeof COMMANDS)[number]

/** Each command's own parameters. */
export const COMMAND_PARAMETERS = {
  /** The controller's own plan. */
  release: Type.Object({ forMs: ForMs }),
  /** No rung above the named one. */
  'hold-rung': Type.Object({ rung: Name, forMs: ForMs }),
  /** A priority strategy of the intersection is called; a vehicle is through in five minutes. */
  priority: Type.Object({
    number: Type.Integer({ minimum: 1, maximum: 16 }),
    forMs: Type.Integer({ minimum: 1_000, maximum: 300_000 }),
  }),
  /** A plan of the intersection, whatever the clock says. */
  'special-event': Type.Object({ plan: Name, forMs: ForMs }),
  /** All orders that hold there end. */
  'take-back': Type.Object({}),
  flash: Type.Object({}),
} as const satisfies Readonly<Record<CommandName, unknown>>

/** An order is either followed within minutes, or it was meant for another situation. */
export const COMMAND_LIFE_MS_MAX = 600_000

export const CommandOrder = Type.Object({
  v: OrderVersion,
  command: Type.String({ minLength: 1, maxLength: 32 }),
  parameters: Type.Object({}),
  /** Of the sender's choice: the same order twice is one order. */
  correlation: Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$' }),
  site: Name,
  edge: Name,
  intersections: Type.Array(Name, { minItems: 1, maxItems: 64 }),
  issuedBy: KeyId,
  issuedAtEpochMs: EpochMs,
  expiresAtEpochMs: EpochMs,
  /** The edge's `result`, or a topic below it. */
  responseTopic: Type.String({ maxLength: 256 }),
})
export type CommandOrder = Type.Static<typeof CommandOrder>

export const CommandResult = Type.Object({
  v: Type.Integer(),
  correlation: Type.String(),
  edge: Name,
  atEpochMs: EpochMs,
  accepted: Type.Boolean(),
  /** Why not; empty where it was. */
  code: Type.String(),
  detail: Type.String(),
})
export type CommandResult = Type.Static<typeof CommandResult>

/** Field contract, "only by two people": flash of more than one site. */
export const signersNeeded = ({ command, intersections }: Pick<CommandOrder, 'command' | 'intersections'>): number =>
  command === 'flash' && intersections.length > 1 ? 2 : 1
