/** Queues and arrivals of many lanes, second by second: as they were believed, and as they were. */

/** Arrivals are compared by tens of seconds from now, up to a minute. */
export const BIN_S = 10
export const BINS = 6
/** Waiting, then each bin. */
const VALUES = 1 + BINS

/** Facts of a lane that the truth and the verdict need. */
export interface JudgedLane {
  /** Unique over all intersections. */
  readonly key: string
  readonly kind: LaneKind
  readonly sees: 'loops' | 'camera'
  /** From the advance loop, or where none is from the beginning of the lane, to the stop line. */
  readonly lookM: number
  /** What is driven towards the light. */
  readonly cruiseMps: number
}

export const LANE_KINDS = ['through', 'left', 'mixed'] as const
export type LaneKind = (typeof LANE_KINDS)[number]

export class LaneSeconds {
  readonly #places: ReadonlyMap<string, number>
  readonly #lanes: number
  readonly #seconds: number
  readonly #values: Float32Array

  constructor(lanes: readonly JudgedLane[], seconds: number) {
    this.#places = new Map(lanes.map(({ key }, place) => [key, place]))
    this.#lanes = lanes.length
    this.#seconds = seconds
    this.#values = new Float32Array(seconds * lanes.length * VALUES)
  }

  /** `bin`: from 0; null = those who wait. Seconds before the first and behind the last are nobody's. */
  add(second: number, lane: string, { bin, vehicles }: { bin: number | null; vehicles: number }): void {
    const place = this.#places.get(lane)
    if (place === undefined || second < 0 || second >= this.#seconds || (bin !== null && bin >= BINS)) return
    const index = (second * this.#lanes + place) * VALUES + (bin === null ? 0 : bin + 1)
    this.#values[index] = (this.#values[index] ?? 0) + vehicles
  }

  get(second: number, lane: string, bin: number | null): number {
    const place = this.#places.get(lane) ?? -1
    return this.#values[(second * this.#lanes + place) * VALUES + (bin === null ? 0 : bin + 1)] ?? 0
  }
}
