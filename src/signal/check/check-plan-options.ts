/** Options of a plan that its times cannot keep: permissive windows, the actuated part, and the way back into step. */
import type { Intersection } from '../intersection.ts'
import { isNumber } from './check-numbers.ts'
import type { TimingPlan } from '../timing-plan.ts'
import type { PlanFault } from './plan-fault.ts'

/** In more cycles than these the hour, and with it the plan, is over before it is in step. */
const TRANSITION_CYCLES_MOST = 10

/** What can be said of a plan by itself; `checkWindows` judges what depends on where its turns are. */
export function* checkOptions(plan: TimingPlan, { phases }: Intersection): Generator<PlanFault> {
  const { pattern, options, coordinatedPhases } = plan
  for (const phase of options.permissiveMs.keys()) {
    if (!phases.some(({ id }) => id === phase)) yield { code: 'PERMISSIVE_PHASE_UNKNOWN', pattern, phase }
    if (coordinatedPhases.includes(phase)) yield { code: 'PERMISSIVE_OF_COORDINATED_PHASE', pattern, phase }
  }
  const { cyclesMost: cycles } = options.transition
  if (!isNumber(cycles, TRANSITION_CYCLES_MOST))
    yield { code: 'TRANSITION_CYCLES_OUT_OF_RANGE', pattern, cycles, least: 1, most: TRANSITION_CYCLES_MOST }
}
