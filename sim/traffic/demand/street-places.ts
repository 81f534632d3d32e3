/** Places of a configuration on the laid streets: entries, exits, and metres before a stop line. */
import { at } from '#base/at.ts'
import { streetText, type StreetName } from '#config/scenario.ts'
import type { EdgeNumber, LaneNumber, StreetNetwork } from '../streets/street-network.ts'

/** One of the edges that an approach consists of. */
export interface Stretch {
  readonly edge: EdgeNumber
  /** From its end to the stop line; 0 for the last. */
  readonly beforeStopLineM: number
}

/** The edges of an approach, from where it begins to its stop line; none where the network has no such street. */
export function stretchesOf(network: StreetNetwork, { intersection, approach }: StreetName): Stretch[] {
  const own = network.edges.flatMap((edge, number) =>
    edge.approach?.intersection === intersection && edge.approach.approach === approach ? [number] : [],
  )
  const next = new Map(own.map((edge) => [edge, alongFrom(network, edge)]))
  let edge = own.find((candidate) => ![...next.values()].some((along) => along?.edge === candidate))
  const inOrder: { edge: EdgeNumber; gapM: number }[] = []
  for (let gapM = 0; edge !== undefined;) {
    inOrder.push({ edge, gapM })
    const along = next.get(edge)
    ;({ edge, gapM } = along && own.includes(along.edge) ? along : { edge: undefined, gapM: 0 })
  }
  return inOrder.map(({ edge: number }, i) => ({
    edge: number,
    beforeStopLineM: inOrder
      .slice(i + 1)
      .reduce((sum, later) => sum + later.gapM + at(network.edges, later.edge).lengthM, 0),
  }))
}

/** The stretch behind one that only widens, and the gap between them. */
function alongFrom(
  network: StreetNetwork,
  edge: EdgeNumber,
): { readonly edge: EdgeNumber; readonly gapM: number } | null {
  const way = at(network.edges, edge)
    .lanes.flatMap((lane) => at(network.lanes, lane).ways.map((number) => at(network.ways, number)))
    .find(({ turn }) => turn === 'along')
  return way === undefined ? null : { edge: at(network.lanes, way.to).edge, gapM: way.lengthM }
}

/** Where vehicles of an approach come in; null where the network has no such street. */
export const entryOf = (network: StreetNetwork, street: StreetName): EdgeNumber | null =>
  stretchesOf(network, street)[0]?.edge ?? null

/** The leg by which vehicles leave the network beside an approach; null where it leads on to another intersection. */
export function exitOf({ edges }: StreetNetwork, street: StreetName): EdgeNumber | null {
  const number = edges.findIndex(({ id, to }) => to === null && id === `${streetText(street)}.exit`)
  return number === -1 ? null : number
}

/** The place so far before the stop line; null where the street is shorter. */
export function placeBefore(
  network: StreetNetwork,
  stretches: readonly Stretch[],
  beforeStopLineM: number,
): { readonly edge: EdgeNumber; readonly atM: number } | null {
  const stretch = stretches.findLast(
    ({ edge, beforeStopLineM: startM }) => beforeStopLineM <= startM + at(network.edges, edge).lengthM,
  )
  if (stretch === undefined) return null
  const { lengthM } = at(network.edges, stretch.edge)
  return { edge: stretch.edge, atM: Math.min(lengthM, lengthM - (beforeStopLineM - stretch.beforeStopLineM)) }
}

/** A piece of the lane of that name on one edge. */
export interface LanePiece {
  readonly lane: LaneNumber
  readonly fromM: number
  readonly toM: number
}

/** The pieces of a lane of an approach between two distances before its stop line; they may lie on two edges. */
export function lanePieces(
  network: StreetNetwork,
  stretches: readonly Stretch[],
  { lane, nearM, farM }: { readonly lane: string; readonly nearM: number; readonly farM: number },
): LanePiece[] {
  return stretches.flatMap(({ edge, beforeStopLineM }) => {
    const { id, lengthM, lanes } = at(network.edges, edge)
    const number = lanes.find((candidate) => at(network.lanes, candidate).id === `${id}/${lane}`)
    const fromM = Math.max(0, lengthM - (farM - beforeStopLineM))
    const toM = Math.min(lengthM, lengthM - (nearM - beforeStopLineM))
    return number === undefined || toM <= fromM ? [] : [{ lane: number, fromM, toM }]
  })
}

export const longM = ({ edges }: StreetNetwork, stretches: readonly Stretch[]): number => {
  const [first] = stretches
  return first === undefined ? 0 : first.beforeStopLineM + at(edges, first.edge).lengthM
}
