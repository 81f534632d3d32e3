/** Trips of a case: Poisson arrivals at the entries, turning as the counts say, all cars. */
import { at } from '#base/at.ts'
import { countTrips } from '#sim/traffic/demand/count-trips.ts'
import { numbered } from '#sim/traffic/demand/departures.ts'
import { StreetGraph } from '#sim/traffic/demand/street-graph.ts'
import type { TurnShares } from '#sim/traffic/demand/turning-route.ts'
import type { EdgeNumber, StreetNetwork } from '#sim/traffic/streets/street-network.ts'
import type { Trip } from '#sim/traffic/trip.ts'

export interface Arriving {
  readonly network: StreetNetwork
  /** By entry. */
  readonly perHour: ReadonlyMap<EdgeNumber, number>
  readonly sharesAt: (edge: EdgeNumber) => TurnShares | null
  readonly forMs: number
  readonly seed: number
}

export function drawTrips({ network, perHour, sharesAt, forMs, seed }: Arriving): Trip[] {
  const graph = new StreetGraph(network)
  const drivers = { seed, graphAt: () => graph, sharesAt, kinds: [] }
  const source = numbered(
    [...perHour].map(([edge, rate]) =>
      countTrips({ edge, name: at(network.edges, edge).id, perHourAt: () => rate }, drivers),
    ),
  )
  const trips: Trip[] = []
  for (let trip = source.take(forMs); trip !== null; trip = source.take(forMs)) trips.push(trip)
  return trips
}
