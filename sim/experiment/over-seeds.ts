/** What several seeds say together of every place, and what the runs of two ways of control say of their difference. */
import { at } from '#base/at.ts'
import { estimateDifference, estimateMean, type Difference, type Estimate } from '#measures/interval.ts'
import { FIGURE_KEYS, type FigureKey } from '../traffic/measures/figures.ts'
import type { Place } from '../traffic/measures/places.ts'
import type { RunReport } from '../traffic/measures/run-report.ts'

export interface PlaceEstimate extends Place {
  /** A figure that no run could tell is left out; one that some could not tell stands on the others. */
  readonly figures: Readonly<Partial<Record<FigureKey, Estimate>>>
}

export interface PlaceDifference extends Place {
  /** How much more the second is than the first; of pairs that both could tell. */
  readonly figures: Readonly<Partial<Record<FigureKey, Difference>>>
}

/** All runs are of the same streets; at least one. */
export function estimatePlaces(reports: readonly RunReport[]): PlaceEstimate[] {
  return at(reports, 0).places.map((place, number) => ({
    ...place,
    figures: eachFigure((key) => {
      const samples = reports.flatMap(({ places }) => at(places, number).figures[key] ?? [])
      return samples.length === 0 ? undefined : estimateMean(samples)
    }),
  }))
}

/** Pairs of runs with the same seed; at least one. */
export function comparePlaces(pairs: readonly (readonly [first: RunReport, second: RunReport])[]): PlaceDifference[] {
  return at(pairs, 0)[0].places.map((place, number) => ({
    ...place,
    figures: eachFigure((key) => {
      const told = pairs.flatMap(([first, second]) => {
        const [one, other] = [at(first.places, number).figures[key], at(second.places, number).figures[key]]
        return one === undefined || other === undefined ? [] : [[one, other] as const]
      })
      return told.length === 0 ? undefined : estimateDifference(told)
    }),
  }))
}

function eachFigure<T>(of: (key: FigureKey) => T | undefined): Partial<Record<FigureKey, T>> {
  const figures: Partial<Record<FigureKey, T>> = {}
  for (const key of FIGURE_KEYS) {
    const value = of(key)
    if (value !== undefined) figures[key] = value
  }
  return figures
}
