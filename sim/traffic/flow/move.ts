/** The second half of a step: every vehicle drives as planned, over the ends of its tracks, and out of the network. */
import type { TrackNumber, WayNumber } from '../streets/street-network.ts'
import type { Flow } from './flow.ts'
import { limitOf } from './safe-speed.ts'
import { LEAVES, NONE, type Slot } from './vehicles.ts'

/** Slower it counts as standing (SUMO: waiting time, stops). */
export const STANDING_MPS = 0.1

export function moveStep(flow: Flow): void {
  const { tracks, cars } = flow
  flow.crossed.length = 0
  for (let track = 0; track < tracks.count; track++)
    for (let slot = tracks.first[track]!; slot !== NONE; slot = cars.behind[slot]!) drive(flow, slot, track)
  for (let track = 0; track < tracks.count; track++) {
    const lengthM = tracks.lengthM[track]!
    for (let slot = tracks.first[track]!; slot !== NONE && cars.positionM[slot]! > lengthM; slot = tracks.first[track]!)
      goOn(flow, slot)
  }
}

function drive(flow: Flow, slot: Slot, track: TrackNumber): void {
  const { cars, stepS } = flow
  const speedMps = cars.nextMps[slot]!
  const wishedMps = limitOf(flow, slot, track)
  cars.speedMps[slot] = speedMps
  cars.movedM[slot] = speedMps * stepS
  cars.positionM[slot]! += speedMps * stepS
  cars.drivenM[slot]! += speedMps * stepS
  if (cars.stoodAtStopMs[slot] === 0 && speedMps < wishedMps)
    cars.lostS[slot]! += (stepS * (wishedMps - speedMps)) / wishedMps
  if (speedMps >= STANDING_MPS) {
    cars.standsSinceMs[slot] = NONE
    return
  }
  cars.waitedS[slot]! += stepS
  if (cars.standsSinceMs[slot] !== NONE) return
  cars.standsSinceMs[slot] = flow.nowMs
  cars.stops[slot]!++
}

/** Over the end of its track, or of several short ones. */
function goOn(flow: Flow, slot: Slot): void {
  const { tracks, cars } = flow
  tracks.remove(cars, slot)
  let track = cars.track[slot]!
  let positionM = cars.positionM[slot]!
  while (positionM > tracks.lengthM[track]!) {
    const next = tracks.isLane(track) ? leaveLane(flow, slot) : enterLane(flow, slot, track - tracks.laneCount)
    if (next === NONE) return
    positionM -= tracks.lengthM[track]!
    track = next
    cars.track[slot] = track
  }
  cars.positionM[slot] = positionM
  tracks.insert(cars, slot, track)
}

/** Onto its way, or out of the network. */
function leaveLane({ tracks, cars, crossed, left }: Flow, slot: Slot): TrackNumber {
  const way = cars.nextWay[slot]!
  if (way < 0) {
    // Nobody passes the end of a lane that does not lead on: he stops there.
    if (way === LEAVES) {
      cars.track[slot] = NONE
      left.push(slot)
      return NONE
    }
    cars.positionM[slot] = tracks.lengthM[cars.track[slot]!]!
    cars.speedMps[slot] = 0
    tracks.insert(cars, slot, cars.track[slot]!)
    return NONE
  }
  tracks.lastOut[cars.track[slot]!] = slot
  cars.routeStep[slot]!++
  cars.goesOnRed[slot] = 0
  cars.lastWay[slot] = way
  if (tracks.network.ways[way]!.turn !== 'along') crossed.push(slot, way)
  return tracks.trackOf(way)
}

function enterLane(flow: Flow, slot: Slot, way: WayNumber): TrackNumber {
  const lane = flow.tracks.wayTo[way]!
  if (flow.tracks.widensBy[lane] === NONE) noteApproach(flow, slot)
  chooseWay(flow, slot, lane)
  return lane
}

/** From here on what happens belongs to the next junction. */
export function noteApproach({ cars }: Flow, slot: Slot): void {
  cars.waitedBeforeS[slot] = cars.waitedS[slot]!
}

/** What a vehicle wants of a lane that it has come to. */
export function chooseWay({ tracks, cars }: Flow, slot: Slot, lane: TrackNumber): void {
  const { route, stops } = cars.tripOf(slot)
  const step = cars.routeStep[slot]!
  const next = route[step + 1]
  const afterNext = route[step + 2]
  const edge = tracks.edgeOf[lane]!
  cars.nextWay[slot] = next === undefined ? LEAVES : tracks.wayInto(lane, next, afterNext)
  const stop = stops[cars.stopsServed[slot]!]
  cars.stopsAhead[slot] = Number(stop?.edge === edge)
  // A bus keeps to the kerb until its stop is behind it.
  cars.wantedLanes[slot] = stop?.edge === edge ? 1 : tracks.wantedLanes(edge, next, afterNext)
}
