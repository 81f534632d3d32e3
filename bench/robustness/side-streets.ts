/** Delay of those who come from the side: of the approaches whose way straight on no plan coordinates. */
import { bitsOf } from '#base/bits.ts'
import type { IntersectionId } from '#base/id.ts'
import type { SiteConfig } from '#config/site.ts'
import { approachFacts } from '#control/queues/lane-facts.ts'
import type { RunReport } from '#sim/traffic/measures/run-report.ts'

export interface SideDelay {
  readonly place: IntersectionId
  readonly vehicles: number
  /** Of them together, s. */
  readonly delayS: number
}

/** By intersection; one without side streets, or without anybody in them, is left out. */
export function sideDelays({ intersections }: SiteConfig, { places }: RunReport): SideDelay[] {
  return intersections.flatMap(({ database: { intersection, plans } }) => {
    const main = bitsOf(plans.flatMap(({ coordinatedPhases }) => coordinatedPhases))
    const sides = approachFacts(intersection)
      .filter(({ lanes }) => !lanes.some(({ ways }) => ways.some((way) => way.turn === 'through' && way.phases & main)))
      .map(({ id }) => id)
    const own = places.filter(
      ({ level, intersection: at, approach }) =>
        level === 'approach' && at === intersection.id && sides.includes(approach ?? ''),
    )
    const sum = (of: (place: (typeof own)[number]) => number) => own.reduce((total, each) => total + of(each), 0)
    const vehicles = sum(({ figures }) => figures.vehicles ?? 0)
    const delayS = sum(({ figures }) => (figures.vehicles ?? 0) * (figures.totalDelayS ?? 0))
    return vehicles === 0 ? [] : [{ place: intersection.id, vehicles, delayS }]
  })
}

export interface SideRatio {
  readonly place: IntersectionId
  /** Mean delay of the one to that of the other, over all runs of each. */
  readonly ratio: number
}

/** Worst first. */
export function sideRatios(ours: readonly (readonly SideDelay[])[], others: typeof ours): SideRatio[] {
  const mean = meanByPlace(others)
  return [...meanByPlace(ours)]
    .flatMap(([place, delayS]) => {
      const other = mean.get(place)
      return other === undefined || other === 0 ? [] : [{ place, ratio: delayS / other }]
    })
    .toSorted((a, b) => b.ratio - a.ratio)
}

function meanByPlace(runs: readonly (readonly SideDelay[])[]): Map<IntersectionId, number> {
  const groups = Map.groupBy(runs.flat(), ({ place }) => place)
  return new Map(
    [...groups].map(([place, all]) => [
      place,
      all.reduce((sum, { delayS }) => sum + delayS, 0) / all.reduce((sum, { vehicles }) => sum + vehicles, 0),
    ]),
  )
}
