/** How lanes truly discharged, as a judge sees it who sees everybody. */
import { expect, test } from 'vitest'
import { DischargeTruth, type Crossed } from '#bench/estimator/discharge-truth.ts'
import { LaneSeconds, type JudgedLane } from '#bench/estimator/lane-seconds.ts'
import { learningOf } from '#bench/estimator/learning.ts'
import { StreetTruth } from '#bench/estimator/street-truth.ts'

const LANE: JudgedLane = { key: 'X/1', kind: 'through', sees: 'loops', lookM: 100, cruiseMps: 10 }

/** Queues a minute apart; of each so many stood, one behind the other. */
function queuesOf(vehicles: number, headwayS: number, queues = 10): DischargeTruth {
  const truth = new DischargeTruth()
  const crossed = Array.from({ length: queues }, (_, queue) =>
    Array.from({ length: vehicles }, (__, n): Crossed => ({
      atS: queue * 60 + n * headwayS,
      stood: true,
      travelS: null,
    })),
  )
  for (const each of crossed.flat()) truth.cross('X/1', each)
  return truth
}

test.each([
  { who: 'behind the fourth of each queue', vehicles: 8, headwayS: 2, told: 2 },
  { who: 'of nobody where queues are of four', vehicles: 4, headwayS: 2, told: null },
  { who: 'of nobody who comes five seconds later', vehicles: 8, headwayS: 5, told: null },
])('headways are told $who', ({ vehicles, headwayS, told }) => {
  expect(queuesOf(vehicles, headwayS).of('X/1').headwayS).toBe(told)
})

test('of few it is not told, and of another lane nothing', () => {
  expect(queuesOf(8, 2, 4).of('X/1').headwayS).toBeNull()
  expect(queuesOf(8, 2).of('X/2')).toEqual({ headwayS: null, travelS: null })
})

/** Drivers one after the other over 300 m, so many seconds at each speed. */
function drive(speeds: readonly number[]): DischargeTruth {
  const street = new StreetTruth([LANE], new LaneSeconds([LANE], 2_000))
  for (let driver = 0; driver < 20; driver++) {
    let drivenM = 0
    speeds.forEach((speedMps, second) => {
      drivenM += speedMps
      const lane = drivenM > 300 ? null : 'X/1'
      const at = { lane, toLineM: 300 - drivenM, drivenM, speedMps, street: lane ?? 'behind' }
      street.see(driver * speeds.length + second, [{ vehicle: String(driver), ...at }])
    })
  }
  street.end(20 * speeds.length)
  return street.discharge
}

const seconds = (count: number, speed: number): number[] => Array.from({ length: count }, () => speed)

test('who drives 10 m/s takes ten seconds over the last 100 m; of who was slowed down it is not told', () => {
  expect(drive(seconds(32, 10)).of('X/1').travelS).toBeCloseTo(10)
  expect(drive([...seconds(25, 10), 4, ...seconds(8, 10)]).of('X/1').travelS).toBeNull()
})

test('what was learnt is held against the truth, and against what would have been assumed', () => {
  const learnt = { headwayMs: 2_100, headways: 50, startUpMs: 2_500, yielding: 1, travel: 1, travels: 0 }
  const judged = {
    ...{ lanes: [LANE], seconds: 600, learnt: new Map([['X/1', learnt]]), discharge: queuesOf(8, 2) },
    ...{ believed: new LaneSeconds([LANE], 1), truth: new LaneSeconds([LANE], 1) },
  }
  const learning = learningOf(judged, () => true)
  expect(learning).toMatchObject({ headway: { lanes: 1, truth: 2, learnt: 2.1, seen: 50 }, travel: null })
  expect(learning?.startUpS).toBeCloseTo(2.5)
  expect(learning?.headway?.off).toBeCloseTo(0.1)
  expect(learning?.headway?.assumedOff).toBeCloseTo(2 - 1 / 0.53)
  expect(learningOf(judged, () => false)).toBeNull()
})
