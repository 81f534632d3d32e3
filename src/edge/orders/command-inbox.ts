/** Where commands come in: each followed once, kept through a restart as long as it holds, and answered with what became of it. */
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { intersectionId, type IntersectionId } from '#base/id.ts'
import { ok, type Outcome } from '#base/outcome.ts'
import type { CommandResult } from '#contract/command-order.ts'
import { orderFault, type OrderFault } from '#contract/order-fault.ts'
import { ORDER_VERSION } from '#contract/signed-order.ts'
import { authenticateCommand, follow, timelyCommand, type AuthenticCommand, type Followed } from './judge-command.ts'
import type { InboxParts } from './plan-inbox.ts'
import type { Commissioned } from './planned-timing.ts'
import { replaces, StandingOrder } from './standing-order.ts'

const VERSION = 1
/** Of those that have not expired: a person who gives more in ten minutes is a program that has gone wrong. */
const REMEMBERED_MOST = 1_000

const Remembered = Type.Object({ expiresAtEpochMs: Type.Integer(), code: Type.String(), detail: Type.String() })

const KeptOrders = Type.Object({
  v: Type.Literal(VERSION),
  /** By correlation, as long as the order could come again. */
  answered: Type.Record(Type.String(), Remembered),
  standing: Type.Record(Type.String(), Type.Array(StandingOrder)),
})
type KeptOrders = Readonly<Type.Static<typeof KeptOrders>>

const NO_ORDERS: KeptOrders = { v: VERSION, answered: {}, standing: {} }

/** An answer, and where it goes. */
export interface Answer {
  readonly topic: string
  readonly result: CommandResult
  /** Why not; null where it is followed. */
  readonly fault: OrderFault | null
  /** The order has been answered before, and nothing was done again. */
  readonly isRepeated: boolean
}

export interface CommandParts extends InboxParts {
  /** As they run now, which a plan may have changed. */
  readonly streets: () => ReadonlyMap<IntersectionId, Commissioned>
}

export class CommandInbox {
  readonly #parts: CommandParts
  #kept: KeptOrders
  readonly #isBlind: boolean

  constructor(parts: CommandParts) {
    this.#parts = parts
    const kept = readKept(parts)
    this.#kept = kept ?? NO_ORDERS
    this.#isBlind = kept === null
  }

  /** Orders that hold at an intersection, those whose time is over among them. */
  standingAt(intersection: IntersectionId): readonly StandingOrder[] {
    return Object.hasOwn(this.#kept.standing, intersection) ? (this.#kept.standing[intersection] ?? []) : []
  }

  /** The fault alone where nobody can be answered, for nobody has signed it. Never throws, whatever comes. */
  receive(text: string, name: string, nowEpochMs: number): Outcome<Answer, OrderFault> {
    const authentic = authenticateCommand(text, { name, duty: this.#parts.duty, nowEpochMs })
    if (!authentic.ok) return authentic
    const { order } = authentic.value
    const before = this.#answeredBefore(order.correlation)
    if (before !== undefined)
      return ok({ ...this.#answer(authentic.value, faultIn(before), nowEpochMs), isRepeated: true })
    const fault = this.#follow(authentic.value, nowEpochMs)
    return ok({ ...this.#answer(authentic.value, fault, nowEpochMs), isRepeated: false })
  }

  #answeredBefore(correlation: string) {
    const { answered } = this.#kept
    return Object.hasOwn(answered, correlation) ? answered[correlation] : undefined
  }

  /** Null: it is on the medium, and holds. */
  #follow(command: AuthenticCommand, nowEpochMs: number): OrderFault | null {
    const { order } = command
    const late = timelyCommand(order, nowEpochMs)
    if (late !== null) return late
    if (this.#isBlind)
      return orderFault('ORDER_NOT_KEPT', 'what was ordered before cannot be read, see the log of the edge')
    const live = Object.entries(this.#kept.answered).filter(([, { expiresAtEpochMs }]) => expiresAtEpochMs > nowEpochMs)
    if (live.length >= REMEMBERED_MOST)
      return orderFault('COMMANDS_TOO_MANY', `${live.length} orders have come in the last minutes`)
    const followed = follow(command, this.#parts.streets(), nowEpochMs)
    const { code, detail } = followed.ok ? FOLLOWED : followed.fault
    const answer = { expiresAtEpochMs: order.expiresAtEpochMs, code, detail }
    const unkept = this.#keep({
      v: VERSION,
      answered: Object.fromEntries([...live, [order.correlation, answer]]),
      standing: followed.ok ? this.#standingWith(followed.value, nowEpochMs) : this.#kept.standing,
    })
    return followed.ok ? unkept : followed.fault
  }

  #standingWith(followed: Followed, nowEpochMs: number): KeptOrders['standing'] {
    const standing = { ...this.#kept.standing }
    for (const [id, order] of followed) {
      const rest = this.standingAt(id).filter(
        (each) => order !== null && each.untilEpochMs > nowEpochMs && !replaces(order, each),
      )
      standing[id] = order === null ? [] : [...rest, order]
    }
    return standing
  }

  #keep(kept: KeptOrders): OrderFault | null {
    try {
      this.#parts.file.write(JSON.stringify(kept))
      this.#kept = kept
      return null
    } catch (error) {
      return orderFault(
        'ORDER_NOT_KEPT',
        `the disk did not take it (${error instanceof Error ? error.message : String(error)})`,
      )
    }
  }

  #answer({ order }: AuthenticCommand, fault: OrderFault | null, nowEpochMs: number): Omit<Answer, 'isRepeated'> {
    const { code, detail } = fault ?? FOLLOWED
    const { edge } = this.#parts.duty
    const { correlation, responseTopic } = order
    const result = {
      v: ORDER_VERSION,
      correlation,
      edge,
      atEpochMs: nowEpochMs,
      accepted: fault === null,
      code,
      detail,
    }
    return { topic: responseTopic, result, fault }
  }
}

const FOLLOWED = { code: '', detail: '' } as const

/** What was answered then; codes of ours only stand in the file. */
const faultIn = ({ code, detail }: Type.Static<typeof Remembered>): OrderFault | null =>
  code === '' ? null : { code: code as OrderFault['code'], detail }

const schema = Compile(KeptOrders)

/** Null where the file cannot be read. */
function readKept({ file, log, duty }: CommandParts): KeptOrders | null {
  const tell = (detail: string) => {
    const message = `commands: what was ordered before cannot be read (${detail}). Nothing is followed until somebody has looked at the file, and removed it.`
    log('error', 'ORDERS_UNREADABLE', message)
    return null
  }
  try {
    const text = file.read()
    const kept: unknown = text === null ? NO_ORDERS : JSON.parse(text)
    if (!schema.Check(kept)) return tell('it has another form than it was written in')
    const ours = Object.entries(kept.standing).filter(([id]) => duty.intersections.has(intersectionId(id)))
    return { ...kept, standing: Object.fromEntries(ours) }
  } catch (error) {
    return tell(error instanceof Error ? error.message : String(error))
  }
}
