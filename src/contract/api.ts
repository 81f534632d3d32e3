/** The HTTP API of central: one schema for validation, OpenAPI and the pages' types. */
import Type from 'typebox'
import { FLASH_CAUSES, PREEMPT_STATES } from '#signal/status.ts'
import { LiveState, ModeField } from './messages.ts'

const Bilingual = Type.Object({ fa: Type.String(), en: Type.String() })
/** A preempt or a strategy of transit priority, by the number that its bit fields have. */
const BreakIn = Type.Object({ number: Type.Integer(), name: Bilingual })
const FreshnessField = Type.Union([Type.Literal('live'), Type.Literal('stale'), Type.Literal('lost')])

/** One row of `GET /api/v1/intersections`. Values of a lost intersection are null. */
export const IntersectionSummary = Type.Object({
  id: Type.String(),
  name: Bilingual,
  mode: ModeField,
  plan: Type.Union([Type.String(), Type.Null()]),
  /** Why all lamps flash, `none` where they do not; null: not known. */
  flash: Type.Union([Type.Enum(FLASH_CAUSES), Type.Null()]),
  /** The preempt in service; null where there is none, or nothing is known. */
  preempt: Type.Union([Type.Object({ number: Type.Integer(), state: Type.Enum(PREEMPT_STATES) }), Type.Null()]),
  /** Age of the controller's sample; null when none was ever received. */
  ageMs: Type.Union([Type.Integer(), Type.Null()]),
  freshness: FreshnessField,
  edge: Type.String(),
  edgeOnline: Type.Boolean(),
  cycleMs: Type.Union([Type.Integer(), Type.Null()]),
  localCycleMs: Type.Union([Type.Integer(), Type.Null()]),
  greens: Type.Array(Type.Integer()),
  phases: Type.Array(Type.Integer()),
  /** The same phases by ring, in the order of the first sequence. */
  rings: Type.Array(Type.Array(Type.Integer())),
  /** Who may break into its sequence, or ask for priority. */
  preempts: Type.Array(BreakIn),
  priorities: Type.Array(BreakIn),
})
export type IntersectionSummary = Type.Static<typeof IntersectionSummary>

/** The facts a drawing is made of; distances in metres, bearings in degrees clockwise from north. */
export const Geometry = Type.Object({
  phases: Type.Array(
    Type.Object({
      id: Type.Integer(),
      name: Bilingual,
      ring: Type.Integer(),
      barrier: Type.Integer(),
      minGreenMs: Type.Integer(),
      max1Ms: Type.Integer(),
      passageMs: Type.Integer(),
      yellowMs: Type.Integer(),
      redClearMs: Type.Integer(),
      /** 0 without a pedestrian movement. */
      walkMs: Type.Integer(),
      pedClearMs: Type.Integer(),
      /** What of the clearance must be over before the yellow. */
      clearInGreenMs: Type.Integer(),
      hasPedestrians: Type.Boolean(),
      /** Before the vehicles' green, people walk alone for so long; 0 = together. */
      leadingPedMs: Type.Integer(),
      /** When all lamps flash, its own flash yellow; else red. */
      flashesYellow: Type.Boolean(),
    }),
  ),
  overlaps: Type.Array(
    Type.Object({
      id: Type.Integer(),
      name: Bilingual,
      kind: Type.Enum(['normal', 'minusGreenYellow', 'flashingYellowArrow', 'pedestrian']),
      included: Type.Array(Type.Integer()),
      modifiers: Type.Array(Type.Integer()),
      flashesYellow: Type.Boolean(),
    }),
  ),
  approaches: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Bilingual,
      bearingDeg: Type.Number(),
      lengthM: Type.Number(),
      lanes: Type.Array(
        Type.Object({
          id: Type.String(),
          turns: Type.Array(Type.String()),
          lengthM: Type.Number(),
          head: Type.Object({ kind: Type.String(), number: Type.Integer() }),
        }),
      ),
      crosswalk: Type.Union([
        Type.Object({ lengthM: Type.Number(), kind: Type.String(), number: Type.Integer(), phase: Type.Integer() }),
        Type.Null(),
      ]),
    }),
  ),
  detectors: Type.Array(
    Type.Object({
      id: Type.Integer(),
      kind: Type.String(),
      lanes: Type.Array(Type.String()),
      setbackM: Type.Number(),
      lengthM: Type.Number(),
      phase: Type.Integer(),
    }),
  ),
})
export type Geometry = Type.Static<typeof Geometry>

