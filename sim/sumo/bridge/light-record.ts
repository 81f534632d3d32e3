/** What a light has shown while it was watched: greens, how often they came round, and who waited longest for one. */
import { hasBit, listBits } from '#base/bits.ts'
import type { SignalStatus } from '#signal/status.ts'

export interface ShownGreens {
  readonly greens: number
  /** Between two greens of the same stage, over all stages; null before any has come twice. */
  readonly meanCycleMs: number | null
  readonly shortestCycleMs: number | null
  readonly longestCycleMs: number | null
  /** From the first call of a stage, or from the beginning, to its green. */
  readonly longestWaitMs: number
}

export class LightRecord {
  #greens = 0
  /** null = nothing was seen yet: what is green then began before. */
  #before: number | null = null
  readonly #beganMs = new Map<number, number>()
  readonly #calledMs = new Map<number, number>()
  #cycles = 0
  #cyclesMs = 0
  #shortestMs = Infinity
  #longestMs = 0
  #longestWaitMs = 0

  note({ greens, vehicleCalls, pedestrianCalls }: SignalStatus, nowMs: number): void {
    const begun = greens & ~(this.#before ?? greens)
    this.#before = greens
    if (begun !== 0) for (const phase of listBits(begun >>> 0)) this.#begin(phase, nowMs)
    const waiting = ((vehicleCalls | pedestrianCalls) & ~greens) >>> 0
    for (const [phase, sinceMs] of this.#calledMs) {
      this.#longestWaitMs = Math.max(this.#longestWaitMs, nowMs - sinceMs)
      if (!hasBit(waiting, phase)) this.#calledMs.delete(phase)
    }
    if (waiting === 0) return
    for (const phase of listBits(waiting)) if (!this.#calledMs.has(phase)) this.#calledMs.set(phase, nowMs)
  }

  get shown(): ShownGreens {
    const some = this.#cycles > 0
    return {
      greens: this.#greens,
      meanCycleMs: some ? Math.round(this.#cyclesMs / this.#cycles) : null,
      shortestCycleMs: some ? this.#shortestMs : null,
      longestCycleMs: some ? this.#longestMs : null,
      longestWaitMs: this.#longestWaitMs,
    }
  }

  #begin(phase: number, nowMs: number): void {
    this.#greens++
    const lastMs = this.#beganMs.get(phase)
    this.#beganMs.set(phase, nowMs)
    if (lastMs === undefined) return
    const cycleMs = nowMs - lastMs
    this.#cycles++
    this.#cyclesMs += cycleMs
    this.#shortestMs = Math.min(this.#shortestMs, cycleMs)
    this.#longestMs = Math.max(this.#longestMs, cycleMs)
  }
}
