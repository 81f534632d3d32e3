/** How much traffic there is at a time of day: a curve through points, or the columns of the demand by the plan of the hour. */
import { at } from '#base/at.ts'
import type { PatternId } from '#base/id.ts'
import type { TimeCurve } from '#config/scenario.ts'
import { entryAt, nextEntryEpochMs } from '#signal/calendar/schedule-clock.ts'
import type { Schedule } from '#signal/schedule.ts'

const MINUTES_OF_DAY = 1_440

/** A curve without points is 1 all day. */
export function valueAt(curve: TimeCurve, minuteOfDay: number): number {
  if (curve.length === 0) return 1
  const next = curve.findIndex(([minute]) => minute > minuteOfDay)
  const [afterMinute, after] = at(curve, next === -1 ? 0 : next)
  const [beforeMinute, before] = at(curve, (next <= 0 ? curve.length : next) - 1)
  const spanMinutes = (afterMinute - beforeMinute + MINUTES_OF_DAY) % MINUTES_OF_DAY
  if (spanMinutes === 0) return before
  const passedMinutes = (minuteOfDay - beforeMinute + MINUTES_OF_DAY) % MINUTES_OF_DAY
  return before + ((after - before) * passedMinutes) / spanMinutes
}

/** Nobody's traffic leaps: around a change of plan the flow goes over from one column to the other in this time. */
const CHANGE_MS = 30 * 60_000

/** Which column of the demand the clock asks for: the plans of the day, whatever a cabinet runs. */
export interface Columns {
  readonly schedule: Schedule
  readonly keyOf: ReadonlyMap<PatternId, string>
}

/** Reads `perHour` by the clock. A plan that has no column there, such as free operation at night, has the quietest one's. */
export class FlowByPlan {
  readonly #columns: Columns
  readonly #perHour: ReadonlyMap<string, number>
  readonly #quietest: number
  /** Between two changes one number holds. */
  #steady = { fromEpochMs: 0, untilEpochMs: 0, perHour: 0 }

  constructor(columns: Columns, perHour: ReadonlyMap<string, number>) {
    this.#columns = columns
    this.#perHour = perHour
    this.#quietest = perHour.size === 0 ? 0 : Math.min(...perHour.values())
  }

  at(epochMs: number): number {
    const steady = this.#steady
    if (epochMs >= steady.fromEpochMs && epochMs < steady.untilEpochMs) return steady.perHour
    const { schedule } = this.#columns
    const windowMs = CHANGE_MS / 2
    const beforeEpochMs = epochMs - windowMs
    const changeEpochMs = nextEntryEpochMs(schedule, beforeEpochMs)
    const before = this.#column(beforeEpochMs)
    if (changeEpochMs > epochMs + windowMs) {
      this.#steady = { fromEpochMs: epochMs, untilEpochMs: changeEpochMs - windowMs, perHour: before }
      return before
    }
    const after = this.#column(changeEpochMs)
    return before + ((after - before) * (epochMs + windowMs - changeEpochMs)) / CHANGE_MS
  }

  /** Of two plans that change within the half hour only the first is seen, and the flow leaps the rest. */
  #column(epochMs: number): number {
    const key = this.#columns.keyOf.get(entryAt(this.#columns.schedule, epochMs).pattern)
    return (key === undefined ? undefined : this.#perHour.get(key)) ?? this.#quietest
  }
}
