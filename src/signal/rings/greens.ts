/** What a green may do: serve pedestrians, rest with their walk, and end, each for its reason. */
import type { Calls } from '../detection/calls.ts'
import type { Coordinator } from '../coordination/coordination.ts'
import {
  isCoordinated,
  isInItsTurn,
  isPastForceOff,
  pedestriansFit,
  reasonToYield,
  walkTimeMs,
} from '../coordination/force-offs.ts'
import type { PhaseLayout } from '../layout.ts'
import type { Termination } from '../status.ts'
import { isMaxedOut, type Maximums } from './maximum.ts'
import { minimumsServed, type Ring } from './ring.ts'
import type { Wants } from './wants.ts'

/** What a green depends on beside its own ring. */
interface Circumstances {
  readonly wants: Wants
  readonly calls: Calls
  readonly coordinator: Coordinator
  readonly maximums: Maximums
}

/** Why the green may end now; `none` while a minimum, a hold, its vehicles or its turn in the plan keep it. */
export function reasonToEnd(ring: Ring, phase: PhaseLayout, of: Circumstances): Termination {
  const { calls, coordinator, maximums } = of
  if (!minimumsServed(ring) || (calls.control.hold & phase.bit) !== 0) return 'none'
  const { plan } = coordinator
  const maximumRecalled = plan === null ? phase.maximumRecall : (plan.service.maximumRecalled & phase.bit) !== 0
  const gapped = ring.gappedOut && !maximumRecalled
  if (plan !== null && (plan.coordinated & phase.bit) !== 0)
    return reasonToYield(coordinator, plan, { ring, phase, gapped })
  if (gapped) return 'gapOut'
  if (isMaxedOut(maximums, ring, phase)) return 'maxOut'
  if (plan !== null && isPastForceOff(coordinator, plan, ring, phase)) return 'forceOff'
  return (calls.control.forceOff & phase.bit) !== 0 ? 'forceOff' : 'none'
}

/** True where people walk from the beginning of a phase that begins now. */
export function walksFromTheBeginning(phase: PhaseLayout, { wants, coordinator }: Circumstances): boolean {
  if ((wants.pedestrians & phase.bit) === 0) return false
  return (coordinator.overduePedestrians & phase.bit) !== 0 || pedestriansFit(coordinator, phase, 0)
}

/**
 * Walk begins with the green; later only where it delays nobody: while no conflicting call waits, and in a plan where it
 * is over before the green has to be. Who has waited a whole cycle beside a green that nobody ends need not fit.
 */
export function considerWalk(ring: Ring, phase: PhaseLayout, of: Circumstances): boolean {
  if (ring.pedestrians !== 'none' || (of.wants.pedestrians & phase.bit) === 0) return false
  if (ring.elapsedMs === 0) return walksFromTheBeginning(phase, of)
  const called = (of.calls.pedestrian & phase.bit) !== 0 || walksInEveryTurn(phase, of)
  if (!called || ring.maxRuns) return false
  const overdue = (of.coordinator.overduePedestrians & phase.bit) !== 0
  return overdue || phase.timing.walkMs + phase.clearInGreenMs <= walkTimeMs(of.coordinator, ring, phase)
}

/** Where a recalled walk rests, it comes back with the next turn of a coordinated green that nobody has ended meanwhile. */
const walksInEveryTurn = (phase: PhaseLayout, { coordinator }: Circumstances): boolean =>
  phase.walkRest && isCoordinated(coordinator, phase) && isInItsTurn(coordinator, phase)

/** NTCIP 1202 2.2.2.21 "rest in walk": while nobody waits, and until the clearance must begin to be over with the turn. */
export const mayRestInWalk = (ring: Ring, phase: PhaseLayout, { coordinator }: Circumstances): boolean =>
  phase.walkRest && !ring.maxRuns && phase.clearInGreenMs < walkTimeMs(coordinator, ring, phase)
