/** A sceptic of preemption: what a cut green keeps, who is green in track clearance and dwell, and that every entry arrives. */
import { bitsOf, hasBit } from '#base/bits.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { EVENT } from '#signal/events.ts'
import type { Phase } from '#signal/phase.ts'
import type { Preempt } from '#signal/preempt.ts'
import type { SignalStatus } from '#signal/status.ts'

/** Everything that may stand between an entry and its greens, twice over: whoever is cut off may just have begun. */
function entryMs({ intersection }: ControllerDatabase): number {
  const longestMs = Math.max(
    ...intersection.phases.map(
      ({ timing: t }) =>
        t.leadingPedMs +
        t.redAmberMs +
        t.minGreenMs +
        t.walkMs +
        t.pedClearMs +
        t.yellowMs +
        t.redClearMs +
        t.redRevertMs,
    ),
  )
  const overlapMs = Math.max(
    0,
    ...intersection.overlaps.map((each) => each.trailingGreenMs + each.trailingYellowMs + each.trailingRedMs),
  )
  return 2 * (longestMs + overlapMs + Math.max(0, ...intersection.intergreens.map(({ ms }) => ms)))
}

export class PreemptWatch {
  readonly #preempts: readonly Preempt[]
  readonly #boundMs: number
  /** The newest of its codes, and whose. */
  #step: number | null = null
  #served: Preempt | null = null
  #enteringMs = 0
  /** Timers stand still: nobody can arrive. */
  #stopped = false
  readonly faults: string[] = []

  constructor(database: ControllerDatabase) {
    this.#preempts = database.preempts
    this.#boundMs = entryMs(database)
  }

  record(code: number, parameter: number): void {
    if (code === EVENT.stopTime) this.#stopped = parameter === 1
    if (code === EVENT.walk && this.#forbidsWalk()) this.faults.push(`phase ${parameter} begins to walk in a preempt`)
    if (!STEPS.has(code)) return
    this.#step = code
    this.#served = this.#preempts.find(({ number }) => number === parameter) ?? null
    if (this.#served === null) this.faults.push(`event ${code} of unknown preempt ${parameter}`)
    this.#enteringMs = 0
  }

  see(status: SignalStatus, elapsedMs: number): void {
    const served = this.#served
    if (status.flash !== 'none') this.#step = null
    if (this.#step === null || served === null) return
    if (this.#step === EVENT.preemptEntry && !this.#stopped) this.#enteringMs += elapsedMs
    if (this.#enteringMs > this.#boundMs + elapsedMs)
      this.faults.push(`preempt ${served.number} has been entering for ${this.#enteringMs} of ${this.#boundMs} ms`)
    if (status.preempt.state === 'track' && this.#step === EVENT.preemptTrack)
      this.#shows(status, served.track?.phases ?? [])
    if (status.preempt.state === 'dwell' && this.#step === EVENT.preemptDwell) this.#shows(status, served.dwell.phases)
  }

  /** What a green of the phase must have lasted where a preempt ended it. */
  leastGreenMs({ timing }: Phase): number {
    return Math.min(timing.minGreenMs, ...this.#preempts.map(({ entry }) => entry.minGreenMs))
  }

  /** What its walk must have lasted: less only while a preempt is entering or served. */
  leastWalkMs({ timing }: Phase): number {
    if (this.#step === null || this.#step === EVENT.preemptExit) return timing.walkMs
    return Math.min(timing.walkMs, ...this.#preempts.map(({ entry }) => entry.minWalkMs))
  }

  #forbidsWalk(): boolean {
    if (this.#step === EVENT.preemptEntry || this.#step === EVENT.preemptTrack)
      return this.#served?.dwell.walks !== true
    return this.#step === EVENT.preemptDwell && this.#served?.dwell.walks === false
  }

  #shows({ greens, phaseOns, reds }: SignalStatus, phases: readonly number[]): void {
    const step = `preempt ${this.#served?.number} at its code ${this.#step}`
    if (greens !== bitsOf(phases)) this.faults.push(`${step} shows greens ${greens}, not ${bitsOf(phases)}`)
    if (phaseOns !== greens || phases.some((phase) => hasBit(reds, phase))) this.faults.push(`${step} has others on`)
  }
}

const STEPS: ReadonlySet<number> = new Set([
  EVENT.preemptEntry,
  EVENT.preemptTrack,
  EVENT.preemptDwell,
  EVENT.preemptExit,
])
