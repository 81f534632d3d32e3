/** Events from the difference of two images. */
import { describe, expect, test } from 'vitest'
import { bit, bitsOf } from '#base/bits.ts'
import { detectorId } from '#base/id.ts'
import { good, bad, stale, type Known } from '#base/known.ts'
import { detectorEvents } from '#edge/detector-events.ts'
import { DETECTOR_FAULT } from '#signal/detector.ts'
import { signalEvents, unitEvents } from '#edge/image-events.ts'
import type { SignalStatus, UnitStatus } from '#signal/status.ts'
import type { DetectorReading } from '#signal/view.ts'
import { BOULEVARD_GREEN, LOCAL_UNIT } from '#test/support/boulevard-crossing.ts'
import { named } from '#test/support/test-telemetry.ts'

const RING_6 = { phase: 6, interval: 'green', elapsedMs: 20_000, termination: 'none' } as const

/** Ring 1 as given, ring 2 green with phase 6. */
const street = (ring1: SignalStatus['rings'][0], signal: Partial<SignalStatus>): SignalStatus => ({
  ...BOULEVARD_GREEN,
  ...signal,
  rings: ring1 ? [ring1, RING_6] : [RING_6],
})

const GREEN = street({ phase: 2, interval: 'green', elapsedMs: 20_000, termination: 'none' }, {})
const YELLOW = street(
  { phase: 2, interval: 'yellow', elapsedMs: 0, termination: 'gapOut' },
  { greens: bit(6), yellows: bit(2) },
)
const RED_CLEAR = street({ phase: 2, interval: 'redClear', elapsedMs: 0, termination: 'gapOut' }, { greens: bit(6) })
const NEXT = street(
  { phase: 4, interval: 'green', elapsedMs: 0, termination: 'gapOut' },
  { greens: bitsOf([4, 6]), phaseOns: bitsOf([4, 6]) },
)

const between = (before: SignalStatus, after: SignalStatus) => named(signalEvents(before, after))

describe('a green that gives way to another, image by image', () => {
  test.each([
    ['nothing happens', GREEN, GREEN, []],
    ['yellow begins', GREEN, YELLOW, ['gapOut 2', 'greenTermination 2', 'beginYellow 2']],
    ['red clearance begins', YELLOW, RED_CLEAR, ['endYellow 2', 'beginRedClear 2']],
    ['the next green begins', RED_CLEAR, NEXT, ['endRedClear 2', 'phaseInactive 2', 'phaseOn 4', 'beginGreen 4']],
    [
      'all of it between two images',
      GREEN,
      NEXT,
      ['gapOut 2', 'greenTermination 2', 'phaseInactive 2', 'phaseOn 4', 'beginGreen 4'],
    ],
  ])('%s', (_, before, after, events) => {
    expect(between(before, after)).toEqual(events)
  })
})

test.each([
  ['maxOut', ['maxOut 2']],
  ['forceOff', ['forceOff 2']],
  ['preempt', ['preemptForceOff 2']],
  ['priority', ['priorityForceOff 2']],
  ['none', []],
] as const)('a green that ended by %s says so', (termination, events) => {
  const ended = street({ phase: 2, interval: 'yellow', elapsedMs: 0, termination }, { greens: bit(6), yellows: bit(2) })
  expect(between(GREEN, ended)).toEqual([...events, 'greenTermination 2', 'beginYellow 2'])
})

