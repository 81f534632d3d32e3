/** Date rules of a schedule that name impossible days, ask for nothing, or never win. */
import { at } from '#base/at.ts'
import { isOnWeekDay, isWithin, holdsOn, orderOf } from '../calendar/date-rules.ts'
import type { CalendarDay, CalendarName, DateRule, Schedule } from '../schedule.ts'
import { isNumber, twice } from './check-numbers.ts'
import type { DateFault } from './schedule-fault.ts'

/** What a clock of a controller can show. A Persian year that is read as a Gregorian one falls out of it. */
const FIRST_DAY = new Temporal.PlainDate(1970, 1, 1)
const LAST_DAY = new Temporal.PlainDate(2199, 12, 31)

const MONTHS = 12
const DAYS_OF_WEEK = 7
const LONGEST_MONTH = 31

/** The most days that a month ever has; the months of Umm al-Qura follow the moon, so each of them may have 30. */
const MONTH_DAYS: Readonly<Record<CalendarName, readonly number[]>> = {
  gregory: [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31],
  persian: [31, 31, 31, 31, 31, 31, 30, 30, 30, 30, 30, 30],
  'islamic-umalqura': [30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30],
  'islamic-civil': [30, 29, 30, 29, 30, 29, 30, 29, 30, 29, 30, 30],
}

export function checkDates({ dates, dayPlans }: Pick<Schedule, 'dates' | 'dayPlans'>): DateFault[] {
  return [
    ...twice(dates.map(({ key }) => key)).map((rule) => ({ code: 'DATE_RULE_TWICE' as const, rule })),
    ...dates.flatMap((rule, index) => {
      const faults = [...checkEnds(rule), ...checkWeekDays(rule)]
      const known = dayPlans.some(({ number }) => number === rule.dayPlan)
      return [
        ...(known ? [] : [{ code: 'DATE_RULE_DAY_PLAN_UNKNOWN' as const, rule: rule.key, dayPlan: rule.dayPlan }]),
        ...faults,
        // What a rule covers is judged among those that are sound: before that it would only repeat what is wrong.
        ...(faults.length > 0 ? [] : checkWins(rule, dates.slice(0, index).filter(isSound))),
      ]
    }),
  ]
}

const isSound = (rule: DateRule): boolean => [...checkEnds(rule), ...checkWeekDays(rule)].length === 0

function* checkEnds(rule: DateRule): Generator<DateFault> {
  const { key, from, to } = rule
  const faults = (['from', 'to'] as const).flatMap((end) => [...checkDay(rule, end)])
  yield* faults
  if ((from.year === null) !== (to.year === null)) yield { code: 'DATE_YEAR_ON_ONE_SIDE', rule: key }
  else if (faults.length === 0 && from.year !== null && orderOf(from) > orderOf(to))
    yield { code: 'DATE_RANGE_BACKWARDS', rule: key, from, to }
}

function* checkDay({ key: rule, calendar, ...ends }: DateRule, end: 'from' | 'to'): Generator<DateFault> {
  const { year, month, day } = ends[end]
  const leastYear = FIRST_DAY.withCalendar(calendar).year
  const mostYear = LAST_DAY.withCalendar(calendar).year
  const inYears = year === null || (Number.isInteger(year) && year >= leastYear && year <= mostYear)
  if (!inYears) yield { code: 'DATE_YEAR_INVALID', rule, end, calendar, year, leastYear, mostYear }
  if (!isNumber(month, MONTHS)) yield { code: 'DATE_MONTH_INVALID', rule, end, month, most: MONTHS }
  else if (inYears) {
    const mostDays = daysOf(calendar, { year, month })
    if (!isNumber(day, mostDays)) yield { code: 'DATE_DAY_INVALID', rule, end, calendar, year, month, day, mostDays }
  }
}

function daysOf(calendar: CalendarName, { year, month }: Pick<CalendarDay, 'year' | 'month'>): number {
  if (year === null) return at(MONTH_DAYS[calendar], month - 1)
  return Temporal.PlainDate.from({ calendar, year, month, day: 1 }).daysInMonth
}

function* checkWeekDays({ key: rule, weekDays }: DateRule): Generator<DateFault> {
  for (const weekDay of weekDays)
    if (!isNumber(weekDay, DAYS_OF_WEEK)) yield { code: 'DATE_WEEK_DAY_INVALID', rule, weekDay }
}

/** Rules that never come, and rules that come only where one before them has precedence; said only where it is certain. */
function checkWins(rule: DateRule, before: readonly DateRule[]): DateFault[] {
  const dates = datesOf(rule)
  if (dates?.length === 0) return [{ code: 'DATE_RULE_NEVER_HOLDS', rule: rule.key }]
  const winner = before.find((other) =>
    dates === null ? coversEveryYear(other, rule) : dates.every((date) => holdsOn(other, date)),
  )
  return winner === undefined ? [] : [{ code: 'DATE_RULE_COVERED', rule: rule.key, by: winner.key }]
}

/** The dates of a rule with years; null where it comes round every year. */
function datesOf(rule: DateRule): Temporal.PlainDate[] | null {
  const { calendar, from, to } = rule
  if (from.year === null || to.year === null) return null
  const last = Temporal.PlainDate.from({ ...to, year: to.year, calendar }).withCalendar('iso8601')
  const dates: Temporal.PlainDate[] = []
  let date = Temporal.PlainDate.from({ ...from, year: from.year, calendar }).withCalendar('iso8601')
  for (; Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 }))
    if (holdsOn(rule, date)) dates.push(date)
  return dates
}

/** True where each day of `rule`, which comes round every year, is one of `other`, which does so in the same calendar. */
function coversEveryYear(other: DateRule, rule: DateRule): boolean {
  if (other.from.year !== null || other.calendar !== rule.calendar) return false
  const weekDays = Array.from({ length: DAYS_OF_WEEK }, (_, n) => n + 1)
  if (weekDays.some((weekDay) => isOnWeekDay(rule, weekDay) && !isOnWeekDay(other, weekDay))) return false
  for (let month = 1; month <= MONTHS; month++)
    for (let day = 1; day <= LONGEST_MONTH; day++) {
      const here = { year: null, month, day }
      if (isWithin(rule, here) && !isWithin(other, here)) return false
    }
  return true
}
