/** Vehicles that set out, from several sources, and the numbers that they get as trips of one run. */
import type { Trip, TripSource } from '../trip.ts'
import { merge, type TimedSource } from './merge.ts'

/** A trip that has no number yet. */
export type Departure = Omit<Trip, 'number'>
export type DepartureSource = TimedSource<Departure>

/** Numbered in the order of departure. */
export function numbered(sources: readonly DepartureSource[]): TripSource {
  const all = merge(sources)
  let number = 0
  return {
    take: (untilMs) => {
      const departure = all.take(untilMs)
      return departure === null ? null : { number: number++, ...departure }
    },
  }
}
