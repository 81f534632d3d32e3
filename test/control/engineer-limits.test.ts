/** The engineer's limits under max-pressure: orders, splits, cycles and weights, over the real controller on a street of rows. */
import { describe, expect, test } from 'vitest'
import { phaseId } from '#base/id.ts'
import { FREE_LIMITS, type AdaptiveLimits, type SplitBounds } from '#signal/adaptive-limits.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'
import { leastGreenMs, limitsNow, mostGreenMs } from '#control/stage-limits.ts'
import { CROSSING, PLAN, viewOf } from '#test/support/boulevard-crossing.ts'
import { EIGHT_PHASES, STAGES } from '#test/support/junctions.ts'
import { run, street } from '#test/support/street-of-rows.ts'

const RING = street(STAGES)
const LONG = street({ ...STAGES, phases: { 1: { timing: { max1Ms: 300_000 } } } })
const STEADY = Array.from({ length: 200 }, (_, second): [number, number] => [second, 1])

const splits = (phase: number, leastMs: number | null, mostMs: number | null) => ({
  splitsMs: new Map([[phaseId(phase), { leastMs, mostMs }]]),
})

describe('of a phase with 7 s of minimum green, 3 s of yellow and 2 s of red clearance', () => {
  const phase = CROSSING.phases[0]!
  const plain = {
    ...phase,
    timing: { ...phase.timing, minGreenMs: 7_000, redAmberMs: 0, yellowMs: 3_000, redClearMs: 2_000 },
  }

  test.each<[split: SplitBounds | null, ownMaximumMs: number, leastMs: number, mostMs: number]>([
    [null, 40_000, 7_000, 40_000],
    [{ leastMs: 11_999, mostMs: null }, 40_000, 7_000, 40_000],
    [{ leastMs: 12_000, mostMs: null }, 40_000, 7_000, 40_000],
    [{ leastMs: 12_001, mostMs: null }, 40_000, 7_001, 40_000],
    [{ leastMs: null, mostMs: 44_999 }, 40_000, 7_000, 39_999],
    [{ leastMs: null, mostMs: 45_001 }, 40_000, 7_000, 40_000],
    [{ leastMs: 25_000, mostMs: 25_000 }, 40_000, 20_000, 20_000],
    [{ leastMs: 50_000, mostMs: null }, 40_000, 45_000, 45_000],
    [{ leastMs: null, mostMs: 11_000 }, 40_000, 7_000, 7_000],
  ])('the split %j under a maximum of %d ms makes greens of %d to %d ms', (split, ownMaximumMs, leastMs, mostMs) => {
    const limits = { ...FREE_LIMITS, splitsMs: new Map(split === null ? [] : [[phase.id, split]]) }
    expect([leastGreenMs(limits, plain), mostGreenMs(limits, plain, ownMaximumMs)]).toEqual([leastMs, mostMs])
  })

  test('red and amber are no green either', () => {
    const limits = { ...FREE_LIMITS, splitsMs: new Map([[phase.id, { leastMs: 20_000, mostMs: 20_000 }]]) }
    const amber = { ...plain, timing: { ...plain.timing, redAmberMs: 1_000 } }
    expect([leastGreenMs(limits, amber), mostGreenMs(limits, amber, 40_000)]).toEqual([14_000, 14_000])
  })
})

test('the limits are those of the plan of the hour, and of no other', () => {
  const limits = { ...FREE_LIMITS, allowed: false }
  const view = viewOf({ adaptiveLimits: new Map([[PLAN.pattern, limits]]) })
  expect(limitsNow(view, PLAN.pattern)).toBe(limits)
  expect(limitsNow(view, PATTERN_FREE)).toBe(FREE_LIMITS)
})

test('in a fixed order only the next stage for which somebody waits may follow', () => {
  const rows = { 1: [[1, 2]], 2: [[1, 3]], 3: [[1, 10]] } as const
  expect(run(RING, { rows, limits: { order: 'fixed' }, seconds: 90 }).order.slice(0, 3)).toEqual([1, 2, 3])
  expect(run(RING, { rows, seconds: 90 }).order[0]).toBe(3)
})

