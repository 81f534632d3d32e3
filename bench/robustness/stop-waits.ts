/** How long vehicles stand as the first before a stop line, and where the longest stood. */
import type { Intersection } from '#signal/intersection.ts'
import type { Traffic } from '#sim/traffic/flow/traffic.ts'
import { NONE } from '#sim/traffic/flow/vehicles.ts'
import { stopLanesOf } from '#sim/traffic/streets/detector-places.ts'

export interface StopWait {
  readonly lane: string
  readonly waitS: number
}

/** Who stands further back is no first: a car that has broken down, or one that waits for room to change lanes. */
const AT_LINE_M = 8

export class StopWaits {
  readonly #traffic: Traffic
  readonly #lanes: readonly { readonly name: string; readonly number: number }[]
  #longest: StopWait = { lane: 'none', waitS: 0 }

  constructor(traffic: Traffic, intersections: readonly Intersection[]) {
    this.#traffic = traffic
    const { network } = traffic.flow.tracks
    this.#lanes = intersections.flatMap((intersection) =>
      [...stopLanesOf(network, intersection)].map(([lane, number]) => ({ name: `${intersection.id} ${lane}`, number })),
    )
  }

  get longest(): StopWait {
    return this.#longest
  }

  /** After a step of the vehicles, or less often: a wait may come out so much shorter. */
  observe(): void {
    const { tracks, cars, nowMs } = this.#traffic.flow
    for (const { name, number } of this.#lanes) {
      const first = tracks.first[number] ?? NONE
      const sinceMs = first === NONE ? NONE : (cars.standsSinceMs[first] ?? NONE)
      if (sinceMs === NONE || (tracks.lengthM[number] ?? 0) - (cars.positionM[first] ?? 0) > AT_LINE_M) continue
      const waitS = (nowMs - sinceMs) / 1_000
      if (waitS > this.#longest.waitS) this.#longest = { lane: name, waitS }
    }
  }
}
