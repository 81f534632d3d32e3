/** All that the edge finds wrong with one intersection's field by itself: its wires, its clock, and the loops that nobody else watches. */
import { listBits, type Bits } from '#base/bits.ts'
import { bad, type Known } from '#base/known.ts'
import type { DetectorId } from '#base/id.ts'
import type { FieldAlarm, FieldAlarmName } from '#contract/field-alarms.ts'
import type { Reason } from '#control/strategy.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { DetectorWatch } from '#signal/detector-watch.ts'
import type { DetectorReading } from '#signal/view.ts'
import { DetectorJudge, type Judgement } from './detector-judge.ts'
import { faultEvents } from './detector-events.ts'
import { HEALTHY, stepHealth, type DeviceHealth } from './device-health.ts'
import { fieldAlarmEvent } from './edge-events.ts'
import type { CodeAndParameter } from './image-events.ts'
import type { LinkHealth } from './link-record.ts'
import { NOBODY_ELSE, watchOthers, type OtherSupervisor, type OwnWrites } from './other-supervisor.ts'
import type { DeviceSample } from './process-image.ts'
import { StreetMonitor } from './street-monitor.ts'
import { CLOCK_DRIFT_MS_MAX } from './supervisor.ts'
import { SwappedLoops } from './swapped-loops.ts'
import type { DetectorHistory } from './usual-traffic.ts'
import { CONTROLLER, type StreetImage } from './wiring.ts'

/** A clock is set within a second or two of a start; one that is off for so long stays off. */
export const DRIFT_MS = 10_000

interface Watched {
  health: DeviceHealth
}

/** How detectors are watched here, and what was learnt of them before. */
export interface DetectorMemory {
  readonly limits?: DetectorWatch | undefined
  readonly learnt?: DetectorHistory | undefined
}

/** What is watched beside the street itself. */
export interface WatchFacts {
  readonly healths: ReadonlyMap<string, LinkHealth>
  /** The newest answer of the controller; null = none yet. */
  readonly sample: DeviceSample | null
  /** What the controller may show of our own doing. */
  readonly own: OwnWrites
}

export class FieldWatch {
  /** By name, in the order of the configuration. */
  readonly #devices: ReadonlyMap<string, Watched>
  readonly #judge: DetectorJudge
  readonly #loops: SwappedLoops
  readonly #monitor: StreetMonitor
  #others: OtherSupervisor = NOBODY_ELSE
  #driftSinceMonoMs: number | null = null
  #drifts = false
  #alarms: readonly FieldAlarm[] = []
  #faults: ReadonlyMap<DetectorId, Bits> = new Map()
  /** Those on the input of another, and of which. */
  #exchanged: ReadonlyMap<DetectorId, DetectorId> = new Map()

  constructor(intersection: Intersection, devices: Iterable<string>, { limits, learnt }: DetectorMemory = {}) {
    this.#devices = new Map([...devices].map((name) => [name, { health: HEALTHY }]))
    this.#judge = new DetectorJudge(intersection.detectors, limits, learnt)
    this.#loops = new SwappedLoops(intersection)
    this.#monitor = new StreetMonitor(intersection)
  }

  /** What each detector usually counts. */
  get learnt(): DetectorHistory {
    return this.#judge.learnt
  }

  /** Those that stand now. */
  get alarms(): readonly FieldAlarm[] {
    return this.#alarms
  }

