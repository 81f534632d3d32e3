/** All trips that the turning counts of a city ask for, by the clock on its wall. */
import { at } from '#base/at.ts'
import type { StreetNetwork } from '../streets/street-network.ts'
import type { TripSource } from '../trip.ts'
import { countTrips } from './count-trips.ts'
import { countedEntries, countedShares, type CountedIntersection } from './counted-entries.ts'
import { FlowByPlan } from './flow-curve.ts'
import { USUAL_KINDS } from './kind-shares.ts'
import { mergeTrips } from './merge-trips.ts'
import type { RunClock } from './run-clock.ts'
import { StreetGraph } from './street-graph.ts'

export interface CountedCity {
  readonly network: StreetNetwork
  readonly intersections: readonly CountedIntersection[]
  readonly clock: RunClock
  readonly seed: number
}

/** Ways out of the network must lead from every entry that has vehicles. */
export function countedTrips({ network, intersections, clock, seed }: CountedCity): TripSource {
  const graph = new StreetGraph(network)
  const sharesAt = countedShares(network, intersections)
  const drivers = { seed, graphAt: () => graph, sharesAt, kinds: USUAL_KINDS }
  return mergeTrips(
    countedEntries(network, intersections).map(({ edge, perHour, columns }) => {
      const flow = new FlowByPlan(columns, perHour)
      const perHourAt = (runMs: number) => flow.at(clock.epochMsAt(runMs))
      return countTrips({ edge, name: at(network.edges, edge).id, perHourAt }, drivers)
    }),
  )
}
