/** What is typed at the simulator, and what becomes of it in the street. */
import { beforeEach, describe, expect, test } from 'vitest'
import { bit } from '#base/bits.ts'
import { intersectionId } from '#base/id.ts'
import { CONTROL_STATUSES, FLASH_CAUSES } from '#signal/status.ts'
import { actByHand } from '#sim/by-hand.ts'
import { FAULT_KEYS } from '#sim/faults/catalogue.ts'
import { cityFaults } from '#sim/faults/city-faults.ts'
import type { FaultDesk, FaultReport } from '#sim/faults/fault-desk.ts'
import { preempt, priority } from '#test/support/junctions.ts'
import { CabinetBench, CONFIG } from './crossing-cabinet.ts'

let bench: CabinetBench
let desk: FaultDesk
let told: FaultReport[]
/** What a time server would tell: it stands still here. */
let trueEpochMs: number

beforeEach(() => {
  const preempts = [preempt(1, { dwell: { phases: [4, 8] } })]
  const priorities = [priority(3, { phases: [2, 6] })]
  begin(new CabinetBench(undefined, { ...CONFIG, database: { ...CONFIG.database, preempts, priorities } }))
})

function begin(with_: CabinetBench): void {
  bench = with_
  told = []
  const junctions = new Map([[intersectionId('IX-T1'), { cabinet: bench.cabinet }]])
  trueEpochMs = bench.cabinet.clock.epochMs
  const city = { junctions, epochMs: trueEpochMs }
  desk = cityFaults({ city, profiles: new Map(), broker: null, onReport: (report) => told.push(report) })
  bench.run(60_000)
}

/** Types a line, and lets the street live for half a second. */
function type(line: string): readonly string[] {
  const answers = actByHand(desk, line)
  pass(500)
  return answers
}

const faultsOf = ({ cabinet }: CabinetBench) => cabinet.controller.readPoint('detector.faults') as readonly number[]

