/** What a light of a network governs: each way over the junction, whom it crosses, and to whom it yields. */
import type { Connection, Direction, Network } from '../network/network.ts'

export interface Movement {
  /** Its letter in the light's state; several movements may share one. */
  readonly link: number
  readonly fromLane: string
  readonly toLane: string
  readonly direction: Direction
  readonly onFoot: boolean
  /** Of a crossing, from kerb to kerb; 0 for vehicles. */
  readonly crossingM: number
  /** Links of the same light. */
  readonly foes: ReadonlySet<number>
  readonly yieldsTo: ReadonlySet<number>
}

/** Where a way has its place in the requests of a junction. */
interface Place {
  readonly junction: string
  readonly request: number
}

/** By light. */
export function movementsOf(network: Network): ReadonlyMap<string, readonly Movement[]> {
  const places = placesOf(network)
  const signalled = network.connections.flatMap((connection) =>
    connection.signal === null ? [] : [{ connection, signal: connection.signal, place: places(connection) }],
  )
  const linksAt = Map.groupBy(signalled, ({ signal, place }) => `${signal.light} ${place?.junction}`)
  const movements = signalled.map(({ connection, signal, place }) => {
    const request = place && network.junctions.get(place.junction)?.requests[place.request]
    const linksOf = (requests: ReadonlySet<number> | undefined) =>
      new Set(
        (linksAt.get(`${signal.light} ${place?.junction}`) ?? [])
          .filter((other) => other.place !== null && other.signal.link !== signal.link)
          .filter((other) => other.place !== null && requests?.has(other.place.request))
          .map((other) => other.signal.link),
      )
    const onFoot = isCrossing(network, connection)
    const { fromLane, toLane, direction } = connection
    const crossingM = onFoot ? (network.lanes.get(toLane)?.lengthM ?? 0) : 0
    const yields = { foes: linksOf(request?.foes), yieldsTo: linksOf(request?.yieldsTo) }
    return { light: signal.light, link: signal.link, fromLane, toLane, direction, onFoot, crossingM, ...yields }
  })
  return Map.groupBy(movements, ({ light }) => light)
}

/** A way of a junction is known by its last lane inside: the first leads on over a place to wait in the middle. */
function placesOf({ junctions, connections }: Network): (connection: Connection) => Place | null {
  const byLane = new Map(
    [...junctions.values()]
      .filter(({ type }) => type !== 'internal')
      .flatMap(({ id, internalLanes }) => internalLanes.map((lane, request) => [lane, { junction: id, request }])),
  )
  const onward = new Map(connections.map(({ fromLane, via }) => [fromLane, via]))
  return ({ via, toLane }) => {
    const inside = via ?? toLane
    return byLane.get(inside) ?? byLane.get(onward.get(inside) ?? '') ?? null
  }
}

const isCrossing = ({ lanes, edges }: Network, { toLane }: Connection): boolean =>
  edges.get(lanes.get(toLane)?.edge ?? '')?.use === 'crossing'
