/** The schedule on the calendar: week days, midnight, and the nights on which clocks are changed. */
import { expect, test } from 'vitest'
import { patternId } from '#base/id.ts'
import { localDayAt, nextChange, patternAt } from '#signal/calendar/schedule-clock.ts'
import type { Schedule } from '#signal/schedule.ts'

const NIGHT = patternId(1)
const PEAK = patternId(2)
const FRIDAY = patternId(3)

/** Peak from 07:00 to 09:00 on every day but Friday. */
const schedule = (timeZone: string, peakMinute = 420, endMinute = 540): Schedule => ({
  timeZone,
  dayPlans: [
    {
      number: 1,
      key: 'working_day',
      entries: [
        { startMinuteOfDay: 0, pattern: NIGHT, maximum: 1 as const },
        { startMinuteOfDay: peakMinute, pattern: PEAK, maximum: 1 as const },
        { startMinuteOfDay: endMinute, pattern: NIGHT, maximum: 1 as const },
      ],
    },
    { number: 2, key: 'friday', entries: [{ startMinuteOfDay: 0, pattern: FRIDAY, maximum: 1 as const }] },
  ],
  week: [1, 1, 1, 1, 2, 1, 1],
  dates: [],
})

const at = (zoned: string): number => Temporal.ZonedDateTime.from(zoned).epochMilliseconds

test('a plan begins with the first millisecond of its minute, by the clock of the city', () => {
  const tehran = schedule('Asia/Tehran')
  expect(patternAt(tehran, at('2026-01-05T07:00[Asia/Tehran]') - 1)).toBe(NIGHT)
  expect(patternAt(tehran, at('2026-01-05T07:00[Asia/Tehran]'))).toBe(PEAK)
  expect(patternAt(tehran, at('2026-01-05T09:00[Asia/Tehran]') - 1)).toBe(PEAK)
  expect(patternAt(tehran, at('2026-01-05T09:00[Asia/Tehran]'))).toBe(NIGHT)
})

test('where clocks are never changed there is no change to look back to', () => {
  const utc = schedule('UTC')
  expect(patternAt(utc, at('2026-01-05T07:00[UTC]') - 1)).toBe(NIGHT)
  expect(patternAt(utc, at('2026-01-05T07:00[UTC]'))).toBe(PEAK)
})

test('Friday has a day plan of its own from midnight to midnight', () => {
  const tehran = schedule('Asia/Tehran')
  expect(patternAt(tehran, at('2026-01-09T00:00[Asia/Tehran]') - 1)).toBe(NIGHT)
  expect(patternAt(tehran, at('2026-01-09T00:00[Asia/Tehran]'))).toBe(FRIDAY)
  expect(patternAt(tehran, at('2026-01-10T00:00[Asia/Tehran]') - 1)).toBe(FRIDAY)
  expect(patternAt(tehran, at('2026-01-10T00:00[Asia/Tehran]'))).toBe(NIGHT)
})

test('the next change is the next other pattern, also beyond a day without any', () => {
  const tehran = schedule('Asia/Tehran')
  expect(nextChange(tehran, at('2026-01-08T10:00[Asia/Tehran]'))).toEqual({
    epochMs: at('2026-01-09T00:00[Asia/Tehran]'),
    pattern: FRIDAY,
  })
  expect(nextChange(tehran, at('2026-01-09T12:00[Asia/Tehran]'))).toEqual({
    epochMs: at('2026-01-10T00:00[Asia/Tehran]'),
    pattern: NIGHT,
  })
  expect(nextChange(tehran, at('2026-01-10T07:00[Asia/Tehran]') - 1)?.epochMs).toBe(at('2026-01-10T07:00[Asia/Tehran]'))
  expect(nextChange(tehran, at('2026-01-10T07:00[Asia/Tehran]'))?.epochMs).toBe(at('2026-01-10T09:00[Asia/Tehran]'))
})

test('a schedule that asks for one pattern all week has no next change', () => {
  const always = { ...schedule('Asia/Tehran'), week: [2, 2, 2, 2, 2, 2, 2] }
  expect(nextChange(always, at('2026-01-08T10:00[Asia/Tehran]'))).toBeNull()
})

test('a change in the hour that spring skips happens when the clocks jump', () => {
  const berlin = schedule('Europe/Berlin', 150, 540) // 02:30, on 29 March 2026 skipped from 02:00 to 03:00
  const jump = at('2026-03-29T03:00[Europe/Berlin]')
  expect(patternAt(berlin, jump - 1)).toBe(NIGHT)
  expect(patternAt(berlin, jump)).toBe(PEAK)
  expect(nextChange(berlin, jump - 1)).toEqual({ epochMs: jump, pattern: PEAK })
})

test('a change in the hour that autumn repeats happens once, and is not taken back', () => {
  const berlin = schedule('Europe/Berlin', 150, 540) // 02:30, on 25 October 2026 shown twice
  const first = at('2026-10-25T02:30+02:00[Europe/Berlin]')
  const again = at('2026-10-25T02:30+01:00[Europe/Berlin]')
  expect(patternAt(berlin, first - 1)).toBe(NIGHT)
  expect(nextChange(berlin, first - 1)?.epochMs).toBe(first)
  for (let epochMs = first; epochMs < again + 3_600_000; epochMs += 60_000)
    expect(patternAt(berlin, epochMs)).toBe(PEAK)
  expect(nextChange(berlin, first)?.epochMs).toBe(at('2026-10-25T09:00[Europe/Berlin]'))
})

test('where the clocks go back over midnight the new day does not end before it has begun', () => {
  const tehran = schedule('Asia/Tehran', 1_410, 1_435) // 23:30 and 23:55; on 21 September 2022 23:00 to 24:00 came twice
  const midnight = at('2022-09-22T00:00[Asia/Tehran]')
  const firstNight = midnight - 3_600_000 - 240_000
  expect(patternAt(tehran, firstNight)).toBe(NIGHT)
  for (let epochMs = firstNight; epochMs < midnight; epochMs += 60_000) expect(patternAt(tehran, epochMs)).toBe(NIGHT)
})

test('every minute of a week shows what the next change before it has promised', () => {
  for (const [timeZone, from] of [
    ['Europe/Berlin', '2026-03-26T00:00[Europe/Berlin]'],
    ['Europe/Berlin', '2026-10-22T00:00[Europe/Berlin]'],
    ['Australia/Lord_Howe', '2026-04-02T00:00[Australia/Lord_Howe]'],
    ['Asia/Tehran', '2022-09-19T00:00[Asia/Tehran]'],
  ] as const) {
    const local = schedule(timeZone, 95, 150)
    let pattern = patternAt(local, at(from))
    let next = nextChange(local, at(from))
    for (let epochMs = at(from); epochMs < at(from) + 7 * 86_400_000; epochMs += 60_000) {
      if (next !== null && epochMs >= next.epochMs) {
        pattern = next.pattern
        next = nextChange(local, epochMs)
      }
      expect(patternAt(local, epochMs)).toBe(pattern)
    }
  }
})

test('a local day has 23 hours in spring, 25 in autumn, and ends where the next begins', () => {
  const hours = (zoned: string) => {
    const { startEpochMs, endEpochMs } = localDayAt('Europe/Berlin', at(zoned))
    return (endEpochMs - startEpochMs) / 3_600_000
  }
  expect(hours('2026-03-29T12:00[Europe/Berlin]')).toBe(23)
  expect(hours('2026-10-25T12:00[Europe/Berlin]')).toBe(25)
  expect(hours('2026-06-25T12:00[Europe/Berlin]')).toBe(24)
})
