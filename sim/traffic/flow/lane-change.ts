/**
 * Changing lanes: towards the lanes from which a route goes on, and among those into the one that is quicker. A change is
 * made when the new leader and the new follower leave room; who must change asks the follower to let him in.
 */
import type { LaneNumber } from '../streets/street-network.ts'
import type { Flow } from './flow.ts'
import { chooseWay } from './move.ts'
import { behindMps, limitOf } from './safe-speed.ts'
import { NONE, type Slot } from './vehicles.ts'

/** Nobody weaves: after a change he stays for so long, unless he must go on. */
const SETTLED_MS = 5_000
/** Who only wants to be quicker looks about so often. */
const LOOK_EVERY_MS = 2_000
/** What must be won by a change. */
const GAIN_MPS = 1.5
/** Or so many vehicles fewer in front. */
const GAIN_VEHICLES = 2
/** Nearer to the end of the lane nobody changes for comfort. */
const COMFORT_M = 30
/** What a follower may have to brake for one who must change, as a share of what he brakes with. */
const FORCED_BRAKING = 0.7

export function changeLanes(flow: Flow): void {
  const { tracks, cars } = flow
  for (let lane = 0; lane < tracks.laneCount; lane++) {
    if (tracks.kerbwards[lane] === NONE && tracks.inwards[lane] === NONE) continue
    for (let slot = tracks.first[lane]!; slot !== NONE;) {
      const next = cars.behind[slot]!
      consider(flow, slot, lane)
      slot = next
    }
  }
}

function consider(flow: Flow, slot: Slot, lane: LaneNumber): void {
  const { tracks, cars, nowMs } = flow
  const wanted = cars.wantedLanes[slot]!
  const place = tracks.fromKerb[lane]!
  if ((wanted & (1 << place)) === 0) {
    // Kerbwards where all wanted lanes lie there; else inwards.
    const kerbwards = wanted < 1 << place
    const beside = kerbwards ? tracks.kerbwards[lane]! : tracks.inwards[lane]!
    if (beside !== NONE) mustChange(flow, slot, beside)
    return
  }
  if (nowMs - cars.changedLaneAtMs[slot]! < SETTLED_MS || (nowMs + cars.persona[slot]!) % LOOK_EVERY_MS >= flow.stepMs)
    return
  if (tracks.lengthM[lane]! - cars.positionM[slot]! < COMFORT_M) return
  for (const beside of [tracks.kerbwards[lane]!, tracks.inwards[lane]!])
    if (
      beside !== NONE &&
      (wanted & (1 << tracks.fromKerb[beside]!)) !== 0 &&
      isBetter(flow, slot, lane, beside) &&
      isSafe(flow, slot, beside, 1)
    ) {
      change(flow, slot, beside)
      return
    }
}

function mustChange(flow: Flow, slot: Slot, beside: LaneNumber): void {
  if (isSafe(flow, slot, beside, FORCED_BRAKING)) change(flow, slot, beside)
  else if (!changePlaces(flow, slot, beside)) askToBeLetIn(flow, slot, beside)
}

/**
 * Two who stand abreast, each in the lane that the other needs, would stand for ever: they change places. The tail of the
 * longer one may stand over the bumper behind it until it drives on; whoever is there stands as long.
 */
function changePlaces(flow: Flow, slot: Slot, beside: LaneNumber): boolean {
  const { cars, tracks } = flow
  if (cars.standsSinceMs[slot] === NONE) return false
  const lane = cars.track[slot]!
  const positionM = cars.positionM[slot]!
  for (let other = tracks.first[beside]!; other !== NONE; other = cars.behind[other]!) {
    const otherM = cars.positionM[other]!
    if (otherM < positionM - cars.lengthM[slot]!) return false
    const wants = (cars.wantedLanes[other]! & (1 << tracks.fromKerb[lane]!)) !== 0
    const needs = (cars.wantedLanes[other]! & (1 << tracks.fromKerb[beside]!)) === 0
    const abreast = otherM - cars.lengthM[other]! <= positionM
    if (!(wants && needs && abreast) || cars.standsSinceMs[other] === NONE) continue
    tracks.remove(cars, slot)
    tracks.remove(cars, other)
    cars.positionM[slot] = otherM
    cars.positionM[other] = positionM
    settle(flow, slot, beside)
    settle(flow, other, lane)
    return true
  }
  return false
}

