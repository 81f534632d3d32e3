/** The phase machine: rings, barriers, calls and coordination of one controller, stepped by whoever owns the clock. */
import { at } from '#base/at.ts'
import type { Bits } from '#base/bits.ts'
import type { PatternId } from '#base/id.ts'
import {
  createCalls,
  dropServedCalls,
  lockCall,
  registerCalls,
  type CallInputs,
  type Calls,
} from './detection/calls.ts'
import {
  advanceCoordinator,
  createCoordinator,
  noteServed,
  noteWaiting,
  type Coordinator,
} from './coordination/coordination.ts'
import type { ControllerDatabase } from './database.ts'
import { EVENT, type EmitEvent } from './events.ts'
import { considerWalk, extendGreen, reasonToEnd } from './rings/greens.ts'
import { layOut, sequenceOf, type Layout, type PhaseLayout } from './layout.ts'
import {
  activeOverlaps,
  advanceOverlap,
  clearingOverlaps,
  createOverlap,
  followPhases,
  type OverlapRun,
} from './overlaps/overlaps.ts'
import { layOutPlan } from './coordination/plan-windows.ts'
import {
  advanceRing,
  beginPhase,
  beginWalk,
  createRing,
  phasesIn,
  RED_REVERT_MS,
  walksIn,
  type Ring,
} from './rings/ring.ts'
import { createSequencer, decideNext, noteConflictingCalls, type Sequencer } from './rings/sequencing.ts'
import { readStatus } from './read-status.ts'
import type { SignalStatus } from './status.ts'
import { gatherWants, serviceable, type Wants } from './rings/wants.ts'

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

/** The police panel at the cabinet (NEMA TS 2 3.5.5: manual control, interval advance, stop time, flash). */
export interface PanelInputs {
  readonly manualControl: boolean
  /** The button in the officer's hand: each press ends the greens that he sees. */
  readonly intervalAdvance: boolean
  /** Timers stand still. */
  readonly stopTime: boolean
  readonly flash: boolean
}

/** Nobody preempts, no bus comes, the panel is closed. */
export const QUIET_UNIT: Pick<ControllerInputs, 'maximum' | 'preempts' | 'priorities' | 'latenessS' | 'panel'> = {
  maximum: 1,
  preempts: 0,
  priorities: 0,
  latenessS: new Int16Array(17),
  panel: { manualControl: false, intervalAdvance: false, stopTime: false, flash: false },
}

/** All of a controller's memory, as plain data that every step writes over. */
export interface Controller {
  readonly database: ControllerDatabase
  readonly layout: Layout
  readonly rings: readonly Ring[]
  readonly overlaps: readonly OverlapRun[]
  readonly calls: Calls
  readonly wants: Wants
  readonly coordinator: Coordinator
  readonly sequencer: Sequencer
  /** What is left of the all red that a controller begins with. */
  startMs: number
}

/** A controller that begins all red. The database must be one in which `checkDatabase` finds no fault. */
export function createController(database: ControllerDatabase): Controller {
  const layout = layOut(database.intersection)
  const rings = Array.from({ length: layout.ringCount }, createRing)
  const plans = database.plans.map((plan) => layOutPlan(plan, layout))
  return {
    database,
    layout,
    rings,
    overlaps: layout.overlaps.map(createOverlap),
    calls: createCalls(layout),
    wants: { vehicles: 0, pedestrians: 0 },
    coordinator: createCoordinator(plans, database.schedule.timeZone, layout.ringCount),
    sequencer: createSequencer(rings, sequenceOf(layout)),
    startMs: Math.max(database.unit.startAllRedMs, ...layout.phases.map(({ timing }) => timing.redClearMs)),
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
  const { rings, overlaps, calls, wants, coordinator, sequencer } = controller
  for (const ring of rings) advanceRing(ring, elapsedMs, emit)
  for (const overlap of overlaps) advanceOverlap(overlap, elapsedMs, emit)
  registerCalls(calls, inputs, rings, emit)
  for (const ring of rings) extendGreen(ring, calls, elapsedMs)
  advanceCoordinator(coordinator, inputs, elapsedMs, emit)
  gatherWants(wants, calls, coordinator, rings)
  noteWaiting(coordinator, controller.layout.phasesOfRings, wants)
  controller.startMs -= elapsedMs
  if (controller.startMs > 0) return
  askSequencer(controller)
  for (const ring of rings) if (ring.phase !== null) ring.mayEnd = reasonToEnd(ring, ring.phase, calls, coordinator)
  decideNext(sequencer, emit)
  for (const ring of rings) startNext(controller, ring, emit)
  noteConflictingCalls(sequencer, emit)
  for (const ring of rings) serve(controller, ring, emit)
  for (const overlap of overlaps) followPhases(overlap, rings, emit)
  dropServedCalls(calls, phasesIn(rings, 'green'), emit)
  noteServed(coordinator, phasesIn(rings, 'green'), walksIn(rings))
}

/** The controller's status groups as they are after its last step. */
export function statusOf(controller: Controller): SignalStatus {
  return readStatus(controller)
}

function askSequencer({ layout, rings, calls, wants, coordinator, sequencer }: Controller): void {
  sequencer.sequence = coordinator.plan?.sequence ?? sequenceOf(layout)
  sequencer.wanted = serviceable(wants, calls, coordinator, rings)
  sequencer.entries = layout.dualEntry & ~calls.control.phaseOmit
}

/** Starts what a ring has committed itself to, once everything that conflicts with it is over. */
function startNext(controller: Controller, ring: Ring, emit: EmitEvent): void {
  const { next } = ring
  if (ring.phase !== null || next === null || controller.sequencer.target !== 0) return
  if (!mayBegin(controller, ring, next)) return
  const { cycles } = controller.coordinator
  // Who comes late, after a green that overran the yield point, is taken to have been there when it was passed:
  // he yields to those whose turn it is, and no split is lost.
  const cycle = at(cycles, next.ring)
  const coordinated = ((controller.coordinator.plan?.coordinated ?? 0) & next.bit) !== 0
  ring.begunInCycle = coordinated && ring.begunInCycle < cycle ? cycle - 1 : cycle
  beginPhase(ring, next, emit)
  if (coordinated) emit(EVENT.coordPhaseBegin, next.number)
}

function mayBegin({ rings, overlaps }: Controller, ring: Ring, next: PhaseLayout): boolean {
  if (ring.previous === next && ring.sinceYellowMs < RED_REVERT_MS) return false
  for (const { phase } of rings) if (phase !== null && (phase.conflicts & next.bit) !== 0) return false
  if (overlaps.length === 0) return true
  return (
    (activeOverlaps(overlaps) & next.conflictingOverlaps) === 0 && (clearingOverlaps(overlaps) & next.overlaps) === 0
  )
}

/** Walks begin, and greens that were cut off leave a call behind. */
function serve({ calls, wants, coordinator }: Controller, ring: Ring, emit: EmitEvent): void {
  const { phase } = ring
  if (phase === null) return
  if (considerWalk(ring, wants, calls, coordinator)) {
    calls.pedestrian &= ~phase.bit
    beginWalk(ring, phase, emit)
  }
  const cutOff = ring.interval === 'yellow' && ring.elapsedMs === 0 && ring.passageMs > 0
  if (cutOff) lockCall(calls, phase.bit)
}
