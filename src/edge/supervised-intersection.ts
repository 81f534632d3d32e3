/** One intersection under supervision: all that lies between reading and writing, in one synchronous step on a frozen image. */
import { hashText, uniformFor } from '#base/random.ts'
import type { Learnt } from '#control/learnt.ts'
import type { Commanding, Decision, LaneQueue, Reason, Rung, Strategy } from '#control/strategy.ts'
import type { Refusal } from '#safety/envelope.ts'
import { STALE_AFTER_MS } from '#contract/freshness.ts'
import type { SupervisoryCommand } from '#signal/command.ts'
import { NO_NEIGHBOURS } from '#signal/outlook.ts'
import type { IntersectionView } from '#signal/view.ts'
import { heldOffByCrashes } from './crash-back-off.ts'
import { decisionEvent, refusalEvent, rungEvent } from './edge-events.ts'
import { DetectorWiring } from './detector-wiring.ts'
import { FieldWatch, type WatchFacts } from './field-watch.ts'
import { withWatched } from './learnt/with-watched.ts'
import type { IntersectionParts, Tick } from './intersection-parts.ts'
import type { LinkHealth } from './link-record.ts'
import { buildLiveState, worthPublishing, type Published } from './live-state.ts'
import { asOrdered, differs } from './ordered-command.ts'
import { NO_WRITES } from './other-supervisor.ts'
import type { OrdersOf } from './orders/order-desk.ts'
import type { Commissioned } from './orders/planned-timing.ts'
import { UNBOUNDED } from './orders/standing-book.ts'
import type { DeviceImage, ProcessImage } from './process-image.ts'
import { RungJudge } from './rung-judge.ts'
import { stepSupervisor, UNSUPERVISED, type RungChange, type SupervisorState } from './supervisor.ts'
import { CONTROLLER, wire, type StreetImage } from './wiring.ts'

export class SupervisedIntersection {
  readonly #parts: IntersectionParts
  readonly #watch: FieldWatch
  /** As what runs now says; a plan may bring another timing. */
  #site: Commissioned
  #detectors: DetectorWiring
  readonly #offered: readonly Commanding[]
  readonly #judge: RungJudge
  readonly #healths = new Map<string, LinkHealth>()
  #supervisor: SupervisorState = UNSUPERVISED
  #possible: readonly Rung[] = []
  #begunMonoMs: number | null = null
  /** Of the tick that runs. */
  #nowMonoMs = 0
  #strategyMemory: unknown
  #learnt: Learnt | undefined
  #queueMemory: unknown
  /** The last one, for whoever asks why. */
  #decision: Decision<unknown> | null = null
  #asked: SupervisoryCommand | null = null
  #published: Published | null = null

