/** Random arrivals whose rate follows the clock: Poisson, by a unit process on the arrivals that are expected. */
import { nextExponential, type RandomStream } from '#base/random.ts'

/** Expected arrivals per hour, asked for at the beginning of each minute of the run. */
export type PerHourAt = (runMs: number) => number

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/**
 * The moments of arrival, one after another. They come out the same in whatever steps they are asked for, since whole
 * minutes are reckoned, each with one rate. Another rate moves the moments and leaves their order: the n-th is who he is.
 */
export class Arrivals {
  readonly #stream: RandomStream
  readonly #perHourAt: PerHourAt
  /** Expected arrivals until the next one. */
  #debt: number
  /** Up to here everything is reckoned. */
  #reachedMs = 0
  #minute = { endMs: 0, perHour: 0 }
  #nextMs: number | null = null

  constructor(stream: RandomStream, perHourAt: PerHourAt) {
    this.#stream = stream
    this.#perHourAt = perHourAt
    this.#debt = nextExponential(stream)
  }

  /** When the next one comes, if that is before `untilMs`; null while nobody does. */
  take(untilMs: number): number | null {
    while (this.#nextMs === null && this.#reachedMs < untilMs) this.#reckonMinute()
    const nextMs = this.#nextMs
    if (nextMs === null || nextMs >= untilMs) return null
    this.#nextMs = null
    return nextMs
  }

  /** To the next arrival, or to the end of the minute. */
  #reckonMinute(): void {
    if (this.#reachedMs >= this.#minute.endMs)
      this.#minute = {
        endMs: this.#minute.endMs + MINUTE_MS,
        perHour: Math.max(0, this.#perHourAt(this.#minute.endMs)),
      }
    const { endMs, perHour } = this.#minute
    const expected = (perHour * (endMs - this.#reachedMs)) / HOUR_MS
    if (this.#debt >= expected) {
      this.#debt -= expected
      this.#reachedMs = endMs
    } else {
      this.#reachedMs += (this.#debt * HOUR_MS) / perHour
      this.#nextMs = Math.floor(this.#reachedMs)
      this.#debt = nextExponential(this.#stream)
    }
  }
}
