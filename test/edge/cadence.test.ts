/** When the next tick is due, on a grid of 100 ms from 1,000 ms on. */
import { expect, test } from 'vitest'
import { firstSlot, nextSlot } from '#edge/cadence.ts'

const third = { index: 3, dueMonoMs: 1_300, missed: 0 }

test.each([
  ['ended early', 1_320, 4, 0],
  ['ended just before the next was due', 1_399, 4, 0],
  ['ran over into the next slot, which is begun late', 1_450, 4, 0],
  ['ran over to the last moment of the next slot', 1_499, 4, 0],
  ['ran over a whole slot, which is missed', 1_500, 5, 1],
  ['stood still for a minute, and 599 slots are not caught up', 61_300, 603, 599],
])('a tick that %s', (_, endedMonoMs, index, missed) => {
  expect(nextSlot(third, 100, endedMonoMs)).toEqual({ index, dueMonoMs: 1_000 + index * 100, missed })
})

test('late ends do not move the grid', () => {
  let slot = firstSlot(1_000)
  for (const lateMs of [3, 17, 90, 1, 44]) slot = nextSlot(slot, 100, slot.dueMonoMs + lateMs)
  expect(slot.dueMonoMs).toBe(1_500)
})
