/** Ranges say of a log of numbered events what is there and what is missing. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { addRange, contiguousUpTo, countOf, coversRange, missingFrom, type Range } from '#base/ranges.ts'

test.each<{ title: string; ranges: Range[]; added: Range; joined: Range[] }>([
  { title: 'the first range', ranges: [], added: [1, 3], joined: [[1, 3]] },
  { title: 'a neighbour is joined', ranges: [[1, 3]], added: [4, 5], joined: [[1, 5]] },
  {
    title: 'one number apart stays apart',
    ranges: [[1, 3]],
    added: [5, 6],
    joined: [
      [1, 3],
      [5, 6],
    ],
  },
  {
    title: 'a bridge joins both sides',
    ranges: [
      [1, 3],
      [5, 6],
    ],
    added: [4, 4],
    joined: [[1, 6]],
  },
  { title: 'what is known changes nothing', ranges: [[1, 9]], added: [3, 4], joined: [[1, 9]] },
])('$title', ({ ranges, added, joined }) => {
  expect(addRange(ranges, added)).toEqual(joined)
})

test('what is missing ends at the borders that were asked for', () => {
  const ranges: Range[] = [
    [3, 4],
    [8, 8],
  ]
  expect(missingFrom(ranges, [1, 10])).toEqual([
    [1, 2],
    [5, 7],
    [9, 10],
  ])
  expect(missingFrom(ranges, [3, 8])).toEqual([[5, 7]])
  expect(missingFrom(ranges, [3, 4])).toEqual([])
  expect(coversRange(ranges, [3, 5])).toBe(false)
  expect(coversRange(ranges, [8, 8])).toBe(true)
})

test('a log is complete up to the first number that is missing', () => {
  expect(contiguousUpTo([])).toBe(0)
  expect(contiguousUpTo([[2, 9]])).toBe(0)
  expect(
    contiguousUpTo([
      [1, 4],
      [6, 9],
    ]),
  ).toBe(4)
})

const range = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 8 }))
  .map(([first, more]): Range => [first, first + more])

test('ranges say the same as a set of numbers, whatever is added in whatever order', () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 20 }), range, (added, asked) => {
      const numbers = new Set(
        added.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i)),
      )
      const ranges = added.reduce<Range[]>((all, one) => addRange(all, one), [])
      expect(countOf(ranges)).toBe(numbers.size)
      const missing = missingFrom(ranges, asked).flatMap(([first, last]) =>
        Array.from({ length: last - first + 1 }, (_, i) => first + i),
      )
      const expected = Array.from({ length: asked[1] - asked[0] + 1 }, (_, i) => asked[0] + i).filter(
        (n) => !numbers.has(n),
      )
      expect(missing).toEqual(expected)
    }),
  )
})
