/** Where ways that begin in the same lane have parted: from there on nobody stands in the way of who goes elsewhere. */
import { distance, placeAt } from './plane.ts'
import type { Way } from './street-network.ts'

/** Two vehicles side by side do not touch (a car is 1.8 m wide). */
export const SIDE_BY_SIDE_M = 2.2
const SCAN_M = 0.5

/** Metres along either way; the whole of the shorter one where they never part. */
export function partedAtM(one: Way, other: Way): number {
  const shortestM = Math.min(one.lengthM, other.lengthM)
  let alongM = 0
  while (alongM < shortestM && distance(placeAt(one.shape, alongM), placeAt(other.shape, alongM)) < SIDE_BY_SIDE_M)
    alongM += SCAN_M
  return Math.min(alongM, shortestM)
}
