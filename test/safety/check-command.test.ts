/** The command envelope, rule by rule, each at its boundary. */
import { describe, expect, test } from 'vitest'
import { bit, bitsOf } from '#base/bits.ts'
import { patternId } from '#base/id.ts'
import { bad, stale } from '#base/known.ts'
import { checkCommand, checkLease } from '#safety/check-command.ts'
import { REFUSAL_NUMBERS, type Refusal } from '#safety/envelope.ts'
import { NO_PHASE_CONTROL, type PhaseControl, type SupervisoryCommand } from '#signal/command.ts'
import { CONTROL_STATUSES, type RingStatus } from '#signal/status.ts'
import {
  BOULEVARD_GREEN,
  commandOf,
  LIMITS,
  LOCAL_UNIT,
  viewOf,
  type ViewChanges,
} from '#test/support/boulevard-crossing.ts'

const check = (command: Partial<SupervisoryCommand>, street: ViewChanges = {}) =>
  checkCommand(LIMITS, viewOf(street), commandOf(command))

const refused = (refusal: Refusal) => ({ pass: false, refusal })

const greenFor = (elapsedMs: number, interval: RingStatus['interval'] = 'green'): ViewChanges => ({
  signal: {
    rings: [
      { phase: 2, interval, elapsedMs, termination: 'none' },
      { phase: 6, interval: 'green', elapsedMs: 20_000, termination: 'none' },
    ],
  },
})

test('a lawful command passes unchanged, as the same object', () => {
  const command = commandOf({ hold: bit(2), forceOff: bit(6), phaseOmit: bit(8), vehicleCall: bit(4) })
  const verdict = checkCommand(LIMITS, viewOf(), command)
  expect(verdict).toEqual({ pass: true, command })
  expect(verdict.pass && verdict.command).toBe(command)
})

describe('nothing is asked of a street that is not seen', () => {
  test.each<[string, ViewChanges]>([
    ['the lamps were read too long ago', { signal: stale(BOULEVARD_GREEN, 201) }],
    ['the lamps were never read', { signal: bad('never read') }],
    ['the unit was read too long ago', { unit: stale(LOCAL_UNIT, 201) }],
    ['the unit was never read', { unit: bad('never read') }],
  ])('%s', (_, street) => {
    expect(check({}, street)).toEqual(refused({ code: 'IMAGE_NOT_FRESH' }))
  })
})

test.each(CONTROL_STATUSES)(
  'a cabinet whose control status is %s is asked only when it is free to answer',
  (controlStatus) => {
    const free = ['local', 'supervised', 'backup', 'preempt'].includes(controlStatus)
    expect(check({}, { unit: { controlStatus } })).toEqual(
      free ? { pass: true, command: commandOf() } : refused({ code: 'CABINET_NOT_AVAILABLE', controlStatus }),
    )
  },
)

describe('phases that the crossing does not have are refused in every field', () => {
  test.each(Object.keys(NO_PHASE_CONTROL) as (keyof PhaseControl)[])('%s', (field) => {
    expect(check({ [field]: bitsOf([1, 32]) })).toEqual(refused({ code: 'PHASE_UNKNOWN', phases: bitsOf([1, 32]) }))
  })
})

describe('breaking in is refused number by number, but for what the site lets supervision call', () => {
  // The boulevard lets it call preempt 2 and strategy 3.
  test.each<[Partial<SupervisoryCommand>, Refusal | null]>([
    [{ preempts: bit(2) }, null],
    [{ preempts: bitsOf([1, 2]) }, { code: 'PREEMPT_NOT_ALLOWED', preempts: bit(1) }],
    [{ preempts: bit(3) }, { code: 'PREEMPT_NOT_ALLOWED', preempts: bit(3) }],
    [{ priorities: bit(3) }, null],
    [{ priorities: bitsOf([2, 3]) }, { code: 'PRIORITY_NOT_ALLOWED', priorities: bit(2) }],
    [{ priorities: bit(4) }, { code: 'PRIORITY_NOT_ALLOWED', priorities: bit(4) }],
    [{ priorities: 0.5 }, { code: 'NOT_A_BIT_FIELD', field: 'priorities' }],
  ])('%o', (command, refusal) => {
    expect(check(command)).toEqual(refusal ? refused(refusal) : { pass: true, command: commandOf(command) })
  })
})

