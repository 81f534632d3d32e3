/** Watches the stop lines of a city: how many cross each, and how long the slowest of them has waited there. */
import type { Traffic } from '#sim/traffic/flow/traffic.ts'

export interface MovementSeen {
  /** Its lane and its turn. */
  readonly movement: string
  readonly crossed: number
  /** Standing on the approach, those who still do included. */
  readonly longestWaitMs: number
}

export class StopLineWatch {
  readonly #traffic: Traffic
  readonly #crossed: Uint32Array
  readonly #longestS: Float64Array

  constructor(traffic: Traffic) {
    this.#traffic = traffic
    const ways = traffic.flow.tracks.network.ways.length
    this.#crossed = new Uint32Array(ways)
    this.#longestS = new Float64Array(ways)
  }

  /** After every tick; what happened in a step of the vehicles is counted once. */
  look(): void {
    const { flow, nowMs } = this.#traffic
    if (nowMs % flow.stepMs !== 0) return
    for (let i = 0; i < flow.crossed.length; i += 2) this.#note(flow.crossed[i]!, flow.crossed[i + 1]!, 1)
  }

  get movements(): readonly MovementSeen[] {
    const { cars, tracks } = this.#traffic.flow
    for (let slot = 0; slot < cars.top; slot++)
      if (cars.track[slot]! >= 0 && tracks.isLane(cars.track[slot]!) && cars.nextWay[slot]! >= 0)
        this.#note(slot, cars.nextWay[slot]!, 0)
    const { ways, lanes, junctions } = tracks.network
    return ways.flatMap(({ from, turn, junction }, way) =>
      junctions[junction]?.intersection === null
        ? []
        : [
            {
              movement: `${lanes[from]?.id} ${turn}`,
              crossed: this.#crossed[way]!,
              longestWaitMs: Math.round(this.#longestS[way]! * 1_000),
            },
          ],
    )
  }

  #note(slot: number, way: number, crossed: number): void {
    const { waitedS, waitedBeforeS } = this.#traffic.flow.cars
    this.#crossed[way]! += crossed
    this.#longestS[way] = Math.max(this.#longestS[way]!, waitedS[slot]! - waitedBeforeS[slot]!)
  }
}
