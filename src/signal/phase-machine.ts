/** The phase machine: rings, barriers, calls and coordination of one controller, stepped by whoever owns the clock. */
import { dropServedCalls, registerCalls } from './detection/calls.ts'
import { advanceCoordinator } from './coordination/coordination.ts'
import { isOverrun } from './coordination/force-offs.ts'
import { noteServed, noteWaiting } from './coordination/overdue.ts'
import type { EmitEvent } from './events.ts'
import { extendGreen } from './rings/gap.ts'
import { reasonToEnd } from './rings/greens.ts'
import { noteDynamicMaximum, takeMaximum } from './rings/maximum.ts'
import { advancePriority, notePriority, phasesCalledFor, weighPriority } from './preemption/priority.ts'
import { patternAfterPreempt } from './preemption/exit-pattern.ts'
import { advancePreemption, noteArrival, watchPreempts } from './preemption/preemption.ts'
import { steer } from './preemption/steering.ts'
import { sequenceOf } from './layout.ts'
import { flashOn } from './overlaps/flashing-arrow.ts'
import { advanceOverlap, followOverlaps } from './overlaps/overlaps.ts'
import { advanceRing, phasesIn, walksIn } from './rings/ring.ts'
import { serveConditionally } from './rings/conditional-service.ts'
import { advanceIntergreens, noteRightsOfWay } from './rings/intergreens.ts'
import { assertApart, decideNext, noteConflictingCalls, startWith } from './rings/sequencing.ts'
import { readStatus } from './read-status.ts'
import type { SignalStatus } from './status.ts'
import { PATTERN_FREE } from './timing-plan.ts'
import { gatherWants, omittedPhases, serviceable } from './rings/wants.ts'
import { callForOfficer, clearStreet, overruleGreens, wantEntryPhases } from './unit/overrule.ts'
import { readPanel } from './unit/panel.ts'
import { advanceUnit } from './unit/stages.ts'
import { isAtRest, mayTakeOver } from './unit/takeover.ts'
import { cutOff, takeOver, type Controller, type ControllerInputs } from './controller.ts'
import { serve, startNext } from './rings/service.ts'

/**
 * Advances the controller by `elapsedMs` (10–1000 ms) of monotonic time. An interval ends at the first step at or after
 * its time: steps never shorten one. Emits what happened in it: phase, pedestrian, overlap, coordination and
 * detector events (`docs/events.md`).
 */
export function stepController(
  controller: Controller,
  inputs: ControllerInputs,
  elapsedMs: number,
  emit: EmitEvent,
): void {
  const { panel } = controller
  const flashed = controller.unit.stage === 'flash'
  readPanel(panel, inputs.panel, phasesIn(controller.rings, 'green'), emit)
  // Red and amber that stood for longer than their time would read as a broken lamp: timers stop after them.
  const stopped = panel.stopped && !flashed && phasesIn(controller.rings, 'redAmber') === 0
  if (!stopped) advanceIntervals(controller, elapsedMs, emit)
  else for (const overlap of controller.overlaps) flashOn(overlap, elapsedMs)
  advanceUnit(controller, inputs, stopped ? 0 : elapsedMs, emit)
  if (controller.unit.stage === 'flash' && !flashed) cutOff(controller, emit)
  if (controller.offered !== null && mayTakeOver(controller)) takeOver(controller, controller.offered, emit)
  controller.calls.elapsedMs = stopped ? 0 : elapsedMs
  if (stopped || controller.unit.stage === 'flash') {
    registerCalls(controller.calls, inputs, controller.rings, emit)
    watchPreempts(controller.preemption, inputs.preempts, 0, emit)
  } else runRings(controller, inputs, elapsedMs, emit)
}

function advanceIntervals(controller: Controller, elapsedMs: number, emit: EmitEvent): void {
  const { rings, overlaps, intergreens } = controller
  advanceIntergreens(intergreens, elapsedMs)
  for (const ring of rings) advanceRing(ring, elapsedMs, emit)
  for (const overlap of overlaps) advanceOverlap(overlap, elapsedMs, emit)
  noteRightsOfWay(intergreens, controller)
}

