/** Where the streets lead: which approach downstream a turn feeds, by the bearings of the plan. */
import type { Turn } from '#signal/intersection.ts'

/** Clockwise from straight on. */
const TURN_DEG: Record<Turn, number> = { left: -90, through: 0, right: 90 }

/** A boulevard may bend or meet the square at a slant; past this it is another street. */
const SLANT_DEG_MAX = 60

/** An approach of the next intersection, with the bearing that its vehicles come from. */
export interface Downstream {
  readonly bearingDeg: number
}

/**
 * The street that a driver from `fromBearingDeg` takes by `turn`; undefined where the network ends.
 * Vehicles leave towards the bearing that the next approach looks back along.
 */
export function exitBy<Next extends Downstream>(
  fromBearingDeg: number,
  turn: Turn,
  downstream: readonly Next[],
): Next | undefined {
  const headingDeg = fromBearingDeg + 180 + TURN_DEG[turn]
  let best: Next | undefined
  let bestDeg = SLANT_DEG_MAX
  for (const next of downstream) {
    const slantDeg = angleBetweenDeg(headingDeg, next.bearingDeg + 180)
    if (slantDeg > bestDeg) continue
    best = next
    bestDeg = slantDeg
  }
  return best
}

/** 0 … 180. */
function angleBetweenDeg(a: number, b: number): number {
  const turned = (((a - b) % 360) + 360) % 360
  return Math.min(turned, 360 - turned)
}
