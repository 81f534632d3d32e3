/** Who is to be served: calls, recalls and the coordinated phases, less what is omitted and what comes too late in the cycle. */
import { at } from '#base/at.ts'
import type { Bits } from '#base/bits.ts'
import type { Calls } from '../detection/calls.ts'
import type { Coordinator } from '../coordination/coordination.ts'
import { pedestriansFit, vehiclesFit } from '../coordination/force-offs.ts'
import type { PhaseLayout } from '../layout.ts'
import type { OverlapRun } from '../overlaps/overlap-run.ts'
import { heldUpMs } from './held-up.ts'
import type { Intergreens } from './intergreens.ts'
import { minimumsServed, phasesIn, type Ring } from './ring.ts'

export interface Wants {
  /** Phases that vehicles, or a recall, want to be green. */
  vehicles: Bits
  /** Phases that pedestrians, or a pedestrian recall, want to walk with. */
  pedestrians: Bits
}

/**
 * Reads the calls anew. A soft recall counts while nobody else waits for a phase that is not green, and every green that
 * conflicts with it rests (NTCIP 1202 2.2.2.21: "green dwell or red dwell"); in a plan it never does, for there the
 * coordinated phases are where the green rests.
 */
export function gatherWants(wants: Wants, calls: Calls, coordinator: Coordinator, rings: readonly Ring[]): void {
  const { layout, control } = calls
  const { recalled, pedestrianRecalled } = coordinator.plan?.service ?? layout
  const served = ~omittedPhases(calls, coordinator)
  wants.vehicles = (calls.locked | calls.calling | recalled) & served
  wants.pedestrians = (calls.pedestrian | pedestrianRecalled) & ~control.pedestrianOmit & served
  const waiting = (wants.vehicles | wants.pedestrians) & ~phasesIn(rings, 'green')
  if (layout.softRecalled === 0 || waiting !== 0 || coordinator.plan !== null) return
  wants.vehicles |= layout.softRecalled & served & ~againstGreensInUse(rings)
}

/** The phases that conflict with a green whose minimums still run, or whose vehicles still come. */
function againstGreensInUse(rings: readonly Ring[]): Bits {
  let bits = 0
  for (const ring of rings)
    if (ring.phase !== null && ring.interval === 'green' && !(ring.gappedOut && minimumsServed(ring)))
      bits |= ring.phase.conflicts
  return bits
}

/** What tells whose turn it is. */
interface Street {
  readonly wants: Wants
  readonly calls: Calls
  readonly coordinator: Coordinator
  readonly rings: readonly Ring[]
  readonly intergreens: Intergreens
  readonly overlaps: readonly OverlapRun[]
}

/** The phases that may be served: all that are wanted when free; in a plan those whose turn has not passed. */
export function serviceable(street: Street): Bits {
  const { wants, calls, rings } = street
  const { plan } = street.coordinator
  const all = wants.vehicles | wants.pedestrians
  if (plan === null) return all
  const coordinated = plan.coordinated & ~calls.control.phaseOmit
  const clearMs = clearanceOfGreens(rings)
  let bits = coordinated
  for (const phase of calls.layout.phases)
    if ((phase.bit & all & ~coordinated) !== 0 && hasTurn(street, phase, clearMs)) bits |= phase.bit
  return bits
}

/** Phases that are not to be served now: a supervisor, or the plan, leaves them out. */
export const omittedPhases = ({ control }: Calls, { plan }: Coordinator): Bits =>
  control.phaseOmit | (plan === null ? 0 : plan.service.omitted)

function hasTurn(street: Street, phase: PhaseLayout, clearMs: number): boolean {
  const { wants, coordinator } = street
  const { overdueVehicles, overduePedestrians } = coordinator
  if ((phase.bit & ((overdueVehicles & wants.vehicles) | (overduePedestrians & wants.pedestrians))) !== 0) return true
  const onFoot = (wants.pedestrians & phase.bit) !== 0
  const changeMs = Math.max(clearMs, heldUpMs(street, phase, onFoot))
  if ((wants.vehicles & phase.bit) !== 0) return vehiclesFit(coordinator, phase, changeMs)
  return pedestriansFit(coordinator, phase, changeMs)
}

/** What a change takes before the next phase can begin: the longest clearance of the greens that would end. */
function clearanceOfGreens(rings: readonly Ring[]): number {
  let clearMs = 0
  for (let index = 0; index < rings.length; index++) {
    const { phase, interval } = at(rings, index)
    if (phase !== null && interval === 'green') clearMs = Math.max(clearMs, phase.clearanceMs)
  }
  return clearMs
}
