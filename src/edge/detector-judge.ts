/** What the edge finds wrong with detectors that neither their card nor their controller watches: stuck, silent, chattering. */
import type { Bits } from '#base/bits.ts'
import type { DetectorId } from '#base/id.ts'
import { DETECTOR_FAULT, type Detector } from '#signal/detector.ts'
import type { DetectorReading, IntersectionView } from '#signal/view.ts'

/** A lane carries 35 vehicles a minute at most; twice as many actuations are none. */
const ERRATIC_PER_LANE_MINUTE = 70
/** A loop is left for a moment between any two vehicles, and a queue that stands for so long is a closed street. */
export const PRESENCE_MS_MAX = 20 * 60_000
/** A zone of 40 m does not empty while its approach is oversaturated, which a peak hour may be. */
export const ZONE_PRESENCE_MS_MAX = 60 * 60_000
/** So many vehicles over the other loop of its lane, and none over this one: a few may change lanes between them, not all. */
export const PASSED_BY_MAX = 25
/** Longer than a chattering neighbour goes unnoticed. */
const PASSED_BY_MS_MIN = 3 * 60_000
/** A lane that is alone with its loop may be empty for a while; not for an hour in which so many drive elsewhere. */
const CROWD_MAX = 2_000
export const QUIET_MS_MAX = 60 * 60_000

const MINUTE_MS = 60_000
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
  /** Before, time alone finds nothing while it reads the same: no minute is over, and nobody is overdue. */
  calmUntilMonoMs: number
  /** Turn of the judge's count at which it was looked at last. */
  turn: number
  minuteMonoMs: number
  minuteCount: number
  /** Actuations of its partners, and of all detectors, since its own last one. */
  passedBy: number
  crowdThen: number
  erratic: boolean
  faults: Bits
}

/** Keeps its memory for one intersection; everything it is told comes with the view. */
export class DetectorJudge {
  readonly #traces: readonly Trace[]
  /** Actuations of all detectors that can be believed. */
  #crowd = 0
  /** Goes on with whatever one detector's reading may say of another: who was counted, and who is not believed any more. */
  #turn = 0
  /** As they were looked at last, and until when they say nothing new. */
  #seen: IntersectionView['detectors'] | null = null
  #calmUntilMonoMs = 0

  constructor(detectors: readonly Detector[]) {
    this.#traces = detectors.map(newTrace)
    for (const trace of this.#traces) trace.partners.push(...this.#traces.filter((other) => arePartners(trace, other)))
  }

  /** One tick: what has changed. A detector that cannot be read, or is not believed by others already, is left as it was. */
  step({ detectors, nowMonoMs }: Pick<IntersectionView, 'detectors' | 'nowMonoMs'>): readonly Judgement[] {
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

  /** A partner's count says nothing of a loop that has just been seen to change. */
  #isCalm({ turn, changedMonoMs, calmUntilMonoMs }: Trace, nowMonoMs: number): boolean {
    return nowMonoMs < calmUntilMonoMs && (turn === this.#turn || nowMonoMs < changedMonoMs + PASSED_BY_MS_MIN)
  }

  #look(
    trace: Trace,
    { reading, nowMonoMs, changes }: { reading: DetectorReading; nowMonoMs: number; changes: Judgement[] },
  ): void {
    this.#watch(trace, reading, nowMonoMs)
    trace.calmUntilMonoMs = calmUntil(trace, nowMonoMs)
    const now = this.#faultsOf(trace, nowMonoMs)
    if (now !== trace.faults) {
      changes.push({ detector: trace.detector.id, before: trace.faults, now })
      trace.faults = now
      // What it has counted so far was no traffic.
      for (const partner of trace.partners) partner.passedBy = 0
      this.#turn++
    }
    trace.turn = this.#turn
  }

  #watch(trace: Trace, now: DetectorReading, nowMonoMs: number): void {
    const before = trace.reading
    trace.reading = now
    if (before === null) return beginAnew(trace, this.#crowd, nowMonoMs)
    const passed = actuations(before, now)
    countMinute(trace, passed, nowMonoMs)
    if (passed === 0 && before.occupied === now.occupied) return
    trace.changedMonoMs = nowMonoMs
    if (passed === 0) return
    trace.passedBy = 0
    if (trace.faults === 0) {
      this.#crowd += passed
      this.#turn++
      for (const partner of trace.partners) partner.passedBy += passed
    }
    trace.crowdThen = this.#crowd
  }

  #faultsOf(trace: Trace, nowMonoMs: number): Bits {
    const { diagnostics, kind } = trace.detector
    const stillMs = nowMonoMs - trace.changedMonoMs
    const presenceMs = kind === 'zone' ? ZONE_PRESENCE_MS_MAX : PRESENCE_MS_MAX
    let faults: Bits = 0
    if (diagnostics.erraticCountsPerMinute === 0 && trace.erratic) faults |= DETECTOR_FAULT.erraticCounts
    if (trace.reading?.occupied) {
      if (diagnostics.maxPresenceMs === 0 && stillMs >= presenceMs) faults |= DETECTOR_FAULT.maxPresence
    } else if (diagnostics.noActivityMs === 0 && this.#isPassedBy(trace, stillMs)) faults |= DETECTOR_FAULT.noActivity
    return faults
  }

  #isPassedBy({ passedBy, crowdThen }: Trace, stillMs: number): boolean {
    if (passedBy >= PASSED_BY_MAX && stillMs >= PASSED_BY_MS_MIN) return true
    return stillMs >= QUIET_MS_MAX && this.#crowd - crowdThen >= CROWD_MAX
  }
}

