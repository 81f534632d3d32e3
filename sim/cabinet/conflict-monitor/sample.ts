/** One look at the load switches: what a conflict monitor sees every ten milliseconds, and nothing else. */
import type { Bits } from '#base/bits.ts'

/** A sample every half wave of the mains: finer than anything that is judged here. */
export const SAMPLE_MS = 10

/** Length of a table that channels 1–32 index; index 0 is unused. */
export const CHANNEL_TABLE = 33

/** Lamps by channel; of a pedestrian channel red is don't walk, yellow its clearance, green walk. */
export interface ChannelLamps {
  readonly reds: Bits
  readonly yellows: Bits
  readonly greens: Bits
}

export interface Sample extends ChannelLamps {
  /** An output that the controller turns over again and again while its program runs. */
  readonly watchdog: boolean
}

/** The lowest channel of some. */
export const firstOf = (channels: Bits): number => 32 - Math.clz32(channels & -channels)

/** The others: together with `firstOf` a loop that allocates nothing. */
export const withoutFirst = (channels: Bits): Bits => channels & (channels - 1)
