/** The vehicle detectors of a controller: inputs become actuations, and actuations call, extend and count, each in its own way. */
import { at } from '#base/at.ts'
import type { Bits } from '#base/bits.ts'
import { DETECTOR_MOST } from '../detector.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import { countArrival, createArrivals, type Arrivals } from '../rings/initial-green.ts'
import type { Ring } from '../rings/ring.ts'
import type { DetectorLayout } from './detector-layout.ts'
import { createDiagnosis, noteFaults, watchInput, type Diagnosis } from './diagnostics.ts'

/** What the detector inputs are at a step. */
export interface DetectorInputs {
  /** By detector number: is somebody there? */
  readonly occupied: Uint8Array
  /** By detector number: what its card reports, as bits of `DETECTOR_FAULT`; 0 = sound. */
  readonly detectorFaults: Uint8Array
}

export interface Detection {
  readonly detectors: readonly DetectorLayout[]
  /** The rings at this step, and their phases that are green. */
  rings: readonly Ring[]
  greens: Bits
  /** By detector number: the input at the last step, … */
  readonly input: number[]
  /** … for how long it has been so, as delay and extension count it, … */
  readonly sinceMs: number[]
  /** … and the actuation that became of it, which the log shows (codes 81 and 82). */
  readonly actuated: number[]
  readonly diagnosis: Diagnosis
  /** Phases that a detector calls now, and whose green it extends. */
  calling: Bits
  extending: Bits
  readonly arrivals: Arrivals
}

/** Index 0 is unused, so that numbers are indexes. */
const DETECTOR_INDEXES = DETECTOR_MOST + 1

const zeros = (): number[] => Array.from({ length: DETECTOR_INDEXES }, () => 0)

export function createDetection(detectors: readonly DetectorLayout[]): Detection {
  return {
    detectors,
    rings: [],
    greens: 0,
    input: zeros(),
    sinceMs: zeros(),
    actuated: zeros(),
    diagnosis: createDiagnosis(zeros),
    calling: 0,
    extending: 0,
    arrivals: createArrivals(),
  }
}

/** Reads all inputs, `elapsedMs` after the last time. */
export function readDetectors(detection: Detection, inputs: DetectorInputs, elapsedMs: number, emit: EmitEvent): void {
  const { occupied, detectorFaults } = inputs
  const { detectors, actuated, diagnosis } = detection
  const { reported, faults } = diagnosis
  detection.calling = 0
  detection.extending = 0
  for (const detector of detectors) {
    const { number, simple } = detector
    const input = occupied[number] ? 1 : 0
    const fault = detectorFaults[number]
    // Most detectors are nothing but a loop that is sound, and there are many of them.
    if (simple && fault === 0 && faults[number] === 0) {
      if (input !== actuated[number]) noteActuation(detection, detector, input, emit)
      if (input === 1) serveVehicle(detection, detector)
      continue
    }
    if (detector.watched) watchInput(diagnosis, detector, input, elapsedMs)
    if (detector.watched || fault !== reported[number]) noteFaults(diagnosis, number, fault, emit)
    const now = timeActuation(detection, detector, input, elapsedMs)
    if (now !== actuated[number]) noteActuation(detection, detector, now, emit)
    if (faults[number] !== 0) standIn(detection, detector)
    else if (now !== 0) actuate(detection, detector)
  }
}

/** True while no detector of the phase is at fault. */
export const areBelieved = ({ detectors, diagnosis }: Detection, phase: number): boolean =>
  detectors.every((detector) => detector.phase !== phase || diagnosis.faults[detector.number] === 0)

/**
 * Delay and extension (NTCIP 1202 vehicleDetectorDelay, vehicleDetectorExtend). While the phase that it serves is green,
 * a vehicle acts at once, and for a while after it has left; while it is not, only once it has stood there for the delay,
 * which begins anew when the green ends over it.
 */
function timeActuation(detection: Detection, detector: DetectorLayout, input: 0 | 1, elapsedMs: number): 0 | 1 {
  const { input: before, sinceMs, actuated, greens } = detection
  const { number, delayMs, extensionMs } = detector
  const green = (greens & (detector.bit | switchOf(detection, detector))) !== 0
  const anew = before[number] !== input || (input === 1 && green)
  const ms = anew ? 0 : at(sinceMs, number) + elapsedMs
  before[number] = input
  sinceMs[number] = ms
  if (input === 1) return green || ms >= delayMs ? 1 : 0
  return green && actuated[number] === 1 && ms < extensionMs ? 1 : 0
}

/** The phase that its vehicles are switched to now, 0 = none (NTCIP 1202 vehicleDetectorSwitchPhase). */
function switchOf({ greens }: Detection, { bit, switchPhase }: DetectorLayout): Bits {
  return (greens & bit) === 0 ? (greens & switchPhase) >>> 0 : 0
}

function noteActuation(detection: Detection, detector: DetectorLayout, actuated: 0 | 1, emit: EmitEvent): void {
  const { greens, arrivals, diagnosis } = detection
  const { number, phase, counts } = detector
  detection.actuated[number] = actuated
  emit(actuated === 0 ? EVENT.detectorOff : EVENT.detectorOn, number)
  const counted = actuated === 1 && counts && diagnosis.faults[number] === 0 && switchOf(detection, detector) === 0
  if (counted) countArrival(arrivals, phase, greens)
}

/** A vehicle calls its phase and extends its green, until the queue is taken to have gone (vehicleDetectorQueueLimit). */
function actuate(detection: Detection, detector: DetectorLayout): void {
  const switched = switchOf(detection, detector)
  if (switched !== 0) {
    if (detector.extends !== 0) detection.extending |= switched
  } else if (greenMs(detection, detector) < detector.queueLimitMs) serveVehicle(detection, detector)
}

function serveVehicle(detection: Detection, detector: DetectorLayout): void {
  detection.calling |= detector.calls
  detection.extending |= detector.extends
}

/**
 * A detector that is not believed (NTCIP 1202 vehicleDetectorFailTime): nobody knows who waits, so its phase is called,
 * and its green is held for the time that a queue usually takes.
 */
function standIn(detection: Detection, detector: DetectorLayout): void {
  if (greenMs(detection, detector) >= detector.failTimeMs) return
  detection.calling |= detector.bit
  detection.extending |= detector.bit
}

/** How long the phase has been green; 0 while it is not. */
function greenMs({ rings, greens }: Detection, { bit, ring }: DetectorLayout): number {
  return (greens & bit) === 0 ? 0 : at(rings, ring).elapsedMs
}