const newTrace = (detector: Detector): Trace => ({
  detector,
  partners: [],
  reading: null,
  changedMonoMs: 0,
  calmUntilMonoMs: 0,
  turn: 0,
  minuteMonoMs: 0,
  minuteCount: 0,
  passedBy: 0,
  crowdThen: 0,
  erratic: false,
  faults: 0,
})

const NO_CHANGES: readonly Judgement[] = []

/** What a reading that stands may come to mean, by how long it stands. */
const LIMITS_MS = [PASSED_BY_MS_MIN, PRESENCE_MS_MAX, ZONE_PRESENCE_MS_MAX, QUIET_MS_MAX]

function calmUntil({ minuteMonoMs, changedMonoMs }: Trace, nowMonoMs: number): number {
  const minuteEndsMonoMs = minuteMonoMs + MINUTE_MS
  const limitMs = LIMITS_MS.find((each) => changedMonoMs + each > nowMonoMs) ?? Infinity
  return Math.min(minuteEndsMonoMs, changedMonoMs + limitMs)
}

function arePartners(a: Trace, b: Trace): boolean {
  const [lane, more] = a.detector.lanes
  return a !== b && more === undefined && b.detector.lanes.length === 1 && b.detector.lanes[0] === lane
}

/** After a silence nothing is known of what happened in it. */
function beginAnew(trace: Trace, crowd: number, nowMonoMs: number): void {
  trace.changedMonoMs = nowMonoMs
  trace.minuteMonoMs = nowMonoMs
  trace.minuteCount = 0
  trace.passedBy = 0
  trace.crowdThen = crowd
}

function countMinute(trace: Trace, passed: number, nowMonoMs: number): void {
  const most = ERRATIC_PER_LANE_MINUTE * trace.detector.lanes.length
  trace.minuteCount += passed
  if (trace.minuteCount > most) trace.erratic = true
  if (nowMonoMs - trace.minuteMonoMs < MINUTE_MS) return
  trace.erratic = trace.minuteCount > most
  trace.minuteMonoMs = nowMonoMs
  trace.minuteCount = 0
}

function actuations(before: DetectorReading, now: DetectorReading): number {
  const counted = (now.actuationCount - before.actuationCount + COUNTER_MODULUS) % COUNTER_MODULUS
  const seen = now.occupied && !before.occupied ? 1 : 0
  return counted > COUNT_STEP_MAX ? seen : Math.max(counted, seen)
}
