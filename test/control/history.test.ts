/** What the hour usually brings: counted quarter-hour by quarter-hour of the week, and asked when a loop has failed. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  countFlows,
  expectedFlow,
  expectedShares,
  expectedToday,
  MINUTES_MOST,
  NO_HISTORY_YET,
  turnStream,
  type FlowHistory,
} from '#control/queues/history.ts'
import { QUARTER_MS, QUARTERS_A_WEEK, weekQuarterAt } from '#signal/calendar/week-quarter.ts'
import type { Schedule } from '#signal/schedule.ts'
import { DATABASE } from '#test/support/boulevard-crossing.ts'

const STEP_MS = 10_000
const WEEK_MS = QUARTERS_A_WEEK * QUARTER_MS

/** Each day of the week like no other, unless said. */
const everyDayItsOwn: Schedule = {
  ...DATABASE.schedule,
  timeZone: 'UTC',
  dayPlans: Array.from({ length: 7 }, (_, day) => ({ ...DATABASE.schedule.dayPlans[0]!, number: day + 1 })),
  week: [1, 2, 3, 4, 5, 6, 7],
}
const daysAlike: Schedule = { ...everyDayItsOwn, week: [1, 1, 1, 1, 5, 1, 1] }

/** 2026-01-05 08:00 in UTC, a Monday. */
const MONDAY_8 = Date.UTC(2026, 0, 5, 8)

interface Street {
  history: FlowHistory
  monoMs: number
  epochMs: number
}

const streetAt = (epochMs: number): Street => ({ history: NO_HISTORY_YET, monoMs: 0, epochMs })

/** So much traffic for so long, by lane in vehicles an hour. */
function live(
  street: Street,
  forMs: number,
  perHour: Readonly<Record<string, number>>,
  schedule: Schedule = everyDayItsOwn,
): Street {
  const left = Object.fromEntries(Object.entries(perHour).map(([lane, flow]) => [lane, (flow * STEP_MS) / 3_600_000]))
  let { history, monoMs, epochMs } = street
  for (let passed = 0; passed < forMs; passed += STEP_MS) {
    history = countFlows(history, { nowMonoMs: monoMs, nowEpochMs: epochMs, schedule }, left)
    monoMs += STEP_MS
    epochMs += STEP_MS
  }
  return { history, monoMs, epochMs }
}

const asleepUntil = (street: Street, epochMs: number): Street => ({
  ...street,
  monoMs: street.monoMs + epochMs - street.epochMs,
  epochMs,
})

/** Vehicles an hour, and how sure; null where nothing is known. */
function usual({ history }: Street, lane: string, epochMs: number, schedule: Schedule = everyDayItsOwn) {
  const expected = expectedFlow(history, lane, weekQuarterAt(schedule, epochMs))
  return expected && { perHour: Math.round(expected.flow * 3_600), sure: Math.round(expected.sure * 100) / 100 }
}

/** One quarter-hour from then on, and one step more: then it is learnt. */
const quarterHour = (perHour: number, epochMs = MONDAY_8, before = streetAt(epochMs)) =>
  live(asleepUntil(before, epochMs), QUARTER_MS + STEP_MS, { N1: perHour })

describe('a quarter-hour', () => {
  test('is known once it is over, for a quarter as sure as a month of it', () => {
    const during = live(streetAt(MONDAY_8), QUARTER_MS, { N1: 480 })
    expect(usual(during, 'N1', MONDAY_8)).toBeNull()
    expect(usual(quarterHour(480), 'N1', MONDAY_8)).toEqual({ perHour: 480, sure: 0.25 })
  })

  test('is its mean over the weeks, and after a month the newest week is a fifth of it', () => {
    let street = quarterHour(400)
    for (const week of [1, 2, 3]) street = quarterHour(440, MONDAY_8 + week * WEEK_MS, street)
    expect(usual(street, 'N1', MONDAY_8)).toEqual({ perHour: 430, sure: 1 })
    street = quarterHour(930, MONDAY_8 + 4 * WEEK_MS, street)
    expect(usual(street, 'N1', MONDAY_8)).toEqual({ perHour: 530, sure: 1 })
  })

  test('says a little of the ones beside it, and nothing of other days', () => {
    const street = quarterHour(480)
    expect(usual(street, 'N1', MONDAY_8 + QUARTER_MS)).toEqual({ perHour: 480, sure: 0.08 })
    expect(usual(street, 'N1', MONDAY_8 - 1)).toEqual({ perHour: 480, sure: 0.08 })
    expect(usual(street, 'N1', MONDAY_8 + 2 * QUARTER_MS)).toBeNull()
    expect(usual(street, 'N1', MONDAY_8 + 24 * 3_600_000)).toBeNull()
    expect(usual(street, 'N2', MONDAY_8)).toBeNull()
  })

  test('says a little of the same time on days that run the same day plan', () => {
    const street = live(streetAt(MONDAY_8), QUARTER_MS + STEP_MS, { N1: 480 }, daysAlike)
    expect(usual(street, 'N1', MONDAY_8 + 24 * 3_600_000, daysAlike)).toEqual({ perHour: 480, sure: 0.08 })
    expect(usual(street, 'N1', MONDAY_8 + 4 * 24 * 3_600_000, daysAlike)).toBeNull()
  })

  test.each([
    [300_000 - STEP_MS, null],
    [300_000, { perHour: 480, sure: 0.08 }],
  ])('that is counted for %i ms only is worth %j', (countedMs, known) => {
    const street = live(streetAt(MONDAY_8 + QUARTER_MS - countedMs), countedMs + STEP_MS, { N1: 480 })
    expect(usual(street, 'N1', MONDAY_8)).toEqual(known)
  })

  test('counts a lane only while its loop is good', () => {
    const before = live(streetAt(MONDAY_8), (2 * QUARTER_MS) / 3, { N1: 480, N2: 60 })
    const after = live(before, QUARTER_MS / 3 + STEP_MS, { N2: 120 })
    expect(usual(after, 'N1', MONDAY_8)).toEqual({ perHour: 480, sure: 0.17 })
    expect(usual(after, 'N2', MONDAY_8)?.sure).toBe(0.25)
  })
})

