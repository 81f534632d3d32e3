/** How much traffic there is when: curves over the day, columns by the plan of the hour, and the clock on the wall. */
import { describe, expect, test } from 'vitest'
import { patternId } from '#base/id.ts'
import { FlowByPlan, valueAt, type Columns } from '#sim/traffic/demand/flow-curve.ts'
import { RunClock } from '#sim/traffic/demand/run-clock.ts'

describe('a curve over the day', () => {
  const curve = [
    [360, 1],
    [420, 3],
    [1_380, 2],
  ] as const

  test.each([
    [360, 1],
    [390, 2],
    [419, 1 + 118 / 60],
    [420, 3],
    [900, 2.5],
    [1_380, 2],
    // Seven hours lead from 23:00 over midnight to 06:00.
    [1_439, 2 - 59 / 420],
    [0, 2 - 60 / 420],
    [359, 2 - 419 / 420],
  ])('is at minute %d %d', (minute, value) => expect(valueAt(curve, minute)).toBeCloseTo(value, 9))

  test('of one point is that all day, and without points 1', () => {
    expect([0, 600, 1_439].map((minute) => valueAt([[600, 0.5]], minute))).toEqual([0.5, 0.5, 0.5])
    expect(valueAt([], 600)).toBe(1)
  })
})

const at = (hour: number, minute = 0) => Date.UTC(2026, 10, 23, hour, minute)

/** Plan 1 from midnight, plan 2 from 06:00, plan 3 from 06:10; free from 20:00. */
const COLUMNS: Columns = {
  schedule: {
    timeZone: 'UTC',
    dayPlans: [
      {
        number: 1,
        key: 'day',
        entries: [
          [0, 1],
          [360, 2],
          [370, 3],
          [1_200, 254],
        ].map(([startMinuteOfDay = 0, pattern = 0]) => ({ startMinuteOfDay, pattern: patternId(pattern), maximum: 1 })),
      },
    ],
    week: [1, 1, 1, 1, 1, 1, 1],
    dates: [],
  },
  keyOf: new Map([
    [patternId(1), 'night'],
    [patternId(2), 'dawn'],
    [patternId(3), 'day'],
  ]),
}

describe('the columns of the counts', () => {
  const perHour = new Map([
    ['night', 100],
    ['dawn', 100],
    ['day', 700],
  ])
  const flow = () => new FlowByPlan(COLUMNS, perHour)

  test.each([
    ['in a plan', at(12), 700],
    ['a quarter of an hour before a change', at(19, 45), 700],
    ['a minute later', at(19, 46), 680],
    ['at the change', at(20), 400],
    ['a quarter of an hour after it', at(20, 15), 100],
    ['in free operation, which has no column: the quietest', at(22), 100],
    ['before midnight, and no change of the flow', at(23, 59), 100],
  ])('%s', (_, epochMs, expected) => expect(flow().at(epochMs)).toBeCloseTo(expected, 6))

  test('are read in whatever order: a clock that is set back finds the earlier flow again', () => {
    const one = flow()
    const forward = [at(3), at(12), at(19, 50), at(22)].map((epochMs) => one.at(epochMs))
    const back = [at(22), at(19, 50), at(12), at(3)].map((epochMs) => one.at(epochMs))
    expect(back.toReversed()).toEqual(forward)
  })

  test('of an entry without any are zero', () => expect(new FlowByPlan(COLUMNS, new Map()).at(at(12))).toBe(0))
})

test('the clock shows the time of the city, not that of the machine', () => {
  const clock = new RunClock({ timeZone: 'Asia/Tehran', startEpochMs: at(3, 30) + 29_000, clock: 'own' })
  expect([0, 30_999, 31_000, 17 * 3_600_000].map((ms) => clock.minuteOfDayAt(ms))).toEqual([420, 420, 421, 0])
})
