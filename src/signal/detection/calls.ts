/** Who waits: detectors, push buttons and supervision become calls of phases, kept until they are served or gone. */
import type { Bits } from '#base/bits.ts'
import { NO_PHASE_CONTROL, type PhaseControl } from '../command.ts'
import { emitEach, EVENT, type EmitEvent } from '../events.ts'
import type { Layout } from '../layout.ts'
import { phasesIn, walksIn, type Ring } from '../rings/ring.ts'
import { createDetection, readDetectors, type Detection, type DetectorInputs } from './detectors.ts'
import { createPushButtons, readButtons, type PushButtons } from './push-buttons.ts'

/** What comes in at one step. */
export interface CallInputs extends DetectorInputs {
  readonly pedestrianButtons: Bits
  readonly control: PhaseControl
}

export interface Calls {
  readonly layout: Layout
  readonly detection: Detection
  readonly buttons: PushButtons
  /** What has passed since the last step: the machine says it before it lets calls register. */
  elapsedMs: number
  /** A vehicle at a detector that calls the phase, or a held call, now. */
  calling: Bits
  /** A vehicle at a detector that extends its green, or a held call, now. */
  present: Bits
  /** Was it at the last step: gaps run from the moment that it left. */
  wasPresent: Bits
  /** Calls that stay until served. */
  locked: Bits
  /** Vehicle calls of phases that are not green. */
  vehicle: Bits
  pedestrian: Bits
  /** Supervision's bits as at this step. */
  control: PhaseControl
  /** Those of them that are in the log as on. */
  held: Bits
  omitted: Bits
  pedestrianOmitted: Bits
}

/** At power-up nobody knows who came before: every phase and every crossing is called once, so that none waits in vain. */
export function createCalls(layout: Layout): Calls {
  return {
    layout,
    detection: createDetection(layout.detectors),
    buttons: createPushButtons(),
    elapsedMs: 0,
    calling: 0,
    present: 0,
    wasPresent: 0,
    locked: layout.all,
    vehicle: 0,
    pedestrian: layout.withPedestrians,
    control: NO_PHASE_CONTROL,
    held: 0,
    omitted: 0,
    pedestrianOmitted: 0,
  }
}

/** After a flash as at power-up. */
export function callEverybody(calls: Calls): void {
  calls.locked = calls.layout.all
  calls.pedestrian = calls.layout.withPedestrians
}

/** Registers what is there now; what the rings serve is not waiting. */
export function registerCalls(calls: Calls, inputs: CallInputs, rings: readonly Ring[], emit: EmitEvent): void {
  const { layout, detection, elapsedMs } = calls
  const { control } = inputs
  const greens = phasesIn(rings, 'green')
  calls.wasPresent = calls.present
  detection.rings = rings
  detection.greens = greens
  readDetectors(detection, inputs, elapsedMs, emit)
  calls.calling = ((detection.calling | control.vehicleCall) & layout.all) >>> 0
  calls.present = ((detection.extending | control.vehicleCall) & layout.all) >>> 0
  calls.locked = (calls.locked | (calls.calling & layout.locking & ~greens)) >>> 0
  const vehicle = ((calls.locked | calls.calling) & ~greens) >>> 0
  emitEach(vehicle & ~calls.vehicle, EVENT.callRegistered, emit)
  emitEach(calls.vehicle & ~vehicle, EVENT.callDropped, emit)
  calls.vehicle = vehicle
  readButtons(calls.buttons, (inputs.pedestrianButtons & layout.withPedestrians) >>> 0, elapsedMs, emit)
  registerPedestrians(calls, inputs.control, walksIn(rings), emit)
  calls.control = control
  noteControl(calls, emit)
}

/** A phase that has become green has been served: its call is dropped (code 44), its lock is opened. */
export function dropServedCalls(calls: Calls, greens: Bits, emit: EmitEvent): void {
  emitEach(calls.vehicle & greens, EVENT.callDropped, emit)
  calls.vehicle = (calls.vehicle & ~greens) >>> 0
  calls.locked = (calls.locked & ~greens) >>> 0
}

/** A green that was cut off with vehicles still coming leaves a call behind for them, where calls lock. */
export function lockCall(calls: Calls, phase: Bits): void {
  calls.locked = (calls.locked | (phase & calls.layout.locking)) >>> 0
}

function registerPedestrians(calls: Calls, control: PhaseControl, walks: Bits, emit: EmitEvent): void {
  const asked = (calls.buttons.held | control.pedestrianCall) & calls.layout.withPedestrians & ~walks
  emitEach(asked & ~calls.pedestrian, EVENT.pedCall, emit)
  calls.pedestrian = (calls.pedestrian | asked) >>> 0
}

function noteControl(calls: Calls, emit: EmitEvent): void {
  const { control, layout } = calls
  const held = control.hold & layout.all
  emitEach(held & ~calls.held, EVENT.holdOn, emit)
  emitEach(calls.held & ~held, EVENT.holdOff, emit)
  calls.held = held
  const omitted = control.phaseOmit & layout.all
  emitEach(omitted & ~calls.omitted, EVENT.omitOn, emit)
  emitEach(calls.omitted & ~omitted, EVENT.omitOff, emit)
  calls.omitted = omitted
  const pedestrianOmitted = control.pedestrianOmit & layout.all
  emitEach(pedestrianOmitted & ~calls.pedestrianOmitted, EVENT.pedOmitOn, emit)
  emitEach(calls.pedestrianOmitted & ~pedestrianOmitted, EVENT.pedOmitOff, emit)
  calls.pedestrianOmitted = pedestrianOmitted
}
