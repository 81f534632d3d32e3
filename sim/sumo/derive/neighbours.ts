/** The nearest light upstream of a lane, along the streets that feed it. */
import type { Network } from '../network/network.ts'

export interface Neighbour {
  readonly light: string
  readonly distanceM: number
}

/** Beyond it, arrivals have lost the rhythm of the light that let them go (HCM 6 ch. 19: half a mile). */
const REACH_M = 800

/** Other than `own`; who turns back where a street ends comes from nowhere. */
export function neighbourUpstream(network: Network, lane: string, own: string): Neighbour | null {
  const onward = network.connections.filter(({ direction }) => direction !== 'turn')
  const feeders = Map.groupBy(onward, ({ toLane }) => toLane)
  const reached = new Map([[lane, network.lanes.get(lane)?.lengthM ?? 0]])
  // A map goes on over what is added while it is gone through: nearest by the number of streets, then by metres.
  let nearest: Neighbour | null = null
  for (const [here, distanceM] of reached)
    for (const { fromLane, signal } of feeders.get(here) ?? []) {
      const isNearer = signal !== null && signal.light !== own && distanceM < (nearest?.distanceM ?? Infinity)
      if (isNearer) nearest = { light: signal.light, distanceM }
      const next = distanceM + (network.lanes.get(fromLane)?.lengthM ?? 0)
      if (signal === null && next <= REACH_M && !reached.has(fromLane)) reached.set(fromLane, next)
    }
  return nearest
}
