/** The software monitor of one intersection: whatever it finds in the images stands as an alarm, and keeps supervision off, for half an hour. */
import { lowestOf, type Bits } from '#base/bits.ts'
import type { Known } from '#base/known.ts'
import type { FieldAlarmName } from '#contract/field-alarms.ts'
import type { Reason } from '#control/strategy.ts'
import {
  createLampMonitor,
  forgetLamps,
  lookAtLamps,
  type LampCheck,
  type LampMonitor,
} from '#safety/monitor/monitor.ts'
import { monitorProgram } from '#safety/monitor/program.ts'
import { shownLamps } from '#safety/monitor/shown-lamps.ts'
import { isStuck, seeLease, type SeenLease } from '#safety/monitor/stuck-lease.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { SignalStatus, UnitStatus } from '#signal/status.ts'
import type { IntersectionView } from '#signal/view.ts'
import type { DeviceSample } from './process-image.ts'

/** Nobody who has seen such a thing asks anything of the street before somebody may have looked at it. */
export const HELD_OFF_MS = 30 * 60_000

export type MonitorAlarm = LampCheck | 'stuckLease'

/** The number of a check in a reason, from 1: never given twice. */
const CHECKS = [
  'displayedConflict',
  'dualIndication',
  'missingRed',
  'shortYellow',
  'skippedClearance',
  'stuckLease',
] as const satisfies readonly (MonitorAlarm & FieldAlarmName)[]

interface Standing {
  readonly channels: Bits
  /** When it was found last. */
  readonly atMonoMs: number
}

export class StreetMonitor {
  readonly #intersection: Intersection
  readonly #lamps: LampMonitor
  readonly #standing = new Map<MonitorAlarm, Standing>()
  #lookedAtMonoMs = Number.NEGATIVE_INFINITY
  #uptimeMs = 0
  #lease: SeenLease | null = null

  constructor(intersection: Intersection) {
    this.#intersection = intersection
    this.#lamps = createLampMonitor(monitorProgram(intersection))
  }

  /** Those that stand, with the channels that were found. */
  get standing(): ReadonlyMap<MonitorAlarm, Pick<Standing, 'channels'>> {
    return this.#standing
  }

  /** Why nothing may be asked of the street; null = it was sound for as long as it must be. */
  get blocker(): Reason | null {
    const [first] = this.#standing
    if (first === undefined) return null
    const [alarm, { channels }] = first
    const channel = channels === 0 ? 0 : lowestOf(channels)
    return { code: 'STREET_NOT_SOUND', numbers: { check: CHECKS.indexOf(alarm) + 1, channel } }
  }

  /** One tick; looks only where the controller has answered anew, however late. True where an alarm has come, gone or grown. */
  step(view: Pick<IntersectionView, 'signal' | 'unit' | 'nowMonoMs'>, sample: DeviceSample | null): boolean {
    const ended = this.#endOld(view.nowMonoMs)
    if (sample === null || sample.readAtMonoMs <= this.#lookedAtMonoMs) return ended
    this.#lookedAtMonoMs = sample.readAtMonoMs
    const [signal, unit] = [newest(view.signal), newest(view.unit)]
    if (signal === null || unit === null) return ended
    const handedOver = signal.flash === 'conflictMonitor' && this.#handOver()
    const found = [...this.#lookAtLamps(signal, unit, sample), ...this.#lookAtLease(unit, sample)]
    return this.#note(found, view.nowMonoMs) || ended || handedOver
  }

  #lookAtLamps(signal: SignalStatus, unit: UnitStatus, sample: DeviceSample): readonly Found[] {
    const hasBegunAnew = unit.uptimeMs < this.#uptimeMs
    this.#uptimeMs = unit.uptimeMs
    // Lamps that flash are lit by the flasher, and its monitor has told why.
    if (signal.flash !== 'none' || !HAS_THE_LAMPS.has(unit.controlStatus) || hasBegunAnew) {
      forgetLamps(this.#lamps)
      return []
    }
    const told = { channels: sample.points.has('channel.reds'), overlaps: sample.points.has('overlap.reds') }
    const lamps = shownLamps(signal, this.#intersection.channels, told)
    return lookAtLamps(this.#lamps, { lamps, moment: momentOf(sample) }).map(({ check, channels }) => [check, channels])
  }

  #lookAtLease(unit: UnitStatus, sample: DeviceSample): readonly Found[] {
    const moment = momentOf(sample)
    this.#lease = seeLease(this.#lease, unit, moment)
    return isStuck(this.#lease, moment) ? [['stuckLease', 0]] : []
  }

  #note(found: readonly Found[], atMonoMs: number): boolean {
    let changed = false
    for (const [alarm, channels] of found) {
      const before = this.#standing.get(alarm)
      const all = ((before?.channels ?? 0) | channels) >>> 0
      changed ||= before === undefined || all !== before.channels
      this.#standing.set(alarm, { channels: all, atMonoMs })
    }
    return changed
  }

  /** The cabinet's own monitor has the lamps: it has told why, and a person must come before anything is asked again. */
  #handOver(): boolean {
    const had = this.#standing.size > 0
    this.#standing.clear()
    return had
  }

  #endOld(nowMonoMs: number): boolean {
    const before = this.#standing.size
    for (const [alarm, { atMonoMs }] of this.#standing)
      if (nowMonoMs - atMonoMs >= HELD_OFF_MS) this.#standing.delete(alarm)
    return this.#standing.size < before
  }
}

type Found = readonly [alarm: MonitorAlarm, channels: Bits]

const HAS_THE_LAMPS: ReadonlySet<UnitStatus['controlStatus']> = new Set([
  'local',
  'supervised',
  'manual',
  'backup',
  'preempt',
])

/** What came late is too old to act on, but it was seen. */
function newest<T>(known: Known<T>): T | null {
  if (known.quality === 'bad') return null
  return known.quality === 'good' ? known.value : known.last
}

const momentOf = ({ readAtMonoMs, answeredAtMonoMs }: DeviceSample) => ({
  askedMonoMs: readAtMonoMs,
  answeredMonoMs: answeredAtMonoMs,
})
