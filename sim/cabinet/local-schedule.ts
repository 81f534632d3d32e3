/** The controller's own schedule, asked at every step: the calendar is read again only when another entry may have begun. */
import type { PatternId } from '#base/id.ts'
import { entryAt, nextEntryEpochMs } from '#signal/calendar/schedule-clock.ts'
import type { DayPlanEntry, Schedule } from '#signal/schedule.ts'

export class LocalSchedule {
  readonly #schedule: Schedule
  #entry: DayPlanEntry
  /** The entry is in effect in [from, until) of the controller's clock. */
  #fromEpochMs: number
  #untilEpochMs: number

  constructor(schedule: Schedule, epochMs: number) {
    this.#schedule = schedule
    this.#entry = entryAt(schedule, epochMs)
    this.#fromEpochMs = epochMs
    this.#untilEpochMs = nextEntryEpochMs(schedule, epochMs)
  }

  /** What is asked for now; a clock that was set back or forward is followed. */
  entryAt(epochMs: number): DayPlanEntry {
    if (epochMs >= this.#untilEpochMs || epochMs < this.#fromEpochMs) {
      this.#entry = entryAt(this.#schedule, epochMs)
      this.#fromEpochMs = epochMs
      this.#untilEpochMs = nextEntryEpochMs(this.#schedule, epochMs)
    }
    return this.#entry
  }

  patternAt(epochMs: number): PatternId {
    return this.entryAt(epochMs).pattern
  }
}
