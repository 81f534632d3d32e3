/** Detector events from images: every actuation that the counter saw, also one that began and ended between two scans. */
import type { DetectorId } from '#base/id.ts'
import type { Known } from '#base/known.ts'
import { EVENT } from '#signal/events.ts'
import type { DetectorReading } from '#signal/view.ts'
import type { CodeAndParameter } from './image-events.ts'

/** What is kept of a detector between two images: the last values that could be trusted, and whether it is broken. */
export interface DetectorTrace {
  readonly occupied: boolean
  readonly actuationCount: number
  readonly broken: boolean
}

/** Counters are 16 bits wide. */
const COUNTER_MODULUS = 65_536
/** More actuations in one scan are a counter that began anew; they are not made up. */
const COUNT_STEP_MAX = 10

/** undefined before: the first image of a detector is a state, not an event. Stale readings change nothing. */
export function detectorEvents(id: DetectorId, before: DetectorTrace | undefined, reading: Known<DetectorReading>) {
  const trace = nextTrace(before, reading)
  const events: CodeAndParameter[] = []
  const add = (code: number) => events.push({ code, parameter: id })
  if (before && trace && before.broken !== trace.broken)
    add(trace.broken ? EVENT.detectorFault : EVENT.detectorRestored)
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

function nextTrace(before: DetectorTrace | undefined, reading: Known<DetectorReading>): DetectorTrace | undefined {
  if (reading.quality === 'good') return { ...reading.value, broken: false }
  return reading.quality === 'bad' && before ? { ...before, broken: true } : before
}

/** By the counter; a detector that does not count is at least seen to become occupied. */
function actuations(before: DetectorTrace, now: DetectorReading): number {
  const counted = (now.actuationCount - before.actuationCount + COUNTER_MODULUS) % COUNTER_MODULUS
  const seen = now.occupied && !before.occupied ? 1 : 0
  return counted > COUNT_STEP_MAX ? seen : Math.max(counted, seen)
}