describe('a loop that lies', () => {
  test.each([
    [3_600, 3_600],
    [3_700, null],
  ])('and counts %i vehicles an hour makes it %s', (perHour, known) => {
    expect(usual(quarterHour(perHour), 'N1', MONDAY_8)?.perHour ?? null).toBe(known)
  })

  test.each([
    [36, 18],
    [44, 44],
  ])('and falls silent where %i an hour usually drive leaves %i', (before, after) => {
    const silent = quarterHour(0, MONDAY_8 + WEEK_MS, quarterHour(before))
    expect(usual(silent, 'N1', MONDAY_8)?.perHour).toBe(after)
  })
})

describe('what is expected where nobody counts', () => {
  const usually = live(streetAt(MONDAY_8), QUARTER_MS + STEP_MS, { N1: 400, N2: 200 })
  const now = live(asleepUntil(usually, MONDAY_8 + WEEK_MS), 2 * STEP_MS, {})
  const expected = (lane: string, beside: Readonly<Record<string, number>>) => {
    const counted = Object.entries(beside).map(([id, perHour]) => ({ lane: id, flow: perHour / 3_600 }))
    const today = expectedToday(now.history, lane, counted)
    return today && { perHour: Math.round(today.flow * 3_600), sure: Math.round(today.sure * 100) / 100 }
  }

  test.each([
    ['as usual, where no lane beside is counted', 'N1', {}, 400],
    ['half as much again, where the lane beside has half as much again', 'N1', { N2: 300 }, 600],
    ['twice as much at the most', 'N1', { N2: 2_000 }, 800],
    ['half as much at the least', 'N1', { N2: 0 }, 200],
    ['as usual, where the lane beside has no history', 'N1', { N9: 900 }, 400],
  ])('is %s', (_, lane, beside, perHour) => {
    expect(expected(lane, beside)).toEqual({ perHour, sure: 0.25 })
  })

  test('without a history is what the lanes beside have, and nobody is sure of it', () => {
    expect(expected('N3', { N1: 300, N2: 500 })).toEqual({ perHour: 400, sure: 0.3 })
    expect(expected('N3', {})).toBeNull()
  })
})

describe('shares', () => {
  const [left, through] = [turnStream('N', 'left'), turnStream('N', 'through')]
  const { history } = live(streetAt(MONDAY_8), QUARTER_MS + STEP_MS, { [left]: 100, [through]: 300, N9: 0 })
  const then = weekQuarterAt(everyDayItsOwn, MONDAY_8)

  test('of turns are those of the hour', () => {
    expect(expectedShares(history, [left, through], then)).toEqual({ shares: [0.25, 0.75], sure: 0.25 })
  })

  test('are not known where one of them is not, or where nobody drives', () => {
    expect(expectedShares(history, [left, turnStream('N', 'right')], then)).toBeNull()
    expect(expectedShares(history, ['N9'], then)).toBeNull()
  })
})

