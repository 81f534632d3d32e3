/** Variable initial green: as long as the vehicles that came while the phase was not green need to move off. */
import { at } from '#base/at.ts'
import type { Bits } from '#base/bits.ts'
import { NUMBERED } from '../conflicts.ts'
import type { PhaseLayout } from '../layout.ts'
import type { PhaseTiming } from '../phase.ts'
import type { Ring } from './ring.ts'

/** By phase number: vehicles counted since its green ended. */
export type Arrivals = number[]

export const createArrivals = (): Arrivals => Array.from({ length: NUMBERED }, () => 0)

/** A vehicle at a detector that counts, while its phase is not green (NTCIP 1202 2.2.2.11: in yellow and red). */
export function countArrival(arrivals: Arrivals, phase: number, greens: Bits): void {
  const bit = 1 << (phase - 1)
  if ((greens & bit) === 0) arrivals[phase] = at(arrivals, phase) + 1
}

/** A green that begins takes up those who were counted; the count begins anew. */
export function takeUpArrivals(ring: Ring, phase: PhaseLayout, arrivals: Arrivals): void {
  ring.initialMs = initialGreenMs(phase.timing, at(arrivals, phase.number))
  arrivals[phase.number] = 0
}

/** NTCIP 1202 2.2.2.12: added initial for each of them, at most maximum initial, at least minimum green. */
function initialGreenMs({ minGreenMs, addedInitialMs, maxInitialMs }: PhaseTiming, vehicles: number): number {
  return Math.max(minGreenMs, Math.min(addedInitialMs * vehicles, maxInitialMs))
}
