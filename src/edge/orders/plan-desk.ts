/** The plans of one intersection in the scan cycle: which one runs, which is wanted, and how the wanted one comes to run. */
import type { IntersectionId } from '#base/id.ts'
import type { Known } from '#base/known.ts'
import type { PlanProgress, PlanState } from '#contract/plan-bundle.ts'
import { EVENT } from '#signal/events.ts'
import type { CodeAndParameter } from '../image-events.ts'
import type { Commissioned } from './planned-timing.ts'
import type { KnownTiming, PlansOf } from './plan-inbox.ts'
import type { TimingCourier } from './timing-courier.ts'

/** A transaction that nobody goes on with is dropped by the controller after 30 s; then ever more slowly, for it waits for people. */
const RETRY_MS = [35_000, 60_000, 120_000, 300_000] as const
/** A controller waits for a clear street for 15 minutes at most (`signal/transaction/transaction.ts`). */
const ARMED_MS_MAX = 960_000

export interface PlanMoment {
  readonly nowMonoMs: number
  readonly nowEpochMs: number
  /** Of the lease that we hold; 0 = none. A timing is brought under it only. */
  readonly leaseEpoch: number
}

export interface PlanDeskParts {
  readonly intersection: IntersectionId
  readonly base: Commissioned
  /** Null where the controller takes no timing from outside. */
  readonly courier: TimingCourier | null
}

interface Errand {
  readonly leaseEpoch: number
  readonly sinceMonoMs: number
}

export class PlanDesk {
  readonly #parts: PlanDeskParts
  #known: readonly KnownTiming[] = []
  #desired: KnownTiming | null = null
  /** What the street is seen by; a timing of ours has its version. */
  #runs: Commissioned
  #version = 0
  /** The version whose coming to run has been told. */
  #told = 0
  /** The controller has been read, and runs one of its timings. */
  #isSeen = false
  #state: PlanState = 'unseen'
  #why = ''
  #errand: Errand | null = null
  #failures = 0
  #retryAtMonoMs = Number.NEGATIVE_INFINITY
  #isGivenUp = false

  constructor(parts: PlanDeskParts) {
    this.#parts = parts
    this.#runs = parts.base
  }

  /** Database, limits and bounds of what runs; of what it was commissioned with until something else is seen. */
  get runs(): Commissioned {
    return this.#runs
  }

  /** The controller waits for a clear street: nobody should keep it from having one. */
  get isArmed(): boolean {
    return this.#errand !== null && this.#parts.courier?.state.at === 'armed'
  }

  get progress(): PlanProgress {
    return {
      id: this.#parts.intersection,
      state: this.#state,
      running: this.#isSeen ? this.#version : null,
      desired: this.#desired?.version ?? 0,
      why: this.#why,
    }
  }

  /** A plan has come, or the thread that keeps them has begun anew. */
  take({ known, desired, ran }: PlansOf): void {
    if (!this.#isSeen) this.#told = ran
    const wanted = known.find(({ version }) => version === desired) ?? null
    this.#known = known
    if (wanted?.version === this.#desired?.version) return
    this.#desired = wanted
    this.#goHome()
    this.#beginAnew()
  }

  /** Whether another of its timings runs than the street was seen by so far. */
  follow(hash: Known<number>): boolean {
    if (hash.quality !== 'good') return false
    const { base } = this.#parts
    const candidates = this.#desired === null ? this.#known : [this.#desired, ...this.#known]
    const runs = candidates.find((each) => each.limits.configurationHash === hash.value)
    const isOurs = runs !== undefined || base.limits.configurationHash === hash.value
    this.#isSeen = isOurs
    if (!isOurs) return false
    const version = runs?.version ?? 0
    const changes = version !== this.#version
    this.#version = version
    this.#runs = runs ?? base
    return changes
  }

  /** One tick: what is to be told of it. */
  step(moment: PlanMoment): readonly CodeAndParameter[] {
    const events: CodeAndParameter[] = []
    if (this.#isSeen && this.#version !== this.#told) {
      this.#told = this.#version
      events.push({ code: EVENT.planActive, parameter: this.#version })
    }
    const wasGivenUp = this.#isGivenUp
    this.#advance(moment)
    if (this.#isGivenUp && !wasGivenUp) events.push({ code: EVENT.planGivenUp, parameter: this.#desired?.version ?? 0 })
    return events
  }

  close(): void {
    this.#goHome()
  }

  #beginAnew(): void {
    this.#failures = 0
    this.#retryAtMonoMs = Number.NEGATIVE_INFINITY
    this.#isGivenUp = false
    this.#say('waiting', '')
  }

  #advance(moment: PlanMoment): void {
    const desired = this.#desired
    if (!this.#isSeen)
      return this.#say('unseen', 'the controller is not read, or runs a timing that nobody has approved')
    if (desired === null || desired.version === this.#version) {
      this.#goHome()
      return this.#say('running', '')
    }
    if (this.#isGivenUp) return
    if (moment.nowEpochMs >= desired.validUntilEpochMs)
      return this.#giveUp('expired', 'it had its time, and was not taken over')
    if (this.#parts.courier === null) return this.#giveUp('refused', 'the controller takes no timing from outside')
    if (this.#errand === null) this.#begin(desired, this.#parts.courier, moment)
    else this.#watch(this.#errand, this.#parts.courier, moment)
  }

  #begin(desired: KnownTiming, courier: TimingCourier, { nowMonoMs, leaseEpoch }: PlanMoment): void {
    if (leaseEpoch === 0) return this.#say('waiting', this.#why || 'the cabinet is not supervised')
    if (nowMonoMs < this.#retryAtMonoMs) return this.#say('waiting', this.#why)
    this.#errand = { leaseEpoch, sinceMonoMs: nowMonoMs }
    courier.bring({ text: desired.text, hash: desired.limits.configurationHash, leaseEpoch })
    this.#say('staging', '')
  }

  #watch(errand: Errand, courier: TimingCourier, { nowMonoMs, leaseEpoch }: PlanMoment): void {
    const { state } = courier
    if (state.at === 'failed' && state.isFinal) {
      this.#goHome()
      return this.#giveUp('refused', state.why)
    }
    if (state.at === 'failed') return this.#tryAgain(state.why, nowMonoMs)
    // The controller drops what was begun under a lease that has ended.
    if (leaseEpoch !== errand.leaseEpoch) return this.#tryAgain('supervision was lost meanwhile', nowMonoMs)
    if (nowMonoMs - errand.sinceMonoMs > ARMED_MS_MAX) return this.#tryAgain('the street was never clear', nowMonoMs)
    this.#say(state.at === 'armed' ? 'armed' : 'staging', '')
  }

  #tryAgain(why: string, nowMonoMs: number): void {
    this.#goHome()
    this.#retryAtMonoMs = nowMonoMs + (RETRY_MS[this.#failures] ?? RETRY_MS[RETRY_MS.length - 1] ?? 0)
    this.#failures++
    this.#say('waiting', why)
  }

  #giveUp(state: PlanState, why: string): void {
    this.#goHome()
    this.#isGivenUp = true
    this.#say(state, why)
  }

  #goHome(): void {
    if (this.#errand === null) return
    this.#errand = null
    this.#parts.courier?.drop()
  }

  #say(state: PlanState, why: string): void {
    this.#state = state
    this.#why = why
  }
}
