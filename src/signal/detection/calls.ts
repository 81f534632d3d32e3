/** Who waits: detectors, push buttons and supervision become calls of phases, kept until they are served or gone. */
import { at } from '#base/at.ts'
import type { Bits } from '#base/bits.ts'
import { NO_PHASE_CONTROL, type PhaseControl } from '../command.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import type { Layout } from '../layout.ts'
import { phasesIn, walksIn, type Ring } from '../rings/ring.ts'

/** What comes in at one step. */
export interface CallInputs {
  readonly occupied: Uint8Array
  readonly pedestrianButtons: Bits
  readonly control: PhaseControl
}

export interface Calls {
  readonly layout: Layout
  /** By detector id, as at the last step. */
  readonly occupied: Uint8Array
  buttons: Bits
  /** A vehicle, or a held call, at a detector of the phase now. */
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

/** Detector channels 1–64; index 0 is unused. */
const DETECTOR_INDEXES = 65

/** At power-up nobody knows who came before: every phase and every crossing is called once, so that none waits in vain. */
export function createCalls(layout: Layout): Calls {
  return {
    layout,
    occupied: new Uint8Array(DETECTOR_INDEXES),
    buttons: 0,
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

/** Registers what is there now; what the rings serve is not waiting. */
export function registerCalls(calls: Calls, inputs: CallInputs, rings: readonly Ring[], emit: EmitEvent): void {
  const { layout } = calls
  const { control } = inputs
  const greens = phasesIn(rings, 'green')
  calls.wasPresent = calls.present
  calls.present = ((readDetectors(calls, inputs.occupied, emit) | control.vehicleCall) & layout.all) >>> 0
  calls.locked = (calls.locked | (calls.present & layout.locking & ~greens)) >>> 0
  const vehicle = ((calls.locked | calls.present) & ~greens) >>> 0
  emitEach(vehicle & ~calls.vehicle, EVENT.callRegistered, emit)
  emitEach(calls.vehicle & ~vehicle, EVENT.callDropped, emit)
  calls.vehicle = vehicle
  registerPedestrians(calls, inputs, walksIn(rings), emit)
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

function readDetectors(calls: Calls, occupied: Uint8Array, emit: EmitEvent): Bits {
  const { detectors } = calls.layout
  const was = calls.occupied
  let present = 0
  for (let index = 0; index < detectors.length; index++) {
    const { number, phase } = at(detectors, index)
    const now = occupied[number] ?? 0
    if (now !== 0) present |= phase
    if (now === was[number]) continue
    was[number] = now
    emit(now === 0 ? EVENT.detectorOff : EVENT.detectorOn, number)
  }
  return present
}

function registerPedestrians(calls: Calls, inputs: CallInputs, walks: Bits, emit: EmitEvent): void {
  const { withPedestrians } = calls.layout
  const buttons = (inputs.pedestrianButtons & withPedestrians) >>> 0
  emitEach(buttons & ~calls.buttons, EVENT.pedDetectorOn, emit)
  emitEach(calls.buttons & ~buttons, EVENT.pedDetectorOff, emit)
  calls.buttons = buttons
  const asked = (buttons | inputs.control.pedestrianCall) & withPedestrians & ~walks
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

/** One event for each number whose bit is set, ascending. */
function emitEach(bits: Bits, code: number, emit: EmitEvent): void {
  for (let left = bits; left !== 0; left &= left - 1) emit(code, 32 - Math.clz32(left & -left))
}
