/** The timing that an edge is to bring to its controllers, as two people sign it, and what the edge reports of it. */
import Type from 'typebox'
import { PLAN_VERSION_MAX } from './limits.ts'
import { EpochMs, KeyId, OrderVersion } from './signed-order.ts'

const Name = Type.String({ minLength: 1, maxLength: 64 })
const Hash = Type.Integer({ minimum: 0, maximum: 4_294_967_295 })
/** Strictly rising for an edge; fits the parameter of an event. */
const PlanVersion = Type.Integer({ minimum: 1, maximum: PLAN_VERSION_MAX })

const Bound = Type.Union([Type.Integer({ minimum: 0, maximum: 3_600_000 }), Type.Null()])
const Phase = Type.Integer({ minimum: 1, maximum: 40 })
const Weight = Type.Number({ minimum: 0, maximum: 1_000 })

/** `AdaptiveLimits` of one plan; maps as their pairs. */
export const PlanLimits = Type.Object({
  pattern: Type.Integer({ minimum: 1, maximum: 253 }),
  allowed: Type.Boolean(),
  order: Type.Enum(['free', 'fixed']),
  cycleLeastMs: Bound,
  cycleMostMs: Bound,
  splitsMs: Type.Array(Type.Tuple([Phase, Type.Object({ leastMs: Bound, mostMs: Bound })]), { maxItems: 40 }),
  weights: Type.Array(Type.Tuple([Phase, Weight]), { maxItems: 40 }),
  pedestrianWeight: Weight,
  transitWeight: Weight,
})
export type PlanLimits = Type.Static<typeof PlanLimits>

export const PlanForIntersection = Type.Object({
  id: Name,
  /** Of the database that the cabinet was commissioned with: whoever signed has seen the same street, lamps and floors. */
  baseHash: Hash,
  /** Of the database that is to run. */
  hash: Hash,
  /** As `signal/transaction/timing-text.ts` reads it: times and how they are used, nothing else. */
  timing: Type.Object({}),
  adaptive: Type.Array(PlanLimits, { maxItems: 253 }),
})
export type PlanForIntersection = Type.Static<typeof PlanForIntersection>

export const PlanBundle = Type.Object({
  v: OrderVersion,
  version: PlanVersion,
  site: Name,
  edge: Name,
  /** The key of whoever made it; among its signers. */
  issuedBy: KeyId,
  issuedAtEpochMs: EpochMs,
  /** When it may be taken over; what runs by then goes on running. */
  validFromEpochMs: EpochMs,
  validUntilEpochMs: EpochMs,
  /** What it is for, in the words of whoever made it. */
  note: Type.String({ maxLength: 200 }),
  intersections: Type.Array(PlanForIntersection, { minItems: 1, maxItems: 64 }),
})
export type PlanBundle = Type.Static<typeof PlanBundle>

/** How far a plan has come at one intersection. */
export const PLAN_STATES = [
  'unseen', // the controller has not been read yet, or runs what nobody approved
  'running', // what is wanted runs
  'waiting', // for supervision, or for another try
  'staging',
  'armed', // the controller takes it over when its street is clear
  'refused', // by the controller, for good
  'expired', // it did not come to run in its time
] as const
export type PlanState = (typeof PLAN_STATES)[number]

export const PlanProgress = Type.Object({
  id: Name,
  state: Type.Enum(PLAN_STATES),
  /** Version that runs; 0: what the cabinet was commissioned with, null: not known. */
  running: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  /** Version that is wanted; 0: none was ever accepted. */
  desired: Type.Integer({ minimum: 0 }),
  /** Why it waits, or was refused; empty where it runs. */
  why: Type.String(),
})
export type PlanProgress = Type.Static<typeof PlanProgress>

/** A plan as the edge has received it: told apart by version and by the first 64 bits of SHA-256 over its text. */
const Received = Type.Object({ version: Type.Integer({ minimum: 0 }), digest: Type.String() })

export const PlanReported = Type.Object({
  v: Type.Integer(),
  edge: Name,
  atEpochMs: EpochMs,
  /** The newest authentic one; no older is followed any more. */
  newest: Type.Union([Received, Type.Null()]),
  /** The newest that is followed, and who signed it. */
  accepted: Type.Union([
    Type.Object({
      version: Type.Integer({ minimum: 1 }),
      digest: Type.String(),
      signedBy: Type.Array(KeyId),
      validUntilEpochMs: EpochMs,
      note: Type.String(),
    }),
    Type.Null(),
  ]),
  /** The last one that was not, and how many were not since the edge began. */
  refused: Type.Union([
    Type.Object({
      code: Type.String(),
      detail: Type.String(),
      digest: Type.String(),
      atEpochMs: EpochMs,
      count: Type.Integer(),
    }),
    Type.Null(),
  ]),
  intersections: Type.Array(PlanProgress),
})
export type PlanReported = Type.Static<typeof PlanReported>