describe('the other lamps and calls', () => {
  test.each<[string, Partial<SignalStatus>, Partial<SignalStatus>, string[]]>([
    ['a walk', {}, { walks: bit(2) }, ['walk 2']],
    ['pedestrian clearance', { walks: bit(2) }, { pedClears: bit(2) }, ['pedClear 2']],
    ["don't walk", { pedClears: bit(2), dontWalks: 0 }, { dontWalks: bit(2) }, ['dontWalk 2']],
    ['red-amber', {}, { redAmbers: bit(4) }, ['redAmber 4']],
    [
      'a vehicle call that comes and one that goes',
      { vehicleCalls: bit(4) },
      { vehicleCalls: bit(8) },
      ['callDropped 4', 'callRegistered 8'],
    ],
    ['a pedestrian call', {}, { pedestrianCalls: bit(4) }, ['pedCall 4']],
    ['an overlap turns yellow', { overlapGreens: bit(1) }, { overlapYellows: bit(1) }, ['overlapYellow 1']],
    [
      'an overlap turns red',
      { overlapYellows: bit(1) },
      { overlapReds: bit(1) },
      ['overlapRedClear 1', 'overlapOff 1'],
    ],
    ['an overlap turns green', { overlapReds: bit(1) }, { overlapGreens: bit(1) }, ['overlapGreen 1']],
    ['an arrow begins to flash', { overlapReds: bit(1) }, { overlapFlashes: bit(1) }, ['arrowFlashBegin 1']],
    [
      'a flashing arrow turns green',
      { overlapFlashes: bit(1) },
      { overlapGreens: bit(1) },
      ['arrowFlashEnd 1', 'overlapGreen 1'],
    ],
  ])('%s', (_, before, after, events) => {
    expect(between({ ...BOULEVARD_GREEN, ...before }, { ...BOULEVARD_GREEN, ...after })).toEqual(events)
  })

  test('a crossing of several phases walks, clears and ends with codes of its own', () => {
    const step = (before: Partial<SignalStatus>, after: Partial<SignalStatus>) =>
      signalEvents({ ...BOULEVARD_GREEN, ...before }, { ...BOULEVARD_GREEN, ...after }, bit(1)).map(({ code }) => code)
    expect(step({ overlapReds: bit(1) }, { overlapGreens: bit(1) })).toEqual([67])
    expect(step({ overlapGreens: bit(1) }, { overlapYellows: bit(1) })).toEqual([68])
    expect(step({ overlapYellows: bit(1) }, { overlapReds: bit(1) })).toEqual([69])
  })

  test('phase 32 has the last bit', () => {
    expect(between(BOULEVARD_GREEN, { ...BOULEVARD_GREEN, vehicleCalls: bit(32) })).toEqual(['callRegistered 32'])
  })
})

test('another pattern brings its cycle, offset and transition', () => {
  const coordination = { pattern: 5, cycleMs: 90_000, localCycleMs: 0, offsetMs: 22_000, transition: 'add' } as const
  expect(between(BOULEVARD_GREEN, { ...BOULEVARD_GREEN, coordination })).toEqual([
    'pattern 5',
    'cycleS 90',
    'offsetS 22',
    'cycleState 2',
  ])
})

test.each<[string, Partial<UnitStatus>, string[]]>([
  ['is supervised', { controlStatus: 'supervised' }, ['unitControl 2']],
  ['is taken over by hand', { controlStatus: 'manual' }, ['unitControl 5']],
  [
    'flashes for its conflict monitor',
    { controlStatus: 'flash', flashCause: 'conflictMonitor' },
    ['unitControl 1', 'flashState 6'],
  ],
  [
    'trips, with the alarm of its monitor',
    { controlStatus: 'fault', flashCause: 'conflictMonitor', alarmBits: bit(4) },
    ['unitControl 1', 'flashState 6', 'alarmOn 4'],
  ],
  ['was without power', { uptimeMs: 100 }, ['powerRestored 0']],
  ['goes on', { uptimeMs: 3_600_100 }, []],
])('a unit that %s', (_, after, events) => {
  expect(named(unitEvents(LOCAL_UNIT, { ...LOCAL_UNIT, ...after }))).toEqual(events)
})

