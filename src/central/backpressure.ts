/** Asks the edges for patience with their backlogs while more comes in than the store takes; live events are not held back. */
import { MESSAGE_VERSION } from '#contract/messages.ts'
import type { Throttle } from '#contract/edge-words.ts'

/** A third of what ingest lets wait. */
export const THROTTLE_ABOVE_BATCHES = 300
/** Of one edge: enough to be seen to go on, and a thousand edges together stay below what a worker takes. */
const THROTTLED_EVENTS_PER_S = 20
const THROTTLE_FOR_MS = 10_000
/** Said anew while it lasts. */
const SAY_EVERY_MS = 5_000

export class Backpressure {
  readonly #say: (edge: string, throttle: Throttle) => void
  readonly #monoMs: () => number
  readonly #saidAtMs = new Map<string, number>()

  constructor(say: (edge: string, throttle: Throttle) => void, monoMs: () => number) {
    this.#say = say
    this.#monoMs = monoMs
  }

  /** A batch of the edge has come while so many others wait. */
  heard(edge: string, waitingBatches: number): void {
    if (waitingBatches <= THROTTLE_ABOVE_BATCHES) return
    const nowMs = this.#monoMs()
    if (nowMs - (this.#saidAtMs.get(edge) ?? Number.NEGATIVE_INFINITY) < SAY_EVERY_MS) return
    this.#saidAtMs.set(edge, nowMs)
    this.#say(edge, { v: MESSAGE_VERSION, backlogEventsPerS: THROTTLED_EVENTS_PER_S, forMs: THROTTLE_FOR_MS })
  }
}
