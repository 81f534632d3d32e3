/** The lights upstream of a lane, along the streets that feed it, and the ways over them that lead there. */
import type { Direction, Network } from '../network/network.ts'

export interface Neighbour {
  readonly light: string
  readonly distanceM: number
}

/** A way over a light, from its stop line on; the distance is from there. */
export interface WayUpstream extends Neighbour {
  readonly lane: string
  readonly direction: Direction
}

/** Beyond it, arrivals have lost the rhythm of the light that let them go (HCM 6 ch. 19: half a mile). */
const REACH_M = 800

/** Over lights other than `own`; who turns back where a street ends comes from nowhere. */
export function waysUpstream({ connections, lanes }: Network, lane: string, own: string): WayUpstream[] {
  const onward = connections.filter(({ direction }) => direction !== 'turn')
  const feeders = Map.groupBy(onward, ({ toLane }) => toLane)
  const reached = new Map([[lane, lanes.get(lane)?.lengthM ?? 0]])
  const ways: WayUpstream[] = []
  // A map goes on over what is added while it is gone through: nearest by the number of streets.
  for (const [here, hereM] of reached)
    for (const { fromLane, via, signal, direction } of feeders.get(here) ?? []) {
      const distanceM = hereM + (lanes.get(via ?? '')?.lengthM ?? 0)
      if (signal !== null) {
        if (signal.light !== own) ways.push({ light: signal.light, lane: fromLane, direction, distanceM })
        continue
      }
      const nextM = distanceM + (lanes.get(fromLane)?.lengthM ?? 0)
      if (nextM <= REACH_M && !reached.has(fromLane)) reached.set(fromLane, nextM)
    }
  return ways
}

export const nearest = (ways: readonly WayUpstream[]): Neighbour | null =>
  ways.reduce<WayUpstream | null>((near, way) => (way.distanceM < (near?.distanceM ?? Infinity) ? way : near), null)