function runRings(controller: Controller, inputs: ControllerInputs, elapsedMs: number, emit: EmitEvent): void {
  const { rings, calls, wants, coordinator, sequencer, maximums, preemption, unit, panel } = controller
  registerCalls(calls, inputs, rings, emit)
  for (const ring of rings) extendGreen(ring, calls, elapsedMs, emit)
  advancePreemption(preemption, inputs.preempts, elapsedMs, emit)
  coordinator.stands = preemption.active === null && isOverrun(coordinator, rings)
  advanceCoordinator(coordinator, patternAsked(controller, inputs, elapsedMs), elapsedMs, emit)
  takeMaximum(maximums, coordinator.plan?.maximum ?? inputs.maximum, rings, emit)
  for (const ring of rings) noteDynamicMaximum(maximums, ring, elapsedMs, emit)
  gatherWants(wants, calls, coordinator, rings)
  if (panel.manual) callForOfficer(wants, calls)
  advancePriority(controller, inputs, elapsedMs, emit)
  wants.vehicles |= phasesCalledFor(controller.priority) & ~calls.control.phaseOmit
  noteWaiting(coordinator, controller.layout.phasesOfRings, wants)
  if (unit.stage === 'allRed') return
  askSequencer(controller)
  if (unit.starts !== 0) beginWithStartPhases(controller, emit)
  for (const ring of rings)
    if (ring.phase !== null) ring.mayEnd = weighPriority(controller, ring, reasonToEnd(ring, ring.phase, controller))
  if ((panel.manual && preemption.active === null) || unit.stage !== 'running') overruleGreens(unit, panel, rings)
  if (unit.stage === 'clearing' || (controller.offered !== null && isAtRest(sequencer))) clearStreet(sequencer, emit)
  else if (preemption.active !== null) steer(preemption, sequencer, emit)
  else decide(controller, emit)
  for (const ring of rings) startNext(controller, ring, emit)
  assertApart(sequencer)
  noteConflictingCalls(sequencer, emit)
  for (const ring of rings) serve(controller, ring, emit)
  followOverlaps(controller, emit)
  noteRightsOfWay(controller.intergreens, controller)
  const greens = phasesIn(rings, 'green')
  dropServedCalls(calls, greens, emit)
  noteServed(coordinator, greens, walksIn(rings))
  noteArrival(preemption, rings, emit)
  notePriority(controller, emit)
}

/** Whoever steers by hand is in no plan; afterwards it is picked up again, as out of free operation. */
function patternAsked(
  { coordinator, preemption: { exitPattern }, panel }: Controller,
  inputs: ControllerInputs,
  elapsedMs: number,
): Pick<ControllerInputs, 'epochMs' | 'pattern'> {
  const { epochMs, pattern } = inputs
  if (panel.manual) return { epochMs, pattern: PATTERN_FREE }
  if (exitPattern.pattern === null) return inputs
  return { epochMs, pattern: patternAfterPreempt(exitPattern, coordinator, pattern, elapsedMs) }
}

/** The controller's status groups as they are after its last step. */
export function statusOf(controller: Controller): SignalStatus {
  return readStatus(controller)
}

function beginWithStartPhases({ unit, layout, calls, coordinator, sequencer }: Controller, emit: EmitEvent): void {
  const starts = unit.starts & ~omittedPhases(calls, coordinator)
  unit.starts = 0
  startWith(
    sequencer,
    layout.phases.filter(({ bit }) => (bit & starts) !== 0),
    emit,
  )
}

function askSequencer(controller: Controller): void {
  const { layout, calls, coordinator, sequencer, unit } = controller
  sequencer.asked = coordinator.plan?.sequence ?? sequenceOf(layout)
  sequencer.wanted = serviceable(controller)
  sequencer.entries = layout.dualEntry & ~omittedPhases(calls, coordinator)
  if (unit.stage === 'enteringFlash') wantEntryPhases(unit, sequencer)
}

function decide(controller: Controller, emit: EmitEvent): void {
  const { layout, calls, coordinator, sequencer } = controller
  decideNext(sequencer, emit)
  if (layout.conditionalService === 0) return
  const outOfTurn = ~omittedPhases(calls, coordinator) & ~(coordinator.plan?.coordinated ?? 0)
  const called = layout.conditionalService & calls.vehicle & outOfTurn
  if (called !== 0) serveConditionally(sequencer, { called, street: controller }, emit)
}
