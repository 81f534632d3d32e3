/** One comparison: the streets, the lights, and who drives when; both models are handed exactly this. */
import type { Intersection } from '#signal/intersection.ts'
import type { FixedProgram } from '#sim/sumo/export/fixed-program.ts'
import type { StreetNetwork } from '#sim/traffic/streets/street-network.ts'
import type { Trip, TripSource } from '#sim/traffic/trip.ts'

export interface BenchCase {
  readonly network: StreetNetwork
  readonly intersections: readonly Intersection[]
  readonly programs: readonly FixedProgram[]
  /** In the order of departure; times since `fromMs` of the clock. */
  readonly trips: readonly Trip[]
  readonly fromMs: number
  /** So long vehicles depart, and so long the run goes on for those who are under way. */
  readonly forMs: number
  readonly clearMs: number
  readonly seed: number
}

/** Both models move their vehicles twice a second. */
export const STEP_MS = 500

export interface RunResult {
  readonly wanted: number
  /** Time lost and time waited outside, mean over all who wanted to drive. */
  readonly meanDelayS: number
  readonly unfinished: number
  readonly neverIn: number
  /** Vehicle steps, and the seconds that they took, loading not counted. */
  readonly updates: number
  readonly runS: number
}

export function sourceOf(trips: readonly Trip[]): TripSource {
  let next = 0
  return {
    take: (untilMs) => {
      const trip = trips[next]
      if (trip === undefined || trip.departMs >= untilMs) return null
      next++
      return trip
    },
  }
}
