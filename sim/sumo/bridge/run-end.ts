/** When a run is over: at its end, or, where none is set, when everybody has left, or nobody will. */
import type { Ending } from './report.ts'

export interface StreetNow {
  readonly nowS: number
  /** Under way, waiting to get in, and still to come. */
  readonly expected: number
  /** Since the last step. */
  readonly departed: number
  readonly arrived: number
}

export interface RunLimits {
  readonly beginS: number
  /** null = none is set. */
  readonly endS: number | null
}

/** A whole day, and the night that follows: who is not through by then is caught. */
const RUN_MOST_S = 36 * 3_600

/** Longer than any light or gap in demand keeps a street still that has not locked up. */
const STANDSTILL_S = 3_600

export class RunEnd {
  readonly #limits: RunLimits
  #underWay = 0
  #movedAtS: number

  constructor(limits: RunLimits) {
    this.#limits = limits
    this.#movedAtS = limits.beginS
  }

  /** null = it goes on. */
  after({ nowS, expected, departed, arrived }: StreetNow): Ending | null {
    this.#underWay += departed - arrived
    if (departed + arrived > 0) this.#movedAtS = nowS
    const { beginS, endS } = this.#limits
    if (endS !== null && nowS >= endS) return 'end'
    if (expected === 0) return 'everybody has left'
    if (endS !== null) return null
    if (this.#underWay > 0 && nowS - this.#movedAtS >= STANDSTILL_S) return 'nothing moves any more'
    return nowS - beginS >= RUN_MOST_S ? 'longest run' : null
  }
}
