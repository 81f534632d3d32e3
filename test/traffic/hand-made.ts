/** Streets made by hand for tests of the traffic: edges, ways over one junction, trips and lamps as asked. */
import { intersectionId, phaseId } from '#base/id.ts'
import { randomStream, nextWord } from '#base/random.ts'
import { LAMP } from '#sim/traffic/flow/flow.ts'
import { createTraffic, stepVehicles, type Traffic, type TrafficStart } from '#sim/traffic/flow/traffic.ts'
import type { Slot } from '#sim/traffic/flow/vehicles.ts'
import type { Crossing, Edge, Lane, StreetNetwork, Way } from '#sim/traffic/streets/street-network.ts'
import type { Trip, TripSource } from '#sim/traffic/trip.ts'

interface EdgeWish {
  readonly lanes?: number
  readonly lengthM?: number
  readonly speedMps?: number
  readonly from?: null | 0 | 1
  readonly to?: null | 0 | 1
}

/** `from` and `to`: edge and place of the lane from the kerb. */
type WayWish = Partial<Omit<Way, 'from' | 'to'>> & {
  readonly from: readonly [string, number]
  readonly to: readonly [string, number]
}

/** Phase 2 shows all ways unless they say another; junction 1, where it is named, is where a street only widens. */
export function streets(
  edgeWishes: Readonly<Record<string, EdgeWish>>,
  wayWishes: readonly WayWish[],
  crossings: readonly Crossing[] = [],
): StreetNetwork {
  const lanes: Lane[] = []
  const edges = Object.entries(edgeWishes).map(([id, wish], edge): Edge => {
    const { lanes: count = 1, lengthM = 300, speedMps = 13.9, from = null, to = null } = wish
    const own = Array.from(
      { length: count },
      (_, fromKerb) => lanes.push({ id: `${id}/${fromKerb}`, edge, fromKerb, ways: [] }) - 1,
    )
    return {
      id,
      lanes: own,
      lengthM,
      speedMps,
      from,
      to,
      approach: null,
      shape: [
        [0, 0],
        [lengthM, 0],
      ],
    }
  })
  const laneOf = ([id, place]: readonly [string, number]) => edges.find((edge) => edge.id === id)?.lanes[place] ?? -1
  const ways = wayWishes.map(({ from, to, ...wish }): Way => ({
    junction: 0,
    turn: 'through',
    lengthM: 15,
    speedMps: 13.9,
    head: { kind: 'vehicle', phase: phaseId(2) },
    onRed: false,
    yieldsTo: [],
    conflicts: [],
    waitsAtM: 0,
    crosses: [],
    shape: [
      [0, 0],
      [15, 0],
    ],
    ...wish,
    from: laneOf(from),
    to: laneOf(to),
  }))
  const junctionOf = (number: number, id: string | null) => ({
    intersection: id === null ? null : intersectionId(id),
    place: [0, 0] as const,
    ways: ways.flatMap((way, index) => (way.junction === number ? [index] : [])),
    crossings: number === 0 ? crossings.map((_, index) => index) : [],
  })
  const withWays = lanes.map((lane, number) => ({
    ...lane,
    ways: ways.flatMap(({ from }, way) => (from === number ? [way] : [])),
  }))
  return { edges, lanes: withWays, ways, crossings, junctions: [junctionOf(0, 'IX-T'), junctionOf(1, null)] }
}

/** A straight street over a junction: so many lanes, 300 m to the line and 300 m behind it. */
export const straightOn = (lanes = 1, lengthM = 300): StreetNetwork =>
  streets(
    { in: { lanes, lengthM, to: 0 }, out: { lanes, from: 0 } },
    Array.from({ length: lanes }, (_, place) => ({ from: ['in', place] as const, to: ['out', place] as const })),
  )

export interface TripWish extends Partial<Omit<Trip, 'route'>> {
  readonly route: readonly string[]
}

export function tripsOf({ edges }: StreetNetwork, wishes: readonly TripWish[]): TripSource {
  const stream = randomStream(7, 'personas')
  const trips = wishes.map(({ route, ...wish }, number): Trip => ({
    number,
    departMs: 0,
    kind: 'car',
    persona: nextWord(stream),
    stops: [],
    ...wish,
    route: route.map((id) => edges.findIndex((edge) => edge.id === id)),
  }))
  let next = 0
  return { take: (untilMs) => (trips[next] !== undefined && trips[next]!.departMs < untilMs ? trips[next++]! : null) }
}

export const NOBODY_WALKS = { take: () => null }

export const trafficOn = (
  network: StreetNetwork,
  wishes: readonly TripWish[],
  start: Partial<TrafficStart> = {},
): Traffic => createTraffic({ network, trips: tripsOf(network, wishes), walkers: NOBODY_WALKS, ...start })

export type Lamp = keyof typeof LAMP

/** Steps the vehicles until `untilS`; each way is shown what `lampOf` says of it then. */
export function drive(
  traffic: Traffic,
  untilS: number,
  lampOf: (way: number, nowS: number) => Lamp,
  seen?: () => void,
): void {
  const { flow } = traffic
  while (traffic.nowMs < untilS * 1_000) {
    for (let way = 0; way < flow.lamps.length; way++) flow.lamps[way] = LAMP[lampOf(way, traffic.nowMs / 1_000)]
    stepVehicles(traffic)
    traffic.nowMs += flow.stepMs
    seen?.()
  }
}

/** Slots of all that are on the streets. */
export const present = ({ flow: { cars } }: Traffic): Slot[] =>
  Array.from({ length: cars.top }, (_, slot) => slot).filter((slot) => cars.track[slot] !== -1)

export const cars = (count: number, everyMs = 0, route: readonly string[] = ['in', 'out']): TripWish[] =>
  Array.from({ length: count }, (_, i) => ({ departMs: i * everyMs, route }))

/** Green until `greenS` of each `cycleS`, then three seconds of yellow. */
export const cycle =
  (greenS: number, cycleS: number) =>
  (_: number, nowS: number): Lamp => {
    const s = nowS % cycleS
    return s < greenS ? 'go' : s < greenS + 3 ? 'caution' : 'stop'
  }
export const green = (): Lamp => 'go'

/** When each vehicle crossed a stop line, s. */
export function crossingsOf(
  traffic: Traffic,
  untilS: number,
  lamps: (way: number, nowS: number) => Lamp,
): { way: number; s: number }[] {
  const seen: { way: number; s: number }[] = []
  drive(traffic, untilS, lamps, () => {
    for (let i = 1; i < traffic.flow.crossed.length; i += 2)
      seen.push({ way: traffic.flow.crossed[i]!, s: traffic.nowMs / 1_000 })
  })
  return seen
}

/** In the order of departure. */
export const inOrder = (trips: TripWish[]) => trips.toSorted((a, b) => (a.departMs ?? 0) - (b.departMs ?? 0))
