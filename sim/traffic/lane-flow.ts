/** One step of the vehicles in one lane: enter, follow, obey the lamp, slip into the pocket, cross the line. */
import {
  canStop,
  freeMps,
  followingMps,
  HARD_MPS2,
  STANDING_GAP_M,
  stoppingMps,
  stopsAtYellow,
} from './car-following.ts'
import type { Lamp, Lane, Vehicle } from './street.ts'

/** Slower than this is waiting: 5 km/h, as queues are counted. */
const WAITING_MPS = 5 / 3.6
/** Until the first driver of a standing queue has seen the green and moves. */
const START_REACTION_MS = 1_700
/** Front bumpers stop this far behind the line, over the stop-bar loop. */
const STOP_MARGIN_M = 1
/** Vehicles are followed until their rear is this far past the line; then the junction has swallowed them. */
const JUNCTION_DEPTH_M = 15

export function showLamp(lane: Lane, lamp: Lamp, elapsedMs: number): void {
  lane.lamp = lamp
  lane.goForMs = lamp === 'go' ? lane.goForMs + elapsedMs : 0
}

/** Returns the vehicles that the junction has swallowed. Pockets are stepped before the lanes that feed them. */
export function stepLane(lane: Lane, elapsedMs: number): Vehicle[] {
  let leader: Vehicle | undefined
  for (const vehicle of lane.vehicles) {
    vehicle.speedMps = nextSpeedMps(vehicle, leader, elapsedMs / 1_000)
    vehicle.positionM += (vehicle.speedMps * elapsedMs) / 1_000
    if (!vehicle.crossed) approachLine(vehicle, elapsedMs)
    leader = vehicle
  }
  slipIntoPockets(lane)
  admit(lane, elapsedMs)
  return takeSwallowed(lane)
}

/** Standing and creeping vehicles in front of the line, and those that cannot get in. */
export function queueOf(lane: Lane): number {
  let queue = lane.atEntry.length
  for (const vehicle of lane.vehicles) if (!vehicle.crossed && vehicle.speedMps < WAITING_MPS) queue++
  return queue
}

function nextSpeedMps(vehicle: Vehicle, leader: Vehicle | undefined, elapsedS: number): number {
  let speedMps = freeMps(vehicle.speedMps, desiredMps(vehicle), elapsedS)
  if (leader) speedMps = Math.min(speedMps, safeBehind(vehicle.positionM, leader))
  const tail = vehicle.lane.vehicles.at(-1)
  if (tail && tail !== vehicle && inFeeder(vehicle)) speedMps = Math.min(speedMps, safeBehind(vehicle.positionM, tail))
  const toLineM = vehicle.lane.approach.lengthM - vehicle.positionM
  if (vehicle.crossed || !mustStop(vehicle, toLineM)) return speedMps
  const braked = Math.max(stoppingMps(toLineM - STOP_MARGIN_M), vehicle.speedMps - HARD_MPS2 * elapsedS)
  return Math.min(speedMps, braked)
}

const desiredMps = (vehicle: Vehicle): number => vehicle.lane.approach.speedMps * vehicle.speedFactor

const safeBehind = (positionM: number, leader: Vehicle): number =>
  followingMps(leader.positionM - leader.lengthM - STANDING_GAP_M - positionM, leader.speedMps)

/** A green is obeyed late from a standing queue, and not at all in front of a street that is full. */
function mustStop(vehicle: Vehicle, toLineM: number): boolean {
  const { lane, movement, speedMps } = vehicle
  if (lane.lamp !== vehicle.seen) decide(vehicle, toLineM)
  if (vehicle.stops) return true
  const { exit } = movement
  if (exit !== null && exit.occupied >= exit.capacity) return canStop(speedMps, toLineM)
  return lane.lamp === 'go' && speedMps < WAITING_MPS && lane.goForMs < START_REACTION_MS
}

/** A driver decides once, when the lamp changes; who cannot stop goes on. */
function decide(vehicle: Vehicle, toLineM: number): void {
  const { speedMps, lane } = vehicle
  vehicle.seen = lane.lamp
  if (lane.lamp === 'go') vehicle.stops = false
  else if (lane.lamp === 'caution') vehicle.stops = stopsAtYellow(speedMps, desiredMps(vehicle), toLineM)
  else vehicle.stops = canStop(speedMps, toLineM)
}

function approachLine(vehicle: Vehicle, elapsedMs: number): void {
  if (vehicle.speedMps < WAITING_MPS) vehicle.waitedMs += elapsedMs
  if (vehicle.positionM > vehicle.lane.approach.lengthM) cross(vehicle)
}

/** From the line on the vehicle has its place on the street behind the junction. */
function cross(vehicle: Vehicle): void {
  const { lane, movement, waitedMs } = vehicle
  vehicle.crossed = true
  vehicle.passed++
  lane.bound--
  movement.crossed++
  movement.waitedMs += waitedMs
  movement.longestWaitMs = Math.max(movement.longestWaitMs, waitedMs)
  if (movement.exit !== null) movement.exit.occupied++
  vehicle.link = movement.exit
}

/** Whether it still drives in front of its pocket. */
const inFeeder = ({ lane, positionM, lengthM }: Vehicle): boolean => positionM - lengthM < lane.opensM

/** A pocket that is full keeps the next one in the feeder, where it blocks those behind it. */
function slipIntoPockets(lane: Lane): void {
  for (let i = 0; i < lane.vehicles.length; i++) {
    const vehicle = lane.vehicles[i]
    if (vehicle === undefined || vehicle.lane === lane || inFeeder(vehicle)) continue
    lane.vehicles.splice(i--, 1)
    vehicle.lane.vehicles.push(vehicle)
  }
}

function admit(lane: Lane, elapsedMs: number): void {
  const next = lane.atEntry[0]
  if (next !== undefined && enter(next, lane.vehicles.at(-1))) {
    lane.atEntry.shift()
    lane.vehicles.push(next)
    if (next.link !== null) next.link.occupied--
    next.link = null
  }
  for (const vehicle of lane.atEntry) vehicle.waitedMs += elapsedMs
}

/**
 * At most one vehicle enters a lane in a step, at a speed that is safe behind the last one. Out of a queue that stands
 * back to the entry it is slow, for want of a run-up: about 1,400 veh/h and lane.
 */
function enter(vehicle: Vehicle, last: Vehicle | undefined): boolean {
  vehicle.positionM = 0
  vehicle.speedMps = desiredMps(vehicle)
  if (last === undefined) return true
  vehicle.speedMps = Math.min(vehicle.speedMps, safeBehind(0, last))
  return last.positionM - last.lengthM >= STANDING_GAP_M
}

function takeSwallowed({ vehicles, approach }: Lane): Vehicle[] {
  const swallowed = approach.lengthM + JUNCTION_DEPTH_M
  let count = 0
  for (const { positionM, lengthM } of vehicles) {
    if (positionM - lengthM < swallowed) break
    count++
  }
  return count === 0 ? [] : vehicles.splice(0, count)
}
