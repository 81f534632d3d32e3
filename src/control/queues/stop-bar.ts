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

/** Nobody waits where the stop line has been empty for so long: in green, discharge leaves gaps of a second or so. */
const EMPTY_MS = { inGreen: 1_900, inRed: 3_500, startUp: 4_000 } as const
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

/** Nobody waits, or comes to leave. */
export function isEmpty({ emptySinceMs, greenSinceMs }: StopBarMemory, nowMs: number): boolean {
  if (emptySinceMs === null) return false
  const flows = greenSinceMs !== null && nowMs - greenSinceMs >= EMPTY_MS.startUp
  return nowMs - emptySinceMs >= (flows ? EMPTY_MS.inGreen : EMPTY_MS.inRed)
}

/** How long the one at the stop line has stood; 0 where nobody does. */
export const stoodMs = ({ stoodSinceMs }: StopBarMemory, nowMs: number): number =>
  stoodSinceMs === null ? 0 : nowMs - stoodSinceMs

/** For how long somebody has stood at the stop line in green who came, or moved up, after it had begun. */
export const stuckMs = ({ stoodSinceMs, greenSinceMs }: StopBarMemory, nowMs: number): number =>
  stoodSinceMs === null || greenSinceMs === null || stoodSinceMs <= greenSinceMs ? 0 : nowMs - stoodSinceMs

/** Whoever comes to it now is held up by no red, and by no queue. */
export const isUnhindered = (bar: StopBarMemory | undefined, nowMs: number): boolean =>
  bar !== undefined && bar.greenSinceMs !== null && nowMs - bar.greenSinceMs >= EMPTY_MS.startUp && isEmpty(bar, nowMs)
