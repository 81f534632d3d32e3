/** What the wall says comes next, with holidays and flash. */
import { expect, test } from 'vitest'
import { intersectionId, patternId } from '#base/id.ts'
import { nextPlanChanges } from '#central/plan-changes.ts'
import type { Schedule } from '#signal/schedule.ts'
import { PATTERN_FLASH, PATTERN_FREE } from '#signal/timing-plan.ts'
import { DATABASE, NOON_EPOCH_MS, PLAN } from '#test/support/boulevard-crossing.ts'

const entry = (hour: number, pattern: number) => ({
  startMinuteOfDay: hour * 60,
  pattern: patternId(pattern),
  maximum: 1 as const,
})

/** Plan, at 22:00 free, at 23:00 flash, on ordinary days; on a holiday flash all day long. */
const SCHEDULE: Schedule = {
  ...DATABASE.schedule,
  dayPlans: [
    {
      number: 1,
      key: 'every_day',
      entries: [entry(0, PLAN.pattern), entry(22, PATTERN_FREE), entry(23, PATTERN_FLASH)],
    },
    { number: 2, key: 'holiday', entries: [entry(0, PATTERN_FLASH)] },
  ],
}
const HOUR_MS = 3_600_000

const changesAt = (hours: number, schedule = SCHEDULE) =>
  nextPlanChanges([{ ...DATABASE, schedule }], NOON_EPOCH_MS + hours * HOUR_MS).map(({ at, from, to }) => [
    at,
    from,
    to,
  ])

test.each([
  ['in the plan', 0, ['2026-11-23T18:30:00.000Z', 'midday', null]],
  ['in free operation', 10.5, ['2026-11-23T19:30:00.000Z', null, 'flash']],
  ['in flash', 11.5, ['2026-11-23T20:30:00.000Z', 'flash', 'midday']],
])('%s the next change says from what to what', (_, hours, change) => {
  expect(changesAt(hours)).toEqual([change])
})

test('a holiday goes before the day of the week', () => {
  const holiday = { year: 1405, month: 9, day: 3 }
  const dates = [{ key: 'holiday', calendar: 'persian' as const, from: holiday, to: holiday, weekDays: [], dayPlan: 2 }]
  // 3 Azar 1405 begins while the lamps flash already, and they flash until it is over.
  expect(changesAt(11.5, { ...SCHEDULE, dates })).toEqual([['2026-11-24T20:30:00.000Z', 'flash', 'midday']])
})

test('intersections with the same change stand together', () => {
  const other = {
    ...DATABASE,
    schedule: SCHEDULE,
    intersection: { ...DATABASE.intersection, id: intersectionId('IX-2') },
  }
  const [change] = nextPlanChanges([{ ...DATABASE, schedule: SCHEDULE }, other], NOON_EPOCH_MS)
  expect(change?.intersections).toEqual(['IX-T1', 'IX-2'])
})
