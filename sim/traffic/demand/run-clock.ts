/** The clock on the wall of the city during a run: what time it is there so many milliseconds after the start. */
import type { ScenarioConfig } from '#config/scenario.ts'

const MINUTE_MS = 60_000

export class RunClock {
  readonly timeZone: string
  readonly #followsTrueTime: boolean
  #startEpochMs: number
  /** The answer for the minute that was asked for last. */
  #asked = { minute: -1, minuteOfDay: 0 }

  constructor({ timeZone, startEpochMs, clock }: Pick<ScenarioConfig, 'timeZone' | 'startEpochMs' | 'clock'>) {
    this.timeZone = timeZone
    this.#followsTrueTime = clock === 'true'
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

  /** It is another time than was thought, as after a sleep of the machine; a scenario with a time of its own goes on. */
  setTrueTime(runMs: number, epochMs: number): void {
    if (this.#followsTrueTime) this.#startEpochMs = epochMs - runMs
  }
}
