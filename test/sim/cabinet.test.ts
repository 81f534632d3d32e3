/** Pictures of a virtual cabinet: its own plan, a supervisor that asks, a supervisor that falls silent. */
import { expect, test } from 'vitest'
import { bit, hasBit } from '#base/bits.ts'
import { phaseId } from '#base/id.ts'
import { nextUniform, randomStream } from '#base/random.ts'
import type { PointName } from '#devices/points.ts'
import { LEASE_REFUSALS } from '#devices/points.ts'
import { EVENT } from '#signal/events.ts'
import { CROSSING, NOON_EPOCH_MS, PLAN } from '#test/support/boulevard-crossing.ts'
import { CabinetBench, STEP_MS } from './crossing-cabinet.ts'

const LOCAL = 0
const SUPERVISED = 1
const MANUAL = 2
const FREE = 254

test('a cabinet without a supervisor runs the plan of its schedule, from all red', () => {
  const bench = new CabinetBench()
  expect(bench.cabinet.signal.greens).toBe(0)
  bench.run(300_000)
  expect(bench.read('unit.controlStatus')).toBe(LOCAL)
  expect(bench.read('coordination.pattern')).toBe(PLAN.pattern)
  expect(bench.read('coordination.cycleMs')).toBe(PLAN.cycleMs)
  expect(bench.read('unit.clockEpochMs')).toBe(NOON_EPOCH_MS + 300_000)
  expect(bench.read('unit.uptimeMs')).toBe(300_000)
  expect(bench.codes(EVENT.powerRestored, EVENT.unitControl)).toEqual([
    [EVENT.powerRestored, 0],
    [EVENT.unitControl, 6],
  ])
})

test('a supervisor that asks for free operation gets it, and the schedule comes back with standby', () => {
  const bench = new CabinetBench()
  bench.run(100_000)
  bench.supervise(200_000, () => ({ pattern: FREE }))
  expect(bench.read('unit.controlStatus')).toBe(SUPERVISED)
  expect(bench.read('coordination.pattern')).toBe(FREE)
  bench.supervise(200_000, () => ({ pattern: 0 }))
  expect(bench.read('unit.controlStatus')).toBe(SUPERVISED)
  expect(bench.read('coordination.pattern')).toBe(PLAN.pattern)
  expect(bench.codes(EVENT.unitControl)).toEqual([6, 2, 3].map((mode) => [EVENT.unitControl, mode]))
})

test('a plan that the site does not have is refused whole, renews nothing and is named', () => {
  const bench = new CabinetBench()
  expect(bench.write({ sequence: 1, pattern: 9, hold: [2] })).toBe(false)
  expect(bench.read('supervision.refusedCode')).toBe(LEASE_REFUSALS.indexOf('unknownPattern'))
  expect(bench.read('supervision.leaseRemainingMs')).toBe(0)
  expect(bench.write({ sequence: 1, pattern: 255 })).toBe(false)
  expect(bench.write({ sequence: 1, pattern: PLAN.pattern })).toBe(true)
  expect(bench.read('supervision.refusedCode')).toBe(0)
  expect(bench.read('supervision.sequence')).toBe(1)
})

test('a called side street is served under supervision though no loop of it is wired to the controller', () => {
  const bench = new CabinetBench()
  bench.supervise(200_000, () => ({ pattern: FREE, vehicleCall: [2] })) // Until the calls of the power-up are served.
  bench.press([11]) // On the card: the controller does not see it.
  let served = false
  const watch = () => (served ||= hasBit(bench.cabinet.signal.greens, 4))
  bench.supervise(200_000, () => ({ pattern: FREE, vehicleCall: [2] }), watch)
  expect(served).toBe(false)
  expect(bench.read('phase.vehicleCalls') & bit(4)).toBe(0)
  bench.supervise(60_000, () => ({ pattern: FREE, vehicleCall: [2, 4] }), watch)
  expect(served).toBe(true)
})

