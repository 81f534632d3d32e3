/** How vehicles come into the network: each entry has a queue, and lets in whoever finds room, as fast as is safe. */
import { invariant } from '#base/invariant.ts'
import { normalFor } from '#base/random.ts'
import type { EdgeNumber, LaneNumber } from '../streets/street-network.ts'
import type { Trip, TripSource } from '../trip.ts'
import { KIND_KEYS, VEHICLE_KINDS, type VehicleKind } from '../vehicle-kind.ts'
import type { Flow } from './flow.ts'
import { chooseWay, noteApproach } from './move.ts'
import { behindMps } from './safe-speed.ts'
import { NONE, type Slot } from './vehicles.ts'

/** Those behind the first few of a queue at an entry cannot see the street. */
const LOOK_AT_MOST = 8
/** What a persona decides beside what is drawn each moment: its place in the hash. */
const SPEED_PLACE = 0x5eed
const SPEED_FACTOR = { least: 0.2, most: 2 } as const

export interface Entries {
  readonly trips: TripSource
  /** By edge; in the order in which they came. */
  readonly queues: Map<EdgeNumber, Trip[]>
  /** Vehicles that wanted to come in, so far. */
  wanted: number
}

export const openEntries = (trips: TripSource): Entries => ({ trips, queues: new Map(), wanted: 0 })

/** How many wait outside. */
export function waitingOutside({ queues }: Entries): number {
  let waiting = 0
  for (const queue of queues.values()) waiting += queue.length
  return waiting
}

export function enterStep(flow: Flow, entries: Entries): void {
  for (let trip = entries.trips.take(flow.nowMs + 1); trip !== null; trip = entries.trips.take(flow.nowMs + 1)) {
    entries.wanted++
    const [edge] = trip.route
    invariant(edge !== undefined, 'a route begins somewhere')
    const queue = entries.queues.get(edge)
    if (queue === undefined) entries.queues.set(edge, [trip])
    else queue.push(trip)
  }
  for (const [edge, queue] of entries.queues) if (queue.length > 0) letIn(flow, edge, queue)
}

/** At most one a lane and step; who wants a lane that is full lets those pass who want another. */
function letIn(flow: Flow, edge: EdgeNumber, queue: Trip[]): void {
  let full = 0
  const all = (1 << flow.tracks.network.edges[edge]!.lanes.length) - 1
  for (let i = 0; i < queue.length && i < LOOK_AT_MOST && full !== all; i++) {
    const trip = queue[i]!
    const wanted = wantedOf(flow, trip)
    if ((wanted & ~full) === 0) continue
    const lane = emptiest(flow, edge, wanted & ~full)
    full |= 1 << flow.tracks.fromKerb[lane]!
    if (!comeIn(flow, trip, lane)) continue
    queue.splice(i--, 1)
  }
}

const wantedOf = ({ tracks }: Flow, { route, stops }: Trip): number =>
  stops[0]?.edge === route[0] ? 1 : tracks.wantedLanes(route[0]!, route[1], route[2])

/** The lane whose last vehicle is furthest away, of those that are wanted. */
function emptiest({ tracks, cars }: Flow, edge: EdgeNumber, wanted: number): LaneNumber {
  let best = NONE
  let bestM = -Infinity
  for (const lane of tracks.network.edges[edge]!.lanes) {
    if ((wanted & (1 << tracks.fromKerb[lane]!)) === 0) continue
    const tail = tracks.last[lane]!
    const roomM =
      (tail === NONE ? tracks.lengthM[lane]! : cars.positionM[tail]! - cars.lengthM[tail]!) -
      10 * tracks.vehicles[lane]!
    if (roomM <= bestM) continue
    best = lane
    bestM = roomM
  }
  invariant(best !== NONE, 'one of the lanes is wanted')
  return best
}

function comeIn(flow: Flow, trip: Trip, lane: LaneNumber): boolean {
  const { cars, tracks, weather } = flow
  const tail = tracks.last[lane]!
  const kind = VEHICLE_KINDS[trip.kind]
  if (tail !== NONE && cars.positionM[tail]! - cars.lengthM[tail]! - kind.standingGapM < kind.lengthM) return false
  const slot = cars.take(trip)
  describe(flow, slot, trip, kind)
  cars.positionM[slot] = kind.lengthM
  const wishedMps = tracks.limitMps[lane]! * cars.speedFactor[slot]! * weather.speed
  cars.track[slot] = lane
  cars.speedMps[slot] =
    tail === NONE ? wishedMps : Math.min(wishedMps, behindMps(flow, slot, tail, cars.positionM[tail]! - kind.lengthM))
  tracks.insert(cars, slot, lane)
  noteApproach(flow, slot)
  chooseWay(flow, slot, lane)
  return true
}

function describe({ cars, nowMs }: Flow, slot: Slot, { kind: key, persona, departMs }: Trip, kind: VehicleKind): void {
  cars.kind[slot] = KIND_KEYS.indexOf(key)
  cars.persona[slot] = persona
  cars.lengthM[slot] = kind.lengthM
  cars.standingGapM[slot] = kind.standingGapM
  cars.accelerationMps2[slot] = kind.accelerationMps2
  cars.decelerationMps2[slot] = kind.decelerationMps2
  cars.headwayS[slot] = kind.headwayS
  cars.imperfection[slot] = kind.imperfection
  cars.speedFactor[slot] = speedFactorOf(persona, kind)
  cars.departMs[slot] = departMs
  cars.enteredMs[slot] = nowMs
  cars.standsSinceMs[slot] = NONE
  cars.changedLaneAtMs[slot] = nowMs
  cars.letsIn[slot] = NONE
  cars.lastWay[slot] = NONE
  for (const column of [cars.movedM, cars.nextMps, cars.routeStep, cars.passes, cars.goesOnRed, cars.stopsServed])
    column[slot] = 0
  for (const column of [cars.stopsAhead, cars.stoodAtStopMs, cars.lostS, cars.waitedS, cars.stops, cars.drivenM])
    column[slot] = 0
}

/** A driver's desired speed as a share of the street's: normal, cut; the same wherever he drives. */
export function speedFactorOf(persona: number, { speedFactor: { mean, deviation } }: VehicleKind): number {
  return Math.min(SPEED_FACTOR.most, Math.max(SPEED_FACTOR.least, mean + deviation * normalFor(persona, SPEED_PLACE)))
}
