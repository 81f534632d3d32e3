/** The way that a search finds: its stages in time, who leaves by it, and that a street of any size gets one. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { search, type SearchStart } from '#control/adaptive/search.ts'
import type { StageGraph } from '#control/adaptive/stage-graph.ts'
import { HORIZON_S, type StreetForecast } from '#control/adaptive/street-forecast.ts'
import { departuresBy } from '#control/adaptive/way.ts'
import { sum } from '#test/support/fed-crossing.ts'

const SECONDS = 115
const CHANGE_S = 5
const LEAST_S = 5

/** So many stages of one ring, each of which serves one lane, any of which may follow any. */
function graphOf(stages: number): StageGraph {
  const changes = Array.from({ length: stages * stages }, (_, place) => (place % (stages + 1) === 0 ? 0 : 1))
  return {
    stages: Array.from({ length: stages }, (_, stage) => (1 << stage) >>> 0),
    rings: 1,
    clearanceS: Uint8Array.from(changes, (isChange) => CHANGE_S * isChange),
    staying: new Uint32Array(stages * stages),
    passed: new Uint32Array(stages * stages),
    ending: Uint8Array.from(changes),
    leastS: new Uint8Array(stages).fill(LEAST_S),
  }
}

/** By lane: who waits, and how many a second come. */
type Lanes = readonly { readonly waiting: number; readonly perS: number }[]

function startOf(lanes: Lanes): SearchStart {
  const streams = lanes.length
  const graph = graphOf(streams)
  const forecast: StreetForecast = {
    streams,
    waiting: Float64Array.from(lanes, ({ waiting }) => waiting),
    come: Float64Array.from(lanes.flatMap(({ perS }) => Array.from({ length: SECONDS + 1 }, (_, t) => perS * t))),
    secondsMost: SECONDS,
    rate: Float64Array.from({ length: streams * streams }, (_, place) => (place % (streams + 1) === 0 ? 0.5 : 0)),
    opposing: new Int16Array(streams * streams).fill(-1),
    stops: new Uint8Array(streams * streams),
    weight: new Float64Array(streams).fill(1),
  }
  return { graph, forecast, stage: 0, agesS: Uint8Array.of(10), leastS: graph.leastS, servedAnyway: 0 }
}

const cheapest = (costs: Float64Array): number => costs.indexOf(Math.min(...costs))

const TWO_STREETS: Lanes = [
  { waiting: 6, perS: 0.1 },
  { waiting: 6, perS: 0.1 },
]

