/** Options of a plan that do not fit to where its turns are; only of a plan in which nothing else is wrong. */
import { at } from '#base/at.ts'
import { hasBit } from '#base/bits.ts'
import { leastServiceMs, leastSplitMs } from '../coordination/least-split.ts'
import { layOutPlan, splitOf, type PlanLayout } from '../coordination/plan-windows.ts'
import { layOut, type PhaseLayout } from '../layout.ts'
import type { Intersection } from '../intersection.ts'
import type { TimingPlan } from '../timing-plan.ts'
import type { PlanFault } from './plan-fault.ts'

export function checkWindows(plans: readonly TimingPlan[], intersection: Intersection): PlanFault[] {
  if (plans.length === 0) return []
  const layout = layOut(intersection)
  return plans.flatMap((plan) => {
    const laidOut = layOutPlan({ ...plan, options: { ...plan.options, coordinatedActuatedMs: 0 } }, layout)
    const phases = layout.phases.filter(({ number }) => splitOf(plan, number) > 0)
    return phases.flatMap((phase) => [
      ...checkPermissive(plan, laidOut, phase),
      ...checkActuated(plan, laidOut, phase),
      ...checkSubtract(plan, laidOut, phase),
    ])
  })
}

function* checkPermissive(plan: TimingPlan, { windows }: PlanLayout, phase: PhaseLayout): Generator<PlanFault> {
  const permissiveMs = plan.options.permissiveMs.get(phase.number)
  if (permissiveMs === undefined) return
  const { startMs, forceOffMs } = at(windows, phase.number)
  const mostMs = forceOffMs - leastServiceMs(phase)
  if (!(permissiveMs >= startMs && permissiveMs <= mostMs))
    yield {
      code: 'PERMISSIVE_OUTSIDE_TURN',
      pattern: plan.pattern,
      phase: phase.number,
      permissiveMs,
      leastMs: startMs,
      mostMs,
    }
}

/** Before its minimum green is over no green can gap out; it holds for all phases with which a ring's count ends. */
function* checkActuated(plan: TimingPlan, { lasts }: PlanLayout, phase: PhaseLayout): Generator<PlanFault> {
  const { coordinatedActuatedMs: actuatedMs } = plan.options
  const mostMs = Math.max(0, splitOf(plan, phase.number) - phase.clearanceMs - leastServiceMs(phase))
  const inRange = Number.isInteger(actuatedMs) && actuatedMs >= 0 && actuatedMs <= mostMs
  if (hasBit(lasts, phase.number) && !inRange)
    yield { code: 'ACTUATED_PART_OUT_OF_RANGE', pattern: plan.pattern, phase: phase.number, actuatedMs, mostMs }
}

function* checkSubtract(plan: TimingPlan, { service }: PlanLayout, phase: PhaseLayout): Generator<PlanFault> {
  const splitMs = splitOf(plan, phase.number)
  if (plan.options.transition.way !== 'subtract') return
  if (splitMs <= leastSplitMs(phase, hasBit(service.pedestrianRecalled, phase.number)))
    yield { code: 'SUBTRACT_WITHOUT_SPARE_TIME', pattern: plan.pattern, phase: phase.number, splitMs }
}
