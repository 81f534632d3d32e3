/** The point-queue street of the bench: who crosses when, what its loops and cameras see, and that a plan costs there what it said. */
import { describe, expect, test } from 'vitest'
import { crossingOf, SHAPES } from '#bench/optimality/crossings.ts'
import { drawDemand, type Comer } from '#bench/optimality/demand.ts'
import { planAll, waysOf } from '#bench/optimality/near-oracle.ts'
import { HEADWAY_MS, PointQueue, START_UP_MS, YELLOW_USED_MS, type Lamp } from '#bench/optimality/point-queue.ts'
import { greensAtStart, runStreet } from '#bench/optimality/run-street.ts'
import { following } from '#bench/optimality/told.ts'

const comers = (...atMs: readonly number[]): Comer[] => atMs.map((ms) => ({ atMs: ms, speedMps: 10 }))

/** A letter a second: G, Y or R. */
function live(queue: PointQueue, lamps: string): void {
  const meant: Readonly<Record<string, Lamp>> = { G: 'green', Y: 'yellow', R: 'red' }
  ;[...lamps].forEach((letter, second) => queue.step(second * 1_000, 1_000, meant[letter] ?? 'red'))
}

describe('a lane', () => {
  test('whoever comes in green drives through', () => {
    const queue = new PointQueue(comers(1_000, 5_000))
    live(queue, 'GGGGGG')
    expect(queue).toMatchObject({ delayMs: 0, stops: 0, isEmpty: true })
  })

  test('the first in red goes two seconds into the green, the next a headway later', () => {
    const queue = new PointQueue(comers(1_000, 1_500))
    live(queue, 'RRRRRGGGGG')
    expect(queue.delayMs).toBe(5_000 + START_UP_MS - 1_000 + (5_000 + START_UP_MS + HEADWAY_MS - 1_500))
  })

  test.each([
    ['a moment before its used part is over', 2_000 + YELLOW_USED_MS - 1, true],
    ['when it is over', 2_000 + YELLOW_USED_MS, false],
  ])('who comes in the yellow %s', (_, atMs, crosses) => {
    const queue = new PointQueue(comers(atMs))
    live(queue, 'GGYYYR')
    expect(queue.isEmpty).toBe(crosses)
  })
})

describe('its detectors', () => {
  test('two who stand cover the stop-bar loop and count once until the first has gone', () => {
    const queue = new PointQueue(comers(0, 0))
    live(queue, 'R')
    expect(queue.stopBarAt(1_000)).toEqual({ occupied: true, actuationCount: 1 })
    queue.step(1_000, 2_500, 'green')
    expect([3_100, 3_300, 4_000].map((ms) => queue.stopBarAt(ms).occupied)).toEqual([true, false, true])
    expect(queue.stopBarAt(4_000).actuationCount).toBe(2)
  })

  test('the advance loop feels him 125 m upstream, and stays covered by a queue that reaches it', () => {
    const queue = new PointQueue(comers(12_600))
    expect(queue.advanceAt(0)).toEqual({ occupied: false, actuationCount: 0 })
    expect(queue.advanceAt(100)).toEqual({ occupied: true, actuationCount: 1 })
    expect(queue.advanceAt(1_000)).toEqual({ occupied: false, actuationCount: 1 })
    const full = new PointQueue(comers(...Array.from({ length: 20 }, () => 0)))
    // 17 stand at 0, 7.5, … 120 m; the next three beyond the loop.
    expect(full.advanceAt(1_000)).toEqual({ occupied: true, actuationCount: 17 })
  })

  test('the camera has who stands in the first cells, and who drives where he is', () => {
    const queue = new PointQueue(comers(0, 0, 6_500))
    live(queue, 'R')
    const cells = queue.zoneAt(1_000).cells ?? []
    expect(cells[0]).toEqual({ vehicles: 2, speedMps: 0 })
    expect(cells[5]).toEqual({ vehicles: 1, speedMps: 10 })
    expect(cells.reduce((sum, { vehicles }) => sum + vehicles, 0)).toBe(3)
  })
})

test.each(SHAPES)('%s: the plan of the near-oracle costs in the street what it said', (shape) => {
  const crossing = crossingOf(shape, 'loops')
  const demand = drawDemand(crossing.lanes, { level: 0.9, seed: 1, durationMs: 120_000 })
  const begin = greensAtStart(crossing)
  const ways = waysOf(
    crossing.intersection,
    crossing.lanes.map(({ phase }) => phase),
  )
  const known = {
    atMs: demand.map((lane) => Float64Array.from(lane, ({ atMs }) => atMs)),
    ...{ headwayMs: HEADWAY_MS, startUpMs: START_UP_MS + 100, yellowUsedMs: YELLOW_USED_MS, untilS: 200 },
  }
  const plan = planAll(known, ways, { begin: ways.stages.indexOf(begin), beam: 10 })
  const driven = runStreet({ crossing, demand, strategy: () => following(plan, begin) })
  expect(driven.left).toBe(0)
  expect(driven.meanDelayS / (plan.delayS / driven.vehicles)).toBeGreaterThan(0.97)
  expect(driven.meanDelayS / (plan.delayS / driven.vehicles)).toBeLessThan(1.03)
})