test('without a supervisor a side street whose loops are on a card has its whole split, seen or not', () => {
  const bench = new CabinetBench()
  bench.run(400_000)
  const [, firstMs = 0, secondMs = 0] = durations(bench, EVENT.beginGreen, EVENT.greenTermination)
    .filter(([phase]) => phase === 4)
    .map(([, ms]) => ms)
  const splitMs = PLAN.splitsMs.get(phaseId(4)) ?? 0
  expect([firstMs, secondMs]).toEqual([splitMs - 5_000, splitMs - 5_000]) // Less 3.5 s of yellow and 1.5 s of red.
})

test('a held boulevard stays green past its maximum with the side street waiting, and ends when the hold is released', () => {
  const bench = new CabinetBench()
  bench.supervise(60_000, () => ({ pattern: FREE, hold: [2, 6] }))
  let greens = 0b0010_0010
  bench.supervise(
    120_000,
    () => ({ pattern: FREE, hold: [2, 6], vehicleCall: [4, 8] }),
    () => (greens &= bench.cabinet.signal.greens),
  )
  expect(greens).toBe(0b0010_0010)
  bench.supervise(20_000, () => ({ pattern: FREE, vehicleCall: [4, 8] }))
  expect(bench.cabinet.signal.greens & 0b1000_1000).toBe(0b1000_1000)
})

test('a supervisor that forces off all the time never shortens a minimum, a yellow or a red clearance', () => {
  const bench = new CabinetBench()
  bench.press([1, 4])
  bench.supervise(600_000, () => ({
    pattern: FREE,
    forceOff: [2, 4, 6, 8],
    vehicleCall: [2, 4, 6, 8],
    pedestrianOmit: [2, 4],
  }))
  const greens = durations(bench, EVENT.beginGreen, EVENT.greenTermination)
  expect(greens.length).toBeGreaterThan(60)
  for (const [phase, ms] of greens) expect([phase, ms]).toEqual([phase, expect.toSatisfy((m: number) => m >= 7_000)])
  for (const [, ms] of durations(bench, EVENT.beginYellow, EVENT.endYellow)) expect(ms).toBe(3_500)
  for (const [, ms] of durations(bench, EVENT.beginRedClear, EVENT.endRedClear)) expect(ms).toBe(1_500)
  expect(Math.min(...greens.map(([, ms]) => ms))).toBe(7_000) // And the force-off has its effect.
})

test('whenever the supervisor falls silent, the cabinet is on its own plan with every bit gone when the lease has run out', () => {
  const chance = randomStream(4, 'kill moments')
  for (let kill = 0; kill < 50; kill++) {
    const bench = new CabinetBench()
    const leaseMs = 1 + Math.floor(nextUniform(chance) * 3_000)
    const aliveMs = STEP_MS * (1 + Math.floor(nextUniform(chance) * 1_200))
    bench.supervise(aliveMs, () => ({ leaseMs, pattern: FREE, hold: [2, 6], phaseOmit: [4, 8], vehicleCall: [2] }))
    expect(bench.read('unit.controlStatus')).toBe(leaseMs > STEP_MS ? SUPERVISED : LOCAL)
    bench.run(leaseMs)
    expect(bench.read('unit.controlStatus')).toBe(LOCAL)
    expect(bench.read('supervision.leaseRemainingMs')).toBe(0)
    expect(bench.codes(EVENT.supervisionLost).at(-1)).toEqual([EVENT.supervisionLost, 1])
    // The hold and the omit are gone: the coordinated plan serves the side street that its loops call.
    bench.run(240_000)
    expect(bench.read('coordination.pattern')).toBe(PLAN.pattern)
    expect(bench.codes(EVENT.omitOn).length).toBe(bench.codes(EVENT.omitOff).length)
    expect(bench.codes(EVENT.holdOn).length).toBe(bench.codes(EVENT.holdOff).length)
    expect(bench.read('phase.vehicleCalls') & bit(2)).toBe(0)
  }
})

