/** One intersection under supervision: all that lies between reading and writing, in one synchronous step on a frozen image. */
import type { Log } from '#base/log.ts'
import { hashText, uniformFor } from '#base/random.ts'
import type { Learnt } from '#control/learnt.ts'
import type { Commanding, Decision, LaneQueue, QueueEstimator, Reason, Rung, Strategy } from '#control/strategy.ts'
import type { Refusal } from '#safety/envelope.ts'
import { STALE_AFTER_MS } from '#contract/freshness.ts'
import type { SupervisoryCommand } from '#signal/command.ts'
import type { LimitsByPlan } from '#signal/adaptive-limits.ts'
import type { CommandLimits, ControllerDatabase } from '#signal/database.ts'
import { NO_NEIGHBOURS } from '#signal/outlook.ts'
import type { IntersectionView } from '#signal/view.ts'
import type { CommandLease } from './command-lease.ts'
import { decisionEvent, refusalEvent, rungEvent } from './edge-events.ts'
import type { EventRecorder } from './event-recorder.ts'
import { DetectorWiring } from './detector-wiring.ts'
import { FieldWatch } from './field-watch.ts'
import type { LinkHealth } from './link-record.ts'
import { buildLiveState, worthPublishing, type Published } from './live-state.ts'
import type { Neighbourhood } from './neighbourhood.ts'
import type { DeviceImage, ProcessImage } from './process-image.ts'
import { RungJudge } from './rung-judge.ts'
import { stepSupervisor, UNSUPERVISED, type RungChange, type SupervisorState } from './supervisor.ts'
import type { Telemetry } from './telemetry/port.ts'
import { wire, type StreetImage } from './wiring.ts'

/** A device as the step sees it, however it is reached: it has been asked already. */
export interface AskedDevice {
  /** The newest values, and the log records that have come since the last call. */
  takeImage(): DeviceImage
  /** How it has done since the last call. */
  takeHealth(): LinkHealth
}

export interface IntersectionParts {
  readonly database: ControllerDatabase
  readonly limits: CommandLimits
  readonly adaptiveLimits: LimitsByPlan
  /** By device name; `controller` first, then the cards in the order of the configuration. */
  readonly devices: ReadonlyMap<string, AskedDevice>
  /** null where the controller takes no commands at all. */
  readonly gate: CommandLease | null
  readonly recorder: EventRecorder
  readonly telemetry: Telemetry
  /** The ladder, best rung first. */
  readonly strategies: readonly Strategy<unknown>[]
  /** Whether rungs that choose stages are held against simpler ones, which takes minutes of each; not, if left out. */
  readonly comparing?: boolean | undefined
  /** What decisions cost is measured by it, in ms. */
  readonly stopwatch: () => number
  readonly queues: QueueEstimator<unknown>
  /** Where what is said to the neighbours goes, and theirs comes from; null where each decides for itself. */
  readonly neighbourhood?: Neighbourhood | null
  /** What was learnt before a restart. */
  readonly learnt?: Learnt | undefined
  readonly log: Log
}

/** The moment of a tick; `stalledMs` is the time since the last one when that was longer than a lease. */
export interface Tick {
  readonly monoMs: number
  readonly epochMs: number
  readonly stalledMs: number | null
}

export class SupervisedIntersection {
  readonly #parts: IntersectionParts
  readonly #watch: FieldWatch
  readonly #detectors: DetectorWiring
  readonly #offered: readonly Commanding[]
  readonly #judge: RungJudge
  readonly #healths = new Map<string, LinkHealth>()
  #supervisor: SupervisorState = UNSUPERVISED
  #possible: readonly Rung[] = []
  #strategyMemory: unknown
  #learnt: Learnt | undefined
  #queueMemory: unknown
  /** The last one, for whoever asks why. */
  #decision: Decision<unknown> | null = null
  #asked: SupervisoryCommand | null = null
  #published: Published | null = null

