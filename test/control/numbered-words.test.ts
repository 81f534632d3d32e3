/** Words that go over the wire as numbers: each has one of its own, and none is too many for its field. */
import { expect, test } from 'vitest'
import { REASON_CODES } from '#control/strategy.ts'
import { ALARMS } from '#signal/alarms.ts'

test('each alarm has a bit of its own in a field of 32', () => {
  const numbers = Object.values(ALARMS)
  expect(new Set(numbers).size).toBe(numbers.length)
  for (const number of numbers) expect(number >= 1 && number <= 32).toBe(true)
})

test('no reason is in the list twice: its place there is its number', () => {
  expect(new Set(REASON_CODES).size).toBe(REASON_CODES.length)
})