  /** One tick: the events that tell what has come and gone. */
  step(street: StreetImage, { healths, sample, own }: WatchFacts): readonly CodeAndParameter[] {
    const { view } = street
    const judged = this.#judge.step(view)
    if (judged.length > 0) this.#faults = this.#judge.faults
    const changes = [
      this.#watchWires(healths, view.nowMonoMs),
      this.#watchClock(street.clockDriftMs, view.nowMonoMs),
      this.#loops.step(view),
      this.#monitor.step(view, sample),
      this.#watchOthers(view, own),
    ]
    const events = judged.flatMap(eventsOf)
    return changes.includes(true) ? [...events, ...this.#renew()] : events
  }

  /** Why nothing may be asked of this street; null = nothing was found. */
  get blocker(): Reason | null {
    return this.#monitor.blocker
  }

  /** The street with our own findings in it: nobody decides by a detector that is not believed. */
  judged(street: StreetImage): StreetImage {
    if (this.#faults.size === 0 && this.#exchanged.size === 0) return street
    const detectors = new Map<DetectorId, Known<DetectorReading>>(street.view.detectors)
    const detectorFaults = new Map(street.detectorFaults)
    for (const [id, other] of this.#exchanged)
      if (detectors.get(id)?.quality === 'good')
        detectors.set(id, bad(`the edge has found it on the input of ${other}`))
    for (const [id, faults] of this.#faults) {
      if (detectors.get(id)?.quality === 'good') detectors.set(id, bad(`the edge has found fault ${faults}`))
      detectorFaults.set(id, (detectorFaults.get(id) ?? 0) | faults)
    }
    return { ...street, view: { ...street.view, detectors }, detectorFaults }
  }

  #watchWires(healths: ReadonlyMap<string, LinkHealth>, nowMonoMs: number): boolean {
    let changed = false
    for (const [name, watched] of this.#devices) {
      const seen = healths.get(name)
      if (!seen) continue
      const health = stepHealth(watched.health, seen, nowMonoMs)
      changed ||= health.alarm !== watched.health.alarm
      watched.health = health
    }
    return changed
  }

  /** A clock that cannot be read is neither on nor off. */
  #watchClock(driftMs: Known<number>, nowMonoMs: number): boolean {
    if (driftMs.quality !== 'good') return false
    const before = this.#drifts
    const isOff = Math.abs(driftMs.value) > CLOCK_DRIFT_MS_MAX
    this.#driftSinceMonoMs = isOff ? (this.#driftSinceMonoMs ?? nowMonoMs) : null
    this.#drifts = this.#driftSinceMonoMs !== null && nowMonoMs - this.#driftSinceMonoMs >= DRIFT_MS
    return this.#drifts !== before
  }

  #watchOthers({ unit, nowMonoMs }: StreetImage['view'], own: OwnWrites): boolean {
    const before = this.#others.wroteAtMonoMs
    this.#others = watchOthers(this.#others, { unit, own, nowMonoMs })
    return (before === null) !== (this.#others.wroteAtMonoMs === null)
  }

  #renew(): readonly CodeAndParameter[] {
    const before = this.#alarms
    const now = this.#standing()
    this.#alarms = now
    const { swapped } = this.#loops
    this.#exchanged = new Map(swapped.flatMap(([a, b]) => [[a.id, b.id] as const, [b.id, a.id] as const]))
    const devices = [...this.#devices.keys()]
    const [gone, come] = [without(before, now), without(now, before)]
    return [
      ...gone.map((alarm) => fieldAlarmEvent(false, alarm, devices)),
      ...come.map((alarm) => fieldAlarmEvent(true, alarm, devices)),
    ]
  }

  #standing(): FieldAlarm[] {
    const wires = [...this.#devices].flatMap(([device, { health }]) =>
      health.alarm === null ? [] : [{ alarm: health.alarm, device, detectors: [] }],
    )
    const clock = this.#drifts ? [ofController('clockDrift')] : []
    const loops = this.#loops.swapped.map(([a, b]): FieldAlarm => ({
      alarm: 'loopsSwapped',
      device: a.device,
      detectors: [a.id, b.id],
    }))
    const lamps = [...this.#monitor.standing].map(([alarm, { channels }]): FieldAlarm => ({
      ...ofController(alarm),
      channels: listBits(channels),
    }))
    const others = this.#others.wroteAtMonoMs === null ? [] : [ofController('secondSupervisor')]
    return [...wires, ...clock, ...loops, ...lamps, ...others]
  }
}

const ofController = (alarm: FieldAlarmName): FieldAlarm => ({ alarm, device: CONTROLLER, detectors: [] })

const eventsOf = ({ detector, before, now }: Judgement): CodeAndParameter[] =>
  faultEvents(before, now).map((code) => ({ code, parameter: detector }))

/** Those of the first list that the second has not. */
function without(alarms: readonly FieldAlarm[], others: readonly FieldAlarm[]): FieldAlarm[] {
  const keys = new Set(others.map((each) => JSON.stringify(each)))
  return alarms.filter((each) => !keys.has(JSON.stringify(each)))
}
