/** The spool on a disk that forgets, shortens and refuses: what is recorded stays, in its order, under its own sequences. */
import { describe, expect, test } from 'vitest'
import { intersectionId } from '#base/id.ts'
import { diskError, ForgetfulDisk } from '#test/support/forgetful-disk.ts'
import { event, events, numbersOf, openSpool, readBack, recordEvents, SMALL_SEGMENT, upTo } from './spool-kit.ts'

describe('recorded means on the medium', () => {
  test('after a power cut every recorded event is there and none that was not', () => {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk, SMALL_SEGMENT)
    for (let first = 1; first <= 91; first += 10) expect(recordEvents(spool, first, first + 9)).toBe(10)
    spool.append(events(101, 110))
    const { spool: next, faults } = openSpool(disk.afterPowerCut())
    expect(numbersOf(next)).toEqual(upTo(100))
    expect(faults).toEqual([])
  })

  test('a power cut at every single call of a run loses nothing that was recorded before it', () => {
    const { calls } = run(new ForgetfulDisk(), Infinity)
    for (let cut = 1; cut <= calls; cut++) {
      const disk = new ForgetfulDisk()
      const { recorded } = run(disk, cut)
      const { spool } = openSpool(disk.afterPowerCut(cut % 40))
      expect(numbersOf(spool).slice(0, recorded)).toEqual(upTo(recorded))
    }
  })

  test('an event counts only after its bytes, and for a new file its name, were synced', () => {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk)
    recordEvents(spool, 1, 3)
    recordEvents(spool, 4, 4)
    const [name] = disk.list()
    const first = [`create ${name}`, `write ${name}`, `sync ${name}`, 'syncNames']
    expect(disk.calls).toEqual([...first, `write ${name}`, `sync ${name}`])
  })

  test('a group of events costs one sync however large it is', () => {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk)
    recordEvents(spool, 1, 2_000)
    expect(disk.calls.filter((call) => call.startsWith('sync '))).toHaveLength(1)
  })

  /** A run of ten groups over several segments, until the disk is asked for the call at which the power is cut. */
  function run(disk: ForgetfulDisk, stopAt: number): { recorded: number; calls: number } {
    let calls = 0
    const count = (): void => {
      calls += 1
      if (calls >= stopAt) throw new Error('the power is cut')
    }
    disk.mischief.create = count
    disk.mischief.sync = count
    disk.mischief.write = (_name, bytes) => {
      count()
      return bytes
    }
    const { spool } = openSpool(disk, SMALL_SEGMENT)
    const groups = Array.from({ length: 10 }, (_, index) => index * 5 + 1)
    const recorded = groups.reduce(
      (sum, first) => sum + (calls < stopAt ? recordEvents(spool, first, first + 4) : 0),
      0,
    )
    return { recorded, calls }
  }
})

describe('a disk that misbehaves', () => {
  test('a disk that takes a few bytes at a time still gets whole events', () => {
    const disk = new ForgetfulDisk()
    disk.mischief.write = (_name, bytes) => Math.min(bytes, 7)
    recordEvents(openSpool(disk).spool, 1, 20)
    expect(numbersOf(openSpool(disk.afterPowerCut()).spool)).toEqual(upTo(20))
  })

  test('a sync that fails is not tried again: the events go into another file', () => {
    const disk = new ForgetfulDisk()
    const { spool, faults } = openSpool(disk)
    recordEvents(spool, 1, 5)
    let failures = 0
    disk.mischief.sync = () => {
      if (failures++ === 0) throw diskError('EIO')
    }
    expect(recordEvents(spool, 6, 9)).toBe(4)
    const [first, second] = disk.list()
    expect(disk.calls.filter((call) => call === `sync ${first}`)).toHaveLength(2)
    expect(disk.calls).toContain(`sync ${second}`)
    expect(faults).toMatchObject([{ code: 'SPOOL_NOT_RECORDED', events: 4 }])
    for (const next of [disk.afterPowerCut(), disk.afterPowerCut(60), disk.afterKill()]) {
      const reopened = openSpool(next)
      expect(numbersOf(reopened.spool)).toEqual(upTo(9))
      expect(reopened.faults).toEqual([])
    }
  })

  test('while the disk refuses, nothing counts as recorded; when it takes again, everything does, in order', () => {
    const disk = new ForgetfulDisk()
    const { spool, faults } = openSpool(disk)
    disk.mischief.sync = () => {
      throw diskError('EIO')
    }
    expect(recordEvents(spool, 1, 3)).toBe(0)
    expect(recordEvents(spool, 4, 6)).toBe(0)
    expect(numbersOf(spool)).toEqual([])
    expect(faults).toHaveLength(1)
    delete disk.mischief.sync
    expect(recordEvents(spool, 7, 7)).toBe(7)
    expect(readBack(spool).map(({ sequence }) => sequence)).toEqual(upTo(7))
    expect(numbersOf(openSpool(disk.afterPowerCut()).spool)).toEqual(upTo(7))
  })
})

