/** How long something bad has been seen on each channel: a level that rises while it shows, and falls while it does not. */
import type { Bits } from '#base/bits.ts'
import { CHANNEL_TABLE, firstOf, SAMPLE_MS, withoutFirst } from './sample.ts'

export interface Persistence {
  readonly limitMs: number
  /** How far the level falls in a good sample. */
  readonly fallMs: number
  /** By channel. */
  readonly levelMs: Int32Array
  /** Channels whose level is not 0. */
  raised: Bits
}

/** One good sample, and all is forgotten. */
export const continuous = (limitMs: number): Persistence => persistence(limitMs, limitMs)

/** Good time makes up for a fifth of as much bad time, so that pulses add up: the recurrent pulse detection of monitors in the street. */
export const recurrent = (limitMs: number): Persistence => persistence(limitMs, SAMPLE_MS / 5)

const persistence = (limitMs: number, fallMs: number): Persistence => ({
  limitMs,
  fallMs,
  levelMs: new Int32Array(CHANNEL_TABLE),
  raised: 0,
})

/** One sample. Returns the channels whose level has reached the limit. */
export function persist(seen: Persistence, showing: Bits): Bits {
  const { levelMs, limitMs, fallMs } = seen
  let raised = 0
  let reached = 0
  for (let rest = showing | seen.raised; rest !== 0; rest = withoutFirst(rest)) {
    const channel = firstOf(rest)
    const flag = rest & -rest
    const before = levelMs[channel] ?? 0
    const level = (showing & flag) === 0 ? Math.max(0, before - fallMs) : before + SAMPLE_MS
    levelMs[channel] = level
    if (level > 0) raised |= flag
    if (level >= limitMs) reached |= flag
  }
  seen.raised = raised
  return reached
}
