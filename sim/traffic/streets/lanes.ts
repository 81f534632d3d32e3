/** How wide the legs of a junction lie. */
import type { Approach } from '#signal/intersection.ts'
import { fullLanes } from '#signal/street-legs.ts'

/** An urban lane; the crosswalks of a city's streets are as long as its lanes are wide together. */
export const LANE_WIDTH_M = 3.5

/** Pockets that open towards the middle of the street: they lie where both directions leave room for them. */
export function leftPockets(approach: Approach): number {
  const full = new Set(fullLanes(approach))
  const first = approach.lanes.findIndex((lane) => full.has(lane))
  return approach.lanes.filter((lane, i) => i > first && !full.has(lane)).length
}
