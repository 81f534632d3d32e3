/** The core of every tick, between reading and writing: each intersection decides, and one that breaks off costs itself only. */
import type { Clock } from '#base/clock.ts'
import { LEASE_MS } from './lease.ts'
import type { Neighbourhood } from './neighbourhood.ts'
import type { SupervisedIntersection } from './supervised-intersection.ts'

export type Deciding = Pick<SupervisedIntersection, 'decide' | 'abandon'>

/** The same whether the devices are asked over a wire or stand in the same memory. */
export class ScanStep {
  readonly #clock: Clock
  readonly #neighbourhood: Neighbourhood | null
  #lastMonoMs: number | null = null

  constructor(clock: Clock, neighbourhood: Neighbourhood | null = null) {
    this.#clock = clock
    this.#neighbourhood = neighbourhood
  }

  /** Those that may write now. Whoever breaks off is left out, and so renews nothing; the others go on. */
  decide<T extends Deciding>(intersections: readonly T[]): readonly T[] {
    const monoMs = this.#clock.monoMs()
    const gapMs = monoMs - (this.#lastMonoMs ?? monoMs)
    this.#lastMonoMs = monoMs
    this.#neighbourhood?.turn(monoMs)
    const tick = { monoMs, epochMs: this.#clock.epochMs(), stalledMs: gapMs > LEASE_MS ? gapMs : null }
    return intersections.filter((each) => {
      try {
        each.decide(tick)
        return true
      } catch (error) {
        each.abandon(error)
        return false
      }
    })
  }
}