describe('somebody who breaks in', () => {
  const QUIET = BOULEVARD_GREEN.preempt
  const images = (...states: Partial<SignalStatus['preempt']>[]) =>
    states
      .map((each) => ({ ...GREEN, preempt: { ...QUIET, ...each } }))
      .flatMap((after, index, all) => between(all[index - 1] ?? GREEN, after))

  test('is told from his call to the exit', () => {
    const calls = bit(3)
    expect(
      images(
        { calls },
        { calls, number: 3, state: 'delay' },
        { calls, number: 3, state: 'entry' },
        { calls, number: 3, state: 'entry' },
        { calls, number: 3, state: 'track' },
        { calls, number: 3, state: 'dwell' },
        { number: 3, state: 'exit' },
        {},
      ),
    ).toEqual([
      'preemptCallOn 3',
      'preemptEntry 3',
      'preemptTrack 3',
      'preemptDwell 3',
      'preemptCallOff 3',
      'preemptExit 3',
    ])
  })

  test('takes over from another in one image', () => {
    expect(images({ number: 3, state: 'dwell' }, { number: 1, state: 'dwell' })).toEqual([
      'preemptDwell 3',
      'preemptDwell 1',
    ])
  })

  test('a bus checks in, is served, and checks out', () => {
    const priorityCalls = bit(2)
    expect(images({ priorityCalls }, { priorityCalls, priorityActive: bit(2) }, {})).toEqual([
      'priorityCheckIn 2',
      'priorityServiceStart 2',
      'priorityCheckOut 2',
      'priorityServiceEnd 2',
    ])
  })
})

describe('detectors', () => {
  const reading = (occupied: boolean, actuationCount: number) => good({ occupied, actuationCount }, 0)

  /** Events of detector 12 over a sequence of readings. */
  function events(...readings: Known<DetectorReading>[]): string[] {
    let trace: Parameters<typeof detectorEvents>[1]
    return readings.flatMap((each) => {
      const step = detectorEvents(detectorId(12), trace, { reading: each, faults: 0 })
      trace = step.trace
      return named(step.events)
    })
  }

  test('a loop that its card reports is told by its fault, each fault once', () => {
    const images = [0, DETECTOR_FAULT.openLoop, DETECTOR_FAULT.openLoop | DETECTOR_FAULT.watchdog, 0]
    let trace: Parameters<typeof detectorEvents>[1]
    const told = images.map((faults) => {
      const step = detectorEvents(detectorId(12), trace, {
        reading: faults === 0 ? reading(false, 9) : bad('a fault'),
        faults,
      })
      trace = step.trace
      return named(step.events)
    })
    expect(told).toEqual([[], ['detectorOpenLoop 12'], ['detectorWatchdog 12'], ['detectorRestored 12']])
  })

  test.each<[string, Known<DetectorReading>[], string[]]>([
    ['the first image is a state, not an event', [reading(true, 9)], []],
    [
      'a vehicle arrives and leaves',
      [reading(false, 9), reading(true, 10), reading(false, 10)],
      ['detectorOn 12', 'detectorOff 12'],
    ],
    [
      'a vehicle passes between two scans',
      [reading(false, 9), reading(false, 10)],
      ['detectorOn 12', 'detectorOff 12'],
    ],
    [
      'one leaves and another arrives between two scans',
      [reading(true, 9), reading(true, 10)],
      ['detectorOff 12', 'detectorOn 12'],
    ],
    [
      'two pass between two scans',
      [reading(false, 9), reading(true, 11)],
      ['detectorOn 12', 'detectorOff 12', 'detectorOn 12'],
    ],
    ['the counter wraps', [reading(false, 65_535), reading(false, 0)], ['detectorOn 12', 'detectorOff 12']],
    ['a card that started anew makes up no vehicles', [reading(false, 900), reading(true, 1)], ['detectorOn 12']],
    [
      'a detector that does not count',
      [reading(false, 0), reading(true, 0), reading(false, 0)],
      ['detectorOn 12', 'detectorOff 12'],
    ],
    [
      'a loop breaks and is mended',
      [reading(false, 9), bad('open'), bad('open'), reading(false, 9)],
      ['detectorFault 12', 'detectorRestored 12'],
    ],
    [
      'a silence tells nothing',
      [reading(false, 9), stale({ occupied: true, actuationCount: 10 }, 900), reading(false, 9)],
      [],
    ],
  ])('%s', (_, readings, expected) => {
    expect(events(...readings)).toEqual(expected)
  })
})
