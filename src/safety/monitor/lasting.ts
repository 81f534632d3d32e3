/** For how long something has been shown at least: proven by two looks that both saw it, from the first's answer to the last's question. */
import { at } from '#base/at.ts'
import { lowestOf, type Bits } from '#base/bits.ts'
import { CHANNELS } from './program.ts'

/** A look at the lamps over a wire: taken at some moment between the question and the answer, on the clock that never steps back. */
export interface Moment {
  readonly askedMonoMs: number
  readonly answeredMonoMs: number
}

/** By channel. */
export interface Lasting {
  shown: Bits
  /** When the first look that saw it was answered. */
  readonly sinceMonoMs: number[]
}

export const nothingLasts = (): Lasting => ({ shown: 0, sinceMonoMs: Array.from({ length: CHANNELS }, () => 0) })

/** Notes what is shown in this look; whatever is not begins anew. */
export function noteShown(lasting: Lasting, showing: Bits, { answeredMonoMs }: Moment): void {
  for (let begun = showing & ~lasting.shown; begun !== 0; begun &= begun - 1)
    lasting.sinceMonoMs[lowestOf(begun)] = answeredMonoMs
  lasting.shown = showing
}

/** Channels of those shown that have been so for `limitMs` of the channel, for sure. */
export function provenFor(lasting: Lasting, limitMs: (channel: number) => number, { askedMonoMs }: Moment): Bits {
  let proven: Bits = 0
  for (let rest = lasting.shown; rest !== 0; rest &= rest - 1) {
    const channel = lowestOf(rest)
    if (askedMonoMs - at(lasting.sinceMonoMs, channel) >= limitMs(channel)) proven |= rest & -rest
  }
  return proven >>> 0
}
