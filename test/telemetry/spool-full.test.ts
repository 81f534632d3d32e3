/** A spool without room: raw samples go oldest first, with an exact record; alarms and commands stay, wherever the power is cut. */
import { describe, expect, test } from 'vitest'
import type { EventRow } from '#contract/messages.ts'
import { backlogReader } from '#edge/telemetry/batch-reader.ts'
import type { Spool } from '#edge/telemetry/spool.ts'
import { EVENT } from '#signal/events.ts'
import { diskError, ForgetfulDisk } from '#test/support/forgetful-disk.ts'
import { batchesOf, event, numbersOf, openSpool, readBack, recordEvents, SMALL_SEGMENT, upTo } from './spool-kit.ts'

const RESERVE = { ...SMALL_SEGMENT, reserveBytes: 400 }
/** One event in ten is an alarm. */
const isAlarm = (number: number): boolean => number % 10 === 0

function recordStreet(spool: Spool, first: number, last: number): number {
  const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  spool.append(numbers.map((number) => event(number, isAlarm(number) ? { code: EVENT.alarmOn } : {})))
  return spool.commit()
}

/** From now on the disk has room for so many more bytes, whatever is removed. */
function fill(disk: ForgetfulDisk, roomBytes: number): void {
  const capacity = disk.bytes + roomBytes
  disk.mischief.write = (_name, bytes) => {
    if (disk.bytes + bytes > capacity) throw diskError('ENOSPC')
    return bytes
  }
}

const rowsOf = (spool: Spool): EventRow[] => batchesOf(spool).flatMap(({ rows }) => rows)
const alarmsIn = (spool: Spool): number[] => rowsOf(spool).flatMap((row) => (row[3] === EVENT.alarmOn ? [row[4]] : []))
const gapsIn = (spool: Spool): EventRow[] => rowsOf(spool).filter(([, , , code]) => code === EVENT.logGap)
const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0)

/** What was recorded is here, or counted by a gap record, each exactly once. */
function expectAllAccountedFor(spool: Spool, last: number): void {
  const rows = rowsOf(spool)
  const here = rows.filter(([, , , code]) => code !== EVENT.logGap)
  expect(here.length + sum(gapsIn(spool).map((row) => row[4]))).toBe(last)
  expect(alarmsIn(spool)).toEqual(upTo(last).filter(isAlarm))
}

type RecordTen = (spool: Spool, first: number) => number
const tenOfStreet: RecordTen = (spool, first) => recordStreet(spool, first, first + 9)
const tenAlarms: RecordTen = (spool, first) => {
  spool.append(upTo(10).map((number) => event(first + number - 1, { code: EVENT.alarmOn })))
  return spool.commit()
}

interface Cut {
  readonly disk: ForgetfulDisk
  readonly recorded: number
  readonly calls: number
}

/** Seventy events, then room for 100 bytes more and sixty events more, and the power goes at the call of that number. */
function fillAndCut(stopAt: number, recordTen: RecordTen): Cut {
  const disk = new ForgetfulDisk()
  const { spool } = openSpool(disk, RESERVE)
  for (let first = 1; first <= 61; first += 10) recordTen(spool, first)
  const capacity = disk.bytes + 100
  let calls = 0
  const count = (): void => {
    calls += 1
    if (calls >= stopAt) throw new Error('the power is cut')
  }
  disk.mischief = {
    create: count,
    sync: count,
    remove: count,
    write: (_name, bytes) => {
      count()
      if (disk.bytes + bytes > capacity) throw diskError('ENOSPC')
      return bytes
    },
  }
  let recorded = 70
  for (const first of [71, 81, 91, 101, 111, 121]) if (calls < stopAt) recorded += recordTen(spool, first)
  return { disk, recorded, calls }
}

