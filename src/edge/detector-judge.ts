/** What the edge finds wrong with detectors that neither their card nor their controller watches: stuck, silent, chattering. */
import type { Bits } from '#base/bits.ts'
import type { DetectorId } from '#base/id.ts'
import { DETECTOR_FAULT, type Detector } from '#signal/detector.ts'
import { USUAL_WATCH, type DetectorWatch } from '#signal/detector-watch.ts'
import type { DetectorReading, IntersectionView } from '#signal/view.ts'
import { UsualTraffic, type DetectorHistory, type WatchedDetector } from './usual-traffic.ts'

/** Three others that are covered for half as long: a street that does not move. */
const JAMMED_MIN = 3
/** Longer than any red in which a lane is empty. */
const PASSED_BY_MS_MIN = 3 * 60_000
/** The minute that runs and a whole one: by then a neighbour that chatters is found, and what it has counted is forgotten. */
const CHATTER_MS_MAX = 2 * 60_000
/** A lane that is alone with its loop may be empty for a while; not for an hour in which so many drive elsewhere. */
const CROWD_MAX = 2_000

const MINUTE_MS = 60_000
/** A card that chatters now and then: vehicles, motorcycles among them, do not come at one and a half times the rate of a minute either. */
const BURST_MS = 10_000
const BURST_SHARE = 1 / 4
/** Counters are 16 bits wide; more actuations in one scan are a counter that began anew. */
const COUNTER_MODULUS = 65_536
const COUNT_STEP_MAX = 10

/** What a change of a detector's faults was: all of them now, as bits of `DETECTOR_FAULT`. */
export interface Judgement {
  readonly detector: DetectorId
  readonly before: Bits
  readonly now: Bits
}

interface Trace {
  readonly detector: Detector
  /** Others over the same single lane. */
  readonly partners: Trace[]
  reading: DetectorReading | null
  /** Last time that it was seen to change, or its watch began. */
  changedMonoMs: number
  /** When it counted last. */
  countedMonoMs: number
  /** Before, time alone finds nothing while it reads the same: no minute is over, and nobody is overdue. */
  calmUntilMonoMs: number
  /** Turn of the judge's count at which it was looked at last. */
  turn: number
  minuteMonoMs: number
  minuteCount: number
  /** The ten seconds that its last burst of actuations began with, and how many came in them. */
  burstMonoMs: number
  burstCount: number
  /** In the minute that runs it has counted what is no traffic. */
  chatters: boolean
  /** Actuations of its partners, and of all detectors, since its own last one. */
  passedBy: number
  /** When those were enough to take it for dead; null = they are not. */
  enoughMonoMs: number | null
  crowdThen: number
  erratic: boolean
  faults: Bits
}

/** Keeps its memory for one intersection; everything it is told comes with the view. */
export class DetectorJudge {
  readonly #limits: DetectorWatch
  /** What a reading that stands may come to mean, by how long it stands. */
  readonly #limitsMs: readonly number[]
  readonly #usual: UsualTraffic
  readonly #traces: readonly Trace[]
  /** Actuations of all detectors that can be believed. */
  #crowd = 0
  /** Goes on with whatever one detector's reading may say of another: who was counted, and who is not believed any more. */
  #turn = 0
  /** As they were looked at last, and until when they say nothing new. */
  #seen: IntersectionView['detectors'] | null = null
  #calmUntilMonoMs = 0

  /** `learnt`: what each detector usually counts, as it was told before. */
  constructor(detectors: readonly Detector[], limits: DetectorWatch = USUAL_WATCH, learnt?: DetectorHistory) {
    this.#limits = limits
    this.#limitsMs = [PASSED_BY_MS_MIN, limits.stuckOnMs, limits.stuckOnZoneMs, limits.quietMs].toSorted(
      (a, b) => a - b,
    )
    this.#usual = new UsualTraffic(learnt)
    this.#traces = detectors.map(newTrace)
    for (const trace of this.#traces) trace.partners.push(...this.#traces.filter((other) => arePartners(trace, other)))
  }

