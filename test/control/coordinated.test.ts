/** The plan of the day, and the calls that the controller cannot see. */
import { beforeEach, describe, expect, test } from 'vitest'
import { bit, bitsOf } from '#base/bits.ts'
import { bad, good, stale } from '#base/known.ts'
import { coordinated, type CoordinatedMemory } from '#control/coordinated.ts'
import { phaseId } from '#base/id.ts'
import { PATTERN_FLASH, PATTERN_STANDBY } from '#signal/timing-plan.ts'
import { PREEMPT_STATES, type PreemptStatus, type SignalStatus } from '#signal/status.ts'
import { priority } from '#test/support/junctions.ts'
import {
  BOULEVARD_GREEN,
  broken,
  CROSSING,
  DATABASE,
  empty,
  occupied,
  PLAN,
  silent,
  viewOf,
  type ViewChanges,
} from '#test/support/boulevard-crossing.ts'

let memory: CoordinatedMemory

const served = (preempt: Partial<PreemptStatus>): PreemptStatus => ({ ...BOULEVARD_GREEN.preempt, ...preempt })

beforeEach(() => {
  memory = coordinated.initial()
})

/** One tick of the strategy, which remembers the ones before. */
function decide(street: ViewChanges = {}) {
  const decision = coordinated.decide(viewOf(street), memory)
  memory = decision.memory
  return decision
}

test('the pattern of the schedule is asked for, and nothing else on an empty street', () => {
  expect(decide().command).toEqual({
    pattern: PLAN.pattern,
    hold: 0,
    forceOff: 0,
    phaseOmit: 0,
    pedestrianOmit: 0,
    vehicleCall: 0,
    pedestrianCall: 0,
    preempts: 0,
    priorities: 0,
  })
})

describe('vehicles', () => {
  test('a vehicle on a loop of a card calls its phase for as long as it stands there', () => {
    expect(decide({ detectors: { 12: occupied(1) } }).command.vehicleCall).toBe(bit(4))
    expect(decide({ detectors: { 12: occupied(1) } }).command.vehicleCall).toBe(bit(4))
    expect(decide({ detectors: { 12: empty(1) } }).command.vehicleCall).toBe(0)
  })

  test('a vehicle that passed between two scans calls for one tick', () => {
    decide({ detectors: { 11: empty(7) } })
    expect(decide({ detectors: { 11: empty(8) } }).command.vehicleCall).toBe(bit(4))
    expect(decide({ detectors: { 11: empty(8) } }).command.vehicleCall).toBe(0)
  })

  test('a vehicle on a loop that is wired to the controller is not called twice', () => {
    expect(decide({ detectors: { 2: occupied(1) } }).command.vehicleCall).toBe(0)
  })

  test('the first count of a card, and the first after it was silent, is no vehicle', () => {
    expect(decide({ detectors: { 11: empty(500) } }).command.vehicleCall).toBe(0)
    decide({ detectors: { 11: broken } })
    expect(decide({ detectors: { 11: empty(900) } }).command.vehicleCall).toBe(0)
  })
})

describe('a phase that nobody sees is on recall', () => {
  test.each([
    ['a silent card', { 12: silent, 13: silent }, [4, 8]],
    ['a broken stop-bar loop of a card', { 13: broken }, [8]],
    ['a broken stop-bar loop of the controller', { 3: broken }, [2]],
    ['a broken advance loop whose lane still has its stop bar', { 11: broken }, []],
  ])('%s', (_, detectors, recalled) => {
    expect(decide({ detectors }).command.vehicleCall).toBe(bitsOf(recalled))
  })
})

describe('pedestrians', () => {
  test('a button of a card is repeated until the controller shows the call', () => {
    expect(decide({ cardButtons: good(bit(4), 0) }).command.pedestrianCall).toBe(bit(4))
    expect(decide().command.pedestrianCall).toBe(bit(4))
    expect(decide({ signal: { pedestrianCalls: bit(4) } }).command.pedestrianCall).toBe(0)
    expect(decide().command.pedestrianCall).toBe(0)
  })

  test('whoever presses during the walk is already served', () => {
    expect(decide({ cardButtons: good(bit(4), 0), signal: { walks: bit(4) } }).command.pedestrianCall).toBe(0)
  })

  test('buttons that nobody can read are taken as pressed wherever there is a walk', () => {
    expect(decide({ cardButtons: bad('never read') }).command.pedestrianCall).toBe(bitsOf([2, 4]))
  })
})

test('a flash of the schedule is left to the cabinet: supervision stands by for it', () => {
  const entries = [{ startMinuteOfDay: 0, pattern: PATTERN_FLASH, maximum: 1 as const }]
  const schedule = { ...DATABASE.schedule, dayPlans: [{ number: 1, key: 'night', entries }] }
  const decision = decide({ schedule })
  expect(decision.command.pattern).toBe(PATTERN_STANDBY)
  expect(decision.why).toEqual({ code: 'FLASH_BY_SCHEDULE', numbers: {} })
})

/** The side street is green past its minimum while somebody waits for the boulevard. */
const SIDE_STREET = {
  greens: bit(4),
  vehicleCalls: bit(2),
  rings: [{ phase: 4, interval: 'green', elapsedMs: 15_000, termination: 'none' }],
  coordination: { pattern: 3, cycleMs: 80_000, localCycleMs: 60_000, offsetMs: 0, transition: 'inStep' },
} as const

