/** What an overlap sees around it, and which overlaps stand in the way of somebody who would begin. */
import type { Bits } from '#base/bits.ts'
import type { Intergreens } from '../rings/intergreens.ts'
import type { Ring } from '../rings/ring.ts'
import type { OverlapRun } from './overlap-run.ts'
import type { PhasesNow } from './phases-now.ts'

export interface Around {
  readonly rings: readonly Ring[]
  readonly overlaps: readonly OverlapRun[]
  readonly phasesNow: PhasesNow
  readonly intergreens: Intergreens
}

/** True when none of `these` has right of way or is still clearing it; of those that flash, or have, none of `flashes`. */
export function areRed(overlaps: readonly OverlapRun[], these: Bits, flashes: Bits): boolean {
  for (const { layout, interval, flashed } of overlaps)
    if (interval !== 'red' && (layout.bit & (flashed ? flashes : these)) !== 0) return false
  return true
}

export const areAllRed = (overlaps: readonly OverlapRun[]): boolean => areRed(overlaps, ~0, ~0)

/** Red for so long since its yellow that it may be green again. */
export const isRested = ({ layout, interval, elapsedMs }: OverlapRun): boolean =>
  interval === 'red' && elapsedMs >= layout.redRevertMs

/** Ending, or just ended: green now would come out of a yellow. */
export const isClearing = (overlap: OverlapRun): boolean =>
  overlap.interval === 'yellow' || overlap.interval === 'redClear' || (overlap.interval === 'red' && !isRested(overlap))