describe('sequences', () => {
  test('sequences go on over restarts', () => {
    let disk = new ForgetfulDisk()
    for (let start = 0; start < 5; start++) {
      recordEvents(openSpool(disk).spool, start * 10 + 1, start * 10 + 10)
      disk = disk.afterKill()
    }
    const { spool } = openSpool(disk)
    expect(readBack(spool).map(({ sequence }) => sequence)).toEqual(upTo(50))
    expect(new Set(readBack(spool).map(({ epoch }) => epoch)).size).toBe(1)
  })

  test('no sequence is used twice even when everything was stored and freed before the restart', () => {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk, SMALL_SEGMENT)
    for (let first = 1; first <= 91; first += 10) recordEvents(spool, first, first + 9)
    spool.release(spool.epoch, 100)
    expect(disk.list()).toHaveLength(1)
    const { spool: next } = openSpool(disk.afterPowerCut(), SMALL_SEGMENT)
    recordEvents(next, 101, 101)
    next.release(next.epoch, 100)
    expect(readBack(next)).toEqual([{ epoch: spool.epoch, sequence: 101, number: 101 }])
  })

  test('another spool of the same edge has another epoch', () => {
    expect(openSpool(new ForgetfulDisk()).spool.epoch).not.toBe(openSpool(new ForgetfulDisk()).spool.epoch)
  })

  test('a torn tail is left out without an alarm, and a new epoch begins so that its sequences are not used again', () => {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk)
    recordEvents(spool, 1, 5)
    disk.mischief.sync = () => {
      throw diskError('EIO')
    }
    recordEvents(spool, 6, 6)
    const { spool: next, faults } = openSpool(disk.afterPowerCut(30))
    expect(faults).toMatchObject([{ code: 'SPOOL_TAIL_CUT', bytes: 30 }])
    recordEvents(next, 7, 8)
    expect(readBack(next).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 7, 8])
    expect(readBack(next).slice(-2)).toEqual([
      { epoch: next.epoch, sequence: 1, number: 7 },
      { epoch: next.epoch, sequence: 2, number: 8 },
    ])
    expect(next.epoch).not.toBe(spool.epoch)
    expect(next.former).toEqual({ epoch: spool.epoch, last: 5 })
  })

  test('both epochs are freed by their own acknowledgements', () => {
    const disk = new ForgetfulDisk()
    recordEvents(openSpool(disk).spool, 1, 5)
    const [name] = disk.list()
    const torn = disk.with(String(name), Buffer.concat([disk.read(String(name)), Buffer.from([0xf5, 0x5a, 0])]))
    const { spool, faults } = openSpool(torn)
    recordEvents(spool, 6, 7)
    spool.release(spool.former?.epoch ?? '', 5)
    expect(numbersOf(spool)).toEqual([6, 7])
    spool.release(spool.epoch, 3)
    expect(faults.at(-1)).toMatchObject({ code: 'ACK_NOT_OURS', upTo: 3, last: 2 })
    spool.release(spool.epoch, 2)
    expect(numbersOf(spool)).toEqual([])
  })
})

describe('where each device log was read to', () => {
  const logged = (intersection: string, deviceSequence: number) =>
    event(deviceSequence, { intersection: intersectionId(intersection), source: 'controller', deviceSequence })

  test('the last recorded sequence of a device log is known after a restart, also when its events were freed', () => {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk, SMALL_SEGMENT)
    spool.append([logged('IX-01', 41), logged('IX-02', 7), logged('IX-01', 42)])
    spool.commit()
    for (let first = 1; first <= 91; first += 10) recordEvents(spool, first, first + 9)
    spool.release(spool.epoch, spool.last)
    const { spool: next } = openSpool(disk.afterPowerCut())
    expect(next.cursors().get('IX-01')).toBe(42)
    expect(next.cursors().get('IX-02')).toBe(7)
    expect(next.cursors().get('IX-03')).toBeUndefined()
  })

  test('an event that was not recorded does not move the place in the device log', () => {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk)
    spool.append([logged('IX-01', 1)])
    spool.commit()
    spool.append([logged('IX-01', 2)])
    expect(openSpool(disk.afterPowerCut()).spool.cursors().get('IX-01')).toBe(1)
  })

  test('when the frame that held the places is damaged they are found in what is left', () => {
    const disk = new ForgetfulDisk()
    const { spool } = openSpool(disk, SMALL_SEGMENT)
    spool.append([logged('IX-01', 42)])
    spool.commit()
    for (let first = 1; first <= 21; first += 10) recordEvents(spool, first, first + 9)
    const newest = String(disk.list().at(-1))
    const damaged = disk.read(newest)
    damaged.writeUInt8(damaged.readUInt8(20) ^ 1, 20)
    const { spool: next, faults } = openSpool(disk.with(newest, damaged))
    expect(next.cursors().get('IX-01')).toBe(42)
    expect(faults).toMatchObject([{ code: 'SPOOL_DAMAGED', offset: 0 }])
  })
})