/** Asks the first one there who is wholly behind: whoever is abreast cannot make room. */
function askToBeLetIn({ tracks, cars }: Flow, slot: Slot, beside: LaneNumber): void {
  // The same room that a change needs, or both would wait for each other.
  const rearM = cars.positionM[slot]! - cars.lengthM[slot]! - cars.standingGapM[slot]! / 2
  let follower = NONE
  let other = tracks.last[beside]!
  for (; other !== NONE && cars.positionM[other]! <= rearM; other = cars.ahead[other]!) follower = other
  if (follower !== NONE) cars.letsIn[follower] = slot
}

function isBetter(flow: Flow, slot: Slot, lane: LaneNumber, beside: LaneNumber): boolean {
  const { tracks } = flow
  const own = attainableMps(flow, slot, flow.cars.ahead[slot]!)
  const there = attainableMps(flow, slot, leaderIn(flow, slot, beside))
  if (there > own + GAIN_MPS) return true
  return there >= own && tracks.vehicles[lane]! - tracks.vehicles[beside]! > GAIN_VEHICLES
}

function attainableMps(flow: Flow, slot: Slot, leader: Slot): number {
  const limitMps = limitOf(flow, slot, flow.cars.track[slot]!)
  if (leader === NONE) return limitMps
  return Math.min(limitMps, behindMps(flow, slot, leader, flow.cars.positionM[leader]! - flow.cars.positionM[slot]!))
}

/** Whether neither the one who changes nor his new follower has to brake harder than that share of what they brake with. */
function isSafe(flow: Flow, slot: Slot, beside: LaneNumber, braking: number): boolean {
  const { cars, stepS } = flow
  const leader = leaderIn(flow, slot, beside)
  const slowerMps = cars.decelerationMps2[slot]! * stepS
  if (leader !== NONE) {
    const aheadM = cars.positionM[leader]! - cars.positionM[slot]!
    if (aheadM < cars.lengthM[leader]! + cars.standingGapM[slot]! / 2) return false
    if (behindMps(flow, slot, leader, aheadM) < cars.speedMps[slot]! - slowerMps) return false
  }
  const follower = followerIn(flow, slot, beside)
  if (follower === NONE) return hasRoomBehind(flow, slot)
  const aheadM = cars.positionM[slot]! - cars.positionM[follower]!
  if (aheadM < cars.lengthM[slot]! + cars.standingGapM[slot]! / 2) return false
  return (
    behindMps(flow, follower, slot, aheadM) >=
    cars.speedMps[follower]! - cars.decelerationMps2[follower]! * stepS * braking
  )
}

/** Nobody follows on this lane yet: his tail must be in it, or those who come from a junction would be cut off. */
const hasRoomBehind = ({ cars }: Flow, slot: Slot): boolean => cars.positionM[slot]! > cars.lengthM[slot]!

function leaderIn({ tracks, cars }: Flow, slot: Slot, lane: LaneNumber): Slot {
  let leader = NONE
  const positionM = cars.positionM[slot]!
  for (let other = tracks.last[lane]!; other !== NONE; other = cars.ahead[other]!) {
    leader = other
    if (cars.positionM[other]! > positionM) return leader
  }
  return NONE
}

function followerIn({ tracks, cars }: Flow, slot: Slot, lane: LaneNumber): Slot {
  const positionM = cars.positionM[slot]!
  let follower = NONE
  for (
    let other = tracks.last[lane]!;
    other !== NONE && cars.positionM[other]! <= positionM;
    other = cars.ahead[other]!
  )
    follower = other
  return follower
}

function change(flow: Flow, slot: Slot, lane: LaneNumber): void {
  flow.tracks.remove(flow.cars, slot)
  settle(flow, slot, lane)
}

function settle(flow: Flow, slot: Slot, lane: LaneNumber): void {
  flow.tracks.insert(flow.cars, slot, lane)
  flow.cars.changedLaneAtMs[slot] = flow.nowMs
  flow.cars.letsIn[slot] = NONE
  chooseWay(flow, slot, lane)
}
