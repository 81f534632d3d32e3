/** The controller's own schedule, asked at every step: the calendar is read again only when the pattern may change. */
import type { PatternId } from '#base/id.ts'
import { nextChange, patternAt } from '#signal/calendar/schedule-clock.ts'
import type { Schedule } from '#signal/schedule.ts'

export class LocalSchedule {
  readonly #schedule: Schedule
  #pattern: PatternId
  /** The pattern holds in [from, until) of the controller's clock. */
  #fromEpochMs: number
  #untilEpochMs: number

  constructor(schedule: Schedule, epochMs: number) {
    this.#schedule = schedule
    this.#pattern = patternAt(schedule, epochMs)
    this.#fromEpochMs = epochMs
    this.#untilEpochMs = nextChange(schedule, epochMs)?.epochMs ?? Infinity
  }

  /** A clock that was set back or forward is followed. */
  patternAt(epochMs: number): PatternId {
    if (epochMs >= this.#untilEpochMs || epochMs < this.#fromEpochMs) {
      this.#pattern = patternAt(this.#schedule, epochMs)
      this.#fromEpochMs = epochMs
      this.#untilEpochMs = nextChange(this.#schedule, epochMs)?.epochMs ?? Infinity
    }
    return this.#pattern
  }
}
