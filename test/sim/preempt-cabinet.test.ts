/** Whoever breaks in at a cabinet: fire engines and buses at its own inputs, and supervision where the site lets it. */
import { expect, test } from 'vitest'
import { bit } from '#base/bits.ts'
import { CONTROL_STATUSES, PREEMPT_STATES } from '#signal/status.ts'
import { LEASE_REFUSALS } from '#devices/points.ts'
import { EVENT } from '#signal/events.ts'
import { preempt, priority } from '#test/support/junctions.ts'
import { CabinetBench, CONFIG } from './crossing-cabinet.ts'

const FREE = 254

/** A fire station on the side street (1), and one that supervision may call (2); buses on the boulevard (3). */
const bench = () =>
  new CabinetBench(undefined, {
    ...CONFIG,
    database: {
      ...CONFIG.database,
      preempts: [1, 2].map((number) => preempt(number, { dwell: { phases: [4, 8] } })),
      priorities: [priority(3, { phases: [2, 6] })],
    },
  })

const status = (street: CabinetBench) => CONTROL_STATUSES[street.read('unit.controlStatus')]
const refusal = (street: CabinetBench) => LEASE_REFUSALS[street.read('supervision.refusedCode')]

test('a fire engine gets its green, is seen on every point, and the plan goes on behind it', () => {
  const street = bench()
  street.run(300_000)
  street.cabinet.breakIns.preempts = bit(1)
  street.run(40_000)
  expect(street.read('phase.greens')).toBe(bit(4) | bit(8))
  expect(street.read('preempt.active')).toBe(1)
  expect(PREEMPT_STATES[street.read('preempt.state')]).toBe('dwell')
  expect(street.read('preempt.calls')).toBe(bit(1))
  expect(status(street)).toBe('preempt')
  street.cabinet.breakIns.preempts = 0
  street.run(160_000)
  expect(status(street)).toBe('local')
  expect(street.read('preempt.active')).toBe(0)
  expect(street.read('coordination.pattern')).toBe(3)
  expect(street.codes(EVENT.preemptCallOn, EVENT.preemptDwell, EVENT.preemptCallOff)).toEqual([
    [EVENT.preemptCallOn, 1],
    [EVENT.preemptDwell, 1],
    [EVENT.preemptCallOff, 1],
  ])
})

test('a bus that is late enough checks in at the cabinet and is served', () => {
  const street = bench()
  street.run(300_000)
  street.cabinet.breakIns.priorities = bit(3)
  street.run(1_000)
  expect(street.read('priority.calls')).toBe(bit(3))
  expect(street.read('priority.active')).toBe(bit(3))
  street.cabinet.breakIns.priorities = 0
  street.run(1_000)
  expect(street.read('priority.calls')).toBe(0)
  expect(street.read('priority.active')).toBe(0)
})

test('whoever supervises when a fire engine comes keeps his lease over it, and steers again afterwards', () => {
  const street = bench()
  street.supervise(100_000, () => ({ pattern: FREE }))
  street.cabinet.breakIns.preempts = bit(1)
  street.supervise(40_000, () => ({ pattern: FREE, hold: [2, 6], phaseOmit: [8], vehicleCall: [2] }))
  expect(status(street)).toBe('preempt')
  expect(refusal(street)).toBe('none')
  expect(street.read('supervision.leaseRemainingMs')).toBeGreaterThan(0)
  expect(street.read('phase.greens')).toBe(bit(4) | bit(8))
  street.cabinet.breakIns.preempts = 0
  street.supervise(60_000, () => ({ pattern: FREE, hold: [2, 6], vehicleCall: [2] }))
  expect(status(street)).toBe('supervised')
  expect(street.read('phase.greens')).toBe(bit(2) | bit(6))
  expect(street.codes(EVENT.supervisionGained, EVENT.supervisionLost)).toHaveLength(1)
})

test('nobody begins to supervise while a fire engine passes', () => {
  const street = bench()
  street.run(200_000)
  street.cabinet.breakIns.preempts = bit(1)
  street.run(20_000)
  expect(street.write({ sequence: 1, pattern: FREE })).toBe(false)
  expect(refusal(street)).toBe('notAvailable')
  street.cabinet.breakIns.preempts = 0
  street.run(60_000)
  expect(street.write({ sequence: 1, pattern: FREE })).toBe(true)
})

test('a lease that runs out during a preempt is gone, and so is the preempt that it asked for', () => {
  const street = bench()
  street.supervise(100_000, () => ({ pattern: FREE }))
  street.supervise(30_000, () => ({ pattern: FREE, preempt: [2] }))
  expect(street.read('preempt.active')).toBe(2)
  street.run(2_000)
  expect(street.read('supervision.leaseRemainingMs')).toBe(0)
  expect(street.read('preempt.calls')).toBe(0)
  street.run(10_000)
  expect(street.read('preempt.active')).toBe(0)
  expect(status(street)).toBe('local')
})

test('what the site does not let supervision call is not there for it', () => {
  const street = bench()
  street.supervise(100_000, () => ({ pattern: FREE, preempt: [1], priority: [1, 2] }))
  expect(street.read('preempt.calls')).toBe(0)
  expect(street.read('priority.calls')).toBe(0)
  street.supervise(1_000, () => ({ pattern: FREE, priority: [3] }))
  expect(street.read('priority.calls')).toBe(bit(3))
})
