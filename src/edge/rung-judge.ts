/** What a rung has to answer for: what it threw, what was refused, decisions that took too long, and longer waits than a simpler one's. */
import type { WaitsByRung } from '#control/learnt.ts'
import { RUNG_NUMBERS, type Commanding, type LaneQueue } from '#control/strategy.ts'
import type { IntersectionView } from '#signal/view.ts'
import { isTooSlow, noteDecision, type Overrun } from './overruns.ts'
import {
  MEASURED_EVERY_MS,
  nothingCompared,
  stepComparison,
  waitsOf,
  type Barring,
  type ComparisonFacts,
  type ComparisonMemory,
} from './rung-comparison.ts'
import { failed, FAILURES_APART_MS } from './supervisor.ts'
import { NOBODY_WATCHED, watchWaiting, type WaitingMemory } from './waiting-watch.ts'

/** The load of a machine passes; a street that is too much for the search is still there in five minutes. */
export const TOO_SLOW_MS = 300_000
/** A command refused for so many ticks in a row (1 s) is a strategy that does not understand its street. */
const REFUSED_TICKS_MAX = 10

export class RungJudge {
  /** Best first. */
  readonly #ladder: readonly Commanding[]
  #barrings: Barring[] = []
  #overruns: readonly Overrun[] = []
  #refusedTicks = 0
  readonly #failures = new Map<Commanding, { readonly times: number; readonly atMonoMs: number }>()
  #comparison: ComparisonMemory
  #waiting: WaitingMemory = NOBODY_WATCHED

  /** `turn`: of the intersection among all, from 0 to 1, and `waits`, which were measured before a restart; see `nothingCompared`. */
  constructor(ladder: readonly Commanding[], turn: number, waits?: WaitsByRung) {
    this.#ladder = ladder
    this.#comparison = nothingCompared(Math.round(turn * MEASURED_EVERY_MS), waits)
  }

  /** How long each rung made people wait, for whoever keeps it. */
  get waits(): WaitsByRung {
    return waitsOf(this.#comparison.records)
  }

  /** Since the last call. */
  take(): readonly Barring[] {
    const barrings = this.#barrings
    this.#barrings = []
    return barrings
  }

  /** Another rung is stood on from here. */
  begin(): void {
    this.#overruns = []
    this.#refusedTicks = 0
  }

  /** Or keeps being refused. */
  threw(rung: Commanding, nowMonoMs: number): void {
    const before = this.#failures.get(rung)
    const isInRow = before !== undefined && nowMonoMs - before.atMonoMs < FAILURES_APART_MS
    const times = isInRow ? before.times + 1 : 1
    this.#failures.set(rung, { times, atMonoMs: nowMonoMs })
    this.#barrings.push(failed(rung, times))
  }

  /** `ticks`: in a row until now. */
  refused(rung: Commanding, nowMonoMs: number): { readonly ticks: number; readonly isBarred: boolean } {
    this.#refusedTicks++
    const isBarred = this.#refusedTicks >= REFUSED_TICKS_MAX
    if (isBarred) this.threw(rung, nowMonoMs)
    return { ticks: this.#refusedTicks, isBarred }
  }

  passed(): void {
    this.#refusedTicks = 0
  }

  /** Only the planner is held to its time: without the last rung nobody would decide at all. */
  decided(rung: Commanding, decision: Overrun): void {
    if (this.#ladder.indexOf(rung) === this.#ladder.length - 1) return
    this.#overruns = noteDecision(this.#overruns, decision)
    if (!isTooSlow(this.#overruns)) return
    const mostMs = Math.round(Math.max(...this.#overruns.map(({ tookMs }) => tookMs)))
    const numbers = { rung: RUNG_NUMBERS[rung], overruns: this.#overruns.length, mostMs }
    this.#barrings.push({ rung, why: { code: 'DECIDES_TOO_SLOWLY', numbers }, forMs: TOO_SLOW_MS })
    this.#overruns = []
  }

  /** `rung`: in command of the street; null while nobody of us is. `possible`: those that could be stood on now. */
  watch(
    view: IntersectionView,
    queues: readonly LaneQueue[],
    { rung, possible }: Pick<ComparisonFacts, 'rung' | 'possible'>,
  ): void {
    const elapsedMs = view.nowMonoMs - this.#comparison.atMonoMs
    const { waiting, memory } = watchWaiting(view, queues, { before: this.#waiting, elapsedMs })
    this.#waiting = memory
    const { nowMonoMs, nowEpochMs } = view
    const facts = { nowMonoMs, nowEpochMs, ladder: this.#ladder, rung, possible, waiting }
    const { memory: compared, barrings } = stepComparison(this.#comparison, facts)
    this.#comparison = compared
    this.#barrings.push(...barrings)
  }
}
