/** Times of a scenario as its file has them, reckoned in milliseconds from the start of the run. */
import { minuteOfDay } from './schedule-file.ts'
import type { ScenarioFile } from './scenario-file.ts'
import type { TimeCurve } from './scenario.ts'

const HOUR_MS = 3_600_000

/** The start on the clock of the city; null where the calendar has no such day. */
export function startOf({ start }: ScenarioFile, timeZone: string): Temporal.ZonedDateTime | null {
  const [year = 0, month = 0, day = 0] = start.date.split('-').map(Number)
  try {
    const calendar = start.calendar ?? 'gregory'
    const date = Temporal.PlainDate.from({ calendar, year, month, day }, { overflow: 'reject' })
    return date.withCalendar('iso8601').toZonedDateTime({ timeZone, plainTime: start.time })
  } catch {
    return null
  }
}

/**
 * When the clock shows a moment such as `07:10` for the first time at or after `notBefore`, or `2 07:10` on the second day of
 * the run, in ms after the start.
 */
export function momentMs(moment: string, start: Temporal.ZonedDateTime, notBefore = start): number {
  const [time = '', day] = moment.split(' ').toReversed()
  const on = (date: Temporal.PlainDate) => date.toZonedDateTime({ timeZone: start.timeZoneId, plainTime: time })
  const since = (then: Temporal.ZonedDateTime) => then.epochMilliseconds - start.epochMilliseconds
  if (day !== undefined) return since(on(start.toPlainDate().add({ days: Number(day) - 1 })))
  const sameDay = on(notBefore.toPlainDate())
  const isOver = sameDay.epochMilliseconds < notBefore.epochMilliseconds
  return since(isOver ? on(notBefore.toPlainDate().add({ days: 1 })) : sameDay)
}

/** From one moment to the first such time after it. */
export function spanMs(
  { from, until }: { readonly from: string; readonly until: string },
  start: Temporal.ZonedDateTime,
): { readonly fromMs: number; readonly untilMs: number } {
  const fromMs = momentMs(from, start)
  return { fromMs, untilMs: momentMs(until, start, start.add({ milliseconds: fromMs + 1 })) }
}

export const durationMs = ({ duration_h }: ScenarioFile): number => Math.round(duration_h * HOUR_MS)

/** Values at times of the day, in their order. */
export const curveOf = (rows: Readonly<Record<string, number>> = {}): TimeCurve =>
  Object.entries(rows)
    .map(([time, value]) => [minuteOfDay(time), value] as const)
    .toSorted(([a], [b]) => a - b)
