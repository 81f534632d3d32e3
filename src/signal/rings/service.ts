/** What a ring is served with: its next phase once nothing stands against it, walks, and what a green leaves behind. */
import { lockCall } from '../detection/calls.ts'
import { areBelieved } from '../detection/detectors.ts'
import { countOfBegin, isCoordinated, isOversize } from '../coordination/force-offs.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import { considerWalk, mayRestInWalk, walksFromTheBeginning } from './greens.ts'
import { takeUpArrivals } from './initial-green.ts'
import { announceMaximum, learnFromGreen } from './maximum.ts'
import { beginWalk, endWalk } from './pedestrians.ts'
import { mayWalkInPreempt, walksInDwell } from '../preemption/preemption.ts'
import type { PhaseLayout } from '../layout.ts'
import { overlapsPermit } from '../overlaps/overlaps.ts'
import { beginPhase, isReverted, type Ring } from './ring.ts'
import { mayFollow, mayWalkAfter } from './intergreens.ts'
import type { Controller } from '../controller.ts'

/** Starts what a ring has committed itself to, once everything that conflicts with it is over. */
export function startNext(controller: Controller, ring: Ring, emit: EmitEvent): void {
  const { next } = ring
  if (ring.phase !== null || next === null || controller.sequencer.target !== 0) return
  if (!mayBegin(controller, ring, next)) return
  ring.begunInCycle = countOfBegin(controller.coordinator, ring, next)
  const leadingPed =
    next.timing.leadingPedMs > 0 &&
    mayWalkInPreempt(controller.preemption, next) &&
    walksFromTheBeginning(next, controller)
  if (leadingPed) controller.calls.pedestrian &= ~next.bit
  beginPhase(ring, next, leadingPed, emit)
  if (leadingPed && isOversize(controller.coordinator, next)) emit(EVENT.oversizePedestrian, next.number)
}

function mayBegin(controller: Controller, ring: Ring, next: PhaseLayout): boolean {
  const { rings, overlaps, intergreens } = controller
  if (!isReverted(ring, next)) return false
  for (const { phase } of rings) if (phase !== null && (phase.conflicts & next.bit) !== 0) return false
  if (!overlapsPermit(overlaps, next) || !mayFollow(intergreens, overlaps, next)) return false
  return mayWalkAfter(intergreens, next) || !walksFromTheBeginning(next, controller)
}

/** Walks begin or rest, and greens that were cut off leave a call behind. */
export function serve(controller: Controller, ring: Ring, emit: EmitEvent): void {
  const { calls, maximums } = controller
  const { phase } = ring
  if (phase === null) return
  if (ring.interval === 'green') serveGreen(controller, ring, phase, emit)
  if (ring.interval !== 'yellow' || ring.elapsedMs > 0) return
  if (areBelieved(calls.detection, phase.number)) learnFromGreen(maximums, ring, emit)
  if (ring.extended) lockCall(calls, phase.bit)
}

function serveGreen(controller: Controller, ring: Ring, phase: PhaseLayout, emit: EmitEvent): void {
  const { calls, maximums, coordinator } = controller
  if (ring.elapsedMs === 0) takeUpArrivals(ring, phase, calls.detection.arrivals)
  if (ring.elapsedMs === 0 && isCoordinated(coordinator, phase)) emit(EVENT.coordPhaseBegin, phase.number)
  if (ring.maxRuns && ring.maxMs === 0) announceMaximum(maximums, ring, emit)
  if (phase.timing.walkMs > 0) servePeople(controller, ring, phase, emit)
}

/** Their walk begins, and rests while it may. */
function servePeople(controller: Controller, ring: Ring, phase: PhaseLayout, emit: EmitEvent): void {
  const { calls, preemption, coordinator } = controller
  const walks =
    mayWalkAfter(controller.intergreens, phase) && mayWalkInPreempt(preemption, phase)
      ? considerWalk(ring, phase, controller) || walksInDwell(preemption, ring, phase, calls)
      : false
  if (walks) {
    calls.pedestrian &= ~phase.bit
    beginWalk(ring, phase, emit)
    if (isOversize(coordinator, phase)) emit(EVENT.oversizePedestrian, phase.number)
  }
  ring.walkRests = preemption.active === null && mayRestInWalk(ring, phase, controller)
  if (!ring.walkRests) endWalk(ring, phase, phase.timing.walkMs, emit)
}
