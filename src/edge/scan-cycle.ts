/** The heartbeat: ten ticks a second on the monotonic clock, each with one wait to read and one to write, and its own measurements. */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import type { Clock } from '#base/clock.ts'
import { firstSlot, nextSlot, type Slot } from './cadence.ts'
import { PROMPT_MS } from './device-link.ts'
import type { Neighbourhood } from './neighbourhood.ts'
import { ScanStep } from './scan-step.ts'
import { wakeAfter, type Waker } from './wake.ts'
import type { WiredIntersection } from './wired-intersection.ts'

/** 10 Hz: a loop's occupancy is still resolved, and twelve controllers are read and written within a fraction of it. */
export const PERIOD_MS = 100
/** The tick waits for answers no longer than this: what comes later counts for the next tick, and delays nobody in this one. */
const READ_MS_MAX = PROMPT_MS
/** Nor for writes. */
const WRITE_MS_MAX = 15
/** Nor for both, from its begin: what woke late, or was decided slowly, is taken from the wait for writes, so that half of the period stays free. */
const WAITS_MS_MAX = READ_MS_MAX + WRITE_MS_MAX

export interface Spread {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** Since the cycle began, or its measurements were begun anew. */
export interface ScanStats {
  readonly ticks: number
  /** Slots in which no tick began. */
  readonly missed: number
  /** How late ticks began. */
  readonly lateness: Spread
  /** How long ticks took, from their begin to the end of the last write or its deadline. */
  readonly duration: Spread
}

type Scanned = Pick<WiredIntersection, 'read' | 'decide' | 'write' | 'abandon'>

export class ScanCycle {
  readonly #clock: Clock
  readonly #intersections: readonly Scanned[]
  readonly #step: ScanStep
  readonly #lateness = createHistogram()
  readonly #duration = createHistogram()
  #ticks = 0
  #missed = 0
  #wake: (() => void) | null = null
  #stopped = false

  constructor(clock: Clock, intersections: readonly Scanned[], neighbourhood: Neighbourhood | null = null) {
    this.#clock = clock
    this.#intersections = intersections
    this.#step = new ScanStep(clock, neighbourhood)
  }

  /** Runs until `stop`; resolves when the last tick is done. */
  async run(): Promise<void> {
    let slot: Slot = firstSlot(this.#clock.monoMs())
    while (!this.#stopped) {
      const startedMonoMs = this.#clock.monoMs()
      await this.tick()
      const endedMonoMs = this.#clock.monoMs()
      record(this.#lateness, startedMonoMs - slot.dueMonoMs)
      record(this.#duration, endedMonoMs - startedMonoMs)
      slot = nextSlot(slot, PERIOD_MS, endedMonoMs)
      this.#missed += slot.missed
      await this.#sleep(slot.dueMonoMs - endedMonoMs)
    }
  }

  /** One tick. An intersection whose step throws is left out of the write and so renews nothing; the others go on. */
  async tick(): Promise<void> {
    const clock = this.#clock
    const waitUntilMonoMs = clock.monoMs() + WAITS_MS_MAX
    await within(
      { clock, ms: READ_MS_MAX },
      this.#intersections.map((each) => each.read()),
    )
    const decided = this.#step.decide(this.#intersections)
    const writes = decided.map((each) => each.write())
    const leftMs = Math.max(0, waitUntilMonoMs - clock.monoMs())
    await within({ clock, ms: Math.min(WRITE_MS_MAX, leftMs) }, writes)
    this.#ticks++
  }

  stop(): void {
    this.#stopped = true
    this.#wake?.()
  }

  stats(): ScanStats {
    return {
      ticks: this.#ticks,
      missed: this.#missed,
      lateness: spreadOf(this.#lateness),
      duration: spreadOf(this.#duration),
    }
  }

  resetStats(): void {
    this.#lateness.reset()
    this.#duration.reset()
    this.#ticks = 0
    this.#missed = 0
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#stopped) return
    await new Promise<void>((resolve) => {
      const callOff = wakeAfter(this.#clock, Math.max(0, ms), resolve)
      this.#wake = () => {
        callOff()
        resolve()
      }
    })
    this.#wake = null
  }
}

/** Waits for all of them, but no longer than `ms`; what is late goes on by itself. */
async function within({ clock, ms }: { clock: Waker; ms: number }, work: readonly Promise<void>[]): Promise<void> {
  const { promise: deadline, resolve } = Promise.withResolvers<void>()
  const callOff = wakeAfter(clock, ms, resolve)
  await Promise.race([Promise.all(work), deadline])
  callOff()
}

/** A histogram takes whole numbers from 1: microseconds, one of them added. */
const record = (histogram: RecordableHistogram, ms: number) => histogram.record(Math.max(1, Math.round(ms * 1_000) + 1))

function spreadOf(histogram: RecordableHistogram): Spread {
  if (histogram.count === 0) return { p50Ms: 0, p99Ms: 0, maxMs: 0 }
  const ms = (microseconds: number) => Math.round(microseconds / 100) / 10
  return { p50Ms: ms(histogram.percentile(50)), p99Ms: ms(histogram.percentile(99)), maxMs: ms(histogram.max) }
}
