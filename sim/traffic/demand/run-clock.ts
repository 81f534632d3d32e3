/** The clock on the wall of the city during a run: what time it is there so many milliseconds after the start. */

const MINUTE_MS = 60_000

export class RunClock {
  readonly timeZone: string
  #startEpochMs: number
  /** The answer for the minute that was asked for last. */
  #asked = { minute: -1, minuteOfDay: 0 }

  constructor(timeZone: string, startEpochMs: number) {
    this.timeZone = timeZone
    this.#startEpochMs = startEpochMs
  }

  epochMsAt(runMs: number): number {
    return this.#startEpochMs + runMs
  }

  /** Whole minutes since midnight, as the clock shows them. */
  minuteOfDayAt(runMs: number): number {
    const minute = Math.floor(this.epochMsAt(runMs) / MINUTE_MS)
    if (minute !== this.#asked.minute) {
      const local = Temporal.Instant.fromEpochMilliseconds(minute * MINUTE_MS).toZonedDateTimeISO(this.timeZone)
      this.#asked = { minute, minuteOfDay: local.hour * 60 + local.minute }
    }
    return this.#asked.minuteOfDay
  }

  /** It is another time than was thought, as after a sleep of the machine: from now on the demand is that of the true time. */
  setTrueTime(runMs: number, epochMs: number): void {
    this.#startEpochMs = epochMs - runMs
  }
}
