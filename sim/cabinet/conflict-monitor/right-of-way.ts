/** How a green ends: through a yellow that is long enough, and long enough before a conflicting green begins. */
import type { Bits } from '#base/bits.ts'
import { continuous, persist, type Persistence } from './persistence.ts'
import type { MonitorProgram } from './program.ts'
import { CHANNEL_TABLE, firstOf, SAMPLE_MS, withoutFirst, type ChannelLamps } from './sample.ts'

/** Least yellow, and least time between conflicting greens: NEMA TS 2 has 2.7 s ± 0.1 s for both. */
const CHANGE_MS = 2_700
/** A shorter green is a flicker that nobody drives by: conflict and dual indication judge it, and it owes no yellow. */
const FLICKER_MS = 200

export interface RightOfWay {
  /** Channels whose green, or walk, is more than a flicker. */
  established: Bits
  /** The greens that are not yet. */
  readonly young: Persistence
  /** By channel: when the last green ended. */
  readonly endedAtMs: Float64Array
  /** Vehicle channels whose green has ended, and which have shown neither red nor another green since. */
  changing: Bits
  /** By channel: the yellow shown since then. */
  readonly yellowMs: Int32Array
}

export const createRightOfWay = (): RightOfWay => ({
  established: 0,
  young: continuous(FLICKER_MS),
  endedAtMs: new Float64Array(CHANNEL_TABLE).fill(-CHANGE_MS),
  changing: 0,
  yellowMs: new Int32Array(CHANNEL_TABLE),
})

/** Is still to be followed although the lamps stay as they are. */
export const isUnsettled = ({ young, changing }: RightOfWay): boolean => young.raised !== 0 || changing !== 0

/** The right of way of these goes on under another channel: it has not ended, and owes no yellow. */
export function passOver(way: RightOfWay, channels: Bits): void {
  way.established &= ~channels
}

/** The sample that ends at `nowMs`: greens that have ended. Returns channels that end beside a conflicting green, that one included. */
export function followEnds(
  way: RightOfWay,
  { vehicles, conflicts }: MonitorProgram,
  greens: Bits,
  nowMs: number,
): Bits {
  const ended = way.established & ~greens
  if (ended === 0) return 0
  way.established &= greens
  way.changing |= ended & vehicles
  let offending = 0
  for (let rest = ended; rest !== 0; rest = withoutFirst(rest)) {
    const channel = firstOf(rest)
    way.endedAtMs[channel] = nowMs - SAMPLE_MS
    way.yellowMs[channel] = 0
    const beside = (conflicts[channel] ?? 0) & way.established
    if (beside !== 0) offending |= beside | (rest & -rest)
  }
  return offending
}

/** Counts the yellows. Returns the channels whose change ends in this sample with less than a whole one; skipped ones included. */
export function followYellows(way: RightOfWay, { reds, yellows, greens }: ChannelLamps): Bits {
  let offending = 0
  for (let rest = way.changing; rest !== 0; rest = withoutFirst(rest)) {
    const channel = firstOf(rest)
    const flag = rest & -rest
    const shownMs = way.yellowMs[channel] ?? 0
    if ((yellows & flag) !== 0) way.yellowMs[channel] = shownMs + SAMPLE_MS
    else if (((reds | greens) & flag) !== 0) {
      way.changing &= ~flag
      // Dark for a moment and green again is the same green, and still owes its yellow.
      const sameGreen = shownMs === 0 && (greens & flag) !== 0
      if (sameGreen) way.established |= flag
      else if (shownMs < CHANGE_MS) offending |= flag
    }
  }
  return offending
}

/** Of channels that `followYellows` named: those that showed no yellow at all. */
export function withoutYellow({ yellowMs }: RightOfWay, channels: Bits): Bits {
  let skipped = 0
  for (let rest = channels; rest !== 0; rest = withoutFirst(rest))
    if (yellowMs[firstOf(rest)] === 0) skipped |= rest & -rest
  return skipped
}

/** The sample that ends at `nowMs`: greens that begin. Returns channels that begin too soon after a conflicting green, that one included. */
export function followBeginnings(way: RightOfWay, { conflicts }: MonitorProgram, greens: Bits, nowMs: number): Bits {
  const begun = persist(way.young, greens & ~way.established)
  let offending = 0
  for (let rest = begun; rest !== 0; rest = withoutFirst(rest)) {
    const begunAtMs = nowMs - FLICKER_MS
    const tooLate = endedAfter(way, (conflicts[firstOf(rest)] ?? 0) & ~greens, begunAtMs - CHANGE_MS)
    if (tooLate !== 0) offending |= tooLate | (rest & -rest)
  }
  way.established |= begun
  return offending
}

function endedAfter({ endedAtMs }: RightOfWay, channels: Bits, ms: number): Bits {
  let late = 0
  for (let rest = channels; rest !== 0; rest = withoutFirst(rest))
    if ((endedAtMs[firstOf(rest)] ?? 0) > ms) late |= rest & -rest
  return late
}
