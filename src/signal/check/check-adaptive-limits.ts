/** Checks the bounds on strategies that choose stages: what contradicts the phase, the plan or itself leaves no legal move. */
import type { PhaseId } from '#base/id.ts'
import { leastLapMs, mostLapMs, type AdaptiveLimits, type SplitBounds } from '../adaptive-limits.ts'
import { leastSplitMs } from '../coordination/least-split.ts'
import type { Intersection } from '../intersection.ts'
import type { Phase } from '../phase.ts'
import type { TimingPlan } from '../timing-plan.ts'

export type AdaptiveFault =
  | {
      readonly code: 'ADAPTIVE_PHASE_UNKNOWN' | 'ADAPTIVE_PHASE_OMITTED'
      readonly table: 'splits' | 'weights'
      readonly phase: PhaseId
    }
  /** `forWalk`: the people who cross with the phase need it; else the minimum green. */
  | {
      readonly code: 'ADAPTIVE_SPLIT_TOO_SHORT'
      readonly phase: PhaseId
      readonly bound: 'least' | 'most'
      readonly ms: number
      readonly neededMs: number
      readonly forWalk: boolean
    }
  /** Of the split of a phase, or of the cycle (null). */
  | {
      readonly code: 'ADAPTIVE_LEAST_ABOVE_MOST'
      readonly phase: PhaseId | null
      readonly leastMs: number
      readonly mostMs: number
    }
  /** No lap fits: of a lap in which each phase has its shortest, or its longest split. */
  | {
      readonly code: 'ADAPTIVE_CYCLE_TOO_SHORT' | 'ADAPTIVE_CYCLE_TOO_LONG'
      readonly ms: number
      readonly lapMs: number
    }

/** The bounds of one plan of an intersection. */
interface Bounded {
  readonly intersection: Intersection
  readonly plan: TimingPlan
  readonly limits: AdaptiveLimits
}

export const checkAdaptiveLimits = (bounded: Bounded): AdaptiveFault[] => [
  ...checkRows(bounded),
  ...servedPhases(bounded).flatMap((phase) => {
    const bounds = bounded.limits.splitsMs.get(phase.id)
    return bounds === undefined ? [] : [...checkSplit(phase, bounds)]
  }),
  ...checkCycle(bounded),
]

/** Phases that are given bounds or weights must be there, and be served. */
function* checkRows({ intersection, plan, limits }: Bounded): Generator<AdaptiveFault> {
  for (const [table, rows] of [
    ['splits', limits.splitsMs],
    ['weights', limits.weights],
  ] as const)
    for (const phase of rows.keys())
      if (!intersection.phases.some(({ id }) => id === phase)) yield { code: 'ADAPTIVE_PHASE_UNKNOWN', table, phase }
      else if (plan.splitModes.get(phase) === 'omitted') yield { code: 'ADAPTIVE_PHASE_OMITTED', table, phase }
}

/** Whoever pushes the button walks in this split, so that the longest must hold them; the shortest is one without them. */
function* checkSplit(phase: Phase, { leastMs, mostMs }: SplitBounds): Generator<AdaptiveFault> {
  const vehiclesMs = leastSplitMs(phase, false)
  const neededMs = leastSplitMs(phase, phase.timing.walkMs > 0)
  const tooShort = { code: 'ADAPTIVE_SPLIT_TOO_SHORT', phase: phase.id } as const
  if (leastMs !== null && leastMs < vehiclesMs)
    yield { ...tooShort, bound: 'least', ms: leastMs, neededMs: vehiclesMs, forWalk: false }
  if (mostMs !== null && mostMs < neededMs)
    yield { ...tooShort, bound: 'most', ms: mostMs, neededMs, forWalk: mostMs >= vehiclesMs }
  else if (leastMs !== null && mostMs !== null && leastMs > mostMs)
    yield { code: 'ADAPTIVE_LEAST_ABOVE_MOST', phase: phase.id, leastMs, mostMs }
}

/** Within the longest cycle each phase must have its turn, and where all turns are bounded they must fill the shortest. */
function* checkCycle(bounded: Bounded): Generator<AdaptiveFault> {
  const { intersection, limits } = bounded
  const { cycleLeastMs, cycleMostMs } = limits
  const served = servedPhases(bounded)
  const shortestMs = leastLapMs(intersection, served, limits)
  const longestMs = mostLapMs(intersection, served, limits)
  if (cycleMostMs !== null && cycleMostMs < shortestMs)
    yield { code: 'ADAPTIVE_CYCLE_TOO_SHORT', ms: cycleMostMs, lapMs: shortestMs }
  if (cycleLeastMs !== null && cycleLeastMs > longestMs)
    yield { code: 'ADAPTIVE_CYCLE_TOO_LONG', ms: cycleLeastMs, lapMs: longestMs }
  if (cycleLeastMs !== null && cycleMostMs !== null && cycleLeastMs > cycleMostMs)
    yield { code: 'ADAPTIVE_LEAST_ABOVE_MOST', phase: null, leastMs: cycleLeastMs, mostMs: cycleMostMs }
}

const servedPhases = ({ intersection, plan }: Bounded): Phase[] =>
  intersection.phases.filter(({ id }) => plan.splitModes.get(id) !== 'omitted')