describe('a way', () => {
  test('begins with the stage that is green, and every change takes its clearance and its least green', () => {
    for (const lanes of [TWO_STREETS, [{ waiting: 0, perS: 0.1 }, ...TWO_STREETS]]) {
      const { costs, ways } = search(startOf(lanes))
      const way = ways[cheapest(costs)]!
      expect(way[0]).toEqual({ stage: 0, fromS: 0, greenS: 0 })
      expect(way.length).toBeGreaterThan(2)
      expect(way[1]!.fromS === 0).toBe(cheapest(costs) !== 0)
      way.slice(1).forEach(({ stage, fromS, greenS }, index) => {
        const before = way[index]!
        expect(stage).not.toBe(before.stage)
        expect(greenS - fromS).toBe(CHANGE_S)
        expect(fromS - before.greenS).toBeGreaterThanOrEqual(index === 0 ? 0 : LEAST_S)
      })
    }
  })

  test('lets nobody leave whom it does not let go, and everybody whom it does: a queue at its saturation flow', () => {
    const { graph, forecast } = startOf([
      { waiting: 6, perS: 0 },
      { waiting: 20, perS: 0 },
    ])
    const way = [
      { stage: 0, fromS: 0, greenS: 0 },
      { stage: 1, fromS: 10, greenS: 15 },
    ]
    const { left, greens } = departuresBy(way, { graph, forecast })
    const [first, second] = left as [readonly number[], readonly number[]]
    expect(first.slice(0, 14)).toEqual([...Array.from({ length: 12 }, () => 0.5), 0, 0])
    // Two seconds of start-up, and then forty of half a vehicle.
    expect(second.findIndex((vehicles) => vehicles > 0)).toBe(17)
    expect(second.slice(17, 57)).toEqual(Array.from({ length: 40 }, () => 0.5))
    expect(sum(second)).toBe(20)
    expect([greens[11], greens[12], greens[14], greens[15]]).toEqual([1, 0, 0, 2])
  })

  test('lets as many leave as were there, came, and are not left, whatever the streets are like', () => {
    const lane = fc.record({
      waiting: fc.double({ min: 0, max: 30, noNaN: true }),
      perS: fc.double({ min: 0, max: 0.4, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(lane, { minLength: 2, maxLength: 6 }), (lanes) => {
        const start = startOf(lanes)
        const { costs, ways } = search(start)
        const { left } = departuresBy(ways[cheapest(costs)]!, start)
        left.forEach((perS, stream) => {
          const { waiting, perS: comePerS } = lanes[stream]!
          expect(Math.min(...perS)).toBeGreaterThanOrEqual(-1e-9)
          expect(Math.max(...perS)).toBeLessThanOrEqual(0.5 + 1e-9)
          expect(sum(perS)).toBeLessThanOrEqual(waiting + comePerS * HORIZON_S + 1e-6)
        })
      }),
      { numRuns: 50 },
    )
  })
})

test('a street where hardly anything fits into a second of search still gets a way, and one that serves who waits', () => {
  const lanes = Array.from({ length: 30 }, (_, lane) => ({ waiting: lane === 17 ? 9 : 0, perS: 0.01 }))
  const { costs, ways } = search(startOf(lanes))
  expect(cheapest(costs)).toBe(17)
  expect(ways[17]?.[1]).toEqual({ stage: 17, fromS: 0, greenS: CHANGE_S })
})

test.each([5, 6, 7, 8])(
  'a green that one bus needs beside a queue ends with its least time of %i s, to the second',
  (least) => {
    const { forecast, ...rest } = startOf([20, 1].map((waiting) => ({ waiting, perS: 0 })))
    const weight = Float64Array.of(1, 100)
    const { costs, ways } = search({ ...rest, forecast: { ...forecast, weight }, leastS: Uint8Array.of(least, least) })
    expect(cheapest(costs)).toBe(1)
    expect(ways[1]?.slice(1, 3)).toEqual([
      { stage: 1, fromS: 0, greenS: CHANGE_S },
      { stage: 0, fromS: CHANGE_S + least, greenS: 2 * CHANGE_S + least },
    ])
  },
)

test('what may not be begun now is weighed by nobody, though it would be the cheapest; later it may be', () => {
  const start = startOf([
    { waiting: 0, perS: 0.05 },
    { waiting: 4, perS: 0.1 },
    { waiting: 12, perS: 0.1 },
  ])
  expect(cheapest(search(start).costs)).toBe(2)
  const { costs, ways } = search({ ...start, mayBegin: (stage) => stage !== 2 })
  expect(costs[2]).toBe(Infinity)
  expect(ways[2]).toEqual([])
  expect(ways[0]?.[1]?.stage).toBe(2)
})

test('lanes in which nobody is and to which nobody comes change neither the costs nor the way', () => {
  const alone = search(startOf(TWO_STREETS))
  const start = startOf([...TWO_STREETS, { waiting: 0, perS: 0 }])
  const beside = search(start)
  expect([...beside.costs.slice(0, 2)]).toEqual([...alone.costs])
  expect(beside.ways.slice(0, 2)).toEqual(alone.ways)
  expect(departuresBy(beside.ways[0]!, start).left[2]?.every((vehicles) => vehicles === 0)).toBe(true)
})
