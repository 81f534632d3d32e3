/** Who keeps the lane in which he passed the advance loops: on some streets all have taken theirs by then, on others hardly anybody. */
import { at } from '#base/at.ts'
import { assumed, learn, type Estimate, type Manner } from './estimate.ts'

/** Plain data. */
export interface LaneKeeping {
  /** The share of those who leave by the lane over whose loop they came for no other reason than that they keep it. */
  readonly kept: Estimate
  /** Vehicles between the loops and the stop line, by the lane over whose loop they came; not whole ones. */
  readonly between: readonly number[]
}

/** What was seen of one step, by index of the lane. */
export interface Kept {
  /** Over the loop of each lane. */
  readonly entered: readonly number[]
  readonly left: readonly number[]
  /** Of all who leave, those who leave by the lane. */
  readonly shares: readonly number[]
  /** Nobody waits, and nobody comes. */
  readonly isEmpty: boolean
  readonly elapsedMs: number
}

/** Half of them, where nobody has watched. */
export const KEEPING: Manner = { assumed: 0.5, worth: 20, most: 300, off: 1, limits: { least: 0.05, most: 0.95 } }

/** Who has not left by then has turned off. */
const GONE_MS = 120_000

export const NO_KEEPING_YET: LaneKeeping = { kept: assumed(KEEPING), between: [] }

/**
 * Whoever leaves kept his lane, or came into it by the way all go: which of both, the lanes of those who may be he tell (an
 * expectation–maximisation step for each).
 */
export function stepKeeping(before: LaneKeeping, { entered, left, shares, isEmpty, elapsedMs }: Kept): LaneKeeping {
  let { kept } = before
  const stay = Math.exp(-elapsedMs / GONE_MS)
  const between = entered.map((vehicles, lane) => stay * (before.between[lane] ?? 0) + vehicles)
  left.forEach((vehicles, lane) => {
    const all = between.reduce((sum, each) => sum + each, 0)
    if (vehicles <= 0 || all < vehicles / 2) return
    const here = at(between, lane) / all
    const asKeeper = kept.value * here
    const likely = asKeeper + (1 - kept.value) * at(shares, lane)
    if (likely === 0) return
    const keeper = asKeeper / likely
    kept = learn(kept, keeper, KEEPING)
    const kin = Math.min(at(between, lane), vehicles * keeper)
    between[lane] = at(between, lane) - kin
    const others = between.reduce((sum, each) => sum + each, 0)
    if (others > 0)
      between.forEach((each, other) => (between[other] = Math.max(0, each - ((vehicles - kin) * each) / others)))
  })
  return { kept, between: isEmpty ? [] : between }
}