test('a zombie that wakes after its lease has run out changes nothing, however often it asks', () => {
  const bench = new CabinetBench()
  bench.supervise(30_000, () => ({ pattern: FREE }))
  bench.run(2_000)
  const before = bench.records.length
  for (let sequence = 1_000; sequence < 1_050; sequence++) {
    expect(bench.write({ sequence, pattern: FREE, forceOff: [2, 6], vehicleCall: [4, 8] })).toBe(false)
    bench.run(STEP_MS)
    expect(bench.read('unit.controlStatus')).toBe(LOCAL)
  }
  expect(bench.read('supervision.refusedCode')).toBe(LEASE_REFUSALS.indexOf('staleEpoch'))
  const since = bench.records.slice(before).map(({ code }) => code)
  expect(since).not.toContain(EVENT.supervisionGained)
  expect(since).not.toContain(EVENT.forceOff)
})

test('a newer supervisor takes over at once, and the older one is refused from then on', () => {
  const bench = new CabinetBench()
  bench.supervise(5_000, () => ({ pattern: FREE, hold: [2] }))
  expect(bench.write({ epoch: 2, sequence: 1, pattern: PLAN.pattern })).toBe(true)
  expect(bench.write({ epoch: 1, sequence: 9_999, pattern: FREE })).toBe(false)
  expect(bench.read('supervision.epoch')).toBe(2)
  expect(bench.codes(EVENT.supervisionGained, EVENT.supervisionLost)).toEqual([
    [EVENT.supervisionGained, 1],
    [EVENT.supervisionLost, 1],
    [EVENT.supervisionGained, 2],
  ])
})

test('local cycles are counted from the end of the lease, by the cycle of the plan in effect', () => {
  const bench = new CabinetBench()
  expect(bench.read('supervision.localCycles')).toBe(1)
  bench.supervise(10_000, () => ({ pattern: PLAN.pattern }))
  expect(bench.read('supervision.localCycles')).toBe(0)
  bench.run(2_000 - STEP_MS) // The lease runs out.
  expect(bench.read('supervision.leaseRemainingMs')).toBe(0)
  bench.run(PLAN.cycleMs - STEP_MS)
  expect(bench.read('supervision.localCycles')).toBe(0)
  bench.run(STEP_MS)
  expect(bench.read('supervision.localCycles')).toBe(1)
})

test('a technician with the key ends supervision at once, and nobody gets it while the key is turned', () => {
  const bench = new CabinetBench()
  bench.supervise(5_000, () => ({ pattern: FREE }))
  bench.cabinet.turnLocalKey(true)
  expect(bench.read('unit.controlStatus')).toBe(MANUAL)
  expect(bench.write({ epoch: 2, sequence: 1 })).toBe(false)
  expect(bench.read('supervision.refusedCode')).toBe(LEASE_REFUSALS.indexOf('notAvailable'))
  bench.run(200_000)
  expect(bench.read('coordination.pattern')).toBe(PLAN.pattern)
  bench.cabinet.turnLocalKey(false)
  expect(bench.write({ epoch: 1, sequence: 9_999 })).toBe(false)
  expect(bench.write({ epoch: 2, sequence: 2 })).toBe(true)
})

test('loops on a card are seen by the card only, and the controller sees its own only', () => {
  const bench = new CabinetBench()
  bench.press([1, 11])
  bench.vehicles[11] = 3
  bench.run(STEP_MS)
  const card = bench.cabinet.cards.get('loops')
  expect(bench.cabinet.controller.readPoint('detector.occupied')).toEqual([1, 0, 0, 0])
  expect(card?.readPoint('detector.occupied')).toEqual([1, 0, 0])
  expect(card?.readPoint('detector.zoneVehicles')).toEqual([3, 0, 0])
  expect(bench.codes(EVENT.detectorOn)).toEqual([[EVENT.detectorOn, 1]])
  for (let n = 0; n < 4; n++) {
    bench.release([1, 11])
    bench.run(STEP_MS)
    bench.press([11])
    bench.run(STEP_MS)
  }
  expect(bench.cabinet.controller.readPoint('detector.actuationCounts')).toEqual([1, 0, 0, 0])
  expect(card?.readPoint('detector.actuationCounts')).toEqual([5, 0, 0])
  expect(card?.writeControl(new Map())).toBe(false)
})

