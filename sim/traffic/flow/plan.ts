/** The first half of a step: every driver looks at the street as it is, and decides how fast to drive. */
import { uniformFor } from '#base/random.ts'
import type { TrackNumber, WayNumber } from '../streets/street-network.ts'
import { dawdledMps, slowingMps } from './following.ts'
import { LAMP, type Flow } from './flow.ts'
import { behindMps, limitOf, lookM, stopWithinMps } from './safe-speed.ts'
import { busStopMps } from './bus-stops.ts'
import { holdBeforeWayM, holdOnWayM } from './stop-line.ts'
import { behindMergersMps } from './right-of-way.ts'
import { LEAVES, NONE, type Slot } from './vehicles.ts'

/** Tyres on a dry street; nobody brakes harder. */
const HARDEST_MPS2 = 9
/** Where a front bumper stands before the end of a lane that leads elsewhere. */
const END_MARGIN_M = 1
/** Nobody looks over more tracks than so many. */
const TRACKS_AHEAD_MOST = 8

export function planStep(flow: Flow): void {
  const { tracks, cars } = flow
  for (let track = 0; track < tracks.count; track++)
    for (let slot = tracks.first[track]!; slot !== NONE; slot = cars.behind[slot]!) planVehicle(flow, slot, track)
}

function planVehicle(flow: Flow, slot: Slot, track: TrackNumber): void {
  const { cars, stepS, tracks, weather } = flow
  const speedMps = cars.speedMps[slot]!
  const positionM = cars.positionM[slot]!
  const accelerationMps2 = cars.accelerationMps2[slot]! * weather.grip
  const freeMps = Math.min(limitOf(flow, slot, track), speedMps + accelerationMps2 * stepS)
  const leader = cars.ahead[slot]!
  let safeMps = freeMps
  if (leader !== NONE) safeMps = Math.min(safeMps, behindMps(flow, slot, leader, cars.positionM[leader]! - positionM))
  if (cars.letsIn[slot] !== NONE) safeMps = Math.min(safeMps, lettingInMps(flow, slot))
  if (cars.stopsAhead[slot] !== 0) safeMps = Math.min(safeMps, busStopMps(flow, slot, track))
  if (flow.blockages.length > 0) safeMps = Math.min(safeMps, beforeBlockageMps(flow, slot, track))
  const restM = tracks.lengthM[track]! - positionM
  cars.passes[slot] = 1
  // On a way there may be a place to wait before its end.
  if (restM < lookM(flow, slot, freeMps) || !tracks.isLane(track))
    safeMps = Math.min(safeMps, overTheEndMps(flow, slot, freeMps))
  const chance = uniformFor(cars.persona[slot]!, flow.nowMs)
  const wishedMps = dawdledMps(
    safeMps,
    cars.imperfection[slot]! * accelerationMps2,
    cars.imperfection[slot]!,
    chance * stepS,
  )
  cars.nextMps[slot] = Math.max(wishedMps, speedMps - HARDEST_MPS2 * weather.grip * stepS, 0)
}

/** Room for somebody from the lane beside is made gently: without braking hard. */
function lettingInMps(flow: Flow, slot: Slot): number {
  const { cars, stepS } = flow
  const guest = cars.letsIn[slot]!
  cars.letsIn[slot] = NONE
  if (cars.track[guest] === NONE) return Infinity
  const gentlyMps = cars.speedMps[slot]! - (cars.decelerationMps2[slot]! / 2) * stepS
  return Math.max(gentlyMps, behindMps(flow, slot, guest, cars.positionM[guest]! - cars.positionM[slot]!))
}

function beforeBlockageMps(flow: Flow, slot: Slot, track: TrackNumber): number {
  const { positionM, standingGapM } = flow.cars
  let safeMps = Infinity
  for (const { track: blocked, fromM, toM, fromMs, untilMs } of flow.blockages) {
    if (blocked !== track || flow.nowMs < fromMs || flow.nowMs >= untilMs || positionM[slot]! > toM) continue
    safeMps = Math.min(safeMps, stopWithinMps(flow, slot, fromM - positionM[slot]! - standingGapM[slot]!))
  }
  return safeMps
}

