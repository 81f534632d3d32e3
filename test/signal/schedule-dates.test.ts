/** Days that do not follow the week: Nowruz, moving feasts of the lunar year, one-off days, and days that a year does not have. */
import { expect, test } from 'vitest'
import { patternId } from '#base/id.ts'
import { entryAt, nextChange, nextEntryEpochMs, patternAt } from '#signal/calendar/schedule-clock.ts'
import { CALENDARS, type CalendarDay, type CalendarName, type DateRule, type Schedule } from '#signal/schedule.ts'

const WORKDAY = patternId(1)
const FRIDAY = patternId(2)
const HOLIDAY = patternId(3)
const MOURNING = patternId(4)

const ZONE = 'Asia/Tehran'
const DAY_MS = 86_400_000

const allDay = (number: number) => ({
  number,
  key: `plan_${number}`,
  entries: [{ startMinuteOfDay: 0, pattern: patternId(number), maximum: 1 as const }],
})

const schedule = (...dates: DateRule[]): Schedule => ({
  timeZone: ZONE,
  dayPlans: [1, 2, 3, 4].map(allDay),
  week: [1, 1, 1, 1, 2, 1, 1],
  dates,
})

const day = (text: string): CalendarDay => {
  const numbers = text.split('-').map(Number)
  const [month, dayOfMonth] = numbers.slice(-2)
  return { year: numbers.length === 3 ? numbers[0]! : null, month: month!, day: dayOfMonth! }
}

const rule = (calendar: CalendarName, from: string, to = from, facts: Partial<DateRule> = {}): DateRule => ({
  key: `${calendar} ${from}`,
  calendar,
  from: day(from),
  to: day(to),
  weekDays: [],
  dayPlan: HOLIDAY,
  ...facts,
})

const at = (local: string): number => Temporal.ZonedDateTime.from(`${local}[${ZONE}]`).epochMilliseconds
const on = (asked: Schedule, date: string): number => patternAt(asked, at(`${date}T12:00`))

test('Nowruz has its day plan from the first instant of 1 Farvardin to the last of the 4th, every year', () => {
  const nowruz = schedule(rule('persian', '1-1', '1-4'))
  for (const [first, next] of [
    ['2025-03-21', '2025-03-25'],
    ['2026-03-21', '2026-03-25'],
    ['2028-03-20', '2028-03-24'],
  ] as const) {
    expect(patternAt(nowruz, at(`${first}T00:00`) - 1)).not.toBe(HOLIDAY)
    expect(patternAt(nowruz, at(`${first}T00:00`))).toBe(HOLIDAY)
    expect(patternAt(nowruz, at(`${next}T00:00`) - 1)).toBe(HOLIDAY)
    expect(patternAt(nowruz, at(`${next}T00:00`))).not.toBe(HOLIDAY)
  }
})

test('Tasua and Ashura move through the solar year with the moon', () => {
  const ashura = schedule(rule('islamic-umalqura', '1-9', '1-10', { dayPlan: MOURNING }))
  expect(on(ashura, '2026-06-24')).toBe(MOURNING)
  expect(on(ashura, '2026-06-25')).toBe(MOURNING)
  expect(on(ashura, '2026-06-26')).not.toBe(MOURNING)
  expect(on(ashura, '2027-06-25')).not.toBe(MOURNING)
  expect(on(ashura, '2027-06-15')).toBe(MOURNING)
})

test('the first rule that holds has precedence over those after it, and all of them over the week', () => {
  const both = schedule(rule('gregory', '2026-3-21', '2026-3-21', { dayPlan: MOURNING }), rule('persian', '1-1', '1-4'))
  expect(on(both, '2026-03-20')).toBe(FRIDAY)
  expect(on(both, '2026-03-21')).toBe(MOURNING)
  expect(on(both, '2026-03-22')).toBe(HOLIDAY)
  expect(on(both, '2027-03-21')).toBe(HOLIDAY)
})

test('a range without years runs over the end of the year', () => {
  const turn = schedule(rule('persian', '12-27', '1-2'))
  expect(on(turn, '2026-03-17')).toBe(WORKDAY) // 26 Esfand 1404
  expect(on(turn, '2026-03-18')).toBe(HOLIDAY)
  expect(on(turn, '2026-03-22')).toBe(HOLIDAY)
  expect(on(turn, '2026-03-23')).toBe(WORKDAY)
})

test('a range with years is over when it is over', () => {
  const works = schedule(rule('gregory', '2026-11-30', '2027-1-5'))
  expect(on(works, '2026-11-29')).toBe(WORKDAY)
  expect(on(works, '2026-11-30')).toBe(HOLIDAY)
  expect(on(works, '2027-01-05')).toBe(HOLIDAY)
  expect(on(works, '2027-01-06')).toBe(WORKDAY)
  expect(on(works, '2027-11-30')).toBe(WORKDAY)
})

