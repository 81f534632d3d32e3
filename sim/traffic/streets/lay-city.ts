/** Lays a city of configured intersections out as a street network: edges, lanes, ways, their conflicts, and crosswalks. */
import { at } from '#base/at.ts'
import type { IntersectionId } from '#base/id.ts'
import type { Intersection } from '#signal/intersection.ts'
import { legsOf } from '#signal/street-legs.ts'
import { layBox } from './box.ts'
import { joinWays } from './conflicts.ts'
import { layEdges, nameOf, roundedPlace, type Plot, type Plots } from './lay-edges.ts'
import { layAlong, layWays, type BareWay } from './lay-ways.ts'
import { tangentPlane } from './plane.ts'
import type { Crossing, Junction, JunctionNumber, Place, StreetNetwork, Way } from './street-network.ts'

/** What the streets need of an intersection's configuration. */
export interface StreetFacts {
  readonly database: { readonly intersection: Intersection }
}

/** Junctions in the order of the intersections, then those where a street only widens. */
export function layCity(configs: readonly StreetFacts[]): StreetNetwork {
  const intersections = configs.map(({ database }) => database.intersection)
  const plots = layPlots(intersections)
  const laid = layEdges(plots)
  const { crossings, crosswalks } = layCrossings([...plots.values()])
  const bare = [
    ...[...plots.values()].flatMap((plot) => layWays(plot, laid, crosswalks)),
    ...laid.widenings.flatMap((widening) => layAlong(widening, laid)),
  ]
  const bearings = (way: BareWay) => {
    const { approach } = at(laid.edges, at(laid.lanes, way.from).edge)
    const plot = approach && plots.get(approach.intersection)
    return plot?.intersection.approaches.find(({ id }) => id === approach?.approach)?.bearingDeg ?? 0
  }
  const ways = joinAll(bare, bearings)
  const waysFrom = grouped(ways, ({ from }) => from)
  const places = [...[...plots.values()].map(({ box }) => box.centre), ...laid.widenings.map(({ place }) => place)]
  return {
    edges: laid.edges,
    lanes: laid.lanes.map((lane, number) => ({ ...lane, ways: waysFrom.get(number) ?? [] })),
    ways,
    crossings,
    junctions: layJunctions(places, { intersections, ways, crossings }),
  }
}

function layPlots(intersections: readonly Intersection[]): Plots {
  const all = new Map(intersections.map((intersection) => [intersection.id, intersection]))
  const toPlane = tangentPlane(middleOf(intersections))
  return new Map(
    intersections.map((intersection, junction): [IntersectionId, Plot] => {
      const legs = legsOf(intersection, all)
      return [intersection.id, { intersection, junction, legs, box: layBox(toPlane(intersection), legs.legs) }]
    }),
  )
}

function middleOf(intersections: readonly Intersection[]): { latitude: number; longitude: number } {
  const mean = (of: (intersection: Intersection) => number) =>
    intersections.reduce((sum, intersection) => sum + of(intersection), 0) / Math.max(1, intersections.length)
  return { latitude: mean(({ latitude }) => latitude), longitude: mean(({ longitude }) => longitude) }
}

function layCrossings(plots: readonly Plot[]): { crossings: Crossing[]; crosswalks: Map<string, number> } {
  const crossings: Crossing[] = []
  const crosswalks = new Map<string, number>()
  for (const { intersection, junction } of plots)
    for (const approach of intersection.approaches) {
      if (approach.crosswalk === null) continue
      crosswalks.set(nameOf(intersection, approach), crossings.length)
      crossings.push({ junction, approach: approach.id, ...approach.crosswalk })
    }
  return { crossings, crosswalks }
}

/** Only ways over the same junction meet. */
function joinAll(bare: readonly BareWay[], bearingOf: (way: BareWay) => number): Way[] {
  const bound = bare.map((way, number) => ({ number, way, bearingDeg: bearingOf(way) }))
  const byJunction = Map.groupBy(bound, ({ way }) => way.junction)
  const joined = [...byJunction.values()].flatMap((group) =>
    joinWays(group).map((way, i) => [at(group, i).number, way] as const),
  )
  return joined.toSorted(([a], [b]) => a - b).map(([, way]) => way)
}

function layJunctions(
  places: readonly Place[],
  {
    intersections,
    ways,
    crossings,
  }: Pick<StreetNetwork, 'ways' | 'crossings'> & {
    readonly intersections: readonly Intersection[]
  },
): Junction[] {
  const waysOf = grouped(ways, ({ junction }) => junction)
  const crossingsOf = grouped(crossings, ({ junction }) => junction)
  return places.map((place, number: JunctionNumber) => ({
    intersection: intersections[number]?.id ?? null,
    place: roundedPlace(place),
    ways: waysOf.get(number) ?? [],
    crossings: crossingsOf.get(number) ?? [],
  }))
}

/** Numbers of the items, by what they belong to. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => number): Map<number, number[]> {
  const groups = new Map<number, number[]>()
  items.forEach((item, number) => {
    const group = groups.get(keyOf(item))
    if (group) group.push(number)
    else groups.set(keyOf(item), [number])
  })
  return groups
}
