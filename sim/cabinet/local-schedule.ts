/** The controller's own schedule, asked at every step: the calendar is read again only when another entry may have begun. */
import type { PatternId } from '#base/id.ts'
import { entryAt, nextEntryEpochMs } from '#signal/calendar/schedule-clock.ts'
import type { DayPlanEntry, Schedule } from '#signal/schedule.ts'

/** A leap second, or a time server's adjustment; whoever sets a clock back by more means another hour. */
const PUT_BACK_MS = 60_000

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

  /** What is asked for now; a clock that was set is followed, one that was put back a little takes back no change that has happened. */
  entryAt(epochMs: number): DayPlanEntry {
    if (epochMs >= this.#untilEpochMs || epochMs < this.#fromEpochMs - PUT_BACK_MS) {
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
