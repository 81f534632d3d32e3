/** Which quarter-hour of the week an instant lies in, by the clock of the city, and which other days are like that day. */
import type { Schedule } from '../schedule.ts'
import { dayPlanOn } from './schedule-clock.ts'

export const QUARTER_MS = 900_000
export const QUARTERS_A_WEEK = 672

const QUARTERS_A_DAY = 96
const MINUTES_A_QUARTER = 15

export interface WeekQuarter {
  /** 0 = Monday from 00:00 … 671 = Sunday from 23:45. */
  readonly quarter: number
  /** The same time on the other days of the week that run the same day plan: the engineer takes them for alike. */
  readonly alike: readonly number[]
}

/**
 * By the clock on the wall, whatever it is set to: an hour that comes again lies in the same quarters again. A holiday that runs the
 * day plan of a Friday is a Friday; a date whose day plan no day of the week runs is the day that it falls on.
 */
export function weekQuarterAt(schedule: Schedule, epochMs: number): WeekQuarter {
  const local = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(schedule.timeZone)
  const { number } = dayPlanOn(schedule, local.toPlainDate())
  const own = local.dayOfWeek - 1
  const days = schedule.week.flatMap((dayPlan, day) => (dayPlan === number ? [day] : []))
  const day = days.includes(own) ? own : (days[0] ?? own)
  const ofDay = local.hour * (60 / MINUTES_A_QUARTER) + Math.floor(local.minute / MINUTES_A_QUARTER)
  return {
    quarter: day * QUARTERS_A_DAY + ofDay,
    alike: days.filter((other) => other !== day).map((other) => other * QUARTERS_A_DAY + ofDay),
  }
}
