/** Days that do not follow the week: how a file says them, and each way to say them wrong with its exact sentence. */
import { describe, expect, test } from 'vitest'
import { patternAt } from '#signal/calendar/schedule-clock.ts'
import { PATTERN_FLASH, PATTERN_FREE } from '#signal/timing-plan.ts'
import { HAMADAN, loadCopy, loadEdited, plant, type Loaded } from './planted.ts'

/** The week of the village with these rows under `dates`. */
const withDates = (...rows: readonly string[]): Promise<Loaded> =>
  loadEdited('schedule.yaml', (text) => `${text}dates:\n${rows.map((row) => `  ${row}\n`).join('')}`)

const told = (loaded: Loaded) => (loaded.ok ? [] : loaded.fault.map(({ code, message }) => `${code} ${message}`))

const scheduleOf = (loaded: Loaded) => {
  if (!loaded.ok) throw new Error(told(loaded).join('\n'))
  return loaded.value.intersections[0]!.database.schedule
}

const NEW_YEAR = 'new_year: { from: 12-29, to: 1-4, calendar: persian, day_plan: every_day }'

const FAULTS: readonly (readonly [code: string, row: string, says: string])[] = [
  [
    'DATE_ROW_UNCLEAR',
    'feast: { from: 1-1, day_plan: every_day }',
    'dates.feast: its days are not clear. Write on: for one day, or from: and to: for several.',
  ],
  [
    'DATE_ROW_UNCLEAR',
    'feast: { on: 1-1, to: 1-2, day_plan: every_day }',
    'dates.feast: its days are not clear. Write on: for one day, or from: and to: for several.',
  ],
  [
    'NOT_ALLOWED',
    'feast: { on: 1/13, day_plan: every_day }',
    'dates.feast.on: "1/13" is not a date such as 1-13 (month-day) or 2027-10-7 (year-month-day). Correct it.',
  ],
  [
    'NOT_ALLOWED',
    'feast: { on: 1-13, calendar: persion, day_plan: every_day }',
    'dates.feast.calendar: "persion" is not allowed. Did you mean persian?',
  ],
  [
    'DATE_RULE_DAY_PLAN_UNKNOWN',
    'feast: { on: 1-13, day_plan: every_dey }',
    'dates.feast.day_plan: there is no day plan every_dey. Did you mean every_day?',
  ],
  [
    'DATE_MONTH_INVALID',
    'feast: { on: 13-1, calendar: persian, day_plan: every_day }',
    'dates.feast.on: 13 is no month. Write 1 to 12, the month before the day.',
  ],
  [
    'DATE_DAY_INVALID',
    'feast: { from: 7-30, to: 7-31, calendar: persian, day_plan: every_day }',
    'dates.feast.to: month 7 has at most 30 days in the Persian calendar, not 31. Correct the day.',
  ],
  [
    'DATE_DAY_INVALID',
    'feast: { on: 2027-2-29, day_plan: every_day }',
    'dates.feast.on: month 2 of 2027 has 28 days in the Gregorian calendar, not 29. Correct the day.',
  ],
  [
    'DATE_YEAR_INVALID',
    'feast: { on: 1405-1-1, day_plan: every_day }',
    'dates.feast.on: 1405 is not 1970 to 2199 of the Gregorian calendar. Correct the year, or name its calendar.',
  ],
  [
    'DATE_YEAR_ON_ONE_SIDE',
    'feast: { from: 2027-1-1, to: 1-3, day_plan: every_day }',
    'dates.feast: one end of the range has a year and the other has none. Write both, or neither for every year.',
  ],
  [
    'DATE_RANGE_BACKWARDS',
    'feast: { from: 2027-1-3, to: 2027-1-1, day_plan: every_day }',
    'dates.feast: it begins on 2027-1-3 and ends before, on 2027-1-1. Exchange them.',
  ],
  [
    'DATE_RULE_NEVER_HOLDS',
    'feast: { from: 2027-1-4, to: 2027-1-7, week_days: [friday], day_plan: every_day }',
    'dates.feast.week_days: none of these week days falls into its range, so it never comes. Correct one of them.',
  ],
]