describe('a full disk', () => {
  test('gives up the oldest raw samples, keeps the alarms among them, and goes on recording', () => {
    const disk = new ForgetfulDisk()
    const { spool, faults } = openSpool(disk, RESERVE)
    for (let first = 1; first <= 91; first += 10) recordStreet(spool, first, first + 9)
    fill(disk, 100)
    for (let first = 101; first <= 191; first += 10) expect(recordStreet(spool, first, first + 9)).toBe(10)
    expectAllAccountedFor(spool, 200)
    expect(numbersOf(spool).at(-1)).toBe(200)
    const lost = faults.flatMap((fault) => (fault.code === 'SPOOL_FULL' ? [fault.lost] : []))
    expect(sum(lost)).toBe(sum(gapsIn(spool).map((row) => row[4])))
  })

  test('a gap record says of which intersection, since when, and how many; the sequences that never come are its hole', () => {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk, RESERVE)
    recordStreet(spool, 1, 20)
    recordStreet(spool, 21, 22)
    fill(disk, 10)
    recordStreet(spool, 23, 25)
    // Numbers 3, 6, 9 … are of IX-01, 1, 4, 7 … of IX-02; 10 (IX-02) and 20 (IX-03) are alarms.
    expect(gapsIn(spool)).toEqual([
      [17, 1_790_000_000_002, 'IX-03', EVENT.logGap, 6, 2, 0],
      [18, 1_790_000_000_003, 'IX-01', EVENT.logGap, 6, 2, 0],
      [19, 1_790_000_000_001, 'IX-02', EVENT.logGap, 6, 2, 0],
    ])
    const holes = batchesOf(spool).map(({ after, first }) => [after, first])
    expect(holes).toEqual([
      [0, 10],
      [10, 17],
    ])
  })

  test('a power cut at any call while room is made loses no alarm, and every sample is here or counted', () => {
    const { calls } = fillAndCut(Infinity, tenOfStreet)
    expect(calls).toBeGreaterThan(20)
    for (let cut = 1; cut <= calls; cut++) {
      const { disk, recorded } = fillAndCut(cut, tenOfStreet)
      const { spool } = openSpool(disk.afterPowerCut())
      expectAllAccountedFor(spool, recorded)
    }
  })

  test('a power cut at any call while alarms go too leaves every event here or counted', () => {
    const { calls, disk: whole } = fillAndCut(Infinity, tenAlarms)
    expect(whole.list().some((name) => name.endsWith('.counted'))).toBe(true)
    for (let cut = 1; cut <= calls; cut++) {
      const { disk, recorded } = fillAndCut(cut, tenAlarms)
      const { spool } = openSpool(disk.afterPowerCut())
      expect(alarmsIn(spool).length + sum(gapsIn(spool).map((row) => row[4]))).toBe(recorded)
    }
  })

  test('what is left of a segment the second time counts what its records had counted the first time', () => {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk, { ...SMALL_SEGMENT, bytesMax: 2_000 })
    for (let first = 1; first <= 391; first += 10) recordStreet(spool, first, first + 9)
    const stages = disk.list().map((name) => name.split('.').at(-1))
    expect(stages.slice(0, 2)).toEqual(['counted', 'counted'])
    const since = gapsIn(spool).map(([, epochMs]) => epochMs - 1_790_000_000_000)
    expect(since.slice(0, 3).toSorted((a, b) => a - b)).toEqual([1, 2, 3])
    const counted = sum(gapsIn(spool).map((row) => row[4]))
    expect(rowsOf(spool).length - gapsIn(spool).length + counted).toBe(400)
  })

  test('of a segment of which the disk takes nothing, not even in its own place, the record waits in memory', () => {
    const disk = new ForgetfulDisk()
    const { spool, faults } = openSpool(disk, SMALL_SEGMENT)
    for (let first = 1; first <= 41; first += 10) recordStreet(spool, first, first + 9)
    const isWhole = (name: string) => name.endsWith('.segment')
    let tries = 0
    disk.mischief.write = (name, bytes) => {
      if (!isWhole(name) || tries++ === 0) throw diskError('ENOSPC')
      return bytes
    }
    expect(recordStreet(spool, 51, 60)).toBe(10)
    expect(disk.list().every(isWhole)).toBe(true)
    const told = (of: Spool) => rowsOf(of).length - gapsIn(of).length + sum(gapsIn(of).map((row) => row[4]))
    expect(told(spool)).toBe(60)
    expect(faults).toContainEqual(expect.objectContaining({ code: 'SPOOL_FULL', first: 1, kept: 0 }))
    disk.mischief = {}
    recordStreet(spool, 61, 61)
    expect(disk.list().some((name) => name.endsWith('.counted'))).toBe(true)
    expect(told(openSpool(disk.afterPowerCut()).spool)).toBe(61)
  })

  test('without a reserve, and filled to the last byte by somebody else, it still keeps the alarms', () => {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk, SMALL_SEGMENT)
    for (let first = 1; first <= 41; first += 10) recordStreet(spool, first, first + 9)
    fill(disk, -1)
    expect(recordStreet(spool, 51, 60)).toBe(10)
    expectAllAccountedFor(spool, 60)
  })

  test('a disk that takes nothing at all costs nothing but time: all is recorded once it takes again', () => {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk, SMALL_SEGMENT)
    recordStreet(spool, 1, 9)
    fill(disk, -10_000)
    expect(recordStreet(spool, 10, 20)).toBe(0)
    disk.mischief = {}
    expect(recordStreet(spool, 21, 21)).toBe(12)
    expect(numbersOf(spool)).toEqual(upTo(21))
  })

  test('what central has already goes first, and is no loss', () => {
    const disk = new ForgetfulDisk()
    const { spool, faults } = openSpool(disk, { ...RESERVE, historyBytesMax: 1_000_000 })
    for (let first = 1; first <= 91; first += 10) recordStreet(spool, first, first + 9)
    spool.release(spool.epoch, 60)
    fill(disk, 100)
    for (let first = 101; first <= 121; first += 10) recordStreet(spool, first, first + 9)
    expect(faults.filter(({ code }) => code === 'SPOOL_FULL')).toEqual([])
    expect(numbersOf(spool).slice(-70)).toEqual(upTo(130).slice(60))
  })

  test('what central has as an island is not counted as lost', () => {
    const disk = new ForgetfulDisk()
    const { spool, faults } = openSpool(disk, { ...SMALL_SEGMENT, bytesMax: 2_500 })
    recordStreet(spool, 1, 25)
    spool.release(spool.epoch, 0, [[5, 24]])
    for (let first = 26; first <= 56; first += 10) recordStreet(spool, first, first + 9)
    expect(faults.find(({ code }) => code === 'SPOOL_FULL')).toMatchObject({ first: 1, last: 25, lost: 5, kept: 0 })
  })
})

