/** What is wrong with date rules, found before a controller runs them. */
import { expect, test } from 'vitest'
import { checkSchedule } from '#signal/check/check-schedule.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'
import type { DateRule } from '#signal/schedule.ts'

const day = (year: number | null, month: number, dayOfMonth: number) => ({ year, month, day: dayOfMonth })

const rule = (facts: Partial<DateRule>): DateRule => ({
  key: 'feast',
  calendar: 'persian',
  from: day(null, 1, 1),
  to: day(null, 1, 4),
  weekDays: [],
  dayPlan: 1,
  ...facts,
})

const only = (where: DateRule['from'], facts: Partial<DateRule> = {}) => rule({ from: where, to: where, ...facts })

const faultsOf = (...dates: DateRule[]) =>
  checkSchedule(
    {
      timeZone: 'Asia/Tehran',
      dayPlans: [{ number: 1, key: 'day', entries: [{ startMinuteOfDay: 0, pattern: PATTERN_FREE, maximum: 1 }] }],
      week: [1, 1, 1, 1, 1, 1, 1],
      dates,
    },
    [],
  )

const codesOf = (...dates: DateRule[]) => faultsOf(...dates).map(({ code }) => code)

test('rules that can be kept have no faults', () =>
  expect(
    faultsOf(
      rule({}),
      only(day(null, 12, 30), { key: 'leap day' }),
      rule({ key: 'turn of the year', from: day(null, 12, 27), to: day(null, 1, 2) }),
      only(day(null, 2, 29), { key: 'leap day of February', calendar: 'gregory' }),
      only(day(null, 12, 30), { key: 'last of the lunar year', calendar: 'islamic-civil' }),
      only(day(1405, 7, 30), { key: 'once' }),
    ),
  ).toEqual([]))

test('a thirteenth month, 31 Mehr and a day 0 do not exist', () => {
  expect(faultsOf(rule({ to: day(null, 13, 1) }))).toEqual([
    { code: 'DATE_MONTH_INVALID', rule: 'feast', end: 'to', month: 13, most: 12 },
  ])
  expect(faultsOf(rule({ to: day(null, 7, 31) }))).toEqual([
    {
      code: 'DATE_DAY_INVALID',
      rule: 'feast',
      end: 'to',
      calendar: 'persian',
      year: null,
      month: 7,
      day: 31,
      mostDays: 30,
    },
  ])
  expect(codesOf(rule({ from: day(null, 1, 0) }))).toEqual(['DATE_DAY_INVALID'])
  expect(codesOf(only(day(null, 2, 30), { calendar: 'islamic-civil' }))).toEqual([
    'DATE_DAY_INVALID',
    'DATE_DAY_INVALID',
  ])
  expect(codesOf(only(day(null, 2, 30), { calendar: 'islamic-umalqura' }))).toEqual([])
})

test('a day with a year must exist in that year', () => {
  expect(codesOf(only(day(1403, 12, 30)))).toEqual([])
  expect(faultsOf(rule({ from: day(1404, 12, 1), to: day(1404, 12, 30) }))).toMatchObject([
    { code: 'DATE_DAY_INVALID', end: 'to', year: 1404, mostDays: 29 },
  ])
})

test('a Persian year is no Gregorian one', () => {
  expect(faultsOf(only(day(1405, 5, 1), { calendar: 'gregory' }))[0]).toEqual({
    code: 'DATE_YEAR_INVALID',
    rule: 'feast',
    end: 'from',
    calendar: 'gregory',
    year: 1405,
    leastYear: 1970,
    mostYear: 2199,
  })
  expect(codesOf(only(day(2026, 5, 1)))).toEqual(['DATE_YEAR_INVALID', 'DATE_YEAR_INVALID'])
})

test('a range has years at both ends or at none, and does not run backwards', () => {
  expect(codesOf(rule({ from: day(1405, 1, 1) }))).toEqual(['DATE_YEAR_ON_ONE_SIDE'])
  expect(faultsOf(rule({ from: day(1405, 2, 1), to: day(1405, 1, 31) }))).toEqual([
    { code: 'DATE_RANGE_BACKWARDS', rule: 'feast', from: day(1405, 2, 1), to: day(1405, 1, 31) },
  ])
})

test('a rule needs a day plan that exists, week days of a week, and a name of its own', () => {
  expect(faultsOf(rule({ dayPlan: 9 }))).toEqual([{ code: 'DATE_RULE_DAY_PLAN_UNKNOWN', rule: 'feast', dayPlan: 9 }])
  expect(faultsOf(rule({ weekDays: [1, 8] }))).toEqual([{ code: 'DATE_WEEK_DAY_INVALID', rule: 'feast', weekDay: 8 }])
  expect(codesOf(rule({}), rule({ from: day(null, 2, 1), to: day(null, 2, 2) }))).toEqual(['DATE_RULE_TWICE'])
})

test('a range into which none of its week days falls never comes', () => {
  const saturdays = { from: day(1405, 1, 2), to: day(1405, 1, 7), weekDays: [6] } // 22 March 2026 was a Sunday.
  expect(faultsOf(rule(saturdays))).toEqual([{ code: 'DATE_RULE_NEVER_HOLDS', rule: 'feast' }])
  expect(codesOf(rule({ ...saturdays, to: day(1405, 1, 8) }))).toEqual([])
})

test('a rule that holds only where one before it does never wins', () => {
  const nowruz = rule({ key: 'nowruz', to: day(null, 1, 13) })
  const covered = [{ code: 'DATE_RULE_COVERED', rule: 'feast', by: 'nowruz' }]
  expect(faultsOf(nowruz, rule({ from: day(null, 1, 5), to: day(null, 1, 13) }))).toEqual(covered)
  expect(faultsOf(nowruz, rule({ from: day(null, 1, 5), to: day(null, 1, 14) }))).toEqual([])
  expect(faultsOf(nowruz, only(day(1405, 1, 13)))).toEqual(covered)
  expect(faultsOf(nowruz, only(day(2026, 4, 2), { calendar: 'gregory' }))).toEqual(covered)
  expect(faultsOf(nowruz, only(day(2026, 4, 3), { calendar: 'gregory' }))).toEqual([])
  expect(faultsOf(nowruz, only(day(null, 4, 2), { calendar: 'gregory' }))).toEqual([])
})

test('a rule for some week days leaves the others to those after it', () => {
  const fridays = rule({ key: 'fridays', weekDays: [5] })
  expect(faultsOf(fridays, rule({}))).toEqual([])
  expect(faultsOf(fridays, rule({ weekDays: [4, 5] }))).toEqual([])
  expect(codesOf(fridays, rule({ weekDays: [5] }))).toEqual(['DATE_RULE_COVERED'])
  expect(codesOf(rule({ key: 'all' }), rule({ weekDays: [5] }))).toEqual(['DATE_RULE_COVERED'])
})

test('a rule with years does not cover one that comes round every year', () =>
  expect(faultsOf(rule({ key: 'once', from: day(1405, 1, 1), to: day(1405, 1, 13) }), rule({}))).toEqual([]))

test('a rule that is wrong itself covers nobody', () =>
  expect(codesOf(rule({ key: 'wrong', to: day(null, 14, 1) }), rule({}))).toEqual(['DATE_MONTH_INVALID']))
