/** What every bench shares: options as they are typed, bars and their verdicts, and how values spread. */
import { describe, expect, test } from 'vitest'
import { barLines, isHeld, type Bar } from '#bench/report/bars.ts'
import { inColumns } from '#bench/report/columns.ts'
import { chosenFrom, readOptions } from '#bench/report/options.ts'
import { percentile, spreadOf } from '#bench/report/spread.ts'

describe('how values spread', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => n + 1)

  test.each([
    [1, 1],
    [50, 50],
    [99, 99],
    [99.1, 100],
    [100, 100],
  ])('the %f-th percentile of 1 to 100 is %i, whatever lies between', (percent, value) => {
    expect(percentile(hundred, percent)).toBe(value)
  })

  test('of one value all are that one, and of none all are 0', () => {
    expect(spreadOf([7])).toEqual({ count: 1, mean: 7, p50: 7, p95: 7, p99: 7, max: 7 })
    expect(spreadOf([])).toEqual({ count: 0, mean: 0, p50: 0, p95: 0, p99: 0, max: 0 })
  })

  test('the order in which they came means nothing, and numbers are not sorted as words', () => {
    expect(spreadOf([10, 9, 100])).toMatchObject({ p50: 10, max: 100 })
  })
})

describe('bars', () => {
  const bar = (value: number): Bar => ({ place: 'ring', figure: 'gap', value, most: 5, unit: '%' })

  test('a bar is held at its edge, and missed behind it', () => {
    expect([4.99, 5, 5.01].map((value) => isHeld(bar(value)))).toEqual([true, true, false])
  })

  test('a missed one says by how much', () => {
    expect(barLines([bar(5), bar(6.25)])).toEqual([
      'ring  gap  5.00 %  ≤ 5.00 %  held',
      'ring  gap  6.25 %  ≤ 5.00 %  MISSED by 1.25 %',
      '1 of 2 bars are MISSED',
    ])
    expect(barLines([bar(0)]).at(-1)).toBe('all 1 bars are held')
    expect(barLines([])).toEqual(['No bar belongs to what was run.'])
  })

  test('words stand to the left, numbers to the right, and short rows are no holes', () => {
    expect(inColumns([['a', '1'], ['bcd', '100'], ['e']], new Set([0]))).toEqual(['a      1', 'bcd  100', 'e'])
  })
})

describe('options', () => {
  const known = { seeds: 3, numbers: { minutes: 15 } }

  test('unless they are given, they are the usual ones', () => {
    expect(readOptions([], known)).toEqual({
      ok: true,
      value: { seeds: [1, 2, 3], scenarios: [], isStrict: false, json: null, numbers: { minutes: 15 } },
    })
  })

  test('all of them can be given', () => {
    const typed = '--seeds 1 --minutes 2 --scenario a --scenario b --strict --json out.json'
    expect(readOptions(typed.split(' '), known)).toEqual({
      ok: true,
      value: { seeds: [1], scenarios: ['a', 'b'], isStrict: true, json: 'out.json', numbers: { minutes: 2 } },
    })
  })

  test.each([
    ['--seeds 0', '--seeds 0 is no number from 1 to 100'],
    ['--seeds 101', '--seeds 101 is no number'],
    ['--minutes 0', '--minutes 0 is no whole number above 0. Write --minutes 15.'],
    ['--minutes 1.5', '--minutes 1.5 is no whole number'],
    ['--minuts 1', "Unknown option '--minuts'"],
    ['ring', 'ring'],
  ])('refuses %s by name', (typed, fault) => {
    expect(readOptions(typed.split(' '), known)).toEqual({ ok: false, fault: expect.stringContaining(fault) })
  })

  test('scenarios are those that there are, in their own order', () => {
    expect(chosenFrom([], ['a', 'b'])).toEqual({ ok: true, value: ['a', 'b'] })
    expect(chosenFrom(['b', 'a'], ['a', 'b'])).toEqual({ ok: true, value: ['a', 'b'] })
    expect(chosenFrom(['c'], ['a', 'b'])).toEqual({
      ok: false,
      fault: "There is no scenario 'c'. Choose from a, b: --scenario a.",
    })
  })
})