  constructor(parts: IntersectionParts) {
    this.#parts = parts
    this.#watch = new FieldWatch(parts.database.intersection, parts.devices.keys())
    this.#detectors = new DetectorWiring(parts.database.intersection)
    this.#offered = parts.gate ? parts.strategies.map(({ rung }) => rung) : []
    this.#judge = new RungJudge(this.#offered, uniformFor(hashText(parts.database.intersection.id), 0))
    this.#queueMemory = parts.queues.initial()
    this.#learnt = parts.learnt
  }

  /** Everything between reading and writing, without a pause: image → ladder → strategy → envelope → events → state. */
  decide(tick: Tick): void {
    const { gate, recorder } = this.#parts
    const image = this.#freeze(tick)
    const seen = wire(this.#parts, image, this.#detectors)
    recorder.observe(image, seen)
    for (const event of this.#watch.step(seen, this.#takeHealths())) recorder.note(tick.epochMs, event)
    const street = this.#watch.judged(seen)
    const leaseBlocker = gate?.judge(street.view.unit, tick.monoMs) ?? null
    const ladder = this.#climb(street, { leaseBlocker, stalledMs: tick.stalledMs })
    this.#command(street.view)
    const { telemetry, comparing } = this.#parts
    const queues = comparing || telemetry.publishState !== null ? this.#countQueues(street.view) : []
    if (comparing)
      this.#judge.watch(street.view, queues, { rung: this.#commanding(street.view), possible: this.#possible })
    if (telemetry.publishState !== null) this.#publish(street, { ladder, queues })
    recorder.handOver()
  }

  /** After `decide` broke off: nothing is written, and the rung that was stood on is to blame. */
  abandon(error: unknown): void {
    const { rung } = this.#supervisor
    if (rung !== 'released') this.#judge.threw(rung)
    const place = this.#parts.database.intersection.id
    const remedy = 'The cabinet goes on with its own plan; please report this with the log.'
    this.#parts.log(
      'error',
      'EDGE_FAULT',
      `${place}: ${error instanceof Error ? error.stack : String(error)}. ${remedy}`,
    )
  }

  /** What is known of the street by now, for whoever keeps it. */
  learnt(): Learnt | undefined {
    const strategy = this.#strategy()
    if (strategy?.learnt) this.#learnt = strategy.learnt(this.#strategyMemory)
    return this.#learnt
  }

  #freeze({ monoMs, epochMs }: Tick): ProcessImage {
    const devices = new Map<string, DeviceImage>()
    for (const [name, device] of this.#parts.devices) devices.set(name, device.takeImage())
    const neighbours = this.#parts.neighbourhood?.known ?? NO_NEIGHBOURS
    return { nowMonoMs: monoMs, nowEpochMs: epochMs, devices, neighbours }
  }

  /** Good for this tick only. */
  #takeHealths(): ReadonlyMap<string, LinkHealth> {
    for (const [name, device] of this.#parts.devices) this.#healths.set(name, device.takeHealth())
    return this.#healths
  }

  #climb(street: StreetImage, facts: { leaseBlocker: Reason | null; stalledMs: number | null }): Reason | null {
    const { state, change, ladder, possible } = stepSupervisor(this.#supervisor, {
      street,
      approvedHash: this.#parts.limits.configurationHash,
      barrings: this.#judge.take(),
      offered: this.#offered,
      leaseBlocker: facts.leaseBlocker,
      stalledMs: facts.stalledMs,
    })
    // Of a strategy that failed only what it had told before is believed.
    if (change && (change.isUp || change.why?.code !== 'STRATEGY_FAILED')) this.learnt()
    this.#supervisor = state
    this.#possible = possible
    if (change) this.#onChange(change, street.view)
    return ladder
  }

  #onChange(change: RungChange, { nowEpochMs, intersection }: IntersectionView): void {
    const { gate, recorder, log } = this.#parts
    const { from, to, why } = change
    if (to === 'released') gate?.release()
    this.#strategyMemory = this.#strategy()?.initial(this.#learnt)
    this.#judge.begin()
    this.#decision = null
    this.#asked = null
    recorder.note(nowEpochMs, rungEvent(change))
    const because = why ? ` (${why.code} ${JSON.stringify(why.numbers)})` : ''
    log('info', 'RUNG_CHANGED', `${intersection.id}: ${from} → ${to}${because}`)
  }

  #strategy(): Strategy<unknown> | undefined {
    return this.#parts.strategies.find(({ rung }) => rung === this.#supervisor.rung)
  }

  #command(view: IntersectionView): void {
    const strategy = this.#strategy()
    // In the short silence that a rung survives nothing is decided and nothing renewed.
    if (!strategy || view.signal.quality !== 'good' || view.unit.quality !== 'good') return
    const begunMs = this.#parts.stopwatch()
    const decision = strategy.decide(view, this.#strategyMemory)
    this.#judge.decided(strategy.rung, { atMonoMs: view.nowMonoMs, tookMs: this.#parts.stopwatch() - begunMs })
    this.#strategyMemory = decision.memory
    if (decision.outlook) this.#parts.neighbourhood?.say(view.intersection.id, decision.outlook)
    // A preempt passes by: supervision lives on, asks for what it can go on asking for, and steers nothing meanwhile.
    const preempted = view.unit.value.controlStatus === 'preempt'
    const command = preempted ? { ...decision.command, ...NO_STEERING } : decision.command
    if (!this.#asked || differs(command, this.#asked))
      this.#parts.recorder.note(view.nowEpochMs, decisionEvent(decision.why))
    this.#asked = command
    this.#decision = decision
    const refusal = this.#parts.gate?.submit(view, command) ?? null
    this.#onVerdict(refusal, strategy.rung, view.nowEpochMs)
  }

  #onVerdict(refusal: Refusal | null, rung: Commanding, nowEpochMs: number): void {
    if (!refusal) return this.#judge.passed()
    const { ticks, isBarred } = this.#judge.refused(rung)
    if (ticks === 1) this.#parts.recorder.note(nowEpochMs, refusalEvent(refusal))
    if (!isBarred) return
    const place = this.#parts.database.intersection.id
    this.#parts.log(
      'error',
      'COMMAND_REFUSED',
      `${place}: ${rung} is refused again and again: ${JSON.stringify(refusal)}`,
    )
  }

  /** The rung whose wishes the street follows now. */
  #commanding({ signal, unit }: IntersectionView): Commanding | null {
    const { rung } = this.#supervisor
    const isOurs = signal.quality === 'good' && unit.quality === 'good' && unit.value.controlStatus === 'supervised'
    return isOurs && rung !== 'released' ? rung : null
  }

  #countQueues(view: IntersectionView): readonly LaneQueue[] {
    const { queues, memory } = this.#parts.queues.step(view, this.#queueMemory)
    this.#queueMemory = memory
    return queues
  }

  #publish(street: StreetImage, { ladder, queues }: { ladder: Reason | null; queues: readonly LaneQueue[] }): void {
    const { signal } = street.view
    // A silence shorter than the pages' own limit is theirs to show: the age of what they have grows by itself.
    if (signal.quality === 'stale' && signal.ageMs < STALE_AFTER_MS) return
    const { rung } = this.#supervisor
    const fieldAlarms = this.#watch.alarms
    const state = buildLiveState({ street, rung, why: this.#decision?.why ?? null, ladder, queues, fieldAlarms })
    const published = worthPublishing(state, this.#published, street.view.nowMonoMs)
    if (!published) return
    this.#published = published
    this.#parts.telemetry.publishState?.(state)
  }
}

const NO_STEERING: Pick<SupervisoryCommand, 'hold' | 'forceOff' | 'phaseOmit' | 'pedestrianOmit'> = {
  hold: 0,
  forceOff: 0,
  phaseOmit: 0,
  pedestrianOmit: 0,
}

/** A decision worth its place in the record; calls are not, for the controller's own log has them as they come and go. */
const differs = (a: SupervisoryCommand, b: SupervisoryCommand): boolean =>
  a.pattern !== b.pattern ||
  a.hold !== b.hold ||
  a.forceOff !== b.forceOff ||
  a.phaseOmit !== b.phaseOmit ||
  a.pedestrianOmit !== b.pedestrianOmit ||
  a.preempts !== b.preempts ||
  a.priorities !== b.priorities
