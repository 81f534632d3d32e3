/** What central says to an edge about its telemetry, what the edge answers, and the list of its alarms. */
import Type from 'typebox'
import { FIELD_ALARMS } from './field-alarms.ts'
import { THROTTLE_MS_MAX } from './limits.ts'

/** Down: how fast the edge may send its backlog for a while; live events are not held back. */
export const Throttle = Type.Object({
  v: Type.Integer(),
  /** 0 holds it back altogether; more than the edge's own bound changes nothing. */
  backlogEventsPerS: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  forMs: Type.Integer({ minimum: 0, maximum: THROTTLE_MS_MAX }),
})
export type Throttle = Type.Static<typeof Throttle>

/** Down: send again what you still have of this time, whatever was acknowledged of it. */
export const Fetch = Type.Object({
  v: Type.Integer(),
  /** Chosen by whoever asks: 1 to 64 letters, digits, hyphens. */
  id: Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' }),
  /** Inclusive. */
  fromEpochMs: Type.Integer({ minimum: 0 }),
  /** Exclusive. */
  toEpochMs: Type.Integer({ minimum: 0 }),
})
export type Fetch = Type.Static<typeof Fetch>

export const FETCH_REFUSALS = ['rangeEmpty', 'tooManyWaiting'] as const

/** Up: what became of a fetch. Its events come as batches that name its id. */
export const Fetched = Type.Object({
  v: Type.Integer(),
  id: Type.String(),
  state: Type.Union([Type.Literal('done'), Type.Literal('refused')]),
  /** Sent and stored. */
  events: Type.Integer({ minimum: 0 }),
  /** Of everything that the edge still has, when the oldest event was: of the time before nothing can be fetched. */
  oldestEpochMs: Type.Union([Type.Integer(), Type.Null()]),
  reason: Type.Optional(Type.Enum(FETCH_REFUSALS)),
})
export type Fetched = Type.Static<typeof Fetched>

/** What is wrong with the edge's own log. */
export const SPOOL_ALARMS = ['spoolNotRecorded', 'spoolFull', 'spoolDamaged'] as const
export type SpoolAlarmName = (typeof SPOOL_ALARMS)[number]

export const EdgeAlarm = Type.Object({
  /** Unique within the edge, the same each time, such as `IX-03.cabinet.5`. */
  id: Type.String({ minLength: 1, maxLength: 128 }),
  /** null for an alarm of the edge itself. */
  intersection: Type.Union([Type.String(), Type.Null()]),
  /** `cabinet`: an alarm of the controller's own, by its number. */
  name: Type.Enum(['cabinet', ...FIELD_ALARMS, ...SPOOL_ALARMS]),
  number: Type.Optional(Type.Integer({ minimum: 1 })),
  device: Type.Optional(Type.String()),
  detectors: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }))),
  sinceEpochMs: Type.Integer(),
})
export type EdgeAlarm = Type.Static<typeof EdgeAlarm>

/** One that came or went. */
export const AlarmChange = Type.Object({
  v: Type.Integer(),
  atEpochMs: Type.Integer(),
  on: Type.Boolean(),
  alarm: EdgeAlarm,
})
export type AlarmChange = Type.Static<typeof AlarmChange>

/** Retained: all that stand, ordered by id. Whoever missed a change is right again by this. */
export const AlarmList = Type.Object({ v: Type.Integer(), atEpochMs: Type.Integer(), alarms: Type.Array(EdgeAlarm) })
export type AlarmList = Type.Static<typeof AlarmList>

/** One row of `GET /api/v1/alarms`: what an edge said last; null where it has said nothing since central began. */
export const AlarmsView = Type.Object({
  edge: Type.String(),
  at: Type.Union([Type.String({ description: 'ISO 8601, UTC' }), Type.Null()]),
  alarms: Type.Array(EdgeAlarm),
})
export type AlarmsView = Type.Static<typeof AlarmsView>