function pass(ms: number): void {
  desk.step(ms)
  bench.run(ms)
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

describe('faults', () => {
  test('door, mains and power are seen on the wire', () => {
    type('IX-T1 fault door-open on')
    type('IX-T1 fault mains-lost on')
    expect([bench.read('unit.doorOpen'), bench.read('unit.mainsPower')]).toEqual([1, 0])
    type('IX-T1 fault door-open off')
    type('IX-T1 fault mains-lost off')
    expect([bench.read('unit.doorOpen'), bench.read('unit.mainsPower')]).toEqual([0, 1])
    type('IX-T1 fault power-cut on')
    expect(() => bench.read('unit.doorOpen')).toThrow('no power')
  })

  test('a head that is dark trips the monitor, which whoever mends the lamps resets', () => {
    type('IX-T1 fault lamp-out on 1')
    bench.run(2_000)
    expect(bench.cabinet.monitorTrip?.check).toBe('redFailure')
    type('IX-T1 fault lamp-out off')
    bench.run(20_000)
    expect(bench.cabinet.monitorTrip).toBeNull()
  })

  test('a program that hangs is told by its watchdog', () => {
    type('IX-T1 fault program-hang on')
    bench.run(1_000)
    expect(bench.cabinet.monitorTrip?.check).toBe('watchdog')
  })

  test('a broken loop says so, until it is sound', () => {
    expect(type('IX-T1 fault open-loop on 2')).toEqual([
      'IX-T1: open-loop at detector 2; must raise openLoop (event 86) within 2 s: at once: the card says so',
    ])
    expect(faultsOf(bench)[1]).toBe(4)
    type('IX-T1 fault open-loop off 2')
    expect(faultsOf(bench)[1]).toBe(0)
  })

  test('a clock is off by what is said, and by 90 s unless something is said', () => {
    type('IX-T1 fault clock-off on -30')
    expect(bench.cabinet.clock.epochMs).toBe(trueEpochMs - 30_000 + 500)
    type('IX-T1 fault clock-off on')
    expect(bench.cabinet.clock.epochMs).toBe(trueEpochMs + 90_000 + 500)
    type('IX-T1 fault clock-off off')
    expect(bench.cabinet.clock.epochMs).toBe(trueEpochMs + 500)
    expect(type('IX-T1 fault clock-off on 7200')).toEqual([expect.stringContaining('from -3600 to 3600')])
  })

  test('one that is planted for three seconds is mended by itself, and both are told', () => {
    type('IX-T1 fault stuck-on on 2 for 3')
    pass(2_000)
    expect(desk.standing).toHaveLength(1)
    pass(1_000)
    expect(desk.standing).toEqual([])
    expect(told.map(({ deed, fault, by }) => `${fault} ${deed} by ${by}`)).toEqual([
      'stuck-on planted by hand',
      'stuck-on mended by time',
    ])
  })

  test('a second fault of one detector takes the place of the first', () => {
    type('IX-T1 fault open-loop on 2')
    type('IX-T1 fault stuck-off on 2')
    expect(desk.standing.map(({ kind }) => kind.key)).toEqual(['stuck-off'])
    expect(faultsOf(bench)[1]).toBe(0)
  })

  test('those that stand are listed', () => {
    expect(type('faults')).toEqual(['no fault stands'])
    type('IX-T1 fault chatter on 2')
    expect(type('faults')).toEqual(['IX-T1: chatter at detector 2, erraticCounts (event 84)'])
  })
})

describe('what is not understood is answered with what there is', () => {
  test.each([
    ['', []],
    ['IX-99 flash off', ['there is no IX-99: IX-T1; or help']],
    ['IX-T1', [expect.stringMatching(/^IX-T1 …: fault, flash, .*; or help$/)]],
    ['IX-T1 flsh off', [expect.stringMatching(/^IX-T1 flsh: fault, flash/)]],
    ['IX-T1 toString', [expect.stringMatching(/^IX-T1 toString: fault/)]],
    ['IX-T1 manual', ['IX-T1 manual on|off: say on or off']],
    ['IX-T1 manual toString', ['IX-T1 manual on|off: say on or off']],
    ['IX-T1 preempt 9 on', ['IX-T1 preempt <number> on|off: there are 1 preempt 1']],
    ['IX-T1 preempt 1', ['IX-T1 preempt <number> on|off: say on or off']],
    ['IX-T1 bus 9 on', [expect.stringContaining('there are 3')]],
    ['IX-T1 bus 3 on soon', [expect.stringContaining('whole seconds')]],
    ['IX-T1 fault', [expect.stringContaining('open-loop, shorted-loop')]],
    ['IX-T1 fault open-lop on 2', [expect.stringContaining('Did you mean open-loop?')]],
    ['IX-T1 fault open-loop 2', ['IX-T1 fault open-loop: say on or off']],
    ['IX-T1 fault open-loop on 77', [expect.stringContaining('there are 1, 2')]],
    ['IX-T1 fault open-loop off', ['IX-T1: no open-loop stands there']],
    ['IX-T1 fault open-loop on 2 for ever', [expect.stringContaining('ever is not a whole number of seconds')]],
    ['IX-T1 fault lamp-out on 77', [expect.stringContaining('there are 1, 2, 3')]],
    ['IX-T1 fault lamp-out on 1 blue', [expect.stringContaining('a lamp is red, yellow, green')]],
    ['IX-T1 fault half-open on', [expect.stringContaining('it has none')]],
    ['IX-T1 fault broker-restart on', [expect.stringContaining('say broker')]],
    ['broker fault broker-restart on', [expect.stringContaining('`sabz demo` without --mqtt has one')]],
  ])('%j', (line, answers) => {
    expect(type(line)).toEqual(answers)
  })

  test('a street without preempts says so', () => {
    begin(new CabinetBench())
    expect(type('IX-T1 preempt 1 on')).toEqual(['IX-T1 preempt <number> on|off: it has none'])
  })

  test('help names every word and every fault once', () => {
    const words = type('help').flatMap((line) => /^ {2}([a-z-]+) /.exec(line)?.[1] ?? [])
    expect(words).toEqual(expect.arrayContaining(['stop-time', ...FAULT_KEYS]))
    expect(new Set(words).size).toBe(words.length)
  })
})
