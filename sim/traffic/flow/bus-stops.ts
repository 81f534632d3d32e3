/** Buses at their stops: they stand in their lane, as long as people get in and out. */
import type { TrackNumber } from '../streets/street-network.ts'
import type { Flow } from './flow.ts'
import { chooseWay, STANDING_MPS } from './move.ts'
import { stopWithinMps } from './safe-speed.ts'
import type { Slot } from './vehicles.ts'

/** A bus that stands so near to its stop is there. */
const THERE_M = 2

/** Safe speed towards the next stop on this edge; once there, 0 until the dwell is over. */
export function busStopMps(flow: Flow, slot: Slot, track: TrackNumber): number {
  const { cars, stepMs } = flow
  const stop = cars.tripOf(slot).stops[cars.stopsServed[slot]!]
  if (stop === undefined || !flow.tracks.isLane(track)) return Infinity
  const toStopM = stop.atM - cars.positionM[slot]!
  if (cars.speedMps[slot]! >= STANDING_MPS || toStopM > THERE_M) return stopWithinMps(flow, slot, Math.max(0, toStopM))
  cars.stoodAtStopMs[slot]! += stepMs
  if (cars.stoodAtStopMs[slot]! < stop.dwellMs) return 0
  cars.stoodAtStopMs[slot] = 0
  cars.stopsServed[slot]!++
  chooseWay(flow, slot, track)
  return Infinity
}
