/** Schedules with a gap, an unknown plan or an unknown place on earth. */
import { checkDates } from './check-dates.ts'
import { twice } from './check-numbers.ts'
import type { DateFault, ScheduleFault } from './schedule-fault.ts'
import type { DayPlan, Schedule } from '../schedule.ts'
import { PATTERN_FLASH, PATTERN_FREE, type TimingPlan } from '../timing-plan.ts'

const MINUTES_OF_DAY = 1_440
const DAYS_OF_WEEK = 7

export function checkSchedule(schedule: Schedule, plans: readonly TimingPlan[]): (ScheduleFault | DateFault)[] {
  const { timeZone, dayPlans, week } = schedule
  const patterns = [...plans.map(({ pattern }) => pattern), PATTERN_FREE, PATTERN_FLASH]
  return [
    ...(isTimeZone(timeZone) ? [] : [{ code: 'TIME_ZONE_UNKNOWN' as const, timeZone }]),
    ...twice(dayPlans.map(({ number }) => number)).map((dayPlan) => ({ code: 'DAY_PLAN_TWICE' as const, dayPlan })),
    ...dayPlans.flatMap((dayPlan) => [...checkDayPlan(dayPlan, patterns)]),
    ...(week.length === DAYS_OF_WEEK ? [] : [{ code: 'WEEK_NOT_SEVEN_DAYS' as const, days: week.length }]),
    ...week.flatMap((dayPlan, day) =>
      dayPlans.some(({ number }) => number === dayPlan)
        ? []
        : [{ code: 'WEEK_DAY_PLAN_UNKNOWN' as const, weekDay: day + 1, dayPlan }],
    ),
    ...checkDates(schedule),
  ]
}

function* checkDayPlan(
  { number: dayPlan, entries }: DayPlan,
  patterns: readonly TimingPlan['pattern'][],
): Generator<ScheduleFault> {
  const [first] = entries
  if (first === undefined) yield { code: 'DAY_PLAN_EMPTY', dayPlan }
  else if (first.startMinuteOfDay !== 0)
    yield { code: 'DAY_PLAN_NOT_FROM_MIDNIGHT', dayPlan, minute: first.startMinuteOfDay }
  let previousMinute = -1
  for (const { startMinuteOfDay: minute, pattern } of entries) {
    if (!Number.isInteger(minute) || minute < 0 || minute >= MINUTES_OF_DAY)
      yield { code: 'DAY_PLAN_MINUTE_INVALID', dayPlan, minute }
    else if (minute <= previousMinute) yield { code: 'DAY_PLAN_OUT_OF_ORDER', dayPlan, minute, previousMinute }
    previousMinute = minute
    if (!patterns.includes(pattern)) yield { code: 'DAY_PLAN_PATTERN_UNKNOWN', dayPlan, minute, pattern }
  }
}

function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}
