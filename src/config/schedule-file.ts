/** Shape of `schedule.yaml`: which plan runs when. */
import { Type } from 'typebox'
import { CALENDARS } from '#signal/schedule.ts'
import { DATE, ENTRY, ID, KEY, strict, table, TIME_OF_DAY } from './fields.ts'

const Week = strict({
  saturday: Type.String(),
  sunday: Type.String(),
  monday: Type.String(),
  tuesday: Type.String(),
  wednesday: Type.String(),
  thursday: Type.String(),
  friday: Type.String(),
})

const DayPlan = strict({
  number: Type.Integer({ minimum: 1, maximum: 255 }),
  entries: table(
    TIME_OF_DAY,
    Type.String({
      pattern: ENTRY,
      description: 'a plan, free or flash; with max2 behind it the second maximum is in effect',
    }),
    'from this time on',
  ),
})

/** In the order of `Schedule.week`. */
export const WEEK_DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

const CalendarDate = (description: string) => Type.Optional(Type.String({ pattern: DATE, description }))

const DateRow = strict({
  on: CalendarDate('one day: month-day for every year, year-month-day for once'),
  from: CalendarDate('the first day of several'),
  to: CalendarDate('the last of them'),
  calendar: Type.Optional(Type.Enum([...CALENDARS], { description: 'of these dates; gregory, if left out' })),
  week_days: Type.Optional(
    Type.Array(Type.Enum([...WEEK_DAYS]), { minItems: 1, uniqueItems: true, description: 'only on these' }),
  ),
  day_plan: Type.String(),
})

export const ScheduleFile = strict({
  day_plans: table(KEY, DayPlan),
  week: Week,
  own_weeks: Type.Optional(table(ID, Week, 'intersections that do not follow the week of the city')),
  dates: Type.Optional(
    table(KEY, DateRow, 'days that do not follow the week, in the whole city; the first row that holds has precedence'),
  ),
})
export type ScheduleFile = Type.Static<typeof ScheduleFile>
export type WeekRow = ScheduleFile['week']

/** The plan keys that stand for no coordination, and for lamps that flash. */
export const FREE = 'free'
export const FLASH = 'flash'
export type DayPlanRow = ScheduleFile['day_plans'][string]
export type DateRow = NonNullable<ScheduleFile['dates']>[string]

/** Day-plan keys of a week in ISO order. */
export const daysFromMonday = (week: WeekRow): string[] => WEEK_DAYS.map((day) => week[day])

/** `free max2` as the plan and the maximum that is in effect with it. */
export function planAndMaximum(entry: string): { readonly plan: string; readonly maximum: 1 | 2 } {
  const [plan = '', maximum] = entry.split(' ')
  return { plan, maximum: maximum === 'max2' ? 2 : 1 }
}

/** `06:30` as minutes since midnight. */
export const minuteOfDay = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