describe('while a preempt has the street nobody steers against it, and calls go on', () => {
  const preempted: ViewChanges = { unit: { controlStatus: 'preempt' } }
  test.each<[Partial<SupervisoryCommand>, boolean]>([
    [{ vehicleCall: bit(4), pedestrianCall: bit(2) }, true],
    [{ preempts: bit(2) }, true],
    [{ hold: bit(2) }, false],
    [{ forceOff: bit(2) }, false],
    [{ phaseOmit: bit(8) }, false],
    [{ pedestrianOmit: bit(8) }, false],
  ])('%o', (command, passes) => {
    const phases = command.hold ?? command.forceOff ?? command.phaseOmit ?? command.pedestrianOmit ?? 0
    const refusal: Refusal = { code: 'PREEMPT_IN_SERVICE', phases }
    expect(check(command, preempted)).toEqual(passes ? { pass: true, command: commandOf(command) } : refused(refusal))
  })
})

describe('a number that is no bit field never reaches the wire', () => {
  test.each([-1, 0.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY])('%d', (value) => {
    expect(check({ pedestrianCall: value })).toEqual(refused({ code: 'NOT_A_BIT_FIELD', field: 'pedestrianCall' }))
  })
})

describe('patterns', () => {
  test.each([
    [0, true],
    [3, true],
    [254, true],
    [2, false],
    [4, false],
    [253, false],
    [255, false],
    [256, false],
    [-1, false],
  ])('pattern %d may be asked: %s', (pattern, allowed) => {
    const verdict = check({ pattern: patternId(pattern) })
    expect(verdict).toEqual(
      allowed
        ? { pass: true, command: commandOf({ pattern: patternId(pattern) }) }
        : refused({ code: 'PATTERN_NOT_ALLOWED', pattern }),
    )
  })

  test('flash is refused even where the list of the site has it', () => {
    const limits = { ...LIMITS, patterns: [patternId(255)] }
    expect(checkCommand(limits, viewOf(), commandOf({ pattern: patternId(255) }))).toEqual(
      refused({ code: 'PATTERN_NOT_ALLOWED', pattern: 255 }),
    )
  })
})

describe('a green is not cut below the minimum that the street has seen', () => {
  test.each([
    [0, false],
    [6_999, false],
    [7_000, true],
    [7_001, true],
  ])('force-off after %d ms of green passes: %s', (shownMs, passes) => {
    const verdict = check({ forceOff: bit(2) }, greenFor(shownMs))
    const refusal = refused({ code: 'GREEN_BELOW_MINIMUM', phase: 2, shownMs, minGreenMs: 7_000 })
    expect(verdict).toEqual(passes ? { pass: true, command: commandOf({ forceOff: bit(2) }) } : refusal)
  })

  test('a green whose age no ring reports counts as just begun', () => {
    expect(check({ forceOff: bit(2) }, { signal: { rings: [] } })).toEqual(
      refused({ code: 'GREEN_BELOW_MINIMUM', phase: 2, shownMs: 0, minGreenMs: 7_000 }),
    )
  })

  test('red-amber is followed by a green that has shown nothing', () => {
    const street = { signal: { ...greenFor(900, 'redAmber').signal, greens: bit(6), redAmbers: bit(2) } }
    expect(check({ forceOff: bit(2) }, street)).toEqual(
      refused({ code: 'GREEN_BELOW_MINIMUM', phase: 2, shownMs: 0, minGreenMs: 7_000 }),
    )
  })

  test('a phase without a floor on the site is never forced off while green', () => {
    const limits = { ...LIMITS, minGreenMs: [] }
    expect(checkCommand(limits, viewOf(), commandOf({ forceOff: bit(2) }))).toEqual(
      refused({ code: 'GREEN_BELOW_MINIMUM', phase: 2, shownMs: 20_000, minGreenMs: Infinity }),
    )
  })

  test('a red phase may be forced off: there is nothing to cut', () => {
    expect(check({ forceOff: bit(4) }).pass).toBe(true)
  })
})