describe('the size of a spool', () => {
  test('is kept by giving up raw samples, for as long as there are any', () => {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk, { ...SMALL_SEGMENT, bytesMax: 8_000 })
    for (let first = 1; first <= 191; first += 10) {
      recordStreet(spool, first, first + 9)
      expect(disk.bytes).toBeLessThanOrEqual(8_000)
    }
    expectAllAccountedFor(spool, 200)
  })

  test('when nothing but alarms is left the oldest of them go, and are counted too', () => {
    const disk = new ForgetfulDisk()
    const { spool, faults } = openSpool(disk, { ...SMALL_SEGMENT, bytesMax: 3_000 })
    for (let number = 1; number <= 100; number++) {
      spool.append([event(number, { code: EVENT.alarmOn })])
      spool.commit()
    }
    expect(disk.bytes).toBeLessThanOrEqual(3_000)
    const numbers = numbersOf(spool)
    expect(numbers.at(-1)).toBe(100)
    const lost = faults.flatMap((fault) => (fault.code === 'SPOOL_FULL' ? [fault.lost] : []))
    expect(sum(lost) + alarmsIn(spool).length).toBe(100)
    expect(alarmsIn(spool)[0]).toBe(1 + sum(lost))
    expect(sum(gapsIn(spool).map((row) => row[4]))).toBe(sum(lost))
  })

  test('a spool that was thinned is read after a restart as before it', () => {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk, { ...SMALL_SEGMENT, bytesMax: 6_000 })
    for (let first = 1; first <= 191; first += 10) recordStreet(spool, first, first + 9)
    const { spool: next, faults } = openSpool(disk.afterPowerCut(), SMALL_SEGMENT)
    expect(readBack(next)).toEqual(readBack(spool))
    expect(faults).toEqual([])
  })

  test('a reader that is amid a segment when it is thinned goes on with what is left of it', () => {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk, SMALL_SEGMENT)
    recordStreet(spool, 1, 1_500)
    recordStreet(spool, 1_501, 1_502)
    const reader = backlogReader(spool, spool.end())
    expect(reader.next()).toMatchObject({ first: 1, last: 1_000 })
    fill(disk, 10)
    recordStreet(spool, 1_503, 1_504)
    const next = reader.next()
    expect(next).toMatchObject({ first: 1_010, last: 1_010 })
    expect(JSON.parse(next?.payload ?? '')).toMatchObject({ after: 1_000 })
  })
})

describe('what central has', () => {
  test('stays within its share to be fetched again, and is not sent by itself', () => {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk, { ...SMALL_SEGMENT, historyBytesMax: 3_000 })
    for (let first = 1; first <= 191; first += 10) recordEvents(spool, first, first + 9)
    spool.release(spool.epoch, 195)
    expect(disk.bytes).toBeLessThanOrEqual(3_000 + 2_000)
    expect(spool.begin().ordinal).toBeLessThan(spool.oldest().ordinal)
    expect(readBack(spool).map(({ sequence }) => sequence)).toEqual([196, 197, 198, 199, 200])
  })

  test('is offered again to a central that has lost its ledger', () => {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk, { ...SMALL_SEGMENT, historyBytesMax: 3_000 })
    for (let first = 1; first <= 191; first += 10) recordEvents(spool, first, first + 9)
    spool.release(spool.epoch, 200)
    spool.release(spool.epoch, 0)
    const [oldest, ...others] = batchesOf(spool)
    expect(oldest).toMatchObject({ after: 0 })
    expect(others.at(-1)?.last ?? oldest?.last).toBe(200)
    expect(oldest?.first).toBeLessThan(170)
  })
})
