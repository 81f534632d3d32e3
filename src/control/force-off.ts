/** Where in its cycle a plan ends the green of a phase, laid out as the controller's own coordinator does. */
import { phaseId } from '#base/id.ts'
import { oncePer } from '#base/once-per.ts'
import { layOut } from '#signal/layout.ts'
import { layOutPlan } from '#signal/coordination/plan-windows.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { TimingPlan } from '#signal/timing-plan.ts'
import type { IntersectionView } from '#signal/view.ts'

/** Local cycle time, ms: the yield point of a coordinated phase, the fixed force-off of another; null for one that the plan leaves out. */
export function forceOffPointMs(view: IntersectionView, plan: TimingPlan, phase: number): number | null {
  const { rings, planned } = laidOutOnce(view.intersection)
  const laidOut = planned(plan)
  const ring = rings[phase]
  const yieldMs = ring === undefined ? undefined : laidOut.yieldsMs[ring]
  const window = laidOut.windows[phase]
  const omitted = plan.splitModes.get(phaseId(phase)) === 'omitted'
  if (yieldMs === undefined || !window || omitted) return null
  return (yieldMs + window.forceOffMs) % plan.cycleMs
}

const laidOutOnce = oncePer((intersection: Intersection) => {
  const layout = layOut(intersection)
  const rings: (number | undefined)[] = []
  for (const { number, ring } of layout.phases) rings[number] = ring
  return { rings, planned: oncePer((plan: TimingPlan) => layOutPlan(plan, layout)) }
})
