/** The list of excused mutants is kept honest: no survivor without a reason, no reason without a survivor. */
import { expect, test } from 'vitest'
import { EXCUSED, judge, type Survivor } from './survivors.ts'

const SURVIVOR: Survivor = { file: 'src/safety/envelope.ts', original: 'a > b', replacement: 'a >= b' }
const excuse = { ...SURVIVOR, reason: 'a and b are never equal here' }

test('a survivor without a reason is named', () => {
  expect(judge([SURVIVOR], [])).toEqual({ unexcused: [SURVIVOR], idle: [] })
})

test('a survivor with its reason is borne', () => {
  expect(judge([SURVIVOR], [excuse])).toEqual({ unexcused: [], idle: [] })
})

test.each<keyof Survivor>(['file', 'original', 'replacement'])('a reason for another %s excuses nothing', (field) => {
  const other = { ...excuse, [field]: 'something else' }
  expect(judge([SURVIVOR], [other])).toEqual({ unexcused: [SURVIVOR], idle: [other] })
})

test('a reason whose mutant has been killed is named', () => {
  expect(judge([], [excuse])).toEqual({ unexcused: [], idle: [excuse] })
})

test('every excuse says why, and in what rooms it may be given', () => {
  for (const { file, reason } of EXCUSED) {
    expect(file).toMatch(/^src\/(safety\/|signal\/conflicts\.ts)/)
    expect(reason.length).toBeGreaterThan(20)
  }
  expect(new Set(EXCUSED.map((each) => JSON.stringify(each))).size).toBe(EXCUSED.length)
})
