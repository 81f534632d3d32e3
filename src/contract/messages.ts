/** The messages between edge and central: JSON with a schema version; unknown fields are kept, version N±1 is accepted. */
import Type from 'typebox'
import { FLASH_CAUSES, PREEMPT_STATES } from '#signal/status.ts'
import { FieldAlarm } from './field-alarms.ts'

export const MESSAGE_VERSION = 1

/** Our own version, the one before and the one after: edges and central are never renewed in the same minute. */
export const isVersionAccepted = (version: number): boolean => Math.abs(version - MESSAGE_VERSION) <= 1

/** Where an event was seen: the controller's own log, the difference of two images, or the edge itself. */
export const EVENT_SOURCES = ['controller', 'image', 'edge'] as const
export type EventSource = (typeof EVENT_SOURCES)[number]

/**
 * One recorded event as a row, to keep batches small:
 * [sequence in the edge's epoch, epoch ms, intersection, code, parameter, source, sequence in the device's log or 0]
 */
export const EventRow = Type.Tuple([
  Type.Integer({ minimum: 1 }),
  Type.Integer({ minimum: 0 }),
  Type.String({ minLength: 1, maxLength: 64 }),
  Type.Integer({ minimum: 0, maximum: 65_535 }),
  Type.Integer({ minimum: 0, maximum: 4_294_967_295 }),
  Type.Integer({ minimum: 0, maximum: EVENT_SOURCES.length - 1 }),
  Type.Integer({ minimum: 0 }),
])
export type EventRow = Type.Static<typeof EventRow>

/** A newer version may have more behind these; never fewer, and never others in their places. */
export const EVENT_ROW_FIELDS = 7

/** Upper bound of a batch; 1,000 rows are about 50 kB, far below any broker's limit. */
export const BATCH_EVENTS_MAX = 1_000

export const Batch = Type.Object({
  v: Type.Integer(),
  /** Random identity of the spool, 16 hex digits: a re-imaged edge cannot collide with its former self. */
  epoch: Type.String({ pattern: '^[0-9a-f]{16}$' }),
  /** Rows are contiguous: row i has sequence first + i. */
  first: Type.Integer({ minimum: 1 }),
  last: Type.Integer({ minimum: 1 }),
  /** No sequence between `after` and `first` will ever come: freed long ago, damaged, or given up for room. Absent: nothing is said. */
  after: Type.Optional(Type.Integer({ minimum: 0 })),
  /** CRC-32 (IEEE) of JSON.stringify(rows), 8 hex digits. */
  digest: Type.String({ pattern: '^[0-9a-f]{8}$' }),
  /** Part of the answer to the fetch of this id: it is stored whatever was stored before. */
  fetch: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  rows: Type.Array(EventRow, { minItems: 1, maxItems: BATCH_EVENTS_MAX }),
})
export type Batch = Type.Static<typeof Batch>

/** Upper bound of the islands told in one acknowledgement; more are told by later ones. */
export const ACK_RANGES_MAX = 64

/** Everything of the epoch up to and including `upTo` is in the store, and so are the islands `[first, last]` beyond it. */
export const Acknowledgement = Type.Object({
  v: Type.Integer(),
  epoch: Type.String(),
  upTo: Type.Integer({ minimum: 0 }),
  /** Live events overtake a backlog: without these they would be sent again until the backlog has caught up. */
  ranges: Type.Optional(
    Type.Array(Type.Tuple([Type.Integer({ minimum: 1 }), Type.Integer({ minimum: 1 })]), { maxItems: ACK_RANGES_MAX }),
  ),
  /** The part of an answer to a fetch that this answers: it is in the store. */
  fetched: Type.Optional(
    Type.Object({ id: Type.String(), first: Type.Integer({ minimum: 1 }), last: Type.Integer({ minimum: 1 }) }),
  ),
})
export type Acknowledgement = Type.Static<typeof Acknowledgement>

export const Presence = Type.Object({
  v: Type.Integer(),
  state: Type.Union([Type.Literal('online'), Type.Literal('shutdown'), Type.Literal('offline')]),
  atEpochMs: Type.Integer(),
})
export type Presence = Type.Static<typeof Presence>