test('the log numbers every record once, forgets the oldest and never a number', () => {
  const bench = new CabinetBench({ logHead: 10_000, leaseEpoch: 5 })
  bench.press([1, 2, 4])
  bench.supervise(3_600_000, () => ({ epoch: 6, pattern: FREE, vehicleCall: [2, 4, 6, 8], forceOff: [2, 4, 6, 8] }))
  const sequences = bench.records.map(({ sequence }) => sequence)
  expect(sequences).toEqual(sequences.map((_, i) => 10_001 + i))
  const head = bench.read('eventLog.head')
  expect(head).toBe(sequences.at(-1))
  expect(bench.records.length).toBeGreaterThan(4_096)
  const held = bench.cabinet.controller.readLog(0, 10_000)
  expect(held).toEqual(bench.records.slice(-4_096))
  expect(bench.cabinet.controller.readLog(head - 3, 2)).toEqual(bench.records.slice(-3, -1))
  expect(bench.cabinet.controller.readLog(head, 100)).toEqual([])
})

test('after a power cut the log goes on, counters and uptime begin anew, and the supervisor from before stays out', () => {
  const bench = new CabinetBench()
  bench.press([1])
  bench.supervise(10_000, () => ({ pattern: FREE }))
  const head = bench.read('eventLog.head')
  bench.cabinet.powerUp()
  expect(bench.cabinet.signal.greens).toBe(0)
  expect(bench.read('unit.uptimeMs')).toBe(0)
  expect(bench.read('eventLog.head')).toBeGreaterThan(head)
  expect(bench.cabinet.controller.readPoint('detector.actuationCounts')).toEqual([0, 0, 0, 0])
  expect(bench.write({ epoch: 1, sequence: 9_999 })).toBe(false)
  expect(bench.write({ epoch: 2, sequence: 1 })).toBe(true)
})

test('a clock that is set wrong is 90 s off until it is set right, and says so both times', () => {
  const bench = new CabinetBench()
  bench.run(1_000)
  bench.cabinet.clock.offsetMs = 90_000
  bench.cabinet.syncClock(NOON_EPOCH_MS + 1_000)
  expect(bench.read('unit.clockEpochMs')).toBe(NOON_EPOCH_MS + 91_000)
  bench.cabinet.syncClock(NOON_EPOCH_MS + 1_400) // A trifle: left alone.
  bench.cabinet.clock.offsetMs = 0
  bench.cabinet.syncClock(NOON_EPOCH_MS + 1_400)
  expect(bench.codes(EVENT.clockUpdated)).toEqual([
    [EVENT.clockUpdated, 90],
    [EVENT.clockUpdated, 90],
  ])
})

test('every point of the field contract has a value of its shape', () => {
  const bench = new CabinetBench()
  bench.cabinet.panels.doorOpen = true
  bench.cabinet.power.mains = false
  bench.cabinet.power.battery = true
  bench.run(10_000)
  const { controller } = bench.cabinet
  const lists: readonly PointName[] = ['detector.occupied', 'detector.faults', 'detector.zoneVehicles']
  for (const name of lists) expect(controller.readPoint(name)).toHaveLength(4)
  expect(controller.readPoint('identity.vendor')).toBe('Sabz')
  expect(controller.readPoint('identity.configurationHash')).toBe(0xc0ffee01)
  expect(controller.readPoint('unit.doorOpen')).toBe(1)
  expect(controller.readPoint('unit.mainsPower')).toBe(0)
  expect(controller.readPoint('ring.1.phase')).toBe(2)
  expect(controller.readPoint('ring.3.phase')).toBe(0)
  expect(controller.readPoint('control.hold')).toBe(0)
  expect(CROSSING.phases).toHaveLength(4)
})

/** [phase, ms] from each event of one code to the next of the other, by the log's own clock. */
function durations(bench: CabinetBench, from: number, to: number): [number, number][] {
  const began = new Map<number, number>()
  return bench.records.flatMap(({ code, parameter, epochMs }): [number, number][] => {
    if (code === from) began.set(parameter, epochMs)
    const start = began.get(parameter)
    return code === to && start !== undefined ? [[parameter, epochMs - start]] : []
  })
}
