/** What the stop line of one lane shows: who stands there and for how long, who left, and whether somebody stands in green. */
import type { Known } from '#base/known.ts'
import type { DetectorReading } from '#signal/view.ts'
import { passedSince } from './counter.ts'

export interface StopBarMemory {
  /** Actuations of its detector; null while that is not trusted. */
  readonly count: number | null
  /** Since when the one in front has stood there, and since when nobody has. */
  readonly stoodSinceMs: number | null
  readonly emptySinceMs: number | null
  readonly greenSinceMs: number | null
  /** The one in front has stood in green: he turns left and finds no gap, or finds no room beyond the junction. */
  readonly heldUp: boolean
}

export const NOBODY_YET: StopBarMemory = {
  count: null,
  stoodSinceMs: null,
  emptySinceMs: null,
  greenSinceMs: null,
  heldUp: false,
}

/** Start-up takes two seconds, and who is not gone after twice that is held up. */
const HELD_UP_MS = 4_000

export interface StopBarFacts {
  readonly reading: Known<DetectorReading> | undefined
  readonly green: boolean
  readonly nowMs: number
}

/** `left`: who crossed the stop line since the last step, as far as it is known; the one on the loop counts as gone. */
export function watchStopBar(before: StopBarMemory, facts: StopBarFacts): { memory: StopBarMemory; left: number } {
  const { reading, green, nowMs } = facts
  const greenSinceMs = green ? (before.greenSinceMs ?? nowMs) : null
  if (reading?.quality !== 'good') return { memory: assumed(before, greenSinceMs, nowMs), left: 0 }
  const { occupied, actuationCount } = reading.value
  const left = passedSince(before.count, actuationCount)
  const another = left > 0 || !occupied
  const stoodSinceMs = !occupied ? null : another ? nowMs : (before.stoodSinceMs ?? nowMs)
  const stoodInGreenMs =
    greenSinceMs === null || stoodSinceMs === null ? 0 : nowMs - Math.max(greenSinceMs, stoodSinceMs)
  const memory = {
    count: actuationCount,
    stoodSinceMs,
    emptySinceMs: another && left === 0 ? (before.emptySinceMs ?? nowMs) : null,
    greenSinceMs,
    heldUp: !another && (before.heldUp || stoodInGreenMs >= HELD_UP_MS),
  }
  return { memory, left }
}

/** Where nobody can tell, somebody stands there from the beginning of red on: as recall assumes. */
const assumed = ({ stoodSinceMs }: StopBarMemory, greenSinceMs: number | null, nowMs: number): StopBarMemory => ({
  ...NOBODY_YET,
  greenSinceMs,
  stoodSinceMs: greenSinceMs === null ? (stoodSinceMs ?? nowMs) : null,
})
