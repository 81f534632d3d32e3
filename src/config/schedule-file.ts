/** Shape of `schedule.yaml`: which plan runs when. */
import { Type } from 'typebox'
import { ID, KEY, strict, table, TIME_OF_DAY } from './fields.ts'

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
  entries: table(TIME_OF_DAY, Type.String({ description: 'a plan, or free' }), 'from this time on'),
})

export const ScheduleFile = strict({
  day_plans: table(KEY, DayPlan),
  week: Week,
  own_weeks: Type.Optional(table(ID, Week, 'intersections that do not follow the week of the city')),
})
export type ScheduleFile = Type.Static<typeof ScheduleFile>
export type WeekRow = ScheduleFile['week']

/** The plan key that stands for no coordination. */
export const FREE = 'free'
export type DayPlanRow = ScheduleFile['day_plans'][string]

export const WEEK_DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

/** Day-plan keys of a week in ISO order. */
export const daysFromMonday = (week: WeekRow): string[] => WEEK_DAYS.map((day) => week[day])

/** `06:30` as minutes since midnight. */
export const minuteOfDay = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
