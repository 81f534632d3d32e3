/** Where in its cycle a plan ends the green of a phase, laid out as the controller's own coordinator does. */
import { layOut, sequenceOf } from '#signal/layout.ts'
import { layOutTurns } from '#signal/plan-windows.ts'
import type { TimingPlan } from '#signal/timing-plan.ts'
import type { IntersectionView } from '#signal/view.ts'

/** Local cycle time, ms: the yield point of a coordinated phase, the fixed force-off of another; null when not in the plan. */
export function forceOffPointMs(view: IntersectionView, plan: TimingPlan, phase: number): number | null {
  const sequence = sequenceOf(layOut(view), plan.sequence)
  const turn = layOutTurns(plan, sequence).find((each) => each.phase.number === phase)
  return turn ? turn.forceOffMs % plan.cycleMs : null
}