  /** One tick: what has changed. A detector that cannot be read, or is not believed by others already, is left as it was. */
  step(view: Pick<IntersectionView, 'detectors' | 'nowMonoMs' | 'nowEpochMs' | 'schedule'>): readonly Judgement[] {
    const { detectors, nowMonoMs } = view
    this.#usual.step(view, () => this.#believed(nowMonoMs))
    if (detectors === this.#seen && nowMonoMs < this.#calmUntilMonoMs) return NO_CHANGES
    const turn = this.#turn
    let calmUntilMonoMs = Infinity
    const changes: Judgement[] = []
    for (const trace of this.#traces) {
      const reading = detectors.get(trace.detector.id)
      if (reading?.quality === 'good') {
        if (reading.value !== trace.reading || !this.#isCalm(trace, nowMonoMs))
          this.#look(trace, { reading: reading.value, nowMonoMs, changes })
        calmUntilMonoMs = Math.min(calmUntilMonoMs, trace.calmUntilMonoMs)
      } else trace.reading = null
    }
    this.#seen = detectors
    // Those that were looked at before somebody was counted are looked at once more.
    this.#calmUntilMonoMs = turn === this.#turn ? calmUntilMonoMs : nowMonoMs
    return changes
  }

  /** Those that are at fault by our own finding. */
  get faults(): ReadonlyMap<DetectorId, Bits> {
    return new Map(this.#traces.flatMap(({ detector, faults }) => (faults === 0 ? [] : [[detector.id, faults]])))
  }

  /** What each detector usually counts, for whoever keeps it. */
  get learnt(): DetectorHistory {
    return this.#usual.learnt
  }

  #believed(nowMonoMs: number): readonly WatchedDetector[] {
    return this.#traces.flatMap(({ detector, reading, faults, countedMonoMs }) =>
      reading === null || faults !== 0
        ? []
        : [{ id: detector.id, isAlive: nowMonoMs - countedMonoMs < this.#limits.quietMs }],
    )
  }

  /** A partner's count says nothing of a loop that has just been seen to change. */
  #isCalm({ turn, changedMonoMs, calmUntilMonoMs }: Trace, nowMonoMs: number): boolean {
    return nowMonoMs < calmUntilMonoMs && (turn === this.#turn || nowMonoMs < changedMonoMs + PASSED_BY_MS_MIN)
  }

  #look(
    trace: Trace,
    { reading, nowMonoMs, changes }: { reading: DetectorReading; nowMonoMs: number; changes: Judgement[] },
  ): void {
    this.#watch(trace, reading, nowMonoMs)
    trace.calmUntilMonoMs = this.#calmUntil(trace, nowMonoMs)
    const now = this.#faultsOf(trace, nowMonoMs)
    if (now !== trace.faults) {
      changes.push({ detector: trace.detector.id, before: trace.faults, now })
      trace.faults = now
      // What it has counted so far was no traffic.
      for (const partner of trace.partners) forgetPassed(partner)
      this.#turn++
    }
    trace.turn = this.#turn
  }

  #watch(trace: Trace, now: DetectorReading, nowMonoMs: number): void {
    const before = trace.reading
    trace.reading = now
    if (before === null) {
      this.#usual.forget(trace.detector.id)
      return beginAnew(trace, this.#crowd, nowMonoMs)
    }
    const passed = actuations(before, now)
    this.#countMinute(trace, passed, nowMonoMs)
    if (passed === 0 && before.occupied === now.occupied) return
    trace.changedMonoMs = nowMonoMs
    if (passed === 0) return
    forgetPassed(trace)
    trace.countedMonoMs = nowMonoMs
    if (trace.faults === 0) {
      this.#crowd += passed
      this.#turn++
      this.#usual.note(trace.detector.id, passed)
      for (const partner of trace.partners) this.#passBy(partner, passed, nowMonoMs)
    }
    trace.crowdThen = this.#crowd
  }

  #passBy(partner: Trace, passed: number, nowMonoMs: number): void {
    partner.passedBy += passed
    if (partner.passedBy >= this.#limits.missedVehicles) partner.enoughMonoMs ??= nowMonoMs
  }

  #faultsOf(trace: Trace, nowMonoMs: number): Bits {
    const { diagnostics, kind } = trace.detector
    const stillMs = nowMonoMs - trace.changedMonoMs
    const presenceMs = kind === 'zone' ? this.#limits.stuckOnZoneMs : this.#limits.stuckOnMs
    let faults: Bits = 0
    if (diagnostics.erraticCountsPerMinute === 0 && trace.erratic) faults |= DETECTOR_FAULT.erraticCounts
    if (trace.reading?.occupied) {
      const isCovered = diagnostics.maxPresenceMs === 0 && stillMs >= presenceMs
      if (isCovered && !this.#isJammed(trace, nowMonoMs - presenceMs / 2)) faults |= DETECTOR_FAULT.maxPresence
    } else if (diagnostics.noActivityMs === 0 && this.#isPassedBy(trace, nowMonoMs)) faults |= DETECTOR_FAULT.noActivity
    return faults
  }

  /** A queue that stands covers others too: so many, since that moment at least, are no loops that happen to be stuck at once. */
  #isJammed(trace: Trace, sinceMonoMs: number): boolean {
    const stand = (other: Trace) => other !== trace && other.reading?.occupied === true && other.faults === 0
    return this.#traces.filter((other) => stand(other) && other.changedMonoMs <= sinceMonoMs).length >= JAMMED_MIN
  }

  /** By the other loop of its lane, by what the hour usually brings, or, where nobody knows that, by those who drive elsewhere. */
  #isPassedBy({ detector, changedMonoMs, enoughMonoMs, crowdThen }: Trace, nowMonoMs: number): boolean {
    const { missedVehicles, quietMs } = this.#limits
    const stillMs = nowMonoMs - changedMonoMs
    if (stillMs < PASSED_BY_MS_MIN) return false
    if (enoughMonoMs !== null && nowMonoMs - enoughMonoMs >= CHATTER_MS_MAX) return true
    const missed = this.#usual.missed(detector.id)
    if (missed !== null) return missed >= missedVehicles
    return stillMs >= quietMs && this.#crowd - crowdThen >= CROWD_MAX
  }

  #calmUntil({ minuteMonoMs, changedMonoMs, enoughMonoMs }: Trace, nowMonoMs: number): number {
    const minuteEndsMonoMs = minuteMonoMs + MINUTE_MS
    const enough = (enoughMonoMs ?? Infinity) + CHATTER_MS_MAX
    const limitMs = this.#limitsMs.find((each) => changedMonoMs + each > nowMonoMs) ?? Infinity
    return Math.min(minuteEndsMonoMs, changedMonoMs + limitMs, enough > nowMonoMs ? enough : Infinity)
  }

