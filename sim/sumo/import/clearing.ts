/** How far a vehicle drives from the stop line until it is past everybody whom it could hit. */
import type { DerivedLight } from '../derive/derive-lights.ts'
import { isGreen } from '../derive/stages.ts'
import type { Network } from '../network/network.ts'

/** What the files allow; a way over a roundabout may be longer. */
const CLEARS_MOST_M = 200

/** By stage, rounded up: the longest way inside the junction that is green in it. */
export function clearsByStage({ stages, movements }: DerivedLight, network: Network): number[] {
  const ways = movements
    .filter(({ onFoot }) => !onFoot)
    .map(({ link, fromLane, toLane }) => ({ link, lengthM: insideM(network, fromLane, toLane) }))
  return stages.map(({ state }) => {
    const green = ways.filter(({ link }) => isGreen(state[link])).map(({ lengthM }) => lengthM)
    return Math.min(CLEARS_MOST_M, Math.ceil(Math.max(0, ...green)))
  })
}

/** A way may lead over a place to wait in the middle: then it has several lanes inside. */
function insideM({ connections, lanes }: Network, fromLane: string, toLane: string): number {
  const seen = new Set<string>()
  let lengthM = 0
  let via = connections.find((way) => way.fromLane === fromLane && way.toLane === toLane)?.via ?? null
  while (via !== null && !seen.has(via)) {
    const inside: string = via
    seen.add(inside)
    lengthM += lanes.get(inside)?.lengthM ?? 0
    via = connections.find((way) => way.fromLane === inside)?.via ?? null
  }
  return lengthM
}
