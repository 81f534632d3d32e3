/** Random arrivals: as many as were asked for, the same in whatever steps, none where none are due. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomStream } from '#base/random.ts'
import { Arrivals, type PerHourAt } from '#sim/traffic/demand/arrivals.ts'

const HOUR_MS = 3_600_000

/** All that come before the end, asked for in steps. */
function arrivalsIn(perHourAt: PerHourAt, untilMs: number, stepMs = untilMs, seed = 7): number[] {
  const arrivals = new Arrivals(randomStream(seed, 'test'), perHourAt)
  const came: number[] = []
  for (let ms = stepMs; ms < untilMs + stepMs; ms += stepMs)
    for (let next = arrivals.take(Math.min(ms, untilMs)); next !== null; next = arrivals.take(Math.min(ms, untilMs)))
      came.push(next)
  return came
}

describe('how many come', () => {
  test('in a hundred hours about a hundred times the hourly rate', () => {
    const count = arrivalsIn(() => 600, 100 * HOUR_MS).length
    expect(Math.abs(count - 60_000)).toBeLessThan(4 * Math.sqrt(60_000))
  })

  test('a rate that doubles at noon brings a third before and two thirds after', () => {
    const came = arrivalsIn((ms) => (ms < 50 * HOUR_MS ? 300 : 600), 100 * HOUR_MS)
    const before = came.filter((ms) => ms < 50 * HOUR_MS).length
    expect(Math.abs(before - 15_000)).toBeLessThan(4 * Math.sqrt(15_000))
    expect(Math.abs(came.length - before - 30_000)).toBeLessThan(4 * Math.sqrt(30_000))
  })

  test('the gaps spread as those of a Poisson process: a variance of one mean squared', () => {
    const came = arrivalsIn(() => 600, 100 * HOUR_MS)
    const gaps = came.slice(1).map((ms, i) => ms - (came[i] ?? 0))
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
    expect(variance / mean ** 2).toBeCloseTo(1, 1)
  })

  test('nobody where nobody is due, and nobody for a rate below zero', () => {
    expect(arrivalsIn(() => 0, 24 * HOUR_MS)).toEqual([])
    expect(arrivalsIn(() => -5, 24 * HOUR_MS)).toEqual([])
  })
})

describe('in whatever steps', () => {
  const rate = (ms: number) => (Math.floor(ms / 600_000) % 3) * 400
  const whole = arrivalsIn(rate, 2 * HOUR_MS)

  test('the same come at the same moments, in order', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 * HOUR_MS }).map((n) => Math.max(n, 50)),
        (stepMs) => {
          expect(arrivalsIn(rate, 2 * HOUR_MS, stepMs)).toEqual(whole)
        },
      ),
      { numRuns: 30 },
    ))

  test('who is asked for up to a moment is due before it', () => {
    const first = whole[0] ?? 0
    expect(arrivalsIn(rate, first)).toEqual([])
    expect(arrivalsIn(rate, first + 1)).toEqual([first])
  })
})
