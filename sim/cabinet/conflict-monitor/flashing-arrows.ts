/**
 * The two channels of a flashing yellow arrow judged as one head (the FYA mode of NEMA TS 2 monitors): the section that
 * flashes has right of way between its flashes, owns the steady yellow after them, and is dark only together with the arrow.
 */
import type { Bits } from '#base/bits.ts'
import type { ArrowPair } from './program.ts'
import type { ChannelLamps } from './sample.ts'

export interface FlashingArrows {
  /** Flashing sections that flash, lit or between two flashes. */
  flashing: Bits
  /** Those whose steady yellow is shown. */
  clearing: Bits
  /** Those whose arrow is green in this sample: from permissive to protected the same drivers go on. */
  takenOver: Bits
  /** The lamps as they are to be judged; written over with every sample. */
  readonly judged: { -readonly [field in keyof ChannelLamps]: ChannelLamps[field] }
}

export const createFlashingArrows = (): FlashingArrows => ({
  flashing: 0,
  clearing: 0,
  takenOver: 0,
  judged: { reds: 0, yellows: 0, greens: 0 },
})

export function judgeArrows(state: FlashingArrows, pairs: readonly ArrowPair[], lamps: ChannelLamps): ChannelLamps {
  if (pairs.length === 0) return lamps
  const { judged } = state
  judged.reds = lamps.reds
  judged.yellows = lamps.yellows
  judged.greens = lamps.greens
  state.takenOver = 0
  for (const pair of pairs) {
    if (((lamps.reds | lamps.yellows | lamps.greens) & pair.arrow) === 0) judgeAlone(state, pair)
    else judgeBeside(state, pair)
  }
  return judged
}

/** Channels of arrows that have failed with their other section. */
export function withPartners(pairs: readonly ArrowPair[], channels: Bits): Bits {
  let both = channels
  for (const { arrow, flash } of pairs) if ((channels & (arrow | flash)) !== 0) both |= arrow | flash
  return both
}

/** The arrow is dark: while its section flashes it counts as red, in so far as that is lit. */
function judgeAlone(state: FlashingArrows, { arrow, flash }: ArrowPair): void {
  const { judged } = state
  const lit = isLit(judged, flash)
  state.clearing &= ~flash
  if (lit) state.flashing |= flash
  if (lit) judged.reds |= arrow
  darken(judged, flash)
  if ((state.flashing & flash) !== 0) judged.greens |= flash
}

/** The arrow is lit: its section, if it is too, shows a second indication of the same head. */
function judgeBeside(state: FlashingArrows, { arrow, flash }: ArrowPair): void {
  const { judged } = state
  const lit = isLit(judged, flash)
  const onlyYellow = ((judged.reds | judged.greens) & arrow) === 0
  const clears = onlyYellow && ((state.flashing | state.clearing) & flash) !== 0
  if ((judged.greens & arrow) !== 0) state.takenOver |= flash
  state.flashing &= ~flash
  state.clearing = clears ? state.clearing | flash : state.clearing & ~flash
  darken(judged, flash)
  if (lit) judged.greens |= flash
  if (!clears) {
    judged.reds |= flash
    return
  }
  judged.yellows = (judged.yellows & ~arrow) | flash
  judged.reds |= arrow
}

const isLit = ({ reds, yellows, greens }: ChannelLamps, channel: Bits): boolean =>
  ((reds | yellows | greens) & channel) !== 0

function darken(judged: FlashingArrows['judged'], channel: Bits): void {
  judged.reds &= ~channel
  judged.yellows &= ~channel
  judged.greens &= ~channel
}
