/** Which detectors are not believed: what their cards report, and what the controller finds by watching them. */
import { at } from '#base/at.ts'
import type { Bits } from '#base/bits.ts'
import { invariant } from '#base/invariant.ts'
import { DETECTOR_FAULT } from '../detector.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import type { DetectorLayout } from './detector-layout.ts'

/** Everything by detector number; faults are bits of `DETECTOR_FAULT`. */
export interface Diagnosis {
  /** All that is wrong with it, as it stands in the log. */
  readonly faults: number[]
  /** What its card reports, and what the controller itself has found. */
  readonly reported: number[]
  readonly found: number[]
  readonly input: number[]
  /** For how long the input has been what it is. */
  readonly sinceMs: number[]
  /** Actuations of the minute that runs, and what has passed of it. */
  readonly counts: number[]
  readonly minuteMs: number[]
}

const MINUTE_MS = 60_000

/** The event of each fault, by bit; the list has no codes for what a controller finds itself. */
export const FAULT_EVENTS: readonly number[] = [
  EVENT.detectorFault,
  EVENT.detectorWatchdog,
  EVENT.detectorOpenLoop,
  EVENT.detectorShortedLoop,
  EVENT.detectorExcessiveChange,
  EVENT.detectorFault,
  EVENT.detectorFault,
  EVENT.detectorFault,
]

export function createDiagnosis(zeros: () => number[]): Diagnosis {
  return {
    faults: zeros(),
    reported: zeros(),
    found: zeros(),
    input: zeros(),
    sinceMs: zeros(),
    counts: zeros(),
    minuteMs: zeros(),
  }
}

/**
 * Looks for an input that never changes, or all the time (NTCIP 1202 vehicleDetectorNoActivity, -MaxPresence,
 * -ErraticCounts). The first change ends the former two; a whole minute with no more counts than allowed the last.
 */
export function watchInput(diagnosis: Diagnosis, detector: DetectorLayout, input: 0 | 1, elapsedMs: number): void {
  const { number } = detector
  const { noActivityMs, maxPresenceMs } = detector.diagnostics
  const changed = diagnosis.input[number] !== input
  const ms = changed ? 0 : at(diagnosis.sinceMs, number) + elapsedMs
  diagnosis.input[number] = input
  diagnosis.sinceMs[number] = ms
  const limitMs = input === 0 ? noActivityMs : maxPresenceMs
  const stands = limitMs > 0 && ms >= limitMs
  const still = stands ? (input === 0 ? DETECTOR_FAULT.noActivity : DETECTOR_FAULT.maxPresence) : 0
  diagnosis.found[number] = still | countErratic(diagnosis, detector, changed && input === 1, elapsedMs)
}

/** Minute by minute, from power-up on. */
function countErratic(diagnosis: Diagnosis, detector: DetectorLayout, counted: boolean, elapsedMs: number): Bits {
  const { counts, minuteMs, found } = diagnosis
  const { number } = detector
  const { erraticCountsPerMinute: most } = detector.diagnostics
  if (most === 0) return 0
  const count = at(counts, number) + (counted ? 1 : 0)
  const ms = at(minuteMs, number) + elapsedMs
  const over = ms >= MINUTE_MS
  counts[number] = over ? 0 : count
  minuteMs[number] = over ? ms - MINUTE_MS : ms
  if (count > most) return DETECTOR_FAULT.erraticCounts
  return over ? 0 : at(found, number) & DETECTOR_FAULT.erraticCounts
}

/** Takes what the card reports, and writes down what is new: each fault by its code, and 83 once all are gone. */
export function noteFaults(diagnosis: Diagnosis, number: number, reported: Bits | undefined, emit: EmitEvent): void {
  invariant(reported !== undefined, 'cards report by detector number')
  const { faults, found } = diagnosis
  const before = at(faults, number)
  const now = reported | at(found, number)
  diagnosis.reported[number] = reported
  if (now === before) return
  faults[number] = now
  for (const [index, code] of FAULT_EVENTS.entries()) if ((now & ~before & (1 << index)) !== 0) emit(code, number)
  if (now === 0) emit(EVENT.detectorRestored, number)
}
