/** What the engineer leaves to strategies that choose stages: bounds that are the edge's own, and never the controller's. */
import type { PatternId, PhaseId } from '#base/id.ts'
import { leastSplitMs } from './coordination/least-split.ts'
import type { Intersection } from './intersection.ts'
import type { Phase } from './phase.ts'
import { layOutTurns, barrierOrder } from './rings/turns.ts'

/** Of green, yellow and red clearance together; null = no bound but the phase's own. */
export interface SplitBounds {
  readonly leastMs: number | null
  readonly mostMs: number | null
}

/**
 * Bounds that the engineer sets for strategies that choose stages, by plan and so by the hour.
 * - `allowed`: whether they may run at all; where not, the plan runs.
 * - `order`: any legal stage may follow (`free`), or only the next in the order of the rings that somebody wants (`fixed`).
 * - `cycleLeastMs`, `cycleMostMs`: from the start of a phase's green to its next start, while it is called; null = no bound.
 * - `splitsMs`: red-amber, green, yellow and red clearance of a phase, at least and at most; phases that are not named have
 *   their own minimum and maximum green only.
 * - `weights`: what a vehicle of a phase counts for; 1 where nothing is said. `pedestrianWeight`: someone on foot;
 *   `transitWeight`: a bus that asks for its green.
 */
export interface AdaptiveLimits {
  readonly allowed: boolean
  readonly order: 'free' | 'fixed'
  readonly cycleLeastMs: number | null
  readonly cycleMostMs: number | null
  readonly splitsMs: ReadonlyMap<PhaseId, SplitBounds>
  readonly weights: ReadonlyMap<PhaseId, number>
  readonly pedestrianWeight: number
  readonly transitWeight: number
}

/** By plan; where nothing is said of one, all is free. */
export type LimitsByPlan = ReadonlyMap<PatternId, AdaptiveLimits>

export const NO_LIMITS: LimitsByPlan = new Map()

/** Where nothing is said: someone on foot has no engine and no roof; a bus carries as many people as twenty cars. */
export const FREE_LIMITS: AdaptiveLimits = {
  allowed: true,
  order: 'free',
  cycleLeastMs: null,
  cycleMostMs: null,
  splitsMs: new Map(),
  weights: new Map(),
  pedestrianWeight: 1.2,
  transitWeight: 20,
}

type Splits = Pick<AdaptiveLimits, 'splitsMs'>

/** The shortest split that a phase may be given: its own, or the engineer's where that is longer. */
export const leastTurnMs = ({ splitsMs }: Splits, phase: Phase): number =>
  Math.max(leastSplitMs(phase, phase.pedestrianRecall), splitsMs.get(phase.id)?.leastMs ?? 0)

/** The shortest lap of the rings in which each of these phases has its turn once. */
export const leastLapMs = (intersection: Intersection, served: readonly Phase[], limits: Splits): number =>
  lapMs(intersection, served, (phase) => leastTurnMs(limits, phase))

/** The longest; endless where the turn of some phase has no bound. */
export const mostLapMs = (intersection: Intersection, served: readonly Phase[], { splitsMs }: Splits): number =>
  lapMs(intersection, served, ({ id }) => splitsMs.get(id)?.mostMs ?? Infinity)

/** All sequences have the same phases between the same barriers, and so laps of the same length. */
function lapMs({ sequences }: Intersection, served: readonly Phase[], turnMs: (phase: Phase) => number): number {
  const rings = (sequences[0]?.rings ?? []).map((members) =>
    members.flatMap((member) => served.filter(({ id }) => id === member)),
  )
  const turns = layOutTurns(rings, barrierOrder(rings), turnMs)
  return Math.max(0, ...turns.map(({ startMs, splitMs }) => startMs + splitMs))
}