  constructor(parts: IntersectionParts) {
    this.#parts = parts
    this.#site = parts
    this.#watch = new FieldWatch(parts.database.intersection, parts.devices.keys(), {
      limits: parts.detectorWatch,
      learnt: parts.learnt?.detectors,
    })
    this.#detectors = new DetectorWiring(parts.database.intersection)
    this.#offered = parts.gate ? parts.strategies.map(({ rung }) => rung) : []
    const turn = uniformFor(hashText(parts.database.intersection.id), 0)
    this.#judge = new RungJudge(this.#offered, turn, parts.learnt?.waits)
    this.#queueMemory = parts.queues.initial()
    this.#learnt = parts.learnt
  }

  /** Everything between reading and writing, without a pause: image → ladder → strategy → envelope → events → state. */
  decide(tick: Tick): void {
    const { gate, recorder } = this.#parts
    this.#nowMonoMs = tick.monoMs
    const image = this.#freeze(tick)
    const seen = this.#see(image)
    recorder.observe(image, seen)
    for (const event of this.#watch.step(seen, this.#watchFacts(image))) recorder.note(tick.epochMs, event)
    const street = this.#watch.judged(seen)
    const leaseBlocker = gate?.judge(street.view.unit, tick.monoMs) ?? null
    this.#followOrders(tick)
    const ladder = this.#climb(street, { leaseBlocker, stalledMs: tick.stalledMs })
    this.#command(street.view)
    const { telemetry, comparing } = this.#parts
    const queues = comparing || telemetry.publishState !== null ? this.#countQueues(street.view) : []
    if (comparing)
      this.#judge.watch(street.view, queues, { rung: this.#commanding(street.view), possible: this.#possible })
    if (telemetry.publishState !== null) this.#publish(street, { ladder, queues })
    recorder.handOver()
  }

  /** Between two ticks: what people have ordered has changed. */
  takeOrders(orders: OrdersOf): void {
    this.#parts.orders?.take(orders)
  }

  /** After `decide` broke off: nothing is written, and the rung that was stood on is to blame. */
  abandon(error: unknown): void {
    const { rung } = this.#supervisor
    if (rung !== 'released') this.#judge.threw(rung, this.#nowMonoMs)
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
    this.#learnt = withWatched(this.#learnt, { detectors: this.#watch.learnt, waits: this.#judge.waits })
    return this.#learnt
  }

  #freeze({ monoMs, epochMs }: Tick): ProcessImage {
    const devices = new Map<string, DeviceImage>()
    for (const [name, device] of this.#parts.devices) devices.set(name, device.takeImage())
    const neighbours = this.#parts.neighbourhood?.known ?? NO_NEIGHBOURS
    return { nowMonoMs: monoMs, nowEpochMs: epochMs, devices, neighbours }
  }

  /** By the timing that runs: where a plan has come to run meanwhile, everything goes by it from here on. */
  #see(image: ProcessImage): StreetImage {
    const { orders } = this.#parts
    const specialPattern = orders?.bounds.pattern ?? null
    const seen = wire({ ...this.#site, specialPattern }, image, this.#detectors)
    if (!orders?.plans.follow(seen.configurationHash)) return seen
    this.#adopt(orders.plans.runs)
    return wire({ ...this.#site, specialPattern }, image, this.#detectors)
  }

  #adopt(site: Commissioned): void {
    this.learnt()
    this.#site = site
    this.#detectors = new DetectorWiring(site.database.intersection)
    this.#parts.gate?.adopt(site.limits)
    this.#supervisor = { ...this.#supervisor, scheduled: null }
    this.#beginStrategy()
  }

  #followOrders({ monoMs: nowMonoMs, epochMs: nowEpochMs }: Tick): void {
    const { orders, gate, recorder } = this.#parts
    const events = orders?.step({ nowMonoMs, nowEpochMs, leaseEpoch: gate?.heldEpoch ?? 0 }) ?? []
    for (const event of events) recorder.note(nowEpochMs, event)
  }

  #watchFacts({ devices }: ProcessImage): WatchFacts {
    const sample = devices.get(CONTROLLER)?.sample ?? null
    return { healths: this.#takeHealths(), sample, own: this.#parts.gate?.own ?? NO_WRITES }
  }

  /** Good for this tick only. */
  #takeHealths(): ReadonlyMap<string, LinkHealth> {
    for (const [name, device] of this.#parts.devices) this.#healths.set(name, device.takeHealth())
    return this.#healths
  }

  #climb(street: StreetImage, facts: { leaseBlocker: Reason | null; stalledMs: number | null }): Reason | null {
    const { state, change, ladder, possible } = stepSupervisor(this.#supervisor, {
      street,
      approvedHash: this.#site.limits.configurationHash,
      barrings: this.#judge.take(),
      offered: this.#offered,
      leaseBlocker: facts.leaseBlocker,
      heldOff: this.#watch.blocker ?? this.#heldOffByCrashes(street.view.nowMonoMs),
      bounds: this.#parts.orders?.bounds ?? UNBOUNDED,
      stalledMs: facts.stalledMs,
    })
    // Of a strategy that failed only what it had told before is believed.
    if (change && (change.isUp || change.why?.code !== 'STRATEGY_FAILED')) this.learnt()
    this.#supervisor = state
    this.#possible = possible
    if (change) this.#onChange(change, street.view)
    return ladder
  }

  #heldOffByCrashes(nowMonoMs: number): Reason | null {
    this.#begunMonoMs ??= nowMonoMs
    return heldOffByCrashes(this.#parts.crashes ?? 0, nowMonoMs - this.#begunMonoMs)
  }

  #onChange(change: RungChange, { nowEpochMs, intersection }: IntersectionView): void {
    const { gate, recorder, log } = this.#parts
    const { from, to, why } = change
    if (to === 'released') gate?.release()
    this.#beginStrategy()
    recorder.note(nowEpochMs, rungEvent(change))
    const because = why ? ` (${why.code} ${JSON.stringify(why.numbers)})` : ''
    log('info', 'RUNG_CHANGED', `${intersection.id}: ${from} → ${to}${because}`)
  }

  #beginStrategy(): void {
    this.#strategyMemory = this.#strategy()?.initial(this.#learnt)
    this.#judge.begin()
    this.#decision = null
    this.#asked = null
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
    const command = asOrdered(decision.command, view.unit.value, this.#parts.orders)
    if (!this.#asked || differs(command, this.#asked))
      this.#parts.recorder.note(view.nowEpochMs, decisionEvent(decision.why))
    this.#asked = command
    this.#decision = decision
    const refusal = this.#parts.gate?.submit(view, command) ?? null
    this.#onVerdict(refusal, strategy.rung, view.nowEpochMs)
  }

  #onVerdict(refusal: Refusal | null, rung: Commanding, nowEpochMs: number): void {
    if (!refusal) return this.#judge.passed()
    const { ticks, isBarred } = this.#judge.refused(rung, this.#nowMonoMs)
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