/** What a page shows as the mode: the rung of supervision, or what the cabinet does without us. */
export const MODES = [
  'adaptive',
  'maxPressure',
  'coordinated',
  'actuated',
  'fixed',
  'local',
  'manual',
  'preempt',
  'flash',
  'fault',
  'unknown',
] as const
export type Mode = (typeof MODES)[number]
export const ModeField = Type.Enum(MODES)

export const Reason = Type.Object({
  code: Type.String(),
  phase: Type.Optional(Type.Integer()),
  numbers: Type.Record(Type.String(), Type.Number()),
})

const Bits = Type.Integer({ minimum: 0, maximum: 4_294_967_295 })

/** Signal part of the state: bit fields by phase, overlap; rings in order. */
export const LiveSignal = Type.Object({
  greens: Bits,
  yellows: Bits,
  redAmbers: Bits,
  walks: Bits,
  pedClears: Bits,
  vehicleCalls: Bits,
  pedestrianCalls: Bits,
  nexts: Bits,
  overlapGreens: Bits,
  overlapYellows: Bits,
  /** Yellow arrows that flash; among the others they are in none. */
  overlapFlashes: Bits,
  rings: Type.Array(
    Type.Object({
      phase: Type.Integer(),
      interval: Type.String(),
      elapsedMs: Type.Integer(),
      termination: Type.String(),
    }),
  ),
  pattern: Type.Integer(),
  cycleMs: Type.Integer(),
  localCycleMs: Type.Integer(),
  offsetMs: Type.Integer(),
  transition: Type.String(),
  /** Who breaks into the sequence: the preempt in service (0 = none), and bit fields by number. */
  preempt: Type.Object({
    number: Type.Integer(),
    state: Type.Enum(PREEMPT_STATES),
    calls: Bits,
    priorityCalls: Bits,
    priorityActive: Bits,
  }),
})
export type LiveSignal = Type.Static<typeof LiveSignal>

export const LiveDetector = Type.Object({
  id: Type.Integer(),
  quality: Type.Union([Type.Literal('good'), Type.Literal('stale'), Type.Literal('bad')]),
  /** Only with quality `good`. */
  occupied: Type.Optional(Type.Boolean()),
  /** What is reported against it, as bits of `DETECTOR_FAULT`; left out where nothing is. */
  faults: Type.Optional(Type.Integer({ minimum: 1, maximum: 255 })),
})

export type LiveDetector = Type.Static<typeof LiveDetector>

/** Vehicles counted in between the advance and the stop-bar loop of a lane. */
export const LiveQueue = Type.Object({ lane: Type.String(), vehicles: Type.Integer({ minimum: 0 }) })

export const LiveState = Type.Object({
  v: Type.Integer(),
  intersection: Type.String(),
  /** When the edge read the controller; the age of the data is now − this. */
  sampledAtEpochMs: Type.Integer(),
  mode: ModeField,
  /** Why all lamps flash, `none` where they do not; null: not known. */
  flash: Type.Union([Type.Enum(FLASH_CAUSES), Type.Null()]),
  /** Numbers of the alarms that stand at the cabinet (`docs/events.md`), ascending; empty too where it is not known. */
  alarms: Type.Array(Type.Integer({ minimum: 1, maximum: 32 })),
  /** What the edge finds wrong by itself; left out by an edge that looks for nothing. */
  fieldAlarms: Type.Optional(Type.Array(FieldAlarm)),
  /** Key of the plan in effect, null when free or unknown. */
  plan: Type.Union([Type.String(), Type.Null()]),
  why: Type.Union([Reason, Type.Null()]),
  /** Why supervision is not on a higher rung; null when on the highest. */
  ladder: Type.Union([Reason, Type.Null()]),
  /** null: the controller's values are not fresh, nothing is known of the lamps. */
  signal: Type.Union([LiveSignal, Type.Null()]),
  detectors: Type.Array(LiveDetector),
  queues: Type.Array(LiveQueue),
  doorOpen: Type.Union([Type.Boolean(), Type.Null()]),
  mainsPower: Type.Union([Type.Boolean(), Type.Null()]),
  clockDriftMs: Type.Union([Type.Integer(), Type.Null()]),
})
export type LiveState = Type.Static<typeof LiveState>
