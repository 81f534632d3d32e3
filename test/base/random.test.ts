/** Pictures of chance: the same on every machine, apart between purposes, and shaped as it says. */
import { expect, test } from 'vitest'
import { nextExponential, nextUniform, nextWord, randomStream, uniformFor, normalFor } from '#base/random.ts'

const draws = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw)
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

test('the same seed and purpose give the same numbers on any machine', () => {
  const stream = randomStream(7, 'IX-01/N/arrivals')
  expect(draws(4, () => nextWord(stream))).toMatchInlineSnapshot(`
    [
      2132776142,
      3400049961,
      161884287,
      829320238,
    ]
  `)
})

test('two purposes of one seed, and two seeds of one purpose, share no draw', () => {
  const words = new Set(
    [randomStream(7, 'a'), randomStream(7, 'b'), randomStream(8, 'a')].flatMap((stream) =>
      draws(1_000, () => nextWord(stream)),
    ),
  )
  expect(words.size).toBe(3_000)
})

test('uniforms fill every tenth of [0, 1) alike', () => {
  const stream = randomStream(1, 'uniform')
  const tenths = Array.from({ length: 10 }, () => 0)
  for (const value of draws(100_000, () => nextUniform(stream))) tenths[Math.floor(value * 10)]!++
  for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(400) // Four standard deviations.
})

test('gaps between random arrivals have mean 1, variance 1 and the tail of an exponential', () => {
  const stream = randomStream(1, 'gaps')
  const gaps = draws(100_000, () => nextExponential(stream))
  expect(mean(gaps)).toBeCloseTo(1, 1)
  expect(mean(gaps.map((gap) => (gap - 1) ** 2))).toBeCloseTo(1, 1)
  expect(gaps.filter((gap) => gap > 3).length / gaps.length).toBeCloseTo(Math.exp(-3), 2)
})

test('a vehicle makes up its mind per place, whatever else was drawn before', () => {
  expect(uniformFor(12_345, 1)).toBe(uniformFor(12_345, 1))
  expect(uniformFor(12_345, 1)).not.toBe(uniformFor(12_345, 2))
  expect(mean(Array.from({ length: 10_000 }, (_, vehicle) => uniformFor(vehicle, 3)))).toBeCloseTo(0.5, 1)
})

test('what is normal for a thing has mean 0 and deviation 1, and is the same whenever it is asked for', () => {
  const drawn = Array.from({ length: 20_000 }, (_, thing) => normalFor(thing, 7))
  expect(mean(drawn)).toBeCloseTo(0, 1)
  expect(mean(drawn.map((value) => value * value))).toBeCloseTo(1, 1)
  expect(normalFor(3, 7)).toBe(drawn[3])
})
