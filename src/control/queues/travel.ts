/** How long it takes from the advance loops of an approach to its stop line, learnt from those who drive alone through a green. */
import { assumed, learn, type Estimate, type Manner } from './estimate.ts'

/** Plain data. */
export interface Travel {
  /** Of what is assumed by speed limit and distance. */
  readonly ratio: Estimate
  /** When the last one passed an advance loop; and whether nobody was near him, before or since, so that whoever leaves is he. */
  readonly enteredMs: number | null
  readonly alone: boolean
}

/** What happened on the approach in one step. */
export interface Passing {
  readonly nowMs: number
  /** As it is assumed. */
  readonly travelMs: number
  /** Over the advance loops; null while not all of them are trusted. */
  readonly entered: number | null
  readonly left: number
  /** Whoever left was held up by no red, and by no queue. */
  readonly open: boolean
}

export const TRAVEL: Manner = { assumed: 1, worth: 10, most: 200, off: 0.2, limits: { least: 0.6, most: 1.6 } }

export const NO_TRAVEL_YET: Travel = { ratio: assumed(TRAVEL), enteredMs: null, alone: false }

export const travelMsOf = (assumedMs: number, { ratio }: Pick<Travel, 'ratio'>): number =>
  Math.round(assumedMs * ratio.value)

export function stepTravel(before: Travel, passing: Passing): Travel {
  const { nowMs, travelMs, entered, left, open } = passing
  const { enteredMs, ratio } = before
  if (entered === null) return { ratio, enteredMs: nowMs, alone: false }
  if (entered > 0) {
    const isFirst = enteredMs === null || nowMs - enteredMs > TRAVEL.limits.most * travelMs
    return { ratio, enteredMs: nowMs, alone: isFirst && entered === 1 && left === 0 }
  }
  if (!before.alone || enteredMs === null) return before
  const sample = (nowMs - enteredMs) / travelMs
  if (left === 0 && sample <= TRAVEL.limits.most) return before
  const isHe = left === 1 && open && sample >= TRAVEL.limits.least && sample <= TRAVEL.limits.most
  return { ratio: isHe ? learn(ratio, sample, TRAVEL) : ratio, enteredMs, alone: false }
}
