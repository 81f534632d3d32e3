/** The sceptic's eye on intergreens: nobody begins before the time since the end of the other has passed. */
import { hasBit } from '#base/bits.ts'
import type { HeadSource, Intergreen } from '#signal/heads.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { SignalStatus } from '#signal/status.ts'

interface Pair {
  readonly intergreen: Intergreen
  /** Since the end of the right of way of `from`. */
  offMs: number
  fromOn: boolean
  toOn: boolean
}

export class IntergreenWatch {
  readonly #intersection: Intersection
  readonly #pairs: readonly Pair[]
  readonly faults: string[] = []

  constructor(intersection: Intersection) {
    this.#intersection = intersection
    this.#pairs = intersection.intergreens.map((intergreen) => ({
      intergreen,
      offMs: Infinity,
      fromOn: false,
      toOn: false,
    }))
  }

  see(status: SignalStatus, elapsedMs: number): void {
    for (const pair of this.#pairs) {
      const { from, to, ms } = pair.intergreen
      const fromOn = this.#isOn(status, from)
      const toOn = this.#isOn(status, to)
      pair.offMs = fromOn || pair.fromOn ? 0 : pair.offMs + elapsedMs
      if (toOn && !pair.toOn && !fromOn && pair.offMs < ms)
        this.faults.push(`${nameOf(to)} begins ${pair.offMs} of ${ms} ms after ${nameOf(from)}`)
      pair.fromOn = fromOn
      pair.toOn = toOn
    }
  }

  #isOn(status: SignalStatus, head: HeadSource): boolean {
    if (head.kind === 'vehicle') return hasBit(status.greens, head.phase)
    if (head.kind === 'pedestrian') return hasBit(status.walks | status.pedClears, head.phase)
    if (head.kind === 'flashingArrow') return hasBit(status.overlapFlashes, head.overlap)
    const overlap = this.#intersection.overlaps.find(({ id }) => id === head.overlap)
    const clears = overlap?.kind === 'pedestrian' ? status.overlapYellows : 0
    return hasBit(status.overlapGreens | clears, head.overlap)
  }
}

const nameOf = (head: HeadSource): string => `${head.kind} ${'overlap' in head ? head.overlap : head.phase}`
