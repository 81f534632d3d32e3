/** What the asphalt feels: for each detector, how many vehicles are over it now. */
import type { Approach, Lane, StreetReadings } from './street.ts'

/** Reads the detectors of a junction; a camera zone sums its lanes. */
export function readLoops(approaches: readonly Approach[], { vehicles, occupied }: StreetReadings): void {
  vehicles.fill(0)
  for (const approach of approaches) for (const lane of approach.lanes) addLane(lane, vehicles)
  for (let detector = 0; detector < vehicles.length; detector++) occupied[detector] = vehicles[detector] === 0 ? 0 : 1
}

function addLane(lane: Lane, vehicles: Uint16Array): void {
  for (const { detector, upstreamM, downstreamM } of lane.loops) {
    let over = vehicles[detector] ?? 0
    for (const { positionM, lengthM } of lane.vehicles) {
      if (positionM <= upstreamM) break // Those behind are further away.
      if (positionM - lengthM < downstreamM) over++
    }
    vehicles[detector] = over
  }
}
