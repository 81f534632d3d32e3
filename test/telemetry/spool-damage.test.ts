/** A segment that rots, is cut short or grows a tail: always noticed, never a wrong event. */
import { describe, expect, test } from 'vitest'
import { ForgetfulDisk } from '#test/support/forgetful-disk.ts'
import { batchesOf, numbersOf, openSpool, readBack, recordEvents, SMALL_SEGMENT, upTo } from './spool-kit.ts'

describe('damage', () => {
  /** Two segments, so that one is newest and the other is not. */
  function twoSegments(): ForgetfulDisk {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk, SMALL_SEGMENT)
    for (const first of [1, 11, 21]) recordEvents(spool, first, first + 9)
    expect(disk.list()).toHaveLength(2)
    return disk
  }

  test.each([0, 1])('every byte of segment %i flipped, one at a time: always noticed, never a wrong event', (which) => {
    const disk = twoSegments()
    const name = String(disk.list()[which])
    const original = disk.read(name)
    for (let offset = 0; offset < original.length; offset++) {
      const damaged = Buffer.from(original)
      damaged.writeUInt8(damaged.readUInt8(offset) ^ 0xff, offset)
      const { spool, faults } = openSpool(disk.with(name, damaged))
      const read = readBack(spool)
      expect(faults.length, `byte ${offset}`).toBe(1)
      expect(read.length).toBeGreaterThanOrEqual(29)
      for (const { sequence, number } of read) expect(number).toBe(sequence)
    }
  })

  test('every bit of the first kilobyte flipped: always noticed, never a wrong event', () => {
    const disk = twoSegments()
    const name = String(disk.list()[0])
    const original = disk.read(name).subarray(0, 1_000)
    for (let bit = 0; bit < original.length * 8; bit++) {
      const damaged = Buffer.from(disk.read(name))
      damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      const { spool, faults } = openSpool(disk.with(name, damaged))
      for (const { sequence, number } of readBack(spool)) expect(number).toBe(sequence)
      expect(faults.length, `bit ${bit}`).toBe(1)
    }
  })

  test('central hears of exactly the sequences that damage has taken', () => {
    const disk = twoSegments()
    const name = String(disk.list()[0])
    const damaged = disk.read(name)
    const row = damaged.indexOf('[5,')
    damaged.write('?', row)
    const batches = batchesOf(openSpool(disk.with(name, damaged)).spool)
    expect(batches.map(({ first, last, after }) => ({ first, last, after }))).toEqual([
      { first: 1, last: 4, after: undefined },
      { first: 6, last: 30, after: 4 },
    ])
  })

  test('a segment cut short anywhere gives the events before the cut', () => {
    const disk = twoSegments()
    const name = String(disk.list()[1])
    const original = disk.read(name)
    for (let length = 0; length < original.length; length++) {
      const { spool } = openSpool(disk.with(name, original.subarray(0, length)))
      const numbers = numbersOf(spool)
      expect(numbers).toEqual(upTo(numbers.length))
    }
  })

  test('a tail of zeros, which some file systems leave after a power cut, is left out', () => {
    const disk = twoSegments()
    const name = String(disk.list()[1])
    const { spool, faults } = openSpool(disk.with(name, Buffer.concat([disk.read(name), Buffer.alloc(4_096)])))
    expect(numbersOf(spool)).toEqual(upTo(30))
    expect(faults).toMatchObject([{ code: 'SPOOL_TAIL_CUT', bytes: 4_096 }])
  })

  test('frames of a former spool in the tail of a segment are not taken for events of this one', () => {
    const former = twoSegments()
    const disk = twoSegments()
    const name = String(disk.list()[1])
    const stale = former.read(String(former.list()[1]))
    const { spool, faults } = openSpool(disk.with(name, Buffer.concat([disk.read(name), stale])))
    expect(numbersOf(spool)).toEqual(upTo(30))
    expect(faults).toMatchObject([{ code: 'SPOOL_TAIL_CUT', bytes: stale.length }])
  })

  test('files that are no segments are passed over', () => {
    const disk = twoSegments().with('notes.txt', Buffer.from('hello'))
    expect(numbersOf(openSpool(disk).spool)).toEqual(upTo(30))
  })
})
