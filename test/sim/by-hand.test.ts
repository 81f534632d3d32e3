/** What is typed at the simulator, and what becomes of it in the street. */
import { beforeEach, describe, expect, test } from 'vitest'
import { bit } from '#base/bits.ts'
import { intersectionId } from '#base/id.ts'
import { CONTROL_STATUSES, FLASH_CAUSES } from '#signal/status.ts'
import { actByHand } from '#sim/by-hand.ts'
import { preempt, priority } from '#test/support/junctions.ts'
import { CabinetBench, CONFIG } from './crossing-cabinet.ts'

let bench: CabinetBench

beforeEach(() => {
  const preempts = [preempt(1, { dwell: { phases: [4, 8] } })]
  const priorities = [priority(3, { phases: [2, 6] })]
  bench = new CabinetBench(undefined, { ...CONFIG, database: { ...CONFIG.database, preempts, priorities } })
  bench.run(60_000)
})

/** Types a line, and lets the street live for half a second. */
function type(line: string): readonly string[] {
  const junctions = new Map([[intersectionId('IX-T1'), { cabinet: bench.cabinet }]])
  const answers = actByHand({ junctions }, line)
  bench.run(500)
  return answers
}

const status = () => [CONTROL_STATUSES[bench.read('unit.controlStatus')], FLASH_CAUSES[bench.read('unit.flashCause')]]

test.each([
  ['manual on', 'manual off', ['manual', 'none']],
  ['stop-time on', 'stop-time off', ['manual', 'none']],
  ['key on', 'key off', ['manual', 'none']],
  ['flash police', 'flash off', ['flash', 'local']],
  ['flash technician', 'flash off', ['flash', 'technician']],
])('IX-T1 %s, and back with %s', (line, back, expected) => {
  expect(type(`IX-T1 ${line}`)).toEqual([`IX-T1: ${line}`])
  expect(status()).toEqual(expected)
  type(`IX-T1 ${back}`)
  bench.run(20_000)
  expect(status()).toEqual(['local', 'none'])
})

test('door, mains and battery are seen on the wire', () => {
  type('IX-T1 door open')
  type('IX-T1 battery on')
  type('IX-T1 power off')
  expect([bench.read('unit.doorOpen'), bench.read('unit.mainsPower')]).toEqual([1, 0])
  type('IX-T1 door shut')
  type('IX-T1 power on')
  expect([bench.read('unit.doorOpen'), bench.read('unit.mainsPower')]).toEqual([0, 1])
  type('IX-T1 battery off')
  type('IX-T1 power off')
  expect(() => bench.read('unit.doorOpen')).toThrow('no power')
})

test('a fire engine is served as long as it calls', () => {
  type('IX-T1 preempt 1 on')
  bench.run(40_000)
  expect(bench.read('phase.greens')).toBe(bit(4) | bit(8))
  type('IX-T1 preempt 1 off')
  expect(bench.read('preempt.calls')).toBe(0)
})

test('a bus that is late asks for priority', () => {
  expect(type('IX-T1 bus 3 on 90')).toEqual(['IX-T1: bus 3 on 90'])
  expect(bench.cabinet.breakIns.latenessS[3]).toBe(90)
  expect(bench.read('priority.calls')).toBe(bit(3))
})

test('a head that is dark trips the monitor, which is reset when the lamps are mended', () => {
  type('IX-T1 lamp 1 out')
  bench.run(2_000)
  expect(bench.cabinet.monitorTrip?.check).toBe('redFailure')
  type('IX-T1 lamp 1 sound')
  type('IX-T1 monitor reset')
  bench.run(20_000)
  expect(bench.cabinet.monitorTrip).toBeNull()
})

test('one lamp can be lit by a short circuit', () => {
  type('IX-T1 lamp 1 green lit')
  type('IX-T1 lamp 2 green lit')
  bench.run(2_000)
  expect(bench.cabinet.monitorTrip).not.toBeNull()
})

test('a program that hangs is told by its watchdog', () => {
  type('IX-T1 program hang')
  bench.run(1_000)
  expect(bench.cabinet.monitorTrip?.check).toBe('watchdog')
})

test('a broken loop says so, until it is sound', () => {
  type('IX-T1 loop 2 open')
  expect(bench.cabinet.loops.faults[1]).toBe(4)
  type('IX-T1 loop 2 sound')
  expect(bench.cabinet.loops.faults[1]).toBe(0)
})

describe('what is not understood is answered with what there is', () => {
  test.each([
    ['', []],
    ['IX-99 door open', ['there is no IX-99: IX-T1']],
    ['IX-T1', [expect.stringMatching(/^IX-T1 …: door, power, .*; or help$/)]],
    ['IX-T1 dor open', [expect.stringMatching(/^IX-T1 dor: door, power/)]],
    ['IX-T1 toString', [expect.stringMatching(/^IX-T1 toString: door/)]],
    ['IX-T1 door', ['IX-T1 door open|shut: say open or shut']],
    ['IX-T1 door toString', ['IX-T1 door open|shut: say open or shut']],
    ['IX-T1 preempt 9 on', ['IX-T1 preempt <number> on|off: there are 1 preempt 1']],
    ['IX-T1 preempt 1', ['IX-T1 preempt <number> on|off: say on or off']],
    ['IX-T1 bus 9 on', [expect.stringContaining('there are 3')]],
    ['IX-T1 bus 3 on soon', [expect.stringContaining('whole seconds')]],
    ['IX-T1 lamp 77 out', [expect.stringContaining('there are 1, 2, 3')]],
    ['IX-T1 lamp 1 blue out', [expect.stringContaining('say out or lit or sound')]],
    ['IX-T1 loop 77 open', [expect.stringContaining('there are 1, 2')]],
  ])('%j', (line, answers) => {
    expect(type(line)).toEqual(answers)
  })

  test('a street without preempts says so', () => {
    bench = new CabinetBench()
    expect(type('IX-T1 preempt 1 on')).toEqual(['IX-T1 preempt <number> on|off: it has none'])
  })

  test('help names every word once', () => {
    const words = type('help').flatMap((line) => /^ {2}([a-z-]+) /.exec(line)?.[1] ?? [])
    expect(words).toContain('stop-time')
    expect(new Set(words).size).toBe(words.length)
  })
})
