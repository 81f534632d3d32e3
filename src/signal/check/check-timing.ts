/** Times of a phase that are possible one by one, and make no sense together. */
import type { Phase, PhaseTiming } from '../phase.ts'
import type { PedestrianOption, PhaseFault } from './database-fault.ts'

/** Vehicles: initial green, gaps and maximums. */
export function* checkGreen(phase: Phase): Generator<PhaseFault> {
  yield* checkInitial(phase)
  yield* checkGap(phase)
  yield* checkMaximums(phase)
  yield* checkDynamicMaximum(phase)
}

/** Pedestrians: walk, clearance, and how they go with the vehicles. */
export function* checkOnFoot(phase: Phase): Generator<PhaseFault> {
  yield* checkWalk(phase)
  yield* checkOptions(phase)
}

function* checkInitial({ id: phase, timing }: Phase): Generator<PhaseFault> {
  const { minGreenMs, addedInitialMs, maxInitialMs } = timing
  if (addedInitialMs > 0 && maxInitialMs < minGreenMs)
    yield { code: 'MAX_INITIAL_BELOW_MIN_GREEN', phase, maxInitialMs, minGreenMs }
}

function* checkGap({ id: phase, timing }: Phase): Generator<PhaseFault> {
  const { passageMs, minGapMs, timeBeforeReductionMs, timeToReduceMs } = timing
  if (minGapMs > passageMs) yield { code: 'MIN_GAP_ABOVE_PASSAGE', phase, minGapMs, passageMs }
  if (timeToReduceMs === 0 && (timeBeforeReductionMs > 0 || minGapMs > 0))
    yield { code: 'GAP_REDUCTION_WITHOUT_TIME', phase, timeBeforeReductionMs, minGapMs }
}

function* checkMaximums({ id: phase, timing }: Phase): Generator<PhaseFault> {
  const { minGreenMs, max1Ms, max2Ms } = timing
  if (max1Ms < minGreenMs) yield { code: 'MAX_BELOW_MIN_GREEN', phase, max: 1, maxMs: max1Ms, minGreenMs }
  if (max2Ms < minGreenMs) yield { code: 'MAX_BELOW_MIN_GREEN', phase, max: 2, maxMs: max2Ms, minGreenMs }
}

function* checkDynamicMaximum({ id: phase, timing }: Phase): Generator<PhaseFault> {
  const { dynamicMaxLimitMs: limitMs, dynamicMaxStepMs: stepMs } = timing
  if (limitMs > 0 !== stepMs > 0) yield { code: 'DYNAMIC_MAX_INCOMPLETE', phase, limitMs, stepMs }
  else if (limitMs > 0) yield* checkDynamicRange(phase, timing)
}

/** The limit may lie above the maximums or below them (NTCIP 1202 2.2.2.18). */
function* checkDynamicRange(phase: number, timing: PhaseTiming): Generator<PhaseFault> {
  const { minGreenMs, max1Ms, max2Ms, dynamicMaxLimitMs: limitMs, dynamicMaxStepMs: stepMs } = timing
  if (limitMs < minGreenMs) yield { code: 'DYNAMIC_MAX_LIMIT_BELOW_MIN_GREEN', phase, limitMs, minGreenMs }
  const farthestMs = Math.max(Math.abs(limitMs - max1Ms), Math.abs(limitMs - max2Ms))
  if (stepMs > farthestMs) yield { code: 'DYNAMIC_MAX_NEVER_MOVES', phase, limitMs, stepMs, max1Ms, max2Ms }
}

function* checkWalk({ id: phase, timing, pedestrianRecall }: Phase): Generator<PhaseFault> {
  const { walkMs, pedClearMs } = timing
  if (walkMs > 0 !== pedClearMs > 0) yield { code: 'WALK_AND_CLEARANCE_NOT_BOTH', phase, walkMs, pedClearMs }
  if (pedestrianRecall && walkMs === 0) yield { code: 'PEDESTRIAN_RECALL_WITHOUT_WALK', phase }
}

function* checkOptions(facts: Phase): Generator<PhaseFault> {
  const { id: phase, timing } = facts
  const { walkMs, pedClearMs, yellowMs, leadingPedMs, redAmberMs } = timing
  if (walkMs === 0) yield* optionsOf(facts).map((option) => withoutWalk(phase, option))
  else if (leadingPedMs > 0 && leadingPedMs + redAmberMs > walkMs)
    yield { code: 'LEADING_PED_ABOVE_WALK', phase, leadingPedMs, redAmberMs, walkMs }
  if (walkMs > 0 && facts.pedClearInYellow && pedClearMs < yellowMs)
    yield { code: 'PED_CLEARANCE_BELOW_YELLOW', phase, pedClearMs, yellowMs }
  if (facts.walkRest && facts.rest === 'red') yield { code: 'WALK_REST_IN_RED', phase }
}

function optionsOf({ timing, walkRest, pedClearInYellow }: Phase): PedestrianOption[] {
  const asked: Readonly<Record<PedestrianOption, boolean>> = {
    leadingPedMs: timing.leadingPedMs > 0,
    walkRest,
    pedClearInYellow,
  }
  return PEDESTRIAN_OPTIONS.filter((option) => asked[option])
}

const PEDESTRIAN_OPTIONS: readonly PedestrianOption[] = ['leadingPedMs', 'walkRest', 'pedClearInYellow']

const withoutWalk = (phase: number, option: PedestrianOption): PhaseFault => ({
  code: 'PEDESTRIAN_OPTION_WITHOUT_WALK',
  phase,
  option,
})
