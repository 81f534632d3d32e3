/** Which pattern the clock asks for: day plans by week day and by date, in the city's time zone. */
import type { PatternId } from '#base/id.ts'

export interface DayPlanEntry {
  readonly startMinuteOfDay: number
  readonly pattern: PatternId
  /** The maximum green in effect while the intersection is free. */
  readonly maximum: 1 | 2
}

export interface DayPlan {
  readonly number: number
  readonly key: string
  /** Ascending, the first at 00:00. */
  readonly entries: readonly DayPlanEntry[]
}

/** Calendars by the names of Unicode (CLDR): Gregorian, Persian solar, Islamic lunar (Umm al-Qura; tabular, civil epoch). */
export const CALENDARS = ['gregory', 'persian', 'islamic-umalqura', 'islamic-civil'] as const
export type CalendarName = (typeof CALENDARS)[number]

/**
 * A date of the rule's calendar; without a year it comes round every year. A day that a year does not have (30 Esfand,
 * 29 February, the 30th of a short lunar month) does not come in it: a single day is left out, a range just ends before.
 */
export interface CalendarDay {
  readonly year: number | null
  readonly month: number
  readonly day: number
}

/** Days that do not follow the week: a holiday, a season, a single day. */
export interface DateRule {
  readonly key: string
  readonly calendar: CalendarName
  /** Both days included, both with a year or both without; without, it may run over the end of the year. One day: twice the same. */
  readonly from: CalendarDay
  readonly to: CalendarDay
  /** ISO week days 1–7 on which it holds; empty = all. */
  readonly weekDays: readonly number[]
  readonly dayPlan: number
}

export interface Schedule {
  /** IANA name, such as `Asia/Tehran`. */
  readonly timeZone: string
  readonly dayPlans: readonly DayPlan[]
  /** Day-plan number for ISO week days, Monday = index 0 … Sunday = index 6. */
  readonly week: readonly number[]
  /** The first rule that holds for a date has precedence over the rest, and over the week. */
  readonly dates: readonly DateRule[]
}