describe('time that jumps', () => {
  test.each([
    ['forward by an hour', 3_600_000],
    ['back by an hour', -3_600_000],
    ['forward by three seconds', 3_000],
    ['back by three seconds', -3_000],
  ])('a quarter-hour in which the clock is set %s is not believed', (_, jumpMs) => {
    const before = live(streetAt(MONDAY_8), (2 * QUARTER_MS) / 3, { N1: 480 })
    const after = live({ ...before, epochMs: before.epochMs + jumpMs }, QUARTER_MS / 3, { N1: 480 })
    expect(usual(live(after, 2 * STEP_MS, { N1: 480 }), 'N1', MONDAY_8)?.sure ?? 0).toBeLessThanOrEqual(0.08)
  })

  test('a clock that is slewed by half a second is', () => {
    const before = live(streetAt(MONDAY_8), QUARTER_MS / 2, { N1: 480 })
    const after = live({ ...before, epochMs: before.epochMs + 500 }, QUARTER_MS / 2 + STEP_MS, { N1: 480 })
    expect(usual(after, 'N1', MONDAY_8)?.perHour).toBe(480)
  })

  test('the hour that autumn repeats is counted twice, and spring leaves its hour as it was', () => {
    const berlin = { ...everyDayItsOwn, timeZone: 'Europe/Berlin' }
    const autumn = Temporal.ZonedDateTime.from('2026-10-25T00:00[Europe/Berlin]').epochMilliseconds
    const day = live(streetAt(autumn), 6 * 3_600_000, { N1: 120 }, berlin)
    const { minutes } = day.history.streams['N1']!
    const sunday = 6 * 96
    expect([1, 2, 3].map((hour) => minutes[sunday + 4 * hour])).toEqual([15, 30, 15])
    const spring = Temporal.ZonedDateTime.from('2026-03-29T00:00[Europe/Berlin]').epochMilliseconds
    const skipped = live(streetAt(spring), 6 * 3_600_000, { N1: 120 }, berlin).history.streams['N1']!
    expect([1, 2, 3].map((hour) => skipped.minutes[sunday + 4 * hour])).toEqual([15, 0, 15])
  })

  const jumps = fc.array(
    fc.record({
      afterMs: fc.integer({ min: 100, max: 3_000_000 }),
      epochJumpMs: fc.oneof(
        fc.constant(0),
        fc.integer({ min: -3_000, max: 3_000 }),
        fc.integer({ min: -7_200_000, max: 7_200_000 }),
        fc.integer({ min: -400 * 86_400_000, max: 400 * 86_400_000 }),
      ),
      monoJumpMs: fc.oneof(fc.constant(0), fc.integer({ min: -60_000, max: 60_000 })),
    }),
    { minLength: 1, maxLength: 8 },
  )
  const zones = fc.constantFrom('UTC', 'Asia/Tehran', 'Europe/Berlin', 'America/New_York')
  const starts = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) })

  test('under steady traffic every quarter-hour that is known has that traffic, whatever is done to the clocks', () => {
    fc.assert(
      fc.property(zones, starts, jumps, (timeZone, start, each) => {
        let street = streetAt(start)
        for (const { afterMs, epochJumpMs, monoJumpMs } of each) {
          street = live(street, afterMs, { N1: 480 }, { ...everyDayItsOwn, timeZone })
          street = {
            ...street,
            epochMs: street.epochMs + epochJumpMs,
            monoMs: Math.max(0, street.monoMs + monoJumpMs),
          }
        }
        const { perHour = [], minutes = [] } = street.history.streams['N1'] ?? {}
        perHour.forEach((flow, quarter) => expect(flow).toBe(minutes[quarter] === 0 ? 0 : 480))
      }),
      { numRuns: 60 },
    )
  })

  test('whatever is counted, a history stays within its bounds', () => {
    const anything = fc.array(
      fc.record({
        monoMs: fc.integer({ min: -1_000, max: 20_000 }),
        epochMs: fc.integer({ min: -2_000_000, max: 2_000_000 }),
        left: fc.dictionary(fc.constantFrom('N1', 'N2', 'S1'), fc.float({ min: 0, max: 1_000, noNaN: true })),
      }),
      { maxLength: 300 },
    )
    fc.assert(
      fc.property(starts, anything, (start, steps) => {
        let [history, nowMonoMs, nowEpochMs] = [NO_HISTORY_YET, 0, start]
        for (const { monoMs, epochMs, left } of steps) {
          nowMonoMs += monoMs
          nowEpochMs += Math.abs(epochMs) > 1_000_000 ? epochMs : monoMs
          history = countFlows(history, { nowMonoMs, nowEpochMs, schedule: everyDayItsOwn }, left)
        }
        for (const { perHour, minutes } of Object.values(history.streams)) {
          expect([perHour.length, minutes.length]).toEqual([QUARTERS_A_WEEK, QUARTERS_A_WEEK])
          expect(perHour.every((flow) => Number.isInteger(flow) && flow >= 0 && flow <= 3_600)).toBe(true)
          expect(minutes.every((each) => Number.isInteger(each) && each >= 0 && each <= MINUTES_MOST)).toBe(true)
        }
      }),
    )
  })
})
