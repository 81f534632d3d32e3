/** The two loops of one lane, told apart by who comes first: every vehicle crosses the advance loop before it stands at the stop bar. */
import type { Detector } from '#signal/detector.ts'

/** Slower, and a vehicle is seldom still on its way from one loop to the other. */
const SLOW_MPS = 5
/** Even over two loops that touch a vehicle takes its time. */
const QUIET_MS_MIN = 5_000
/** Whoever comes to the second loop later than this many crossings is another vehicle, from the lane beside. */
const CROSSINGS_MAX = 2
/**
 * So many more vehicles must have come in the wrong order than in the right one: a random walk with a floor (Page 1954, CUSUM). Where
 * a fifth come from the lane beside, behind the advance loop, a sound lane gets so far once in 4^12 vehicles; where a third do, in 2^12.
 */
export const WRONG_ORDER_MAX = 12

const MS_A_SECOND = 1_000

interface Loop {
  /** null = not known. */
  occupied: boolean | null
  /** Since when nobody is on it, if nobody is. */
  emptyMonoMs: number
}

export class LaneOrder {
  readonly #bar: Loop = { occupied: null, emptyMonoMs: Infinity }
  readonly #advance: Loop = { occupied: null, emptyMonoMs: Infinity }
  readonly #quietMs: number
  /** Who came first after a quiet while, and when; null once the other has followed. */
  #leader: Loop | null = null
  #ledAtMonoMs = 0
  /** Wrong orders more than right ones, within 0 and the limit. */
  #wrong = 0
  #isReversed = false

  constructor(bar: Detector, advance: Detector) {
    const crossingMs = ((advance.setbackM - bar.setbackM) / SLOW_MPS) * MS_A_SECOND
    this.#quietMs = Math.max(QUIET_MS_MIN, crossingMs)
  }

  /** The stop bar is wired to the input of the advance loop, and the other way round. */
  get isReversed(): boolean {
    return this.#isReversed
  }

  /** Nobody knows who comes meanwhile. */
  forgetPresence(): void {
    this.#bar.occupied = null
    this.#advance.occupied = null
    this.#leader = null
  }

  /** One of the two, as it is read now; null = it cannot be. True where the pair is found reversed, or right again. */
  see(which: 'bar' | 'advance', occupied: boolean | null, nowMonoMs: number): boolean {
    const [loop, other] = which === 'bar' ? [this.#bar, this.#advance] : [this.#advance, this.#bar]
    const before = loop.occupied
    loop.occupied = occupied
    if (before !== occupied && occupied === false) loop.emptyMonoMs = nowMonoMs
    if (before !== false || occupied !== true) return false
    const quietSinceMonoMs = Math.max(loop.emptyMonoMs, other.emptyMonoMs)
    if (other.occupied === false && nowMonoMs - quietSinceMonoMs >= this.#quietMs) {
      this.#leader = loop
      this.#ledAtMonoMs = nowMonoMs
      return false
    }
    return this.#leader === other && this.#follow(nowMonoMs)
  }

  #follow(nowMonoMs: number): boolean {
    const crossedMs = nowMonoMs - this.#ledAtMonoMs
    const step = this.#leader === this.#bar ? 1 : -1
    this.#leader = null
    // Two at once are two vehicles.
    if (crossedMs <= 0 || crossedMs > CROSSINGS_MAX * this.#quietMs) return false
    this.#wrong = Math.min(WRONG_ORDER_MAX, Math.max(0, this.#wrong + step))
    const before = this.#isReversed
    this.#isReversed = before ? this.#wrong > 0 : this.#wrong === WRONG_ORDER_MAX
    return this.#isReversed !== before
  }
}