test.each([
  ['inhibit', undefined],
  ['max1', 30_000],
  ['max2', 45_000],
] as const)('in a plan with the maximum %s the green is promised to end at %s', (maximum, maxMs) => {
  const plans = [{ ...PLAN, options: { ...PLAN.options, maximum } }]
  expect(decide({ plans, signal: SIDE_STREET }).why.numbers['maxMs']).toBe(maxMs)
})

test('a bus keeps the side street green past its minimum', () => {
  const street = { priorities: [priority(1, { phases: [4] })] }
  const signal = { ...SIDE_STREET, preempt: served({ priorityActive: bit(1) }) }
  expect(decide({ ...street, signal }).why).toEqual({ code: 'PRIORITY_SERVED', phase: 4, numbers: { strategy: 1 } })
})

test('no force-off is promised to a green that the plan leaves out', () => {
  const plans = [{ ...PLAN, splitModes: new Map([[phaseId(4), 'omitted' as const]]) }]
  expect(decide({ plans, signal: SIDE_STREET }).why.numbers).not.toHaveProperty('forceOffInMs')
})

test('a ring that tells of its green a scan before the lamps do has no gap yet', () => {
  expect(decide({ signal: { ...SIDE_STREET, greens: 0 } }).why).toMatchObject({
    code: 'WAITING_FOR_GAP',
    phase: 4,
    numbers: { gapMs: 0 },
  })
})

test.each([
  ['was read long ago', stale(BOULEVARD_GREEN, 5_000), 5_000],
  ['was never read', bad<SignalStatus>('never read'), -1],
])('nothing is said of lamps of which the image %s', (_, signal, ageMs) => {
  expect(decide({ signal }).why).toEqual({ code: 'IMAGE_NOT_FRESH', numbers: { ageMs } })
})

test('where a phase has no loop but in advance, that one must be trusted', () => {
  const detectors = CROSSING.detectors.filter(({ kind }) => kind === 'advance')
  expect(decide({ intersection: { ...CROSSING, detectors }, detectors: { 1: broken } }).command.vehicleCall).toBe(
    bit(2),
  )
})

test('whoever waits for a phase that the plan leaves out ends no green', () => {
  const plans = [{ ...PLAN, splitModes: new Map([[phaseId(2), 'omitted' as const]]) }]
  expect(decide({ plans, signal: SIDE_STREET }).why).toMatchObject({ code: 'RESTING', phase: 4 })
})

describe('the why line', () => {
  test.each<[string, ViewChanges, object]>([
    [
      'the controller is on its way to the plan',
      {
        signal: { coordination: { pattern: 3, cycleMs: 80_000, localCycleMs: 5_000, offsetMs: 0, transition: 'add' } },
      },
      { code: 'PLAN_BY_SCHEDULE', numbers: { pattern: 3, cycleMs: 80_000, localCycleMs: 5_000 } },
    ],
    [
      'another pattern is in effect',
      {
        signal: {
          coordination: { pattern: 2, cycleMs: 60_000, localCycleMs: 1_000, offsetMs: 0, transition: 'inStep' },
        },
      },
      { code: 'PLAN_BY_SCHEDULE', numbers: { pattern: 3, cycleMs: 60_000, localCycleMs: 1_000 } },
    ],
    [
      'the boulevard has its coordinated green, which may end 40 s into the cycle',
      {},
      { code: 'COORDINATED_GREEN', phase: 2, numbers: { localCycleMs: 20_000, yieldMs: 40_000, cycleMs: 80_000 } },
    ],
    [
      'a bus keeps the coordinated green: the yield point is not promised',
      { priorities: [priority(1, { phases: [2] })], signal: { preempt: served({ priorityActive: bit(1) }) } },
      { code: 'PRIORITY_SERVED', phase: 2, numbers: { strategy: 1 } },
    ],
    [
      'a bus waits for the side street, and the boulevard may end early for it',
      { priorities: [priority(1, { phases: [4] })], signal: { preempt: served({ priorityActive: bit(1) }) } },
      { code: 'PRIORITY_SERVED', numbers: { strategy: 1 } },
    ],
    [
      'a fire engine has the street',
      { signal: { preempt: served({ number: 3, state: 'track' }) } },
      { code: 'PREEMPT_SERVED', numbers: { preempt: 3, state: PREEMPT_STATES.indexOf('track') } },
    ],
    [
      'a fire engine still has its delay',
      { signal: { preempt: served({ number: 3, state: 'delay' }) } },
      { code: 'COORDINATED_GREEN', phase: 2, numbers: { localCycleMs: 20_000, yieldMs: 40_000, cycleMs: 80_000 } },
    ],
    [
      'the side street is extended until its force-off 5 s before the end of the cycle',
      {
        signal: {
          greens: bit(4),
          vehicleCalls: bit(2),
          rings: [{ phase: 4, interval: 'green', elapsedMs: 15_000, termination: 'none' }],
          coordination: { pattern: 3, cycleMs: 80_000, localCycleMs: 60_000, offsetMs: 0, transition: 'inStep' },
        },
        detectors: { 12: occupied(3) },
      },
      {
        code: 'EXTENDING_FOR_VEHICLE',
        phase: 4,
        numbers: { elapsedMs: 15_000, detector: 12, forceOffInMs: 15_000 },
      },
    ],
  ])('%s', (_, street, why) => {
    expect(decide(street).why).toEqual(why)
  })
})
