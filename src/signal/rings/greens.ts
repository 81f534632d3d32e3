/** What a green may do: be extended, serve pedestrians, and end, each for its reason. */
import { at } from '#base/at.ts'
import type { Calls } from '../detection/calls.ts'
import { sinceYieldMs, type Coordinator } from '../coordination/coordination.ts'
import type { PhaseLayout } from '../layout.ts'
import type { PlanLayout } from '../coordination/plan-windows.ts'
import { minimumsServed, type Ring } from './ring.ts'
import type { Termination } from '../status.ts'
import { pedestrianGreenMs, pedestriansHaveTurn, type Wants } from './wants.ts'

/** A vehicle at a detector holds the gap timer at its full passage; the gap runs from the moment that it left. */
export function extendGreen(ring: Ring, calls: Calls, elapsedMs: number): void {
  const { phase } = ring
  if (phase === null || ring.interval !== 'green') return
  const vehicles = calls.present | calls.wasPresent
  if ((vehicles & phase.bit) !== 0) ring.passageMs = phase.timing.passageMs
  else if (ring.elapsedMs > 0) ring.passageMs -= elapsedMs
}

/** Why the green may end now; `none` while a minimum, a hold, its vehicles or its turn in the plan keep it. */
export function reasonToEnd(ring: Ring, phase: PhaseLayout, calls: Calls, coordinator: Coordinator): Termination {
  const { present, control } = calls
  if (!minimumsServed(ring) || (control.hold & phase.bit) !== 0) return 'none'
  const { plan } = coordinator
  if (plan !== null && (plan.coordinated & phase.bit) !== 0)
    return hasYielded(ring, phase, coordinator, plan) ? 'forceOff' : 'none'
  if (ring.passageMs <= 0 && (present & phase.bit) === 0 && !phase.maximumRecall) return 'gapOut'
  if (plan === null && ring.maxRuns && ring.maxMs >= phase.timing.max1Ms) return 'maxOut'
  if (plan !== null && isPastForceOff(ring, phase, coordinator, plan)) return 'forceOff'
  return (control.forceOff & phase.bit) !== 0 ? 'forceOff' : 'none'
}

/**
 * Walk begins with the green; later only where it delays nobody: while no conflicting call waits, and in a plan where it
 * is over before the green has to be.
 */
export function considerWalk(ring: Ring, wants: Wants, calls: Calls, coordinator: Coordinator): boolean {
  const { phase } = ring
  if (phase === null || ring.interval !== 'green' || ring.pedestrians !== 'none') return false
  if ((wants.pedestrians & phase.bit) === 0) return false
  if (ring.elapsedMs === 0) return pedestriansHaveTurn(coordinator, phase)
  const called = (calls.pedestrian & phase.bit) !== 0
  return called && !ring.maxRuns && pedestrianGreenMs(phase) <= untilForceOffMs(coordinator, phase)
}

function untilForceOffMs(coordinator: Coordinator, phase: PhaseLayout): number {
  const { plan } = coordinator
  if (plan === null) return Infinity
  return at(plan.windows, phase.number).forceOffMs - sinceYieldMs(coordinator, plan, phase.ring)
}

/** The coordinated green ends at a yield point that it has seen, or after it while its own next turn is not there. */
function hasYielded(ring: Ring, phase: PhaseLayout, coordinator: Coordinator, plan: PlanLayout): boolean {
  if (ring.begunInCycle >= at(coordinator.cycles, phase.ring)) return false
  return sinceYieldMs(coordinator, plan, phase.ring) < at(plan.windows, phase.number).startMs
}

function isPastForceOff(ring: Ring, phase: PhaseLayout, coordinator: Coordinator, plan: PlanLayout): boolean {
  if (ring.begunInCycle < at(coordinator.cycles, phase.ring)) return true
  return sinceYieldMs(coordinator, plan, phase.ring) >= at(plan.windows, phase.number).forceOffMs
}
