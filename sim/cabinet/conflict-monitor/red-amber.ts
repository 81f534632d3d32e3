/** Red and yellow together: lawful on a channel of a site that shows it, after red, for as long as it does. */
import type { Bits } from '#base/bits.ts'
import type { MonitorProgram } from './program.ts'
import { CHANNEL_TABLE, firstOf, SAMPLE_MS, withoutFirst, type ChannelLamps } from './sample.ts'

/** How much longer than the site's a red-amber may be: a controller that acts once a second still ends it in time. */
const SPARE_MS = 1_000

export interface RedAmber {
  /** Channels that are in a lawful red-amber. */
  lawful: Bits
  /** By channel: how long it has been shown. */
  readonly shownMs: Int32Array
}

export const createRedAmber = (): RedAmber => ({ lawful: 0, shownMs: new Int32Array(CHANNEL_TABLE) })

/** One sample. Returns the channels whose red and yellow together is lawful in it; `before` are the lamps of the sample before. */
export function followRedAmber(
  state: RedAmber,
  { redAmberMs }: MonitorProgram,
  before: ChannelLamps,
  lamps: ChannelLamps,
): Bits {
  const together = lamps.reds & lamps.yellows
  const fromRed = before.reds & ~before.yellows & ~before.greens
  let lawful = 0
  for (let rest = together & (state.lawful | fromRed); rest !== 0; rest = withoutFirst(rest)) {
    const channel = firstOf(rest)
    const flag = rest & -rest
    const shownMs = (state.lawful & flag) === 0 ? SAMPLE_MS : (state.shownMs[channel] ?? 0) + SAMPLE_MS
    const usualMs = redAmberMs[channel] ?? 0
    state.shownMs[channel] = shownMs
    if (usualMs > 0 && shownMs <= usualMs + SPARE_MS) lawful |= flag
  }
  state.lawful = lawful
  return lawful
}
