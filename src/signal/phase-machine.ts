/** The phase machine: rings, barriers, calls and coordination of one controller, stepped by whoever owns the clock. */
import type { Bits } from '#base/bits.ts'
import type { PatternId } from '#base/id.ts'
import {
  callEverybody,
  createCalls,
  dropServedCalls,
  lockCall,
  registerCalls,
  type CallInputs,
  type Calls,
} from './detection/calls.ts'
import { areBelieved } from './detection/detectors.ts'
import { advanceCoordinator, createCoordinator, type Coordinator } from './coordination/coordination.ts'
import { countOfBegin, isCoordinated, isOverrun, isOversize } from './coordination/force-offs.ts'
import { noteServed, noteWaiting } from './coordination/overdue.ts'
import type { ControllerDatabase } from './database.ts'
import { DETECTOR_MOST } from './detector.ts'
import { EVENT, type EmitEvent } from './events.ts'
import { extendGreen } from './rings/gap.ts'
import { considerWalk, mayRestInWalk, reasonToEnd, walksFromTheBeginning } from './rings/greens.ts'
import { takeUpArrivals } from './rings/initial-green.ts'
import {
  announceMaximum,
  createMaximums,
  learnFromGreen,
  noteDynamicMaximum,
  takeMaximum,
  type Maximums,
} from './rings/maximum.ts'
import { beginWalk, endWalk } from './rings/pedestrians.ts'
import {
  abandonPriority,
  advancePriority,
  createPriority,
  notePriority,
  phasesCalledFor,
  weighPriority,
  type Priority,
} from './preemption/priority.ts'
import { layOutPriorities } from './preemption/priority-calls.ts'
import { patternAfterPreempt } from './preemption/exit-pattern.ts'
import { layOutPreempts } from './preemption/preempt-layout.ts'
import {
  abandonPreempt,
  advancePreemption,
  createPreemption,
  mayWalkInPreempt,
  noteArrival,
  walksInDwell,
  watchPreempts,
  type Preemption,
} from './preemption/preemption.ts'
import { steer } from './preemption/steering.ts'
import { layOut, sequenceOf, type Layout, type PhaseLayout } from './layout.ts'
import { createOverlap, type OverlapRun } from './overlaps/overlap-run.ts'
import { flashOn } from './overlaps/flashing-arrow.ts'
import { advanceOverlap, followOverlaps, overlapsPermit } from './overlaps/overlaps.ts'
import { nothingYet, type PhasesNow } from './overlaps/phases-now.ts'
import { layOutPlan } from './coordination/plan-windows.ts'
import { advanceRing, beginPhase, createRing, isReverted, phasesIn, walksIn, type Ring } from './rings/ring.ts'
import { serveConditionally } from './rings/conditional-service.ts'
import {
  advanceIntergreens,
  createIntergreens,
  mayFollow,
  mayWalkAfter,
  noteRightsOfWay,
  type Intergreens,
} from './rings/intergreens.ts'
import {
  assertApart,
  createSequencer,
  decideNext,
  noteConflictingCalls,
  startWith,
  type Sequencer,
} from './rings/sequencing.ts'
import { readStatus } from './read-status.ts'
import type { SignalStatus } from './status.ts'
import { PATTERN_FREE } from './timing-plan.ts'
import { gatherWants, omittedPhases, serviceable, type Wants } from './rings/wants.ts'
import { callForOfficer, clearStreet, overruleGreens, wantEntryPhases } from './unit/overrule.ts'
import { CLOSED_PANEL, createPanel, readPanel, type Panel, type PanelInputs } from './unit/panel.ts'
import { advanceUnit, createUnit, type Unit } from './unit/stages.ts'
import { carryStage, isAtRest, mayTakeOver } from './unit/takeover.ts'

/** What the controller is handed at a step; the caller may reuse and overwrite the object. */
export interface ControllerInputs extends CallInputs {
  /** The controller's wall clock, ms since 1970; places the coordination cycle in the day. */
  readonly epochMs: number
  /** Pattern asked for: the number of a plan, or flash (255); any other number is free operation (254). */
  readonly pattern: PatternId
  /** The maximum green in effect while free. */
  readonly maximum: 1 | 2
  /** Preempt inputs that are on, by number. */
  readonly preempts: Bits
  /** Priority calls that are checked in, by number. */
  readonly priorities: Bits
  /** How late the vehicle of each priority call is, s, by number (index 0 unused); early is negative. */
  readonly latenessS: Int16Array
  readonly panel: PanelInputs
}

/** Every detector is sound, nobody preempts, no bus comes, the panel is closed. */
export const QUIET_UNIT: Omit<ControllerInputs, 'epochMs' | 'pattern' | 'occupied' | 'pedestrianButtons' | 'control'> =
  {
    detectorFaults: new Uint8Array(DETECTOR_MOST + 1),
    maximum: 1,
    preempts: 0,
    priorities: 0,
    latenessS: new Int16Array(17),
    panel: CLOSED_PANEL,
  }

