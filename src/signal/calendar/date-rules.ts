/** Which days a date rule names, each in the calendar of the rule. */
import type { CalendarDay, DateRule } from '../schedule.ts'

/** True where the rule holds on that date. */
export function holdsOn(rule: DateRule, date: Temporal.PlainDate): boolean {
  if (!isOnWeekDay(rule, date.dayOfWeek)) return false
  return isWithin(rule, date.withCalendar(rule.calendar))
}

/** True where the rule has years, and they have passed on that date. */
export function isOver({ calendar, to }: DateRule, date: Temporal.PlainDate): boolean {
  return to.year !== null && orderOf(to) < orderOf(date.withCalendar(calendar))
}

/** Between the ends of the rule, both included; the year counts where they have one. */
export function isWithin({ from, to }: DateRule, { year, month, day }: CalendarDay): boolean {
  const here = orderOf({ year: from.year === null ? null : year, month, day })
  const [first, last] = [orderOf(from), orderOf(to)]
  // A range such as 25 Esfand to 4 Farvardin runs over the end of the year.
  return first <= last ? first <= here && here <= last : first <= here || here <= last
}

export const isOnWeekDay = ({ weekDays }: DateRule, weekDay: number): boolean =>
  weekDays.length === 0 || weekDays.includes(weekDay)

/** A number that grows with the date; days without a year are ordered in one year. */
export const orderOf = ({ year, month, day }: CalendarDay): number => ((year ?? 0) * 100 + month) * 100 + day
