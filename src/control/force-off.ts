/** Where in its cycle a plan ends the green of a phase, laid out as the controller's own coordinator does. */
import { layOut } from '#signal/layout.ts'
import { layOutPlan } from '#signal/coordination/plan-windows.ts'
import type { TimingPlan } from '#signal/timing-plan.ts'
import type { IntersectionView } from '#signal/view.ts'

/** Local cycle time, ms: the yield point of a coordinated phase, the fixed force-off of another; null when not in the plan. */
export function forceOffPointMs(view: IntersectionView, plan: TimingPlan, phase: number): number | null {
  const layout = layOut(view.intersection)
  const laidOut = layOutPlan(plan, layout)
  const ring = layout.phases.find(({ number }) => number === phase)?.ring
  const yieldMs = ring === undefined ? undefined : laidOut.yieldsMs[ring]
  const window = laidOut.windows[phase]
  if (yieldMs === undefined || !window) return null
  return (yieldMs + window.forceOffMs) % plan.cycleMs
}
