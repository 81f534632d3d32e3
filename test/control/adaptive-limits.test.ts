/** The engineer's limits under the search: it plans freely, and begins only what his orders, splits, cycles and weights allow. */
import { describe, expect, test } from 'vitest'
import { phaseId } from '#base/id.ts'
import { adaptiveWith } from '#control/adaptive/adaptive.ts'
import { STAGES } from '#test/support/junctions.ts'
import { run, street, type Scene } from '#test/support/street-of-rows.ts'

const RING = street(STAGES)
const LONG = street({ ...STAGES, phases: { 1: { timing: { max1Ms: 300_000 } } } })

const live = (scene: Omit<Scene, 'strategyWith'>, where = RING) => run(where, { ...scene, strategyWith: adaptiveWith })

/** One vehicle a second. */
const steady = (seconds: number) => Array.from({ length: seconds }, (_, second): [number, number] => [second, 1])

const startsOf = ({ begun }: ReturnType<typeof run>, wanted: number): number[] =>
  begun.filter(([phase]) => phase === wanted).map(([, second]) => second)

const lapsOf = (lived: ReturnType<typeof run>, wanted: number): number[] => {
  const starts = startsOf(lived, wanted)
  return starts.slice(1).map((second, index) => second - starts[index]!)
}

test('in a fixed order only the next stage for which somebody waits may follow', () => {
  const rows = { 1: [[1, 2]], 2: [[1, 3]], 3: [[1, 9]] } as const
  const { order } = live({ rows, limits: { order: 'fixed' }, seconds: 60 })
  expect(order.slice(0, 3)).toEqual([1, 2, 3])
})

describe('splits', () => {
  const splits = (phase: number, leastMs: number | null, mostMs: number | null) => ({
    splitsMs: new Map([[phaseId(phase), { leastMs, mostMs }]]),
  })

  test('a green lasts its shortest split although nobody is there any more', () => {
    const lived = live({
      rows: {
        2: [
          [0, 9],
          [1, 9],
        ],
        3: [[20, 6]],
      },
      limits: splits(2, 40_000, null),
      seconds: 70,
    })
    expect(startsOf(lived, 3)[0]! - startsOf(lived, 2)[0]!).toBeGreaterThanOrEqual(40)
  })

  test('a green that has had its longest split gives way to whoever waits', () => {
    const rows = { 1: [[0, 9], ...steady(70)], 3: [[6, 1]] } as const
    const lived = live({ rows, limits: splits(1, null, 25_000), seconds: 70 }, LONG)
    expect(startsOf(lived, 3)[0]! - startsOf(lived, 1)[0]!).toBeLessThanOrEqual(26)
  })
})

describe('cycles', () => {
  test('no phase that is called waits longer than 70 s from one green to its next', () => {
    const rows = { 1: [[0, 9], ...steady(170)], 2: steady(170), 3: steady(170) } as const
    const scene = { rows, limits: { cycleMostMs: 70_000 }, options: { waitMostMs: 500_000 }, seconds: 160 }
    const lived = live(scene, LONG)
    for (const wanted of [1, 2, 3])
      expect(Math.max(...lapsOf(lived, wanted)), `phase ${wanted}`).toBeLessThanOrEqual(71)
  })

  test('no phase begins again before the shortest cycle is over', () => {
    const every30S = [10, 40, 70].map((second): [number, number] => [second, 1])
    const rows = { 1: every30S.map(([second, one]): [number, number] => [second - 10, one]), 2: every30S }
    const laps = (cycleLeastMs: number | null) => lapsOf(live({ rows, limits: { cycleLeastMs }, seconds: 120 }), 2)
    expect(Math.min(...laps(60_000))).toBeGreaterThanOrEqual(60)
    expect(Math.min(...laps(null))).toBeLessThan(60)
  })
})

test('vehicles of a phase with a weight go before more of another', () => {
  const rows = { 2: [[0, 8]], 3: [[0, 8]] } as const
  const first = (phase: number) =>
    live({ rows, limits: { weights: new Map([[phaseId(phase), 4]]) }, seconds: 25 }).order[0]
  expect([first(2), first(3)]).toEqual([2, 3])
})
