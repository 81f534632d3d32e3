/** Each change of the schedule happens once for each time that the clock of the city comes to it, whatever is done to that clock. */
import { describe, expect, test } from 'vitest'
import { patternId } from '#base/id.ts'
import { scheduledNow, type Scheduled } from '#control/scheduled.ts'
import type { Schedule } from '#signal/schedule.ts'
import { LocalSchedule } from '#sim/cabinet/local-schedule.ts'
import { viewOf } from '#test/support/boulevard-crossing.ts'

/** Another plan at each of these minutes of every day, numbered from 1; the first at midnight. */
const scheduleOf = (timeZone: string, minutes: readonly number[]): Schedule => ({
  timeZone,
  dayPlans: [
    {
      number: 1,
      key: 'every_day',
      entries: minutes.map((startMinuteOfDay, i) => ({ startMinuteOfDay, pattern: patternId(i + 1), maximum: 1 })),
    },
  ],
  week: [1, 1, 1, 1, 1, 1, 1],
  dates: [],
})

/** What is done to the clock on the wall at a moment of true time. */
interface Set {
  readonly atMs: number
  readonly aheadMs: number
}

const TICK_MS = 500

/** The plans that the edge, and a cabinet by its own schedule, come to run, in their order; both go by the same clock. */
function plansOver(schedule: Schedule, from: string, { hours, sets = [] }: { hours: number; sets?: readonly Set[] }) {
  const fromEpochMs = Temporal.ZonedDateTime.from(from).epochMilliseconds
  const cabinet = new LocalSchedule(schedule, fromEpochMs)
  const run: [edge: number[], cabinet: number[]] = [[], []]
  let scheduled: Scheduled | null = null
  for (let ms = 0; ms < hours * 3_600_000; ms += TICK_MS) {
    const aheadMs = sets.findLast(({ atMs }) => atMs <= ms)?.aheadMs ?? 0
    const nowEpochMs = fromEpochMs + ms + aheadMs
    scheduled = scheduledNow({ ...viewOf(), schedule, nowEpochMs }, scheduled)
    const now = [scheduled.pattern, cabinet.patternAt(nowEpochMs)]
    for (const [i, plans] of run.entries()) if (plans.at(-1) !== now[i]) plans.push(now[i] ?? 0)
  }
  return run
}

const both = (plans: readonly number[]) => [plans, plans]
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

describe('a clock that is set', () => {
  const day = scheduleOf('Asia/Tehran', [0, 420, 540])
  const from = '2026-01-05T06:30[Asia/Tehran]'
  /** A tick after seven, and after it has been read. */
  const afterSeven = HOUR_MS / 2 + 1_000
  const beforeSeven = HOUR_MS / 2 - TICK_MS

  test.each<[string, Set[], number[]]>([
    ['by nothing', [], [1, 2]],
    ['a second forward over a change', [{ atMs: beforeSeven, aheadMs: 1_000 }], [1, 2]],
    ['a second back over a change that has happened', [{ atMs: afterSeven, aheadMs: -2_000 }], [1, 2]],
    ['a second back before a change', [{ atMs: beforeSeven, aheadMs: -1_000 }], [1, 2]],
    [
      'to and fro over a change',
      [-2_000, 0, -3_000, 1_000, -1_500].map((aheadMs, i) => ({ atMs: afterSeven + 1_000 * i, aheadMs })),
      [1, 2],
    ],
    ['an hour forward, into another plan', [{ atMs: 0, aheadMs: HOUR_MS }], [2, 3]],
    ['an hour forward over two changes', [{ atMs: HOUR_MS / 4, aheadMs: 3 * HOUR_MS }], [1, 3]],
    ['an hour back, so that seven comes again', [{ atMs: afterSeven, aheadMs: -HOUR_MS }], [1, 2, 1, 2]],
    ['a day forward', [{ atMs: afterSeven, aheadMs: DAY_MS }], [1, 2]],
    ['a day back', [{ atMs: afterSeven, aheadMs: -DAY_MS }], [1, 2]],
  ])('%s', (_, sets, plans) => {
    expect(plansOver(day, from, { hours: 2, sets })).toEqual(both(plans))
  })
})

describe('a night on which clocks are changed', () => {
  const nights = [0, 30, 90, 150, 210]

  test.each([
    // Europe skips from 2 to 3: what falls between happens at once, and only its last is seen.
    ['Europe/Berlin', '2026-03-28T23:00[Europe/Berlin]', [5, 1, 2, 3, 4, 5]],
    // It has the hour from 2 to 3 twice: nothing is taken back.
    ['Europe/Berlin', '2026-10-24T23:00[Europe/Berlin]', [5, 1, 2, 3, 4, 5]],
    // Iran's last two changes, at midnight of 22 March and of 22 September 2022; since then it has none.
    ['Asia/Tehran', '2022-03-21T22:00[Asia/Tehran]', [5, 2, 3, 4, 5]],
    ['Asia/Tehran', '2022-09-21T21:00[Asia/Tehran]', [5, 1, 2, 3, 4, 5]],
    ['Asia/Tehran', '2023-03-21T22:00[Asia/Tehran]', [5, 1, 2, 3, 4, 5]],
  ])('in %s from %s: each plan once', (timeZone, from, plans) => {
    expect(plansOver(scheduleOf(timeZone, nights), from, { hours: 8 })).toEqual(both(plans))
  })

  test('a leap second at 03:30 in Tehran, with a plan that begins then, changes once', () => {
    // POSIX has the last second of the day twice.
    const sets = [{ atMs: HOUR_MS / 2, aheadMs: -1_000 }]
    const schedule = scheduleOf('Asia/Tehran', [0, 210])
    expect(plansOver(schedule, '2017-01-01T03:00[Asia/Tehran]', { hours: 1, sets })).toEqual(both([1, 2]))
  })
})
