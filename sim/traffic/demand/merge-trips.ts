/** Trips of several sources as one, in the order of departure and numbered in it. */
import { at } from '#base/at.ts'
import type { Trip, TripSource } from '../trip.ts'

/** A trip that has no number yet. */
export type Departure = Omit<Trip, 'number'>

/** One of several sources, each in the order of its own departures. */
export interface DepartureSource {
  /** The next departure before `untilMs`, taken from the source; null while there is none. */
  take(untilMs: number): Departure | null
}

/** Who departs in the same millisecond goes in the order of the sources. */
export function mergeTrips(sources: readonly DepartureSource[]): TripSource {
  const heads: (Departure | null)[] = sources.map(() => null)
  let number = 0
  return {
    take: (untilMs) => {
      let first: number | null = null
      for (const [i, source] of sources.entries()) {
        const head = (heads[i] ??= source.take(untilMs))
        if (head === null || head.departMs >= untilMs) continue
        if (first === null || head.departMs < (heads[first]?.departMs ?? Infinity)) first = i
      }
      if (first === null) return null
      const departure = at(heads, first)
      heads[first] = null
      return departure === null ? null : { number: number++, ...departure }
    },
  }
}