describe('splits', () => {
  test('a green lasts its shortest split although nobody is there any more', () => {
    const rows = { 2: [[0, 1]], 3: [[8, 6]] } as const
    const gapMs = (limits?: ReturnType<typeof splits>) => {
      const { begun } = run(RING, { rows, seconds: 90, ...(limits && { limits }) })
      const [at2, at3] = [2, 3].map((wanted) => begun.find(([phase]) => phase === wanted)![1])
      return at3! - at2!
    }
    expect(gapMs()).toBeLessThan(25)
    expect(gapMs(splits(2, 40_000, null))).toBeGreaterThanOrEqual(40)
  })

  test('a green that has had its longest split gives way to whoever waits, and to nobody without need', () => {
    const rows = { 1: [[0, 20], ...STEADY], 3: [[6, 1]] } as const
    const limits = splits(1, null, 25_000)
    const { begun } = run(LONG, { rows, limits, seconds: 100 })
    const [at1, at3] = [1, 3].map((wanted) => begun.find(([phase]) => phase === wanted)![1])
    expect(at3! - at1!).toBeLessThanOrEqual(26)
    expect(begun.filter(([phase]) => phase === 3)).toHaveLength(1)
    expect(run(LONG, { rows: { 1: rows[1] }, limits, seconds: 100 }).order).toEqual([1])
  })
})

/** Seconds from each green of the phase to its next. */
function lapsOf(begun: readonly (readonly [number, number])[], wanted: number): number[] {
  const starts = begun.filter(([phase]) => phase === wanted).map(([, second]) => second)
  return starts.slice(1).map((second, index) => second - starts[index]!)
}

describe('cycles', () => {
  const rows = { 1: [[0, 20], ...STEADY], 2: [[0, 20], ...STEADY], 3: STEADY, 4: STEADY } as const
  test.each([70, 100])('no phase that is called waits longer than %d s from one green to its next', (cycleS) => {
    const scene = { rows, limits: { cycleMostMs: cycleS * 1_000 }, options: { waitMostMs: 500_000 }, seconds: 400 }
    const { begun, reasons } = run(LONG, scene)
    for (const wanted of [1, 2, 3, 4]) {
      const laps = lapsOf(begun, wanted)
      expect(laps.length, `phase ${wanted}`).toBeGreaterThanOrEqual(2)
      expect(Math.max(...laps), `phase ${wanted}`).toBeLessThanOrEqual(cycleS + 1)
    }
    expect(reasons.map(({ code }) => code)).toContain('CYCLE_RUNS_OUT')
  })

  test('the longest cycle holds in two rings, too', () => {
    const eight = Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((phase) => [phase, [[0, 10], ...STEADY]]))
    const { begun } = run(street(EIGHT_PHASES), {
      rows: eight as never,
      limits: { cycleMostMs: 120_000 },
      seconds: 500,
    })
    for (const wanted of [1, 2, 3, 4, 5, 6, 7, 8]) {
      expect(Math.max(...lapsOf(begun, wanted)), `phase ${wanted}`).toBeLessThanOrEqual(121)
    }
  })

  test('no phase begins again before the shortest cycle is over', () => {
    const few = {
      1: [
        [0, 1],
        [30, 1],
        [60, 1],
      ],
      2: [
        [10, 1],
        [40, 1],
        [70, 1],
      ],
    } as const
    const starts = (limits: Partial<AdaptiveLimits>) =>
      run(RING, { rows: few, limits, seconds: 140 })
        .begun.filter(([phase]) => phase === 2)
        .map(([, second]) => second)
    const [first = 0, second = 0] = starts({ cycleLeastMs: 60_000 })
    expect(second - first).toBeGreaterThanOrEqual(60)
    const [plainFirst = 0, plainSecond = 0] = starts({})
    expect(plainSecond - plainFirst).toBeLessThan(60)
  })
})

test('vehicles of a phase with a weight go before as many of another', () => {
  const rows = { 2: [[0, 8]], 3: [[0, 6]] } as const
  expect(run(RING, { rows, seconds: 30 }).order[0]).toBe(2)
  expect(run(RING, { rows, limits: { weights: new Map([[phaseId(3), 3]]) }, seconds: 30 }).order[0]).toBe(3)
})
