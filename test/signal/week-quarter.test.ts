/** The quarter-hour of the week by the clock of the city: over midnight, new year, holidays and nights on which clocks are changed. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { patternId } from '#base/id.ts'
import { QUARTER_MS, QUARTERS_A_WEEK, weekQuarterAt } from '#signal/calendar/week-quarter.ts'
import type { DateRule, Schedule } from '#signal/schedule.ts'

const WORK = 1
const FRIDAY = 2
const NOWRUZ = 3

/** Iran's week: Friday (the fifth day of ISO's) runs a day plan of its own, 1 to 4 Farvardin another one. */
const schedule = (timeZone: string, dates: readonly DateRule[] = []): Schedule => ({
  timeZone,
  dayPlans: [WORK, FRIDAY, NOWRUZ].map((number) => ({
    number,
    key: `day_${number}`,
    entries: [{ startMinuteOfDay: 0, pattern: patternId(number), maximum: 1 as const }],
  })),
  week: [WORK, WORK, WORK, WORK, FRIDAY, WORK, WORK],
  dates,
})

const holiday = (dayPlan: number): DateRule => ({
  key: 'holiday',
  calendar: 'gregory',
  from: { year: 2026, month: 1, day: 5 },
  to: { year: 2026, month: 1, day: 5 },
  weekDays: [],
  dayPlan,
})

const at = (zoned: string): number => Temporal.ZonedDateTime.from(zoned).epochMilliseconds
const quarterAt = (zoned: string, dates?: readonly DateRule[]) =>
  weekQuarterAt(schedule(/\[(.+)\]/.exec(zoned)?.[1] ?? '', dates), at(zoned)).quarter

describe('by the clock on the wall', () => {
  test.each([
    ['2026-01-05T00:00[Asia/Tehran]', 0, 'Monday begins'],
    ['2026-01-05T00:14:59.999[Asia/Tehran]', 0, 'its first quarter-hour ends'],
    ['2026-01-05T00:15[Asia/Tehran]', 1, 'the second begins'],
    ['2026-01-11T23:59:59.999[Asia/Tehran]', 671, 'Sunday ends'],
    ['2026-01-12T00:00[Asia/Tehran]', 0, 'the next Monday begins'],
    ['2026-12-31T23:59[Asia/Tehran]', 3 * 96 + 95, 'Thursday, the last of its year'],
    ['2027-01-01T00:00[Asia/Tehran]', 4 * 96, 'Friday, the first of the next'],
    ['2026-01-05T08:20[Asia/Kathmandu]', 33, 'a zone 5:45 from Greenwich'],
  ])('%s lies in quarter-hour %i: %s', (zoned, quarter) => {
    expect(quarterAt(zoned)).toBe(quarter)
  })

  test('the hour that autumn repeats lies in the same quarter-hours twice', () => {
    expect(quarterAt('2026-10-25T02:30+02:00[Europe/Berlin]')).toBe(quarterAt('2026-10-25T02:30+01:00[Europe/Berlin]'))
  })

  test('the hour that spring skips is skipped', () => {
    const before = at('2026-03-29T01:59[Europe/Berlin]')
    const berlin = schedule('Europe/Berlin')
    expect(weekQuarterAt(berlin, before).quarter).toBe(6 * 96 + 7)
    expect(weekQuarterAt(berlin, before + 60_000).quarter).toBe(6 * 96 + 12)
  })
})

describe('days that are alike', () => {
  test('are those of one day plan, at the same time', () => {
    const { alike } = weekQuarterAt(schedule('UTC'), at('2026-01-05T08:00[UTC]'))
    expect(alike).toEqual([1, 2, 3, 5, 6].map((day) => day * 96 + 32))
    expect(weekQuarterAt(schedule('UTC'), at('2026-01-09T08:00[UTC]')).alike).toEqual([])
  })

  test('a holiday that runs the day plan of a Friday is a Friday', () => {
    expect(quarterAt('2026-01-05T08:00[UTC]', [holiday(FRIDAY)])).toBe(4 * 96 + 32)
  })

  test('a date with a day plan of its own is the day it falls on, and like no other', () => {
    const nowruz = weekQuarterAt(schedule('UTC', [holiday(NOWRUZ)]), at('2026-01-05T08:00[UTC]'))
    expect(nowruz).toEqual({ quarter: 32, alike: [] })
  })
})

const ZONES = ['Asia/Tehran', 'UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu']

describe('whatever the zone', () => {
  test('any instant of a century lies in the quarter-hour that a clock of the city shows', () => {
    const instants = fc.integer({ min: Date.UTC(1980, 0, 1), max: Date.UTC(2080, 0, 1) })
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), instants, (zone, epochMs) => {
        expect(weekQuarterAt(schedule(zone), epochMs).quarter).toBe(shownBy(zone, epochMs))
      }),
    )
  })

  test('a week without a change of clocks has each of its 672 quarter-hours once, over new year too', () => {
    for (const zone of ZONES) {
      const monday = at(`2026-12-28T00:00[${zone}]`)
      const quarters = Array.from({ length: QUARTERS_A_WEEK }, (_, n) =>
        weekQuarterAt(schedule(zone), monday + n * QUARTER_MS),
      )
      expect(quarters.map(({ quarter }) => quarter)).toEqual(Array.from({ length: QUARTERS_A_WEEK }, (_, n) => n))
    }
  })
})

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** Another's word for it: the calendar that browsers write dates with. */
function shownBy(timeZone: string, epochMs: number): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  })
  const parts = Object.fromEntries(format.formatToParts(epochMs).map(({ type, value }) => [type, value]))
  const ofDay = Number(parts['hour']) * 4 + Math.floor(Number(parts['minute']) / 15)
  return DAYS.indexOf(parts['weekday'] ?? '') * 96 + ofDay
}
