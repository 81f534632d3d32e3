/** Explains the faults of date rules: the rows under `dates` in `schedule.yaml`. */
import type { DateFault } from '#signal/check/schedule-fault.ts'
import type { CalendarDay, CalendarName } from '#signal/schedule.ts'
import type { Explained, Explanations, Origin } from './explain.ts'
import { writeInstead } from './nearest.ts'

/** As people say it. */
const CALENDAR_WORDS: Readonly<Record<CalendarName, string>> = {
  gregory: 'Gregorian',
  persian: 'Persian',
  'islamic-umalqura': 'Islamic (Umm al-Qura)',
  'islamic-civil': 'Islamic (civil)',
}

const inRule = (rule: string, path: readonly string[], says: string): Explained => ({
  file: 'schedule',
  path: ['dates', rule, ...path],
  says,
})

/** The key under which the file has the end of a range: `on` stands for both. */
function endIn({ files }: Origin, rule: string, end: 'from' | 'to'): string {
  return files.schedule.dates?.[rule]?.on === undefined ? end : 'on'
}

export const DATE_EXPLANATIONS: Explanations<DateFault> = {
  DATE_RULE_TWICE: ({ rule }) => inRule(rule, [], 'this row stands twice. Remove one.'),
  DATE_RULE_DAY_PLAN_UNKNOWN: ({ rule }, { files: { schedule } }) => {
    const key = schedule.dates?.[rule]?.day_plan ?? ''
    const instead = writeInstead(key, Object.keys(schedule.day_plans))
    return inRule(rule, ['day_plan'], `there is no day plan ${key}. ${instead}`)
  },
  DATE_YEAR_INVALID: ({ rule, end, calendar, year, leastYear, mostYear }, origin) =>
    inRule(
      rule,
      [endIn(origin, rule, end)],
      `${year} is not ${leastYear} to ${mostYear} of the ${CALENDAR_WORDS[calendar]} calendar. Correct the year, or name its calendar.`,
    ),
  DATE_MONTH_INVALID: ({ rule, end, month, most }, origin) =>
    inRule(rule, [endIn(origin, rule, end)], `${month} is no month. Write 1 to ${most}, the month before the day.`),
  DATE_DAY_INVALID: ({ rule, end, calendar, mostDays, ...day }, origin) =>
    inRule(
      rule,
      [endIn(origin, rule, end)],
      `month ${day.month}${day.year === null ? '' : ` of ${day.year}`} has ${day.year === null ? 'at most ' : ''}` +
        `${mostDays} days in the ${CALENDAR_WORDS[calendar]} calendar, not ${day.day}. Correct the day.`,
    ),
  DATE_YEAR_ON_ONE_SIDE: ({ rule }) =>
    inRule(rule, [], 'one end of the range has a year and the other has none. Write both, or neither for every year.'),
  DATE_RANGE_BACKWARDS: ({ rule, from, to }) =>
    inRule(rule, [], `it begins on ${dayText(from)} and ends before, on ${dayText(to)}. Exchange them.`),
  DATE_WEEK_DAY_INVALID: ({ rule, weekDay }) =>
    inRule(rule, ['week_days'], `${weekDay} is no week day. Name days such as friday.`),
  DATE_RULE_NEVER_HOLDS: ({ rule }) =>
    inRule(
      rule,
      ['week_days'],
      'none of these week days falls into its range, so it never comes. Correct one of them.',
    ),
  DATE_RULE_COVERED: ({ rule, by }) =>
    inRule(rule, [], `${by} stands before it and holds whenever it does, so it never comes. Move it above ${by}.`),
}

const dayText = ({ year, month, day }: CalendarDay): string =>
  year === null ? `${month}-${day}` : `${year}-${month}-${day}`