describe('dates that no calendar has are refused with place, rule and remedy', () => {
  test.each(FAULTS)('%s of %s', async (...[code, row, says]) =>
    expect(told(await withDates(row))).toEqual([`${code} village/schedule.yaml ${says}`]),
  )

  test('a row that never comes because of one before it is told which', async () => {
    const feast = 'feast: { on: 1-2, calendar: persian, day_plan: market_day }'
    expect(told(await withDates(NEW_YEAR, feast))).toEqual([
      'DATE_RULE_COVERED village/schedule.yaml dates.feast: new_year stands before it and holds whenever it does, so it never comes. Move it above new_year.',
    ])
    expect((await withDates(feast, NEW_YEAR)).ok).toBe(true)
  })
})

test('rows keep their order, their calendars and their week days', async () => {
  const { dates } = scheduleOf(
    await withDates(
      'market: { on: 2027-10-7, day_plan: market_day }',
      NEW_YEAR,
      'thursdays: { from: 6-1, to: 8-31, week_days: [thursday, friday], day_plan: market_day }',
    ),
  )
  expect(dates).toMatchObject([
    { key: 'market', calendar: 'gregory', from: { year: 2027, month: 10, day: 7 }, to: { year: 2027 }, dayPlan: 2 },
    { key: 'new_year', calendar: 'persian', from: { year: null, month: 12, day: 29 }, to: { month: 1, day: 4 } },
    { key: 'thursdays', weekDays: [4, 5] },
  ])
})

test('a day plan asks for plans, for free, for flash, and for the second maximum', async () => {
  const loaded = await loadEdited('schedule.yaml', (text) =>
    plant('06:30: day', '01:00: flash\n      05:00: free max2\n      06:30: day max1')(text),
  )
  expect(scheduleOf(loaded).dayPlans[0]!.entries).toEqual([
    { startMinuteOfDay: 0, pattern: PATTERN_FREE, maximum: 1 },
    { startMinuteOfDay: 60, pattern: PATTERN_FLASH, maximum: 1 },
    { startMinuteOfDay: 300, pattern: PATTERN_FREE, maximum: 2 },
    { startMinuteOfDay: 390, pattern: 1, maximum: 1 },
    { startMinuteOfDay: 1_320, pattern: PATTERN_FREE, maximum: 1 },
  ])
})

test('a third maximum is no maximum', async () => {
  const loaded = await loadEdited('schedule.yaml', plant('06:30: day', '06:30: day max3'))
  expect(told(loaded)).toEqual([
    'NOT_ALLOWED village/schedule.yaml day_plans.every_day.entries.06:30: "day max3" is not a plan, free or flash, with max2 behind it where the second maximum is meant. Correct it.',
  ])
})

test('an unknown plan is told from the words beside it', async () => {
  const loaded = await loadEdited('schedule.yaml', plant('06:30: day', '06:30: dey max2'))
  expect(told(loaded)).toEqual([
    'DAY_PLAN_PATTERN_UNKNOWN village/schedule.yaml day_plans.every_day.entries.06:30: site.yaml has no plan dey. Did you mean day?',
  ])
})

test('Hamadan keeps Nowruz by the sun and Ashura by the moon', async () => {
  const loaded = await loadCopy(HAMADAN, {})
  const schedule = scheduleOf(loaded)
  const patterns = { night: 1, am_peak: 2, midday: 3, friday: 5 }
  const asked = (local: string) =>
    patternAt(schedule, Temporal.ZonedDateTime.from(`${local}[Asia/Tehran]`).epochMilliseconds)
  expect(asked('2027-03-22T11:00')).toBe(patterns.friday)
  expect(asked('2027-04-02T18:00')).toBe(patterns.am_peak) // 13 Farvardin 1406
  expect(asked('2027-06-15T12:00')).toBe(PATTERN_FREE) // 10 Muharram 1449
  expect(asked('2027-01-10T12:00')).toBe(patterns.friday) // 20 Dey 1405, the air
  expect(asked('2028-01-10T12:00')).toBe(patterns.midday)
})
