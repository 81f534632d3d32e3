/** What makes a schedule impossible: day plans, weeks and rules for dates that no calendar can keep. */
import type { CalendarDay, CalendarName } from '../schedule.ts'

/** `minute` counts from local midnight; week days are ISO, Monday = 1. */
export type ScheduleFault =
  | { readonly code: 'TIME_ZONE_UNKNOWN'; readonly timeZone: string }
  | { readonly code: 'DAY_PLAN_TWICE'; readonly dayPlan: number }
  | { readonly code: 'DAY_PLAN_EMPTY'; readonly dayPlan: number }
  | { readonly code: 'DAY_PLAN_NOT_FROM_MIDNIGHT'; readonly dayPlan: number; readonly minute: number }
  | { readonly code: 'DAY_PLAN_MINUTE_INVALID'; readonly dayPlan: number; readonly minute: number }
  | {
      readonly code: 'DAY_PLAN_OUT_OF_ORDER'
      readonly dayPlan: number
      readonly minute: number
      readonly previousMinute: number
    }
  | {
      readonly code: 'DAY_PLAN_PATTERN_UNKNOWN'
      readonly dayPlan: number
      readonly minute: number
      readonly pattern: number
    }
  | { readonly code: 'WEEK_NOT_SEVEN_DAYS'; readonly days: number }
  | { readonly code: 'WEEK_DAY_PLAN_UNKNOWN'; readonly weekDay: number; readonly dayPlan: number }

/** `rule` is the key of a date rule, `end` the end of its range; days are those of its calendar. */
export type DateFault =
  | { readonly code: 'DATE_RULE_TWICE'; readonly rule: string }
  | { readonly code: 'DATE_RULE_DAY_PLAN_UNKNOWN'; readonly rule: string; readonly dayPlan: number }
  | {
      readonly code: 'DATE_YEAR_INVALID'
      readonly rule: string
      readonly end: 'from' | 'to'
      readonly calendar: CalendarName
      readonly year: number
      readonly leastYear: number
      readonly mostYear: number
    }
  | {
      readonly code: 'DATE_MONTH_INVALID'
      readonly rule: string
      readonly end: 'from' | 'to'
      readonly month: number
      readonly most: number
    }
  /** `mostDays` of that month: in that year, or ever where the rule has none. */
  | {
      readonly code: 'DATE_DAY_INVALID'
      readonly rule: string
      readonly end: 'from' | 'to'
      readonly calendar: CalendarName
      readonly year: number | null
      readonly month: number
      readonly day: number
      readonly mostDays: number
    }
  | { readonly code: 'DATE_YEAR_ON_ONE_SIDE'; readonly rule: string }
  | {
      readonly code: 'DATE_RANGE_BACKWARDS'
      readonly rule: string
      readonly from: CalendarDay
      readonly to: CalendarDay
    }
  | { readonly code: 'DATE_WEEK_DAY_INVALID'; readonly rule: string; readonly weekDay: number }
  /** None of its week days falls into its range. */
  | { readonly code: 'DATE_RULE_NEVER_HOLDS'; readonly rule: string }
  /** The rule `by` stands before it and holds whenever it does. */
  | { readonly code: 'DATE_RULE_COVERED'; readonly rule: string; readonly by: string }