/** Looks along the vehicle's way beyond its track: lines to stop at, bends to slow down for, and whoever drives there. */
function overTheEndMps(flow: Flow, slot: Slot, freeMps: number): number {
  const { tracks, cars } = flow
  const reachM = lookM(flow, slot, freeMps)
  let track = cars.track[slot]!
  let aheadM = tracks.lengthM[track]! - cars.positionM[slot]!
  let step = cars.routeStep[slot]!
  let safeMps = Infinity
  for (let seen = 0; seen < TRACKS_AHEAD_MOST && (seen === 0 || aheadM < reachM); seen++) {
    if (tracks.isLane(track)) {
      const way = seen === 0 ? cars.nextWay[slot]! : wayFrom(flow, slot, track, step)
      if (way === LEAVES) return safeMps
      const holdM = way === NONE ? -END_MARGIN_M : holdBeforeWayM(flow, slot, way, aheadM)
      // Who stops for a red is told by the lamp itself: when it turns green he comes at once.
      if (holdM <= 0 && flow.lamps[way] !== LAMP.stop) cars.passes[slot] = 0
      if (holdM < Infinity) safeMps = Math.min(safeMps, stopWithinMps(flow, slot, aheadM + holdM))
      if (way === NONE || holdM <= 0) return safeMps
      safeMps = Math.min(safeMps, behindPartingMps(flow, slot, way, aheadM))
      track = tracks.trackOf(way)
      safeMps = Math.min(safeMps, behindMergersMps(flow, slot, way, aheadM + tracks.lengthM[track]!))
      step++
    } else {
      const way = track - tracks.laneCount
      if (seen === 0) {
        safeMps = Math.min(safeMps, stopWithinMps(flow, slot, holdOnWayM(flow, slot, way)))
        safeMps = Math.min(safeMps, behindMergersMps(flow, slot, way, aheadM))
      }
      track = tracks.wayTo[way]!
    }
    const limitMps = limitOf(flow, slot, track)
    if (limitMps < freeMps)
      safeMps = Math.min(safeMps, slowingMps(limitMps, aheadM, cars.decelerationMps2[slot]!, flow.stepS))
    const tail = tracks.last[track]!
    if (tail !== NONE) return Math.min(safeMps, behindMps(flow, slot, tail, aheadM + cars.positionM[tail]!))
    aheadM += tracks.lengthM[track]!
  }
  return safeMps
}

/** Who has left the lane for elsewhere still has his tail in it, and in the first metres that the ways share. */
function behindPartingMps(flow: Flow, slot: Slot, way: WayNumber, aheadM: number): number {
  const { tracks, cars } = flow
  const out = tracks.lastOut[tracks.wayFrom[way]!]!
  if (out === NONE || out === slot || cars.track[out] === NONE) return Infinity
  const other = cars.lastWay[out]!
  if (other === NONE || other === way || tracks.wayFrom[other] !== tracks.wayFrom[way]) return Infinity
  const isOnWay = cars.track[out] === tracks.trackOf(other)
  const beyondM = cars.positionM[out]! + (isOnWay ? 0 : tracks.lengthM[tracks.trackOf(other)]!)
  if (beyondM - cars.lengthM[out]! >= tracks.partedM(way, other)) return Infinity
  return behindMps(flow, slot, out, aheadM + beyondM)
}

/** The way that a vehicle will take from a lane further on, at that step of its route. */
function wayFrom({ tracks, cars }: Flow, slot: Slot, lane: TrackNumber, step: number): number {
  const { route } = cars.tripOf(slot)
  const next = route[step + 1]
  return next === undefined ? LEAVES : tracks.wayInto(lane, next, route[step + 2])
}
