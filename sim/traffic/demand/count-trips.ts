/** Trips from turning counts: who comes in at one entry of the network, and turns as the counts say. */
import { nextWord, randomStream } from '#base/random.ts'
import { invariant } from '#base/invariant.ts'
import type { EdgeNumber } from '../streets/street-network.ts'
import { Arrivals, type PerHourAt } from './arrivals.ts'
import { kindOf, type KindShares } from './kind-shares.ts'
import type { Departure, DepartureSource } from './departures.ts'
import type { StreetGraph } from './street-graph.ts'
import { drawRoute, type SharesAt } from './turning-route.ts'

/** The streets that are open for who departs at that moment. */
export type GraphAt = (departMs: number) => StreetGraph

export interface Entry {
  readonly edge: EdgeNumber
  /** Names its streams of chance: that of one entry never shifts another's. */
  readonly name: string
  readonly perHourAt: PerHourAt
}

export interface Drivers {
  readonly seed: number
  readonly graphAt: GraphAt
  readonly sharesAt: SharesAt
  readonly kinds: KindShares
}

/** An exit must be in reach of the entry whenever somebody comes. */
export function countTrips({ edge, name, perHourAt }: Entry, drivers: Drivers): DepartureSource {
  const { seed, graphAt, sharesAt, kinds } = drivers
  const arrivals = new Arrivals(randomStream(seed, `${name}/arrivals`), perHourAt)
  const personas = randomStream(seed, `${name}/drivers`)
  return {
    take: (untilMs): Departure | null => {
      const departMs = arrivals.take(untilMs)
      if (departMs === null) return null
      const persona = nextWord(personas)
      const route = drawRoute(graphAt(departMs), { from: edge, persona }, sharesAt)
      invariant(route, `a way leads out of the network from ${name}`)
      return { departMs, kind: kindOf(persona, kinds), persona, route, stops: [] }
    },
  }
}
