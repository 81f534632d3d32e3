/** What a driver thinks safe, with his own habits and in this weather. */
import type { TrackNumber } from '../streets/street-network.ts'
import { brakingM, stoppingMps } from './following.ts'
import type { Flow } from './flow.ts'
import type { Slot } from './vehicles.ts'

/** Rounding, and a look at the next vehicle's tail. */
const LOOK_MARGIN_M = 5

/** What a driver would drive here alone. */
export const limitOf = ({ tracks, cars, weather }: Flow, slot: Slot, track: TrackNumber): number =>
  tracks.limitMps[track]! * cars.speedFactor[slot]! * weather.speed

/** How far ahead things matter: a reaction and a step of driving, then braking. */
export function lookM({ cars, stepS, weather }: Flow, slot: Slot, speedMps: number): number {
  const reactionS = cars.headwayS[slot]! * weather.headway + stepS
  return speedMps * reactionS + brakingM(speedMps, cars.decelerationMps2[slot]! * weather.grip, stepS) + LOOK_MARGIN_M
}

/** Safe behind a leader whose front is `aheadM` in front of one's own. */
export function behindMps(flow: Flow, slot: Slot, leader: Slot, aheadM: number): number {
  const { cars, stepS, weather } = flow
  const gapM = aheadM - cars.lengthM[leader]! - cars.standingGapM[slot]!
  return stopWithinMps(
    flow,
    slot,
    gapM + brakingM(cars.speedMps[leader]!, cars.decelerationMps2[leader]! * weather.grip, stepS),
  )
}

/** From which one comes to stand within that distance; `Infinity` where there is nothing to stop for. */
export function stopWithinMps({ cars, stepS, weather }: Flow, slot: Slot, distanceM: number): number {
  if (distanceM === Infinity) return Infinity
  const decelerationMps2 = cars.decelerationMps2[slot]! * weather.grip
  return stoppingMps(distanceM, decelerationMps2, cars.headwayS[slot]! * weather.headway, stepS)
}

/** Whether one can still stop within that distance, braking as one likes to. */
export const canStopWithin = ({ cars, stepS, weather }: Flow, slot: Slot, distanceM: number): boolean =>
  brakingM(cars.speedMps[slot]!, cars.decelerationMps2[slot]! * weather.grip, stepS) <= distanceM