describe('a pedestrian on the crossing is never cut short', () => {
  test.each([
    ['walk', { walks: bit(2) }],
    ['pedestrian clearance', { pedClears: bit(2) }],
  ])('force-off during %s is refused however long the green', (_, signal) => {
    expect(check({ forceOff: bitsOf([2, 6]) }, { signal })).toEqual(
      refused({ code: 'PEDESTRIAN_NOT_CLEARED', phases: bit(2) }),
    )
  })

  test('a walk of phase 2 does not protect the green of phase 6', () => {
    expect(check({ forceOff: bit(6) }, { signal: { walks: bit(2) } }).pass).toBe(true)
  })
})

test('hold and force-off of one phase contradict each other', () => {
  expect(check({ hold: bitsOf([2, 6]), forceOff: bit(6) })).toEqual(
    refused({ code: 'HOLD_AND_FORCE_OFF', phases: bit(6) }),
  )
})

describe('omits', () => {
  test.each(['phaseOmit', 'pedestrianOmit'] as const)('%s of a phase that the site never skips is refused', (field) => {
    expect(check({ [field]: bitsOf([2, 4]) })).toEqual(refused({ code: 'OMIT_NOT_ALLOWED', phases: bit(2) }))
  })

  test.each(['phaseOmit', 'pedestrianOmit'] as const)('%s of a phase with a waiting pedestrian is refused', (field) => {
    expect(check({ [field]: bit(4) }, { signal: { pedestrianCalls: bit(4) } })).toEqual(
      refused({ code: 'OMIT_STRANDS_PEDESTRIAN', phases: bit(4) }),
    )
  })

  test('calling a pedestrian and skipping the same phase in one breath is refused', () => {
    expect(check({ pedestrianCall: bit(4), phaseOmit: bit(4) })).toEqual(
      refused({ code: 'OMIT_STRANDS_PEDESTRIAN', phases: bit(4) }),
    )
  })

  test('all phases of a ring are never omitted together, all but one may be', () => {
    const limits = { ...LIMITS, omittable: LIMITS.phases }
    const omit = (phases: readonly number[]) => checkCommand(limits, viewOf(), commandOf({ phaseOmit: bitsOf(phases) }))
    expect(omit([6, 8])).toEqual(refused({ code: 'OMIT_EMPTIES_RING', ring: 2 }))
    expect(omit([2, 8]).pass).toBe(true)
  })

  test('the walks of a whole ring may be omitted: its vehicles still go', () => {
    const limits = { ...LIMITS, omittable: LIMITS.phases }
    expect(checkCommand(limits, viewOf(), commandOf({ pedestrianOmit: bitsOf([2, 4]) })).pass).toBe(true)
  })
})

describe('the lease', () => {
  test.each([
    [0, false],
    [1, true],
    [3_000, true],
    [3_001, false],
    [-1, false],
    [1.5, false],
    [Number.NaN, false],
  ])('of %d ms is within bounds: %s', (leaseMs, within) => {
    expect(checkLease(leaseMs)).toEqual(within ? null : { code: 'LEASE_OUT_OF_BOUNDS', leaseMs, maxMs: 3_000 })
  })
})

test('each refusal keeps its number in the event log: old logs are read with it', () => {
  expect(REFUSAL_NUMBERS).toEqual({
    IMAGE_NOT_FRESH: 1,
    CABINET_NOT_AVAILABLE: 2,
    PHASE_UNKNOWN: 3,
    PATTERN_NOT_ALLOWED: 4,
    GREEN_BELOW_MINIMUM: 5,
    PEDESTRIAN_NOT_CLEARED: 6,
    HOLD_AND_FORCE_OFF: 7,
    OMIT_NOT_ALLOWED: 8,
    OMIT_EMPTIES_RING: 9,
    OMIT_STRANDS_PEDESTRIAN: 10,
    NOT_A_BIT_FIELD: 11,
    LEASE_OUT_OF_BOUNDS: 12,
    PREEMPT_NOT_ALLOWED: 13,
    PRIORITY_NOT_ALLOWED: 14,
    PREEMPT_IN_SERVICE: 15,
  })
})
