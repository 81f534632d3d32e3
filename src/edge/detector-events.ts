/** Detector events from images: every actuation that the counter saw, also one that began and ended between two scans. */
import type { Bits } from '#base/bits.ts'
import type { DetectorId } from '#base/id.ts'
import type { Known } from '#base/known.ts'
import { FAULT_EVENTS } from '#signal/detection/diagnostics.ts'
import { DETECTOR_FAULT } from '#signal/detector.ts'
import { EVENT } from '#signal/events.ts'
import type { DetectorReading } from '#signal/view.ts'
import type { CodeAndParameter } from './image-events.ts'

/** What is kept of a detector between two images: the last values that could be trusted, and what is wrong with it. */
export interface DetectorTrace {
  readonly occupied: boolean
  readonly actuationCount: number
  /** Bits of `DETECTOR_FAULT`. */
  readonly faults: Bits
}

/** Counters are 16 bits wide. */
const COUNTER_MODULUS = 65_536
/** More actuations in one scan are a counter that began anew; they are not made up. */
const COUNT_STEP_MAX = 10

/** One detector as an image has it. */
export interface DetectorImage {
  readonly reading: Known<DetectorReading>
  /** What its card reports of it. */
  readonly faults: Bits
}

/** undefined before: the first image of a detector is a state, not an event. Stale readings change nothing. */
export function detectorEvents(id: DetectorId, before: DetectorTrace | undefined, image: DetectorImage) {
  const { reading } = image
  const trace = nextTrace(before, image)
  const events: CodeAndParameter[] = []
  const add = (code: number) => events.push({ code, parameter: id })
  if (before && trace) faultEvents(before.faults, trace.faults).forEach(add)
  if (before && reading.quality === 'good') {
    let occupied = before.occupied
    for (let passed = actuations(before, reading.value); passed > 0; passed--) {
      if (occupied) add(EVENT.detectorOff)
      add(EVENT.detectorOn)
      occupied = true
    }
    if (occupied && !reading.value.occupied) add(EVENT.detectorOff)
  }
  return { events, trace }
}

/** A detector that cannot be read at all has a fault too, of which nothing more is known. */
function nextTrace(before: DetectorTrace | undefined, { reading, faults }: DetectorImage): DetectorTrace | undefined {
  if (reading.quality === 'good') return { ...reading.value, faults: 0 }
  return reading.quality === 'bad' && before ? { ...before, faults: faults || DETECTOR_FAULT.other } : before
}

/** Each new fault by its code, as a controller logs it, and 83 once all are gone. */
export function faultEvents(before: Bits, now: Bits): number[] {
  if (now === 0) return before === 0 ? [] : [EVENT.detectorRestored]
  return FAULT_EVENTS.filter((_, index) => (now & ~before & (1 << index)) !== 0)
}

/** By the counter; a detector that does not count is at least seen to become occupied. */
function actuations(before: DetectorTrace, now: DetectorReading): number {
  const counted = (now.actuationCount - before.actuationCount + COUNTER_MODULUS) % COUNTER_MODULUS
  const seen = now.occupied && !before.occupied ? 1 : 0
  return counted > COUNT_STEP_MAX ? seen : Math.max(counted, seen)
}
