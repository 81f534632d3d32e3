/** The turning counts of a city on its streets: who comes in where by which column, and how each approach turns. */
import { at } from '#base/at.ts'
import type { ApproachDemand, IntersectionConfig } from '#config/site.ts'
import type { EdgeNumber, StreetNetwork } from '../streets/street-network.ts'
import type { Columns } from './flow-curve.ts'
import { entryOf } from './street-places.ts'
import type { SharesAt } from './turning-route.ts'

/** What the demand needs of an intersection's configuration. */
export type CountedIntersection = Pick<IntersectionConfig, 'demand'> & {
  readonly database: Pick<IntersectionConfig['database'], 'intersection' | 'plans' | 'schedule'>
}

/** An edge on which vehicles come into the network. */
export interface CountedEntry {
  readonly edge: EdgeNumber
  /** Vehicles per hour by plan key; never empty. */
  readonly perHour: ReadonlyMap<string, number>
  readonly columns: Columns
}

/** Every approach for which the counts have vehicles that begin their way there, where its street begins. */
export function countedEntries(
  network: StreetNetwork,
  intersections: readonly CountedIntersection[],
): readonly CountedEntry[] {
  return intersections.flatMap((intersection) => {
    const columns = columnsOf(intersection)
    return intersection.demand.flatMap(({ approach, vehiclesPerHour }) => {
      const edge = entryOf(network, { intersection: intersection.database.intersection.id, approach })
      return edge === null || vehiclesPerHour.size === 0 ? [] : [{ edge, perHour: vehiclesPerHour, columns }]
    })
  })
}

/** By the counts of the approach whose stop line is at the end of the edge. */
export function countedShares(network: StreetNetwork, intersections: readonly CountedIntersection[]): SharesAt {
  const counts = new Map(
    intersections.flatMap(({ database, demand }) =>
      demand.map((row): [string, ApproachDemand] => [`${database.intersection.id}.${row.approach}`, row]),
    ),
  )
  const shares = network.edges.map(({ approach }) =>
    approach === null ? null : (counts.get(`${approach.intersection}.${approach.approach}`)?.turnShares ?? null),
  )
  return (edge) => at(shares, edge)
}

function columnsOf({ database: { schedule, plans } }: CountedIntersection): Columns {
  return { schedule, keyOf: new Map(plans.map(({ pattern, key }) => [pattern, key])) }
}
