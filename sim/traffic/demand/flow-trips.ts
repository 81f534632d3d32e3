/** Trips from an origin–destination table: from one edge of the network to another by the way that each driver thinks shortest. */
import { at } from '#base/at.ts'
import { invariant } from '#base/invariant.ts'
import { hashText, nextWord, randomStream, uniformFor } from '#base/random.ts'
import type { EdgeNumber } from '../streets/street-network.ts'
import type { VehicleKindKey } from '../vehicle-kind.ts'
import { Arrivals, type PerHourAt } from './arrivals.ts'
import type { Departure, DepartureSource } from './departures.ts'
import type { OpenStreets } from './open-streets.ts'
import type { Opinion, StreetGraph } from './street-graph.ts'

/** An origin or a destination, and how much of the traffic is its own. */
export interface End {
  readonly edge: EdgeNumber
  /** Nobody goes from a leg back to the same leg. */
  readonly leg: string
  readonly weight: number
}

export interface Flow {
  /** In its file; names its streams of chance. */
  readonly key: string
  readonly from: readonly End[]
  readonly to: readonly End[]
  readonly perHourAt: PerHourAt
  /** And one vehicle at each of these, ascending. */
  readonly atMs: readonly number[]
  readonly kindOf: (persona: number) => VehicleKindKey
}

/**
 * Drivers differ in what they think of a street (Burrell 1968): eight groups of them hold each street for up to a third
 * longer than it is, by dice of their own, and take the shortest way in their opinion. Ways of about the same length are
 * shared so, and nobody takes one that is much longer.
 */
const OPINIONS = 8
const OPINION_SPREAD = 1 / 3

const ORIGIN = hashText('origin')
const DESTINATION = hashText('destination')
const OPINION = hashText('opinion')

/** Pairs between which no way leads have no traffic; one pair must be left whenever somebody comes. */
export function flowTrips(flow: Flow, seed: number, streets: OpenStreets): DepartureSource[] {
  const routes = new FlowRoutes(flow)
  const depart = (departMs: number, persona: number): Departure => {
    const route = routes.routeOf(persona, streets.at(departMs))
    invariant(route, `a way leads from an origin of ${flow.key} to a destination`)
    return { departMs, kind: flow.kindOf(persona), persona, route, stops: [] }
  }
  return [atRandom(flow, seed, depart), atTimes(flow, seed, depart)]
}

type Depart = (departMs: number, persona: number) => Departure

function atRandom({ key, perHourAt }: Flow, seed: number, depart: Depart): DepartureSource {
  const arrivals = new Arrivals(randomStream(seed, `flow ${key}/arrivals`), perHourAt)
  const personas = randomStream(seed, `flow ${key}/drivers`)
  return {
    take: (untilMs) => {
      const departMs = arrivals.take(untilMs)
      return departMs === null ? null : depart(departMs, nextWord(personas))
    },
  }
}

function atTimes({ key, atMs }: Flow, seed: number, depart: Depart): DepartureSource {
  const personas = randomStream(seed, `flow ${key}/at`)
  let next = 0
  return {
    take: (untilMs) => {
      const departMs = atMs[next]
      if (departMs === undefined || departMs >= untilMs) return null
      next++
      return depart(departMs, nextWord(personas))
    },
  }
}

/** An origin with the destinations that can be reached from it, and the traffic of them all. */
interface OpenOrigin {
  readonly end: End
  readonly to: readonly End[]
}

/** Finds routes, and keeps what was found for as long as the streets stay as they are. */
export class FlowRoutes {
  readonly #flow: Pick<Flow, 'from' | 'to'>
  readonly #opinions: readonly Opinion[]
  readonly #open = new WeakMap<StreetGraph, readonly OpenOrigin[]>()
  readonly #seconds = new WeakMap<StreetGraph, Map<string, Float64Array>>()

  constructor(flow: Pick<Flow, 'from' | 'to'>) {
    this.#flow = flow
    this.#opinions = Array.from({ length: OPINIONS }, (_, group) => opinionOf(group))
  }

  /** null where no way leads from any origin to any destination. */
  routeOf(persona: number, graph: StreetGraph): EdgeNumber[] | null {
    const origin = drawn(this.#openOrigins(graph), uniformFor(persona, ORIGIN), ({ end }) => end.weight)
    const to = origin && drawn(origin.to, uniformFor(persona, DESTINATION), ({ weight }) => weight)
    if (!origin || !to) return null
    const group = Math.floor(uniformFor(persona, OPINION) * OPINIONS)
    const seconds = this.#secondsTo(to.edge, group, graph)
    return [origin.end.edge, ...graph.descend(origin.end.edge, seconds, at(this.#opinions, group))]
  }

  #openOrigins(graph: StreetGraph): readonly OpenOrigin[] {
    const known = this.#open.get(graph)
    if (known !== undefined) return known
    const origins = this.#flow.from
      .filter(({ edge }) => graph.isOpen(edge))
      .map((end) => ({ end, to: this.#flow.to.filter((to) => to.leg !== end.leg && this.#leadsTo(end, to, graph)) }))
      .filter(({ to }) => to.length > 0)
    this.#open.set(graph, origins)
    return origins
  }

  #leadsTo(from: End, to: End, graph: StreetGraph): boolean {
    return graph.isOpen(to.edge) && at(this.#secondsTo(to.edge, 0, graph), from.edge) < Infinity
  }

  #secondsTo(edge: EdgeNumber, group: number, graph: StreetGraph): Float64Array {
    const kept = this.#seconds.get(graph) ?? new Map<string, Float64Array>()
    this.#seconds.set(graph, kept)
    const key = `${edge} ${group}`
    const seconds = kept.get(key) ?? graph.secondsTo([edge], at(this.#opinions, group))
    kept.set(key, seconds)
    return seconds
  }
}

const opinionOf =
  (group: number): Opinion =>
  (edge) =>
    1 + OPINION_SPREAD * uniformFor(OPINION + group, edge)

/** By the weights; all alike where none has any. */
function drawn<T>(items: readonly T[], chance: number, weightOf: (item: T) => number): T | null {
  const sum = items.reduce((total, item) => total + weightOf(item), 0)
  if (sum === 0) return items[Math.floor(chance * items.length)] ?? null
  let rest = chance * sum
  for (const item of items) {
    rest -= weightOf(item)
    if (rest < 0) return item
  }
  return items.at(-1) ?? null
}
