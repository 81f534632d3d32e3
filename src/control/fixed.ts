/** Fixed time: the plan of the day as a clock runs it, every phase called in every cycle and for the whole of its split. */
import { bitsOf, hasBit, type Bits } from '#base/bits.ts'
import { NO_PHASE_CONTROL, NO_REQUESTS } from '#signal/command.ts'
import { leastSplitMs } from '#signal/coordination/least-split.ts'
import type { Phase } from '#signal/phase.ts'
import type { TimingPlan } from '#signal/timing-plan.ts'
import type { IntersectionView } from '#signal/view.ts'
import { explainPlan } from './explain.ts'
import { omittedBy } from './green-limits.ts'
import { NO_GAPS_YET } from './lane-gaps.ts'
import { askedPattern, scheduledNow, type Scheduled } from './scheduled.ts'
import type { Strategy } from './strategy.ts'

export interface FixedMemory {
  readonly scheduled: Scheduled | null
}

/**
 * A call that stands acts as maximum recall: in a plan each phase runs to its force-off, free to its maximum. Needs no
 * detector. People walk with every green that is long enough for them.
 */
export const fixed: Strategy<FixedMemory> = {
  rung: 'fixed',
  initial: () => ({ scheduled: null }),
  decide(view, memory) {
    const scheduled = scheduledNow(view, memory.scheduled)
    const plan = view.plans.find(({ pattern }) => pattern === scheduled.pattern) ?? null
    const served = servedPhases(view, plan)
    const command = {
      ...NO_PHASE_CONTROL,
      ...NO_REQUESTS,
      pattern: askedPattern(scheduled, scheduled.pattern),
      vehicleCall: bitsOf(served.map(({ id }) => id)),
      pedestrianCall: walksThatFit(served, plan),
    }
    const circumstances = { view, gaps: NO_GAPS_YET, forceOff: 0, recalls: [], scheduled }
    return { command, memory: { scheduled }, why: explainPlan(circumstances) }
  },
}

function servedPhases({ intersection }: IntersectionView, plan: TimingPlan | null): readonly Phase[] {
  const omitted = omittedBy(plan)
  return intersection.phases.filter(({ id }) => !hasBit(omitted, id))
}

/** Free, nobody is too slow for a maximum; in a plan those who need more than the split push, as ever. */
const walksThatFit = (phases: readonly Phase[], plan: TimingPlan | null): Bits =>
  bitsOf(
    phases
      .filter((phase) => phase.timing.walkMs > 0)
      .filter((phase) => plan === null || leastSplitMs(phase, true) <= (plan.splitsMs.get(phase.id) ?? 0))
      .map(({ id }) => id),
  )
