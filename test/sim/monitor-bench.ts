/** A conflict monitor that is shown lamps: one letter a channel, for so many milliseconds. */
import { withBit, type Bits } from '#base/bits.ts'
import type { Intersection } from '#signal/intersection.ts'
import { createMonitor, stepMonitor } from '#sim/cabinet/conflict-monitor/monitor.ts'
import { SAMPLE_MS } from '#sim/cabinet/conflict-monitor/sample.ts'
import type { MonitorTrip } from '#sim/cabinet/conflict-monitor/trip.ts'

/** `A` red and amber, `X` green and red, `Z` green and yellow, `-` dark. */
const LAMPS: Readonly<Record<string, string>> = {
  R: 'red',
  Y: 'yellow',
  G: 'green',
  A: 'red yellow',
  X: 'green red',
  Z: 'green yellow',
  '-': '',
}

export class MonitorBench {
  readonly #monitor: ReturnType<typeof createMonitor>
  #elapsedMs = 0
  #watchdog = false

  constructor(intersection: Intersection) {
    this.#monitor = createMonitor(intersection)
  }

  get trip(): MonitorTrip | null {
    return this.#monitor.trip
  }

  get elapsedMs(): number {
    return this.#elapsedMs
  }

  /** Channel 1 first. A watchdog turns over with every sample while it is alive. */
  show(ms: number, lamps: string, watchdog: 'alive' | 'silent' = 'alive'): this {
    const lit = (colour: string): Bits =>
      [...lamps].reduce((bits, lamp, index) => (LAMPS[lamp]!.includes(colour) ? withBit(bits, index + 1) : bits), 0)
    const sample = { reds: lit('red'), yellows: lit('yellow'), greens: lit('green') }
    for (const endMs = this.#elapsedMs + ms; this.#elapsedMs < endMs; this.#elapsedMs += SAMPLE_MS) {
      if (watchdog === 'alive') this.#watchdog = !this.#watchdog
      stepMonitor(this.#monitor, { ...sample, watchdog: this.#watchdog })
    }
    return this
  }
}
