/** Tables of Student's t, and what intervals made with it promise. */
import { describe, expect, test } from 'vitest'
import { nextUniform, randomStream, type RandomStream } from '#base/random.ts'
import { estimateDifference, estimateMean } from '#measures/interval.ts'
import { quantileWithin, shareWithin } from '#measures/student-t.ts'

/** Two-sided quantiles as every textbook prints them. */
const TABLE: readonly (readonly [degrees: number, at90: number, at95: number, at99: number])[] = [
  [1, 6.314, 12.706, 63.657],
  [2, 2.92, 4.303, 9.925],
  [3, 2.353, 3.182, 5.841],
  [4, 2.132, 2.776, 4.604],
  [5, 2.015, 2.571, 4.032],
  [9, 1.833, 2.262, 3.25],
  [10, 1.812, 2.228, 3.169],
  [29, 1.699, 2.045, 2.756],
  [30, 1.697, 2.042, 2.75],
  [120, 1.658, 1.98, 2.617],
]

describe('Student’s t', () => {
  test.each(TABLE)('of %i degrees of freedom stands as in the tables', (degrees, at90, at95, at99) => {
    expect(quantileWithin(0.9, degrees)).toBeCloseTo(at90, 3)
    expect(quantileWithin(0.95, degrees)).toBeCloseTo(at95, 3)
    expect(quantileWithin(0.99, degrees)).toBeCloseTo(at99, 3)
  })

  test('holds nothing within 0, and everything within much', () => {
    expect(shareWithin(0, 7)).toBe(0)
    expect(shareWithin(1e9, 7)).toBeCloseTo(1, 12)
  })

  test('refuses half a degree of freedom', () => {
    expect(() => quantileWithin(0.95, 1.5)).toThrow('degrees of freedom')
    expect(() => quantileWithin(1, 3)).toThrow('share')
  })
})

describe('the interval of a mean', () => {
  test('is that of the worked example: 5 runs of 20, 22, 21, 25 and 22 s', () => {
    // s² = 14 / 4, so that the standard error is √(3.5 / 5) = 0.8367; t = 2.776.
    const { mean, plusMinus, samples } = estimateMean([20, 22, 21, 25, 22])
    expect({ mean, samples }).toEqual({ mean: 22, samples: 5 })
    expect(plusMinus).toBeCloseTo(2.776 * 0.83666, 3)
  })

  test('is not told of a single run', () => expect(estimateMean([31])).toEqual({ mean: 31, samples: 1 }))

  test('has no width where all runs are alike', () => expect(estimateMean([4, 4, 4]).plusMinus).toBe(0))

  test('covers the true mean in about 95 of 100 cases, with five runs as with two', () => {
    const stream = randomStream(1, 'coverage')
    for (const runs of [2, 5, 20]) {
      const cases = 4_000
      let covered = 0
      for (let i = 0; i < cases; i++) {
        const { mean, plusMinus = 0 } = estimateMean(Array.from({ length: runs }, () => 40 + 8 * normal(stream)))
        if (Math.abs(mean - 40) <= plusMinus) covered++
      }
      // Four standard errors of a share of 0.95 in 4,000 cases.
      expect(Math.abs(covered / cases - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / cases))
    }
  })
})

/** Near enough to normal: the sum of twelve uniforms. */
const normal = (stream: RandomStream): number =>
  Array.from({ length: 12 }, () => nextUniform(stream)).reduce((sum, uniform) => sum + uniform, -6)

describe('the difference of paired runs', () => {
  test('is told although runs differ more from each other than the two ways of control do', () => {
    const pairs = [
      [30, 28],
      [60, 58.5],
      [45, 42.8],
      [52, 50.1],
    ] as const
    const difference = estimateDifference(pairs)
    expect(difference.verdict).toBe('less')
    expect(difference.mean).toBeCloseTo(-1.9, 10)
    expect(estimateMean(pairs.map(([first]) => first)).plusMinus).toBeGreaterThan(10)
  })

  test.each([
    [[[1, 2] as const], 'none'],
    [[[1, 2] as const, [2, 1] as const], 'none'],
    [[[1, 2] as const, [5, 6] as const], 'more'],
    [[[3, 3] as const, [4, 4] as const], 'none'],
  ])('%j: %s', (pairs, verdict) => expect(estimateDifference(pairs).verdict).toBe(verdict))
})
