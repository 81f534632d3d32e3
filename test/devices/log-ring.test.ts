/** A controller's log is a ring that goes on turning while it is read: what is believed of it, and what is not. */
import { expect, test } from 'vitest'
import type { LogRecord } from '#devices/device.ts'
import { appendSlots, encodeRecord, mayBeTorn, slotReads, spanToRead, untorn } from '#devices/modbus/log-ring.ts'
import { LOG_RECORD_REGISTERS } from '#devices/profile/registers.ts'
import { recordOf } from '#test/support/virtual-device.ts'

const CAPACITY = 16
const LOG = { address: 1000, capacity: CAPACITY }

test.each([
  ['nothing was logged yet', { head: 0, after: 0, max: 100 }, { first: 1, last: 0 }],
  ['everything is new', { head: 5, after: 0, max: 100 }, { first: 1, last: 5 }],
  ['some is new', { head: 5, after: 3, max: 100 }, { first: 4, last: 5 }],
  ['nothing is new', { head: 5, after: 5, max: 100 }, { first: 6, last: 5 }],
  ['less is wanted than there is', { head: 5, after: 0, max: 2 }, { first: 1, last: 2 }],
  ['the ring is just full', { head: 16, after: 0, max: 100 }, { first: 1, last: 16 }],
  ['the ring has lost one', { head: 17, after: 0, max: 100 }, { first: 2, last: 17 }],
  ['the ring has turned many times', { head: 1000, after: 3, max: 4 }, { first: 985, last: 988 }],
  ['the log was reset below what we know', { head: 2, after: 9, max: 100 }, { first: 10, last: 2 }],
])('when %s, the right records are read', (_title, { head, after, max }, span) =>
  expect(spanToRead(head, CAPACITY, { after, max })).toEqual(span),
)

test('reads are cut at the end of the ring and at what one request carries', () => {
  const reads = slotReads(LOG, { first: 12, last: 20 }, 3 * LOG_RECORD_REGISTERS + 5)
  const addressOf = (sequence: number) => LOG.address + (sequence % CAPACITY) * LOG_RECORD_REGISTERS
  expect(reads).toEqual([
    { first: 12, address: addressOf(12), length: 3 * LOG_RECORD_REGISTERS },
    { first: 15, address: addressOf(15), length: LOG_RECORD_REGISTERS },
    { first: 16, address: addressOf(0), length: 3 * LOG_RECORD_REGISTERS },
    { first: 19, address: addressOf(3), length: 2 * LOG_RECORD_REGISTERS },
  ])
})

/** Reads slots that are expected to hold `first …` and hold the records of `found` instead. */
function readSlots(run: LogRecord[], first: number, found: readonly number[]): boolean {
  const words = found.flatMap((sequence) =>
    sequence === 0 ? Array.from({ length: LOG_RECORD_REGISTERS }, () => 0) : encodeRecord(recordOf(sequence)),
  )
  return appendSlots(run, { first, address: 0, length: words.length }, words)
}

test.each([
  ['all are as expected', 5, [5, 6, 7], [5, 6, 7], true],
  ['the oldest were overwritten meanwhile', 5, [21, 22, 7, 8], [7, 8], true],
  ['all were overwritten meanwhile', 5, [21, 22], [], true],
  ['one inside the run was overwritten', 5, [5, 22, 7], [5], false],
  ['the newest is not written yet', 5, [5, 6, 0], [5, 6], false],
  ['a slot still holds the record of the turn before', 21, [21, 6], [21], false],
])('of slots where %s, one unbroken run is taken', (...[, first, found, taken, goesOn]) => {
  const run: LogRecord[] = []
  expect(readSlots(run, first, found)).toBe(goesOn)
  expect(run).toEqual(taken.map(recordOf))
})

test('records near the end of the ring are believed only when the ring has not come round to them', () => {
  expect(mayBeTorn(100, CAPACITY, { first: 92, last: 100 })).toBe(true)
  expect(mayBeTorn(100, CAPACITY, { first: 93, last: 100 })).toBe(false)
  const run = [85, 86, 87].map(recordOf)
  // After record 101 the ring is about to write 102 into the slot of 86.
  expect(untorn(run, 99, CAPACITY)).toEqual([85, 86, 87].map(recordOf))
  expect(untorn(run, 101, CAPACITY)).toEqual([87].map(recordOf))
  expect(untorn(run, 200, CAPACITY)).toEqual([])
})
