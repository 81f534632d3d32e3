/** Demands that fill a case to a degree of saturation. */
import { at } from '#base/at.ts'
import type { IntersectionConfig, SiteConfig } from '#config/site.ts'
import type { Turn } from '#signal/intersection.ts'
import { countedEntries, countedShares } from '#sim/traffic/demand/counted-entries.ts'
import type { Trip } from '#sim/traffic/trip.ts'
import { drawTrips } from './bench-trips.ts'
import { capacityOf, degreeOf, degreeOfCase, type Saturation } from './degree.ts'
import { entriesOf, type BenchStreets } from './streets.ts'

export interface Filling {
  readonly degree: number
  readonly forMs: number
  readonly seed: number
}

/** The same from both sides. */
export function fillOneLane(streets: BenchStreets, capacityPerHour: number, { degree, forMs, seed }: Filling): Trip[] {
  const perHour = new Map(entriesOf(streets.network).map((edge) => [edge, degree * capacityPerHour] as const))
  return drawTrips({ network: streets.network, perHour, sharesAt: () => null, forMs, seed })
}

/** Every approach to the same degree, turning as it is counted. */
export function fillAlone(
  { network, programs, config }: BenchStreets & { readonly config: IntersectionConfig },
  saturation: Saturation,
  { degree, forMs, seed }: Filling,
): Trip[] {
  const { intersection } = config.database
  const perHour = new Map(
    entriesOf(network).map((edge) => {
      const approach = intersection.approaches.find(({ id }) => id === at(network.edges, edge).approach?.approach)
      const shares = config.demand.find((row) => row.approach === approach?.id)?.turnShares
      if (!approach || !shares) return [edge, 0] as const
      const turns = new Map((['left', 'through', 'right'] as const).map((turn): [Turn, number] => [turn, shares[turn]]))
      const capacity = capacityOf(network, { intersection, approach, program: at(programs, 0), saturation })
      return [edge, degree / degreeOf(approach, turns, capacity)] as const
    }),
  )
  return drawTrips({ network, perHour, sharesAt: countedShares(network, [config]), forMs, seed })
}

/** The counts of the morning peak, all more or all fewer, until the fullest approach of the city is so full. */
export function fillCity(
  site: SiteConfig,
  streets: BenchStreets,
  { saturation, degree, forMs, seed }: Filling & { readonly saturation: Saturation },
): Trip[] {
  const trips = (factor: number) => countedTrips(site, streets, { factor, forMs, seed })
  // The degree grows with the demand; one look at a long run says how full the counts make it.
  const counted = degreeOfCase({ ...streets, trips: trips(1), forMs }, saturation)
  return trips(degree / counted)
}

export const PEAK = 'am_peak'

export function countedTrips(
  { intersections }: SiteConfig,
  { network }: BenchStreets,
  { factor, forMs, seed }: { readonly factor: number; readonly forMs: number; readonly seed: number },
): Trip[] {
  const entries = countedEntries(network, intersections)
  const perHour = new Map(entries.map(({ edge, perHour: byPlan }) => [edge, factor * (byPlan.get(PEAK) ?? 0)] as const))
  return drawTrips({ network, perHour, sharesAt: countedShares(network, intersections), forMs, seed })
}
