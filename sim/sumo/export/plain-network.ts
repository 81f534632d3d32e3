/** A street network as the plain XML that netconvert builds a network of SUMO from: nodes, edges, connections. */
import { at } from '#base/at.ts'
import { LANE_WIDTH_M } from '../../traffic/streets/lanes.ts'
import type {
  Edge,
  EdgeNumber,
  JunctionNumber,
  LaneNumber,
  Place,
  StreetNetwork,
  Way,
} from '../../traffic/streets/street-network.ts'
import { document, element } from './xml.ts'

/** Ids that our network and SUMO's share. */
export const junctionName = ({ junctions }: StreetNetwork, junction: JunctionNumber): string =>
  at(junctions, junction).intersection ?? `widening-${junction}`

export const edgeName = ({ edges }: StreetNetwork, edge: EdgeNumber): string => at(edges, edge).id

/** SUMO counts lanes from the kerb too, and names them by their edge. */
export function laneName(network: StreetNetwork, lane: LaneNumber): string {
  const { edge, fromKerb } = at(network.lanes, lane)
  return `${edgeName(network, edge)}_${fromKerb}`
}

export function nodesXml(network: StreetNetwork): string {
  const junctions = network.junctions.map(({ intersection, place }, number) =>
    element('node', {
      id: junctionName(network, number),
      ...coordinates(place),
      type: intersection === null ? 'priority' : 'traffic_light',
      tl: intersection ?? undefined,
    }),
  )
  const ends = network.edges.flatMap((edge) => [
    ...(edge.from === null ? [node(beginName(edge), at(edge.shape, 0))] : []),
    ...(edge.to === null ? [node(endName(edge), at(edge.shape, edge.shape.length - 1))] : []),
  ])
  return document(element('nodes', {}, [...junctions, ...ends]))
}

export function edgesXml(network: StreetNetwork): string {
  const edges = network.edges.map((edge) =>
    element('edge', {
      id: edge.id,
      from: edge.from === null ? beginName(edge) : junctionName(network, edge.from),
      to: edge.to === null ? endName(edge) : junctionName(network, edge.to),
      numLanes: edge.lanes.length,
      speed: decimals(edge.speedMps, 4),
      // Lengths are ours: SUMO would cut its lanes where its own outline of the junction begins.
      length: decimals(edge.lengthM, 2),
      width: LANE_WIDTH_M,
      spreadType: 'center',
      shape: shapeText(edge.shape),
    }),
  )
  return document(element('edges', {}, edges))
}

export function connectionsXml(network: StreetNetwork): string {
  const connections = network.ways.map((way) =>
    element('connection', {
      ...linkOf(network, way),
      length: decimals(way.lengthM, 2),
      speed: decimals(way.speedMps, 4),
      // Where a street only widens SUMO draws its own.
      shape: way.turn === 'along' ? undefined : shapeText(way.shape),
      // Where left turners stand; SUMO builds a place to wait there.
      contPos: way.waitsAtM > 0 ? decimals(way.waitsAtM, 2) : undefined,
    }),
  )
  return document(element('connections', {}, connections))
}

/** How SUMO names a way: by the lanes that it joins. */
export function linkOf(network: StreetNetwork, { from, to }: Way): Readonly<Record<string, string | number>> {
  const [own, behind] = [at(network.lanes, from), at(network.lanes, to)]
  return {
    from: edgeName(network, own.edge),
    to: edgeName(network, behind.edge),
    fromLane: own.fromKerb,
    toLane: behind.fromKerb,
  }
}

export const decimals = (value: number, places: number): string => String(Number(value.toFixed(places)))

const beginName = ({ id }: Edge): string => `${id}.begin`
const endName = ({ id }: Edge): string => `${id}.end`
const node = (id: string, place: Place): string => element('node', { id, ...coordinates(place), type: 'dead_end' })
const coordinates = ([x, y]: Place) => ({ x: decimals(x, 2), y: decimals(y, 2) })
const shapeText = (shape: readonly Place[]): string =>
  shape.map(([x, y]) => `${decimals(x, 2)},${decimals(y, 2)}`).join(' ')