/** The timing plans that the intersection has, so that a pattern number can be called by its name. */
export const PlanView = Type.Object({
  key: Type.String(),
  pattern: Type.Integer(),
  cycleMs: Type.Integer(),
  offsetMs: Type.Integer(),
  splitsMs: Type.Record(Type.String(), Type.Integer(), { description: 'Split by phase number' }),
})
export type PlanView = Type.Static<typeof PlanView>

export const IntersectionDetail = Type.Object({
  ...IntersectionSummary.properties,
  position: Type.Object({ latitude: Type.Number(), longitude: Type.Number() }),
  geometry: Geometry,
  plans: Type.Array(PlanView),
  /** The last state received, null when none; its own time stamp says how old it is. */
  state: Type.Union([LiveState, Type.Null()]),
})
export type IntersectionDetail = Type.Static<typeof IntersectionDetail>

export const StoredEventView = Type.Object({
  at: Type.String({ description: 'ISO 8601, UTC' }),
  intersection: Type.String(),
  code: Type.Integer(),
  parameter: Type.Integer(),
  source: Type.String(),
  edge: Type.String(),
  epoch: Type.String(),
  sequence: Type.Integer(),
})
export type StoredEventView = Type.Static<typeof StoredEventView>

/** RFC 9457 problem document. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  /** Stable and searchable; `docs/errors.md` explains each. */
  code: Type.String(),
  remedy: Type.String(),
})
export type Problem = Type.Static<typeof Problem>

/** The next moment at which the clock asks some intersections for another plan: null for free, `flash` for flashing lamps. */
export const PlanChange = Type.Object({
  at: Type.String({ description: 'ISO 8601, UTC' }),
  from: Type.Union([Type.String(), Type.Null()]),
  to: Type.Union([Type.String(), Type.Null()]),
  intersections: Type.Array(Type.String()),
})
export type PlanChange = Type.Static<typeof PlanChange>

/** `GET /api/v1/site`. */
export const SiteView = Type.Object({
  id: Type.String(),
  name: Bilingual,
  timeZone: Type.String(),
  /** True when the street is a simulation: every page then wears the SIM banner. */
  simulated: Type.Boolean(),
  edges: Type.Array(Type.Object({ id: Type.String(), intersections: Type.Array(Type.String()) })),
  nextPlanChanges: Type.Array(PlanChange),
})
export type SiteView = Type.Static<typeof SiteView>

const PartHealth = Type.Object({
  state: Type.Union([Type.Literal('up'), Type.Literal('down')]),
  detail: Type.String(),
  since: Type.String({ description: 'ISO 8601, UTC: when it last changed' }),
})

/** `GET /api/v1/health`: `degraded` when any part is down; the API itself answers in both cases. */
export const HealthView = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('degraded')]),
  now: Type.String({ description: 'ISO 8601, UTC' }),
  parts: Type.Object({ broker: PartHealth, store: PartHealth }),
  edges: Type.Array(
    Type.Object({
      edge: Type.String(),
      online: Type.Boolean(),
      since: Type.Union([Type.String(), Type.Null()]),
      live: Type.Integer(),
      stale: Type.Integer(),
      lost: Type.Integer(),
    }),
  ),
  ignoredMessages: Type.Integer({ description: 'MQTT messages refused since start: foreign or malformed' }),
})
export type HealthView = Type.Static<typeof HealthView>

/**
 * Server-sent events of `GET /api/v1/stream`: `snapshot` (data: StreamSnapshot, on connect or when replay is too old),
 * `state` (data: LiveState with `edgeOnline`), `presence`, `hb` (each second, data: StreamHeartbeat).
 * `id:` is the stream's own start and the sequence, such as `18f3a2b4c5d.42`.
 */
export const StreamSnapshot = Type.Object({
  nowEpochMs: Type.Integer(),
  states: Type.Array(LiveState),
  edges: Type.Array(
    Type.Object({
      edge: Type.String(),
      online: Type.Boolean(),
      /** When it said so; null when it was never heard. */
      sinceEpochMs: Type.Union([Type.Integer(), Type.Null()]),
      intersections: Type.Array(Type.String()),
    }),
  ),
})
export type StreamSnapshot = Type.Static<typeof StreamSnapshot>

export const StreamPresence = Type.Object({
  edge: Type.String(),
  online: Type.Boolean(),
  sinceEpochMs: Type.Union([Type.Integer(), Type.Null()]),
})
export type StreamPresence = Type.Static<typeof StreamPresence>

export const StreamHeartbeat = Type.Object({
  nowEpochMs: Type.Integer(),
  /** Whether central itself reaches its broker and its store: one cause instead of twelve symptoms. */
  brokerUp: Type.Boolean(),
  storeUp: Type.Boolean(),
})
export type StreamHeartbeat = Type.Static<typeof StreamHeartbeat>
