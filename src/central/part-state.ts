/** Whether a part that central depends on is there, why not, and since when. */
import type { Clock } from '#base/clock.ts'

export interface PartState {
  readonly up: boolean
  /** Where it is, or what keeps it away. */
  readonly detail: string
  readonly sinceEpochMs: number
}

/** Remembers when a part last came or went. */
export class PartWatch {
  readonly #clock: Clock
  #state: PartState

  constructor(clock: Clock, detail: string) {
    this.#clock = clock
    this.#state = { up: false, detail, sinceEpochMs: clock.epochMs() }
  }

  get state(): PartState {
    return this.#state
  }

  /** True when it came or went by this, or stays away for another reason than before. */
  set(up: boolean, detail: string): boolean {
    const { up: wasUp, detail: before, sinceEpochMs } = this.#state
    this.#state = { up, detail, sinceEpochMs: up === wasUp ? sinceEpochMs : this.#clock.epochMs() }
    return up !== wasUp || (!up && detail !== before)
  }
}