test('a rule with week days holds on those of its range only', () => {
  const thursdays = schedule(rule('persian', '4-1', '6-31', { weekDays: [4] }))
  expect(on(thursdays, '2026-07-01')).toBe(WORKDAY)
  expect(on(thursdays, '2026-07-02')).toBe(HOLIDAY)
  expect(on(thursdays, '2026-07-03')).toBe(FRIDAY)
  expect(on(thursdays, '2026-10-01')).toBe(WORKDAY)
})

test('30 Esfand and 29 February come in leap years only, and a range to them ends with the month', () => {
  const lastOfEsfand = schedule(rule('persian', '12-30'))
  expect(on(lastOfEsfand, '2025-03-20')).toBe(HOLIDAY) // 1403 is a leap year …
  expect(on(lastOfEsfand, '2026-03-20')).toBe(FRIDAY) // … and 1404 ends on 29 Esfand.
  const endOfFebruary = schedule(rule('gregory', '2-28', '2-29'))
  expect(on(endOfFebruary, '2028-02-29')).toBe(HOLIDAY)
  expect(on(endOfFebruary, '2027-02-28')).toBe(HOLIDAY)
  expect(on(endOfFebruary, '2027-03-01')).toBe(WORKDAY)
})

test('the next change looks years ahead for a day that seldom comes', () => {
  const workdays: Schedule = { ...schedule(rule('gregory', '2-29')), week: [1, 1, 1, 1, 1, 1, 1] }
  expect(nextChange(workdays, at('2024-03-01T00:00'))).toEqual({ epochMs: at('2028-02-29T00:00'), pattern: HOLIDAY })
  expect(nextChange(workdays, at('2028-02-29T08:00'))).toEqual({ epochMs: at('2028-03-01T00:00'), pattern: WORKDAY })
  expect(nextChange(workdays, at('2096-03-01T00:00'))?.epochMs).toBe(at('2104-02-29T00:00'))
})

test('a one-off day next year is the next change, and after it nothing changes any more', () => {
  const once: Schedule = { ...schedule(rule('persian', '1406-7-15')), week: [1, 1, 1, 1, 1, 1, 1] }
  const first = at('2027-10-07T00:00')
  expect(nextChange(once, at('2026-01-01T00:00'))).toEqual({ epochMs: first, pattern: HOLIDAY })
  expect(nextChange(once, first)).toEqual({ epochMs: first + DAY_MS, pattern: WORKDAY })
  expect(nextChange(once, first + DAY_MS)).toBeNull()
})

test('a day that can no longer come, although its rule comes round, is looked for without end and not found', () => {
  const covered: Schedule = {
    ...schedule(rule('gregory', '1-1', '12-31', { dayPlan: WORKDAY }), rule('gregory', '5-1')),
    week: [1, 1, 1, 1, 1, 1, 1],
  }
  expect(nextChange(covered, at('2026-01-01T00:00'))).toBeNull()
})

test('the maximum of an entry is in effect with it', () => {
  const [plan] = schedule().dayPlans
  const free = { startMinuteOfDay: 600, pattern: WORKDAY, maximum: 2 as const }
  const busy: Schedule = {
    ...schedule(),
    week: [1, 1, 1, 1, 1, 1, 1],
    dayPlans: [{ ...plan!, entries: [...plan!.entries, free] }],
  }
  expect(entryAt(busy, at('2026-01-05T09:59')).maximum).toBe(1)
  expect(entryAt(busy, at('2026-01-05T10:00')).maximum).toBe(2)
  expect(nextEntryEpochMs(busy, at('2026-01-05T09:59'))).toBe(at('2026-01-05T10:00'))
  expect(nextEntryEpochMs(busy, at('2026-01-05T10:00'))).toBe(at('2026-01-06T00:00'))
  expect(nextChange(busy, at('2026-01-05T09:59'))).toBeNull()
})

test('every day of thirty years belongs to exactly one of twelve months, in every calendar', () => {
  const monthRules = (calendar: CalendarName) =>
    Array.from({ length: 12 }, (_, n) => rule(calendar, `${n + 1}-1`, `${n + 1}-31`, { dayPlan: (n % 4) + 1 }))
  for (const calendar of CALENDARS) {
    const months = schedule(...monthRules(calendar))
    for (let n = 0; n < 30 * 366; n += 7) {
      const date = new Temporal.PlainDate(2020, 1, 1).add({ days: n })
      expect(on(months, date.toString())).toBe(((date.withCalendar(calendar).month - 1) % 4) + 1)
    }
  }
})
