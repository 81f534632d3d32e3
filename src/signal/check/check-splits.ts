/** Splits that a phase does not have, or that cannot hold what it must serve, and split modes that ask for what is not there. */
import { leastSplitMs } from '../coordination/least-split.ts'
import { PEDESTRIAN_MODES } from '../coordination/plan-service.ts'
import type { Intersection } from '../intersection.ts'
import type { Phase } from '../phase.ts'
import type { TimingPlan } from '../timing-plan.ts'
import type { PlanFault } from './plan-fault.ts'

export function* checkSplits(plan: TimingPlan, { phases }: Intersection): Generator<PlanFault> {
  const { pattern, splitsMs, splitModes } = plan
  const known = (phase: number) => phases.some(({ id }) => id === phase)
  for (const phase of splitsMs.keys()) if (!known(phase)) yield { code: 'SPLIT_PHASE_UNKNOWN', pattern, phase }
  for (const phase of splitModes.keys()) if (!known(phase)) yield { code: 'SPLIT_MODE_PHASE_UNKNOWN', pattern, phase }
  for (const phase of phases) {
    const splitMs = splitsMs.get(phase.id)
    if (splitMs === undefined) yield { code: 'SPLIT_MISSING', pattern, phase: phase.id }
    else if (!Number.isInteger(splitMs)) yield { code: 'SPLIT_NOT_WHOLE_MS', pattern, phase: phase.id, splitMs }
    else if (splitModes.get(phase.id) !== 'omitted') yield* checkSplit(plan, phase, splitMs)
    else if (splitMs !== 0) yield { code: 'SPLIT_OF_OMITTED_PHASE', pattern, phase: phase.id, splitMs }
  }
}

function* checkSplit(plan: TimingPlan, phase: Phase, splitMs: number): Generator<PlanFault> {
  const { redAmberMs, minGreenMs, yellowMs, redClearMs, walkMs, pedClearMs, maxInitialMs } = phase.timing
  const { pattern } = plan
  const facts = { pattern, phase: phase.id, splitMs, redAmberMs, yellowMs, redClearMs }
  const minimumMs = redAmberMs + minGreenMs + yellowMs + redClearMs
  const vehiclesMs = leastSplitMs(phase, false)
  const onFootMs = leastSplitMs(phase, true)
  if (splitMs < minimumMs) yield { code: 'SPLIT_BELOW_MINIMUM', ...facts, minGreenMs, neededMs: minimumMs }
  else if (splitMs < vehiclesMs)
    yield { code: 'SPLIT_BELOW_INITIAL', pattern, phase: phase.id, splitMs, maxInitialMs, neededMs: vehiclesMs }
  const mode = plan.splitModes.get(phase.id) ?? 'none'
  if (PEDESTRIAN_MODES.includes(mode) && walkMs === 0)
    yield { code: 'SPLIT_MODE_WITHOUT_WALK', pattern, phase: phase.id, mode }
  else if (servesPeopleInItsSplit(plan, phase) && splitMs < onFootMs)
    yield { code: 'SPLIT_BELOW_PEDESTRIANS', ...facts, walkMs, pedClearMs, neededMs: onFootMs }
}

/** People are served in every cycle, or never but inside the split. */
function servesPeopleInItsSplit({ splitModes, options }: TimingPlan, { id, timing, pedestrianRecall }: Phase): boolean {
  if (timing.walkMs === 0) return false
  return (
    pedestrianRecall || PEDESTRIAN_MODES.includes(splitModes.get(id) ?? 'none') || options.pedestrianOverrun === 'fit'
  )
}
