/** What its place in the cycle lets a phase do: begin, yield, be forced off, and serve people. */
import { at } from '#base/at.ts'
import { invariant } from '#base/invariant.ts'
import type { PhaseLayout } from '../layout.ts'
import type { Ring } from '../rings/ring.ts'
import type { Termination } from '../status.ts'
import type { Coordinator } from './coordination.ts'
import { waitMs, type PlanLayout } from './plan-windows.ts'

/** Position of the local cycle in the ring's own count: ms since the count began. */
export const sinceYieldMs = ({ positionsMs }: Coordinator, ring: number): number => at(positionsMs, ring)

export const isCoordinated = ({ plan }: Coordinator, { bit }: PhaseLayout): boolean =>
  plan !== null && (plan.coordinated & bit) !== 0

/** True from the beginning of its own time in the cycle on; before it, the green is there for want of anybody else. */
export function isInItsTurn(coordinator: Coordinator, { number, ring }: PhaseLayout): boolean {
  const { plan } = coordinator
  invariant(plan !== null, 'turns are those of a plan')
  return sinceYieldMs(coordinator, ring) >= at(plan.windows, number).startMs
}

/**
 * The count of the ring in which a phase that begins now has its turn. One that ends a count and comes late, after a green
 * that overran the yield point, is taken to have been there before: it yields to those whose turn it is, and no split is lost.
 */
export function countOfBegin({ plan, cycles }: Coordinator, ring: Ring, phase: PhaseLayout): number {
  const count = at(cycles, phase.ring)
  const endsCount = plan !== null && (plan.lasts & phase.bit) !== 0
  return endsCount && ring.begunInCycle < count ? count - 1 : count
}

/** True where vehicles may be served with a phase that begins `clearMs` from now: before its turn, or while it still fits in. */
export function vehiclesFit(coordinator: Coordinator, phase: PhaseLayout, clearMs: number): boolean {
  const { plan } = coordinator
  invariant(plan !== null, 'windows are those of a plan')
  const beginMs = sinceYieldMs(coordinator, phase.ring) + clearMs
  return beginMs <= at(plan.windows, phase.number).latestMs + at(coordinator.lateMs, phase.ring)
}

/** True where people may be served with it. */
export function pedestriansFit(coordinator: Coordinator, phase: PhaseLayout, clearMs: number): boolean {
  const { plan } = coordinator
  if (plan === null || isCoordinated(coordinator, phase)) return true
  const beginMs = sinceYieldMs(coordinator, phase.ring) + clearMs
  return beginMs <= at(plan.windows, phase.number).latestOnFootMs + at(coordinator.lateMs, phase.ring)
}

/**
 * The coordinated green ends at a yield point that it has seen, or after it while its own next turn is not there; before
 * it only where the plan lets it gap out.
 */
export function reasonToYield(
  coordinator: Coordinator,
  plan: PlanLayout,
  { ring, phase, gapped }: { readonly ring: Ring; readonly phase: PhaseLayout; readonly gapped: boolean },
): Termination {
  if (ring.begunInCycle >= at(coordinator.cycles, phase.ring)) return 'none'
  const positionMs = sinceYieldMs(coordinator, phase.ring)
  if (positionMs >= at(plan.windows, phase.number).startMs) return 'none'
  if (positionMs >= plan.options.coordinatedActuatedMs) return 'forceOff'
  return gapped ? 'gapOut' : 'none'
}

/** True where the plan forces a green off that is not coordinated. */
export function isPastForceOff(coordinator: Coordinator, plan: PlanLayout, ring: Ring, phase: PhaseLayout): boolean {
  if (ring.elapsedMs >= at(plan.windows, phase.number).greenMostMs) return true
  return isPastFixed(coordinator, plan, ring, phase)
}

/** How long people may still walk with a green that has begun, and delay nobody. */
export function walkTimeMs(coordinator: Coordinator, ring: Ring, phase: PhaseLayout): number {
  const { plan } = coordinator
  if (plan === null) return Infinity
  const { forceOffMs, greenMostMs } = at(plan.windows, phase.number)
  const positionMs = sinceYieldMs(coordinator, phase.ring)
  const last = (plan.lasts & phase.bit) !== 0
  const fixedMs = last ? waitMs(positionMs, forceOffMs, plan.cycleMs) || plan.cycleMs : forceOffMs - positionMs
  return Math.min(fixedMs, greenMostMs - ring.elapsedMs)
}

/** True for people who need more than the split of their phase (event 26). */
export const isOversize = ({ plan }: Coordinator, { bit }: PhaseLayout): boolean =>
  plan !== null && (plan.oversize & bit) !== 0

/**
 * True while they keep their phase green past its force-off, and others wait for its end: the local timer then stands
 * still, so that nobody else pays with his split (`pedestrianOverrun: 'serve'`).
 */
export function isOverrun(coordinator: Coordinator, rings: readonly Ring[]): boolean {
  const { plan } = coordinator
  if (plan === null || plan.oversize === 0) return false
  for (const ring of rings) {
    const { phase } = ring
    if (phase === null || ring.interval !== 'green' || ring.pedestrians === 'none' || !ring.maxRuns) continue
    if (isOversize(coordinator, phase) && isPastFixed(coordinator, plan, ring, phase)) return true
  }
  return false
}

/** A green that began in an earlier count has had its force-off, but for the phase with which a count ends. */
const isPastFixed = (coordinator: Coordinator, plan: PlanLayout, ring: Ring, phase: PhaseLayout): boolean =>
  inOwnCountMs(coordinator, plan, ring, phase) >= at(plan.windows, phase.number).forceOffMs

/** Position in the count in which the ring's phase began. */
function inOwnCountMs(coordinator: Coordinator, plan: PlanLayout, ring: Ring, phase: PhaseLayout): number {
  const countsSince = at(coordinator.cycles, phase.ring) - ring.begunInCycle
  return sinceYieldMs(coordinator, phase.ring) + countsSince * plan.cycleMs
}
