/**
 * The places that measures are taken for, as a tree: the city, its intersections, their approaches, and the movements of each.
 * A place is known by its number; movements come first, the city is the last.
 */
import { at } from '#base/at.ts'
import type { IntersectionId } from '#base/id.ts'
import type { Turn } from '#signal/intersection.ts'
import { NONE } from '../flow/vehicles.ts'
import type { Edge, EdgeNumber, LaneNumber, StreetNetwork, Way } from '../streets/street-network.ts'

export type PlaceNumber = number

export interface Place {
  readonly level: 'movement' | 'approach' | 'intersection' | 'city'
  /** What is left out holds for places further up. */
  readonly intersection?: IntersectionId
  readonly approach?: string
  readonly turn?: Turn
}

export class Places {
  readonly list: readonly Place[]
  /** Movements are the numbers below it. */
  readonly movements: number
  /** The place that each belongs to; `NONE` of the city. */
  readonly parent: Int32Array
  readonly city: PlaceNumber
  /** The approach that an edge leads along; `NONE` of a leg outwards. */
  readonly approachOfEdge: Int32Array
  /** `NONE` where a street only widens. */
  readonly movementOfWay: Int32Array
  /** Metres from the end of a lane to the stop line, where it widens into pockets first. */
  readonly toLineM: Float64Array
  /** Of each approach, by place: the lanes of the edge that it begins with. */
  readonly firstLanes: ReadonlyMap<PlaceNumber, readonly LaneNumber[]>
  readonly #numbers: ReadonlyMap<string, PlaceNumber>
  readonly #movementBetween = new Map<number, PlaceNumber>()
  readonly #edges: number

  constructor(network: StreetNetwork) {
    this.list = listPlaces(network)
    this.#numbers = new Map(this.list.map((place, number) => [keyOf(place), number]))
    this.#edges = network.edges.length
    this.movements = this.list.filter(({ level }) => level === 'movement').length
    this.city = this.list.length - 1
    this.parent = Int32Array.from(this.list, (place) => this.find(above(place)))
    this.approachOfEdge = Int32Array.from(network.edges, ({ approach }) =>
      approach === null ? NONE : this.find({ level: 'approach', ...approach }),
    )
    this.movementOfWay = Int32Array.from(network.ways, (way) => this.find(movementOf(network, way)))
    this.toLineM = Float64Array.from(network.lanes, ({ ways }) => widenedM(network, ways))
    this.firstLanes = findFirstLanes(network, this.approachOfEdge)
    network.ways.forEach(({ from, to }, way) => {
      const movement = at(this.movementOfWay, way)
      if (movement !== NONE) this.#movementBetween.set(this.#pair(edgeOf(network, from), edgeOf(network, to)), movement)
    })
  }

  /** `NONE` where there is no such place. */
  find(place: Place | null): PlaceNumber {
    return place === null ? NONE : (this.#numbers.get(keyOf(place)) ?? NONE)
  }

  /** The movement by which a route passes the next stop line, from its edge number `step` on; `NONE` when none is left. */
  movementAhead(route: readonly EdgeNumber[], step: number): PlaceNumber {
    for (let i = step; i + 1 < route.length; i++) {
      const movement = this.#movementBetween.get(this.#pair(at(route, i), at(route, i + 1)))
      if (movement !== undefined) return movement
    }
    return NONE
  }

  #pair(from: EdgeNumber, to: EdgeNumber): number {
    return from * this.#edges + to
  }
}

function listPlaces(network: StreetNetwork): Place[] {
  const places = new Map<string, Place>()
  for (const way of network.ways) {
    for (let place: Place | null = movementOf(network, way); place !== null; place = above(place))
      places.set(keyOf(place), place)
  }
  const all = [...places.values()].filter(({ level }) => level !== 'city')
  const of = (level: Place['level']) => all.filter((place) => place.level === level)
  return [...of('movement'), ...of('approach'), ...of('intersection'), { level: 'city' }]
}

/** null where no approach ends: such as where a street only widens. */
function movementOf(network: StreetNetwork, { from, turn }: Way): Place | null {
  const { approach } = at(network.edges, edgeOf(network, from))
  return approach === null || turn === 'along' ? null : { level: 'movement', ...approach, turn }
}

function above({ level, intersection, approach }: Place): Place | null {
  if (level === 'movement')
    return { level: 'approach', ...(intersection && { intersection }), ...(approach && { approach }) }
  if (level === 'approach') return { level: 'intersection', ...(intersection && { intersection }) }
  return level === 'intersection' ? { level: 'city' } : null
}

const keyOf = ({ level, intersection, approach, turn }: Place): string =>
  JSON.stringify([level, intersection, approach, turn])

const edgeOf = ({ lanes }: StreetNetwork, lane: LaneNumber): EdgeNumber => at(lanes, lane).edge

/** Way and edge behind an end where the street widens; 0 at a stop line. */
function widenedM(network: StreetNetwork, ways: readonly number[]): number {
  const along = ways.map((way) => at(network.ways, way)).find(({ turn }) => turn === 'along')
  if (along === undefined) return 0
  return along.lengthM + at(network.edges, edgeOf(network, along.to)).lengthM
}

function findFirstLanes(network: StreetNetwork, approachOfEdge: Int32Array): Map<PlaceNumber, readonly LaneNumber[]> {
  const widened = new Set(network.ways.filter(({ turn }) => turn === 'along').map(({ to }) => edgeOf(network, to)))
  const isFirst = (_: Edge, edge: EdgeNumber) => !widened.has(edge)
  const first = new Map<PlaceNumber, readonly LaneNumber[]>()
  network.edges.forEach((edge, number) => {
    const approach = at(approachOfEdge, number)
    if (approach !== NONE && isFirst(edge, number)) first.set(approach, [...(first.get(approach) ?? []), ...edge.lanes])
  })
  return first
}
