/** What does not fit to where the turns of a plan are; only of a plan in which nothing else is wrong. */
import { at } from '#base/at.ts'
import { hasBit } from '#base/bits.ts'
import { leastServiceMs } from '../coordination/least-split.ts'
import {
  lateBeginMs,
  layOutPlan,
  leastTurnMs,
  turnsOf,
  type PlanLayout,
  type Turn,
} from '../coordination/plan-windows.ts'
import { layOut } from '../layout.ts'
import type { Intersection } from '../intersection.ts'
import type { Lateness } from '../rings/lateness.ts'
import type { TimingPlan } from '../timing-plan.ts'
import type { PlanFault } from './plan-fault.ts'

export function checkWindows(plans: readonly TimingPlan[], intersection: Intersection): PlanFault[] {
  if (plans.length === 0) return []
  const layout = layOut(intersection)
  return plans.flatMap((plan) => {
    const laidOut = layOutPlan({ ...plan, options: { ...plan.options, coordinatedActuatedMs: 0 } }, layout)
    const turns = turnsOf(plan, layout)
    return turns.flatMap((turn) => [
      ...checkChange(plan, laidOut, turn),
      ...layout.latenesses.flatMap((lateness) => [...checkLate(plan, laidOut, { turns, turn, lateness })]),
      ...checkPermissive(plan, laidOut, turn),
      ...checkActuated(plan, laidOut, turn),
      ...checkSubtract(plan, laidOut, turn),
    ])
  })
}

/** Greens end together at a barrier, so that the longest clearance there is taken from every split before it. */
function* checkChange(plan: TimingPlan, laidOut: PlanLayout, turn: Turn): Generator<PlanFault> {
  const { phase, splitMs, changeMs } = turn
  const neededMs = leastTurnMs(turn, servesPeopleInItsSplit(plan, laidOut, turn))
  if (splitMs < neededMs)
    yield {
      code: 'SPLIT_BELOW_BARRIER_CLEARANCE',
      pattern: plan.pattern,
      phase: phase.number,
      splitMs,
      neededMs,
      clearanceMs: phase.clearanceMs,
      changeMs,
    }
}

/** What follows at once begins late, and its split must hold this too; what comes later has had its time. */
function* checkLate(
  plan: TimingPlan,
  laidOut: PlanLayout,
  { turns, turn, lateness }: { readonly turns: readonly Turn[]; readonly turn: Turn; readonly lateness: Lateness },
): Generator<PlanFault> {
  const { after, lateMs, overlap } = lateness
  const beginsLateMs = lateBeginMs(lateness, { turn, turns, plan })
  const neededMs = leastTurnMs(turn, servesPeopleInItsSplit(plan, laidOut, turn)) + beginsLateMs
  if (beginsLateMs <= 0 || turn.splitMs >= neededMs) return
  const facts = {
    pattern: plan.pattern,
    phase: turn.phase.number,
    after: after.id,
    splitMs: turn.splitMs,
    neededMs,
    lateMs,
  }
  yield overlap === null
    ? { code: 'SPLIT_BELOW_INTERGREEN', ...facts }
    : { code: 'SPLIT_BELOW_OVERLAP', ...facts, overlap }
}

const servesPeopleInItsSplit = ({ options }: TimingPlan, { service }: PlanLayout, { phase }: Turn): boolean =>
  hasBit(service.pedestrianRecalled, phase.number) || (options.pedestrianOverrun === 'fit' && phase.timing.walkMs > 0)

function* checkPermissive(plan: TimingPlan, { windows }: PlanLayout, { phase }: Turn): Generator<PlanFault> {
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
function* checkActuated(plan: TimingPlan, { lasts }: PlanLayout, turn: Turn): Generator<PlanFault> {
  const { phase, splitMs, changeMs, beginsLateMs } = turn
  const { coordinatedActuatedMs: actuatedMs } = plan.options
  const mostMs = Math.max(0, splitMs - beginsLateMs - changeMs - leastServiceMs(phase))
  const inRange = Number.isInteger(actuatedMs) && actuatedMs >= 0 && actuatedMs <= mostMs
  if (hasBit(lasts, phase.number) && !inRange)
    yield { code: 'ACTUATED_PART_OUT_OF_RANGE', pattern: plan.pattern, phase: phase.number, actuatedMs, mostMs }
}

function* checkSubtract(plan: TimingPlan, { service }: PlanLayout, turn: Turn): Generator<PlanFault> {
  const { phase, splitMs } = turn
  if (plan.options.transition.way !== 'subtract') return
  if (splitMs <= leastTurnMs(turn, hasBit(service.pedestrianRecalled, phase.number)) + turn.beginsLateMs)
    yield { code: 'SUBTRACT_WITHOUT_SPARE_TIME', pattern: plan.pattern, phase: phase.number, splitMs }
}