/** All of a controller's memory, as plain data that every step writes over. */
export interface Controller {
  readonly database: ControllerDatabase
  readonly layout: Layout
  readonly rings: readonly Ring[]
  readonly overlaps: readonly OverlapRun[]
  /** What the overlaps saw of the phases at the last step. */
  readonly phasesNow: PhasesNow
  readonly intergreens: Intergreens
  readonly calls: Calls
  readonly wants: Wants
  readonly coordinator: Coordinator
  readonly sequencer: Sequencer
  readonly maximums: Maximums
  readonly preemption: Preemption
  readonly priority: Priority
  readonly unit: Unit
  readonly panel: Panel
  /** Another timing of the same street, which is taken over when the street is clear; null = none. */
  offered: ControllerDatabase | null
}

/** A controller that begins with its start-up flash, or with all red. The database must be one in which `checkDatabase` finds no fault. */
export function createController(database: ControllerDatabase): Controller {
  const layout = layOut(database.intersection)
  return {
    database,
    layout,
    offered: null,
    unit: createUnit(database.unit, database.intersection),
    panel: createPanel(),
    calls: createCalls(layout),
    preemption: createPreemption(layOutPreempts(database.preempts, layout.phases)),
    priority: createPriority(layOutPriorities(database.priorities, layout.phases)),
    ...createRun(database, layout),
  }
}

/** What a controller forgets while it flashes. */
function createRun(database: ControllerDatabase, layout: Layout) {
  const rings = Array.from({ length: layout.ringCount }, createRing)
  const plans = database.plans.map((plan) => layOutPlan(plan, layout))
  return {
    rings,
    overlaps: layout.overlaps.map(createOverlap),
    phasesNow: nothingYet(),
    intergreens: createIntergreens(layout.intergreens),
    wants: { vehicles: 0, pedestrians: 0 },
    coordinator: createCoordinator(plans, database.schedule.timeZone, layout.ringCount),
    sequencer: createSequencer(rings, sequenceOf(layout)),
    maximums: createMaximums(),
  }
}

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
  dropServedCalls(calls, phasesIn(rings, 'green'), emit)
  noteServed(coordinator, phasesIn(rings, 'green'), walksIn(rings))
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

/** Everything begins anew with the other timing but what the street shows: the all red, or the flash. All are called. */
function takeOver(controller: Controller, database: ControllerDatabase, emit: EmitEvent): void {
  const { unit, panel, priority } = controller
  abandonPriority(priority, emit)
  Object.assign(controller, createController(database), { panel })
  carryStage(unit, controller.unit)
}

/** The flasher takes the lamps: what the rings showed is cut off, and everybody is called when they begin again. */
function cutOff(controller: Controller, emit: EmitEvent): void {
  abandonPreempt(controller.preemption)
  abandonPriority(controller.priority, emit)
  Object.assign(controller, createRun(controller.database, controller.layout))
  callEverybody(controller.calls)
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

function askSequencer({ layout, rings, calls, wants, coordinator, sequencer, unit }: Controller): void {
  sequencer.asked = coordinator.plan?.sequence ?? sequenceOf(layout)
  sequencer.wanted = serviceable(wants, calls, coordinator, rings)
  sequencer.entries = layout.dualEntry & ~omittedPhases(calls, coordinator)
  if (unit.stage === 'enteringFlash') wantEntryPhases(unit, sequencer)
}

function decide({ layout, calls, coordinator, maximums, sequencer }: Controller, emit: EmitEvent): void {
  decideNext(sequencer, emit)
  if (layout.conditionalService === 0) return
  const outOfTurn = ~omittedPhases(calls, coordinator) & ~(coordinator.plan?.coordinated ?? 0)
  const called = layout.conditionalService & calls.vehicle & outOfTurn
  if (called !== 0) serveConditionally(sequencer, { called, coordinator, maximums }, emit)
}

/** Starts what a ring has committed itself to, once everything that conflicts with it is over. */
function startNext(controller: Controller, ring: Ring, emit: EmitEvent): void {
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
function serve(controller: Controller, ring: Ring, emit: EmitEvent): void {
  const { calls, maximums } = controller
  const { phase } = ring
  if (phase === null) return
  if (ring.interval === 'green') serveGreen(controller, ring, phase, emit)
  if (ring.interval !== 'yellow' || ring.elapsedMs > 0) return
  if (areBelieved(calls.detection, phase.number)) learnFromGreen(maximums, ring, emit)
  if (ring.extended) lockCall(calls, phase.bit)
}

function serveGreen(controller: Controller, ring: Ring, phase: PhaseLayout, emit: EmitEvent): void {
  const { calls, maximums, preemption, coordinator } = controller
  if (ring.elapsedMs === 0) takeUpArrivals(ring, phase, calls.detection.arrivals)
  if (ring.elapsedMs === 0 && isCoordinated(coordinator, phase)) emit(EVENT.coordPhaseBegin, phase.number)
  if (ring.maxRuns && ring.maxMs === 0) announceMaximum(maximums, ring, emit)
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
