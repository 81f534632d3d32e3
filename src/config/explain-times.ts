/** Explains the faults of schedules: `schedule.yaml`, and the time zone in `site.yaml`. */
import type { ScheduleFault } from '#signal/check/schedule-fault.ts'
import type { Explained, Explanations, Origin } from './explain.ts'
import { writeInstead } from './nearest.ts'
import { daysFromMonday, FLASH, FREE, planAndMaximum, WEEK_DAYS } from './schedule-file.ts'

export const SCHEDULE_EXPLANATIONS: Explanations<ScheduleFault> = {
  TIME_ZONE_UNKNOWN: ({ timeZone }) => ({
    file: 'site',
    path: ['time_zone'],
    says: `${timeZone} is no time zone. Write an IANA name such as Asia/Tehran.`,
  }),
  DAY_PLAN_TWICE: ({ dayPlan }) => ({
    file: 'schedule',
    path: ['day_plans'],
    says: `${dayPlan} is the number of two day plans. Renumber one.`,
  }),
  DAY_PLAN_EMPTY: ({ dayPlan }, origin) =>
    inDayPlan(origin, dayPlan, { path: [], says: 'it is empty. Begin with 00:00.' }),
  DAY_PLAN_NOT_FROM_MIDNIGHT: ({ dayPlan, minute }, origin) =>
    inDayPlan(origin, dayPlan, { path: [], says: `it begins at ${timeOf(minute)}. Say what runs from 00:00 on.` }),
  DAY_PLAN_MINUTE_INVALID: ({ dayPlan, minute }, origin) =>
    inDayPlan(origin, dayPlan, { path: [], says: `minute ${minute} is not in a day. Write 00:00 to 23:59.` }),
  DAY_PLAN_OUT_OF_ORDER: ({ dayPlan, minute, previousMinute }, origin) =>
    inDayPlan(origin, dayPlan, {
      path: [timeOf(minute)],
      says: `it does not come after ${timeOf(previousMinute)}. Put the times in order.`,
    }),
  DAY_PLAN_PATTERN_UNKNOWN: ({ dayPlan, minute }, origin) => {
    const { id, files } = origin
    const time = timeOf(minute)
    const row = Object.values(files.schedule.day_plans).find(({ number }) => number === dayPlan)
    const { plan } = planAndMaximum(row?.entries[time] ?? '')
    const numbered = Object.keys(files.site.patterns)
    const says = numbered.includes(plan)
      ? `${id} has no plan ${plan}. Add ${id} to it in plans.yaml, or give ${id} a week of its own under own_weeks.`
      : `site.yaml has no plan ${plan}. ${writeInstead(plan, [...numbered, FREE, FLASH])}`
    return inDayPlan(origin, dayPlan, { path: [time], says })
  },
  WEEK_NOT_SEVEN_DAYS: ({ days }) => ({
    file: 'schedule',
    path: ['week'],
    says: `${days} days are no week. Name all seven.`,
  }),
  WEEK_DAY_PLAN_UNKNOWN: ({ weekDay }, { id, files: { schedule } }) => {
    const own = schedule.own_weeks?.[id]
    const key = daysFromMonday(own ?? schedule.week)[weekDay - 1] ?? ''
    const path = [...(own === undefined ? ['week'] : ['own_weeks', id]), WEEK_DAYS[weekDay - 1] ?? weekDay]
    const says = `there is no day plan ${key}. ${writeInstead(key, Object.keys(schedule.day_plans))}`
    return { file: 'schedule', path, says }
  },
}

interface PlaceInDayPlan {
  readonly path: readonly (string | number)[]
  readonly says: string
}

function inDayPlan({ files }: Origin, number: number, { path, says }: PlaceInDayPlan): Explained {
  const dayPlans = Object.entries(files.schedule.day_plans)
  const key = dayPlans.find(([, row]) => row.number === number)?.[0] ?? number
  return { file: 'schedule', path: ['day_plans', key, 'entries', ...path], says }
}

/** Minutes since midnight as `06:30`. */
const timeOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
