/** The HTTP API of central: one schema for validation, OpenAPI and the pages' types. */
import Type from 'typebox'
import { LiveState, MODES } from './messages.ts'

const Bilingual = Type.Object({ fa: Type.String(), en: Type.String() })
const ModeField = Type.Union(MODES.map((mode) => Type.Literal(mode)))
const Freshness = Type.Union([Type.Literal('live'), Type.Literal('stale'), Type.Literal('lost')])

/** Limits of freshness: `../design` says hatch above 2 s, blank above 10 s. */
export const STALE_AFTER_MS = 2_000
export const LOST_AFTER_MS = 10_000

/** One row of `GET /api/v1/intersections`. Values of a lost intersection are null. */
export const IntersectionSummary = Type.Object({
  id: Type.String(),
  name: Bilingual,
  mode: ModeField,
  plan: Type.Union([Type.String(), Type.Null()]),
  /** Age of the controller's sample; null when none was ever received. */
  ageMs: Type.Union([Type.Integer(), Type.Null()]),
  freshness: Freshness,
  edge: Type.String(),
  edgeOnline: Type.Boolean(),
  cycleMs: Type.Union([Type.Integer(), Type.Null()]),
  localCycleMs: Type.Union([Type.Integer(), Type.Null()]),
  greens: Type.Array(Type.Integer()),
  phases: Type.Array(Type.Integer()),
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
      hasPedestrians: Type.Boolean(),
    }),
  ),
  overlaps: Type.Array(Type.Object({ id: Type.Integer(), name: Bilingual, included: Type.Array(Type.Integer()) })),
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

export const IntersectionDetail = Type.Object({
  ...IntersectionSummary.properties,
  position: Type.Object({ latitude: Type.Number(), longitude: Type.Number() }),
  geometry: Geometry,
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
  code: Type.String(),
})
export type Problem = Type.Static<typeof Problem>

/**
 * Server-sent events of `GET /api/v1/stream`: `snapshot` (data: StreamSnapshot, on connect or when replay is too old),
 * `state` (data: LiveState with `edgeOnline`), `presence`, `hb` (each second, data: { nowEpochMs }). `id:` is the sequence.
 */
export const StreamSnapshot = Type.Object({
  nowEpochMs: Type.Integer(),
  states: Type.Array(LiveState),
  edges: Type.Array(
    Type.Object({ edge: Type.String(), online: Type.Boolean(), intersections: Type.Array(Type.String()) }),
  ),
})
export type StreamSnapshot = Type.Static<typeof StreamSnapshot>

export const StreamPresence = Type.Object({ edge: Type.String(), online: Type.Boolean() })
export type StreamPresence = Type.Static<typeof StreamPresence>

export const StreamHeartbeat = Type.Object({ nowEpochMs: Type.Integer() })
export type StreamHeartbeat = Type.Static<typeof StreamHeartbeat>
