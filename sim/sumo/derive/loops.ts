/** Where the loops of a real street would lie on the lanes of a network. */
import type { Lane, Network } from '../network/network.ts'

/** A point of a lane, from its beginning. */
export interface LoopPlace {
  readonly lane: string
  readonly positionM: number
}

/** Behind the stop line: the first car that waits stands on it. */
export const STOP_BAR_SETBACK_M = 2

/** Far enough for a driver to be seen in time, near enough to be sure of him: 8 to 16 s of free travel, about 100 to 150 m. */
const ADVANCE = { travelS: 9, leastS: 8, mostS: 16, leastM: 100, mostM: 150 } as const

/** Not on the joint of two lanes. */
const END_M = 0.1

/** Where the network begins, whoever enters it stands with his whole length, and some, on the first metres: no loop would see him come. */
const ENTRY_M = 8

/** Where an advance loop of a lane lies, and how far from the stop line that is. */
export interface AdvancePlace extends LoopPlace {
  readonly setbackM: number
}

export function advanceSetbackM({ speedMps }: Lane): number {
  const { travelS, leastS, mostS, leastM, mostM } = ADVANCE
  const aboutM = Math.min(mostM, Math.max(leastM, travelS * speedMps))
  return Math.round(Math.min(mostS * speedMps, Math.max(leastS * speedMps, aboutM)))
}

export const stopBarPlace = (lane: Lane): LoopPlace => ({
  lane: lane.id,
  positionM: Math.max(END_M, lane.lengthM - STOP_BAR_SETBACK_M),
})

/**
 * So far upstream of the end of a lane, on each lane that feeds it; where the network begins sooner, near its beginning.
 * Who only turns back where a street ends feeds nothing.
 */
export function placesUpstream(network: Network, lane: Lane, distanceM: number): AdvancePlace[] {
  const places = new Map<string, AdvancePlace>()
  const onward = network.connections.filter(({ direction }) => direction !== 'turn')
  const feeders = Map.groupBy(onward, ({ toLane }) => toLane)
  const visit = ({ id, lengthM }: Lane, leftM: number, seen: readonly string[]): void => {
    const feeding = (feeders.get(id) ?? []).flatMap(({ fromLane, via }) => {
      const next = network.lanes.get(fromLane)
      const isStreet = next !== undefined && network.edges.get(next.edge)?.use === 'street'
      const inside = network.lanes.get(via ?? '')?.lengthM ?? 0
      return isStreet && next.forVehicles && !seen.includes(fromLane) ? [{ next, leftM: leftM - lengthM - inside }] : []
    })
    if (lengthM > leftM || feeding.length === 0) {
      const firstM = feeding.length === 0 ? Math.min(ENTRY_M, lengthM / 2) : END_M
      const positionM = Math.min(lengthM, Math.max(firstM, lengthM - leftM))
      places.set(id, { lane: id, positionM, setbackM: distanceM - leftM + lengthM - positionM })
      return
    }
    for (const feeder of feeding) visit(feeder.next, Math.max(0, feeder.leftM), [...seen, feeder.next.id])
  }
  visit(lane, distanceM, [lane.id])
  return [...places.values()]
}
