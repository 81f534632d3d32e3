/** Makes the schedule of an intersection from `schedule.yaml`: keys become numbers, dates those of their calendar. */
import { patternId, type IntersectionId } from '#base/id.ts'
import { at } from '#base/at.ts'
import type { CalendarDay, DateRule, DayPlan, DayPlanEntry, Schedule } from '#signal/schedule.ts'
import { PATTERN_FLASH, PATTERN_FREE } from '#signal/timing-plan.ts'
import { daysFromMonday, FLASH, FREE, minuteOfDay, planAndMaximum, WEEK_DAYS } from './schedule-file.ts'
import type { DateRow, DayPlanRow } from './schedule-file.ts'
import type { SiteFiles } from './site-files.ts'

type Patterns = Readonly<Record<string, number>>

/** What stands for a day plan or plan that no file has; none has this number, so the checks find it. */
const NO_NUMBER = 0

/** Only the day plans that this intersection uses, so that another's night does not change its hash. */
export function buildSchedule(id: IntersectionId, { site, schedule }: SiteFiles): Schedule {
  const days = daysFromMonday(schedule.own_weeks?.[id] ?? schedule.week)
  const rows = Object.entries(schedule.dates ?? {})
  const used = [...days, ...rows.map(([, { day_plan }]) => day_plan)]
  const dayPlans = Object.entries(schedule.day_plans).filter(([key]) => used.includes(key))
  const numberOf = (key: string) => schedule.day_plans[key]?.number ?? NO_NUMBER
  return {
    timeZone: site.time_zone,
    dayPlans: dayPlans.map(([key, row]) => buildDayPlan(key, row, site.patterns)),
    week: days.map(numberOf),
    dates: rows.flatMap(([key, row]) => buildDateRule(key, row, numberOf(row.day_plan))),
  }
}

function buildDayPlan(key: string, row: DayPlanRow, patterns: Patterns): DayPlan {
  const entries = Object.entries(row.entries).map(([time, asked]) => buildEntry(time, asked, patterns))
  return { number: row.number, key, entries: entries.toSorted((a, b) => a.startMinuteOfDay - b.startMinuteOfDay) }
}

function buildEntry(time: string, asked: string, patterns: Patterns): DayPlanEntry {
  const { plan, maximum } = planAndMaximum(asked)
  return { startMinuteOfDay: minuteOfDay(time), pattern: patternOf(plan, patterns), maximum }
}

function patternOf(plan: string, patterns: Patterns) {
  if (plan === FREE) return PATTERN_FREE
  return plan === FLASH ? PATTERN_FLASH : patternId(patterns[plan] ?? NO_NUMBER)
}

/** A row that does not say its days is left out; the check of the files names it. */
function buildDateRule(key: string, row: DateRow, dayPlan: number): DateRule[] {
  const [from, to] = [row.on ?? row.from, row.on ?? row.to]
  if (from === undefined || to === undefined) return []
  const weekDays = (row.week_days ?? []).map((day) => WEEK_DAYS.indexOf(day) + 1)
  return [{ key, calendar: row.calendar ?? 'gregory', from: calendarDay(from), to: calendarDay(to), weekDays, dayPlan }]
}

/** `1-13` or `1405-1-13`. */
function calendarDay(text: string): CalendarDay {
  const numbers = text.split('-').map(Number)
  const [month, day] = numbers.slice(-2)
  return { year: numbers.length === 3 ? at(numbers, 0) : null, month: month ?? NO_NUMBER, day: day ?? NO_NUMBER }
}
