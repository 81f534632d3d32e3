/** All that the edge finds wrong with one intersection's field by itself: its wires, its clock, and the loops that nobody else watches. */
import { bad, type Known } from '#base/known.ts'
import type { Bits } from '#base/bits.ts'
import type { DetectorId } from '#base/id.ts'
import type { FieldAlarm } from '#contract/field-alarms.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { DetectorReading } from '#signal/view.ts'
import { DetectorJudge, type Judgement } from './detector-judge.ts'
import { faultEvents } from './detector-events.ts'
import { HEALTHY, stepHealth, type DeviceHealth } from './device-health.ts'
import { fieldAlarmEvent } from './edge-events.ts'
import type { CodeAndParameter } from './image-events.ts'
import type { LinkHealth } from './link-record.ts'
import { CLOCK_DRIFT_MS_MAX } from './supervisor.ts'
import { SwappedLoops } from './swapped-loops.ts'
import { CONTROLLER, type StreetImage } from './wiring.ts'

/** A clock is set within a second or two of a start; one that is off for so long stays off. */
export const DRIFT_MS = 10_000

interface Watched {
  health: DeviceHealth
}

export class FieldWatch {
  /** By name, in the order of the configuration. */
  readonly #devices: ReadonlyMap<string, Watched>
  readonly #judge: DetectorJudge
  readonly #loops: SwappedLoops
  #driftSinceMonoMs: number | null = null
  #drifts = false
  #alarms: readonly FieldAlarm[] = []
  #faults: ReadonlyMap<DetectorId, Bits> = new Map()

  constructor(intersection: Intersection, devices: Iterable<string>) {
    this.#devices = new Map([...devices].map((name) => [name, { health: HEALTHY }]))
    this.#judge = new DetectorJudge(intersection.detectors)
    this.#loops = new SwappedLoops(intersection)
  }

  /** Those that stand now. */
  get alarms(): readonly FieldAlarm[] {
    return this.#alarms
  }

  /** One tick: the events that tell what has come and gone. */
  step(street: StreetImage, healths: ReadonlyMap<string, LinkHealth>): readonly CodeAndParameter[] {
    const { view } = street
    const judged = this.#judge.step(view)
    if (judged.length > 0) this.#faults = this.#judge.faults
    const changes = [
      this.#watchWires(healths, view.nowMonoMs),
      this.#watchClock(street.clockDriftMs, view.nowMonoMs),
      this.#loops.step(view),
    ]
    const events = judged.flatMap(eventsOf)
    return changes.includes(true) ? [...events, ...this.#renew()] : events
  }

  /** The street with our own findings in it: nobody decides by a detector that is not believed. */
  judged(street: StreetImage): StreetImage {
    if (this.#faults.size === 0) return street
    const detectors = new Map<DetectorId, Known<DetectorReading>>(street.view.detectors)
    const detectorFaults = new Map(street.detectorFaults)
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

  #renew(): readonly CodeAndParameter[] {
    const before = this.#alarms
    const now = this.#standing()
    this.#alarms = now
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
    const clock: FieldAlarm[] = this.#drifts ? [{ alarm: 'clockDrift', device: CONTROLLER, detectors: [] }] : []
    const loops = this.#loops.swapped.map(([a, b]): FieldAlarm => ({
      alarm: 'loopsSwapped',
      device: a.device,
      detectors: [a.id, b.id],
    }))
    return [...wires, ...clock, ...loops]
  }
}

const eventsOf = ({ detector, before, now }: Judgement): CodeAndParameter[] =>
  faultEvents(before, now).map((code) => ({ code, parameter: detector }))

/** Those of the first list that the second has not. */
function without(alarms: readonly FieldAlarm[], others: readonly FieldAlarm[]): FieldAlarm[] {
  const keys = new Set(others.map((each) => JSON.stringify(each)))
  return alarms.filter((each) => !keys.has(JSON.stringify(each)))
}