  #countMinute(trace: Trace, passed: number, nowMonoMs: number): void {
    const most = this.#limits.chatterPerLaneMinute * trace.detector.lanes.length
    trace.minuteCount += passed
    if (trace.minuteCount > most || countBurst(trace, passed, nowMonoMs) > most * BURST_SHARE) trace.chatters = true
    if (trace.chatters) trace.erratic = true
    if (nowMonoMs - trace.minuteMonoMs < MINUTE_MS) return
    trace.erratic = trace.chatters
    beginMinute(trace, nowMonoMs)
  }
}

const newTrace = (detector: Detector): Trace => ({
  detector,
  partners: [],
  reading: null,
  changedMonoMs: 0,
  countedMonoMs: Number.NEGATIVE_INFINITY,
  calmUntilMonoMs: 0,
  turn: 0,
  minuteMonoMs: 0,
  minuteCount: 0,
  burstMonoMs: Number.NEGATIVE_INFINITY,
  burstCount: 0,
  chatters: false,
  passedBy: 0,
  enoughMonoMs: null,
  crowdThen: 0,
  erratic: false,
  faults: 0,
})

const NO_CHANGES: readonly Judgement[] = []

function arePartners(a: Trace, b: Trace): boolean {
  const [lane, more] = a.detector.lanes
  return a !== b && more === undefined && b.detector.lanes.length === 1 && b.detector.lanes[0] === lane
}

/** After a silence nothing is known of what happened in it. */
function beginAnew(trace: Trace, crowd: number, nowMonoMs: number): void {
  trace.changedMonoMs = nowMonoMs
  beginMinute(trace, nowMonoMs)
  trace.burstCount = 0
  forgetPassed(trace)
  trace.crowdThen = crowd
}

function beginMinute(trace: Trace, nowMonoMs: number): void {
  trace.minuteMonoMs = nowMonoMs
  trace.minuteCount = 0
  trace.chatters = false
}

/** How many have come since a burst began, which lasts ten seconds. */
function countBurst(trace: Trace, passed: number, nowMonoMs: number): number {
  if (passed === 0) return 0
  const isNew = nowMonoMs - trace.burstMonoMs >= BURST_MS
  if (isNew) trace.burstMonoMs = nowMonoMs
  trace.burstCount = isNew ? passed : trace.burstCount + passed
  return trace.burstCount
}

function forgetPassed(trace: Trace): void {
  trace.passedBy = 0
  trace.enoughMonoMs = null
}

function actuations(before: DetectorReading, now: DetectorReading): number {
  const counted = (now.actuationCount - before.actuationCount + COUNTER_MODULUS) % COUNTER_MODULUS
  const seen = now.occupied && !before.occupied ? 1 : 0
  return counted > COUNT_STEP_MAX ? seen : Math.max(counted, seen)
}
