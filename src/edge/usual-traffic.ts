/** What each detector usually counts in this quarter-hour of the week, learnt while it is believed; and how many should have come since it counted last. */
import type { DetectorId } from '#base/id.ts'
import {
  countFlows,
  expectedFlow,
  NO_HISTORY_YET,
  type FlowHistory,
  type StreamHistory,
} from '#control/queues/history.ts'
import type { IntersectionView } from '#signal/view.ts'

/** By detector number. */
export type DetectorHistory = Readonly<Record<string, StreamHistory>>

/** Often enough for vehicles that are counted by the dozen. */
const TURN_MS = 5_000
/** One day that is alike says enough of a silence that goes on for dozens of vehicles. */
const SURE_LEAST = 0.07
/** Today is what the last quarter of an hour was, as a smoothed share of what is usual. */
const TODAY_MS = 900_000
/** Of few vehicles no share is known: at night today is as usual. */
const TODAY_PRIOR = 3

const MS_A_SECOND = 1_000

export interface WatchedDetector {
  readonly id: DetectorId
  /** It has counted somebody lately. */
  readonly isAlive: boolean
}

type Now = Pick<IntersectionView, 'nowMonoMs' | 'nowEpochMs' | 'schedule'>

export class UsualTraffic {
  #history: FlowHistory
  /** Since the last turn, by detector. */
  #counted: Record<string, number> = {}
  readonly #missed = new Map<DetectorId, number>()
  #turnMonoMs: number | null = null
  /** Of all that are believed, lately: who came, and who usually does. */
  #came = 0
  #usual = 0

  constructor(learnt: DetectorHistory = {}) {
    this.#history = { ...NO_HISTORY_YET, streams: learnt }
  }

  get learnt(): DetectorHistory {
    return this.#history.streams
  }

  /** Vehicles over a detector that is believed. */
  note(detector: DetectorId, vehicles: number): void {
    this.#counted[detector] = (this.#counted[detector] ?? 0) + vehicles
    this.#missed.delete(detector)
  }

  /** It is watched anew: what may have come in a silence of the wire is not missed. */
  forget(detector: DetectorId): void {
    this.#missed.delete(detector)
  }

  /** How many should have come since it counted last; null where nobody knows what usually comes. */
  missed(detector: DetectorId): number | null {
    return this.#missed.get(detector) ?? (this.#expected(detector) === null ? null : 0)
  }

  /** One tick; `watched`: who is believed now, asked for when it is due. */
  step(now: Now, watched: () => readonly WatchedDetector[]): void {
    const elapsedMs = now.nowMonoMs - (this.#turnMonoMs ?? now.nowMonoMs)
    if (this.#turnMonoMs !== null && elapsedMs < TURN_MS) return
    this.#turnMonoMs = now.nowMonoMs
    const detectors = watched()
    this.#history = countFlows(this.#history, now, this.#countedBy(detectors))
    this.#compare(detectors, elapsedMs)
    this.#counted = {}
  }

  /** That nobody comes is learnt of a detector that is alive only. */
  #countedBy(detectors: readonly WatchedDetector[]): Readonly<Record<string, number>> {
    const alive = detectors.filter(({ isAlive }) => isAlive)
    return Object.fromEntries(alive.map(({ id }) => [id, this.#counted[id] ?? 0]))
  }

  /** Whoever has counted nobody has missed as many as usually come, less as much as today is less than usual. */
  #compare(detectors: readonly WatchedDetector[], elapsedMs: number): void {
    const fade = Math.max(0, 1 - elapsedMs / TODAY_MS)
    this.#came *= fade
    this.#usual *= fade
    const due = new Map<DetectorId, number>()
    // Those that are silent count too: where all are, rather nobody drives than every loop is dead.
    for (const { id } of detectors) {
      const flow = this.#expected(id)
      if (flow === null) continue
      const vehicles = (flow * elapsedMs) / MS_A_SECOND
      due.set(id, vehicles)
      this.#came += this.#counted[id] ?? 0
      this.#usual += vehicles
    }
    const today = Math.min(1, (this.#came + TODAY_PRIOR) / (this.#usual + TODAY_PRIOR))
    for (const [detector, vehicles] of due)
      if (this.#counted[detector] === undefined)
        this.#missed.set(detector, (this.#missed.get(detector) ?? 0) + vehicles * today)
  }

  /** Vehicles a second at this hour; null where it is not known well enough. */
  #expected(detector: DetectorId): number | null {
    const at = this.#history.counting?.at
    const expected = at === undefined ? null : expectedFlow(this.#history, String(detector), at)
    return expected !== null && expected.sure >= SURE_LEAST ? expected.flow : null
  }
}
