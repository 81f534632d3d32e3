/** Free running on demand: one column of a picture is a second, while phases 2 and 6 are green. */
import { describe, expect, test } from 'vitest'
import { bit, bitsOf, hasBit } from '#base/bits.ts'
import type { PatternId } from '#base/id.ts'
import { stale } from '#base/known.ts'
import { actuated } from '#control/actuated.ts'
import type { PhaseTiming } from '#signal/phase.ts'
import type { SignalStatus } from '#signal/status.ts'
import { PATTERN_FLASH, PATTERN_FREE, PATTERN_STANDBY } from '#signal/timing-plan.ts'
import {
  BOULEVARD_GREEN,
  broken,
  CROSSING,
  DATABASE,
  empty,
  occupied,
  viewOf,
  type ViewChanges,
} from '#test/support/boulevard-crossing.ts'
import { columns, picture, shown } from '#test/support/picture.ts'

/** Green of the boulevard since `elapsedMs`, with what else is given. */
const boulevard = (elapsedMs: number, signal: Partial<SignalStatus>): SignalStatus => ({
  ...BOULEVARD_GREEN,
  rings: [2, 6].map((phase) => ({ phase, interval: 'green', elapsedMs, termination: 'none' })),
  ...signal,
})

/**
 * Rows: `det <number>` # occupied; `call <phase>` # a vehicle waits; `walk`, `clear` # of phase 2;
 * `off <phase>` # the force-off that must be asked in that second.
 */
function forcesOff(drawn: string) {
  const street = picture(drawn)
  let memory = actuated.initial()
  const asked: Record<2 | 6, string> = { 2: '', 6: '' }
  for (let second = 0; second < columns(street); second++) {
    const is = (row: string) => shown(street, row, second) === '#'
    const signal = boulevard(second * 1_000, {
      vehicleCalls: bitsOf([4, 8].filter((phase) => is(`call ${phase}`))),
      walks: is('walk') ? bit(2) : 0,
      pedClears: is('clear') ? bit(2) : 0,
    })
    const detectors = Object.fromEntries([2, 3, 4].map((id) => [id, is(`det ${id}`) ? occupied() : empty()]))
    const decision = actuated.decide(viewOf({ nowMonoMs: second * 1_000, signal, detectors }), memory)
    memory = decision.memory
    for (const phase of [2, 6] as const) asked[phase] += hasBit(decision.command.forceOff, phase) ? '#' : '.'
    expect(decision.command.pattern).toBe(254)
  }
  for (const phase of [2, 6] as const) expect(asked[phase]).toBe(street.get(`off ${phase}`))
}

describe('lane by lane', () => {
  test('the boulevard ends when each lane has had its gap, although the lanes never had one together', () => {
    forcesOff(`
      s       0         10
      det 2   #####....######
      det 3   #########....##
      det 4   ###............
      call 4  ...############
      off 2   ...........####
      off 6   ...........####
    `)
  })

  test('nothing ends before its minimum green of 7 s is served', () => {
    forcesOff(`
      s       0      7
      call 4  ##########
      off 2   .......###
      off 6   .......###
    `)
  })

  test('nothing ends while nobody waits elsewhere', () => {
    forcesOff(`
      s       0         10
      call 4  ............##
      off 2   ............##
      off 6   ............##
    `)
  })

  test('both rings cross the barrier together: a lane of phase 6 without a gap keeps phase 2 green', () => {
    forcesOff(`
      s       0         10
      det 4   ############...
      call 8  ###############
      off 2   ..............#
      off 6   ..............#
    `)
  })

  test('a pedestrian on the crossing of phase 2 is waited for', () => {
    forcesOff(`
      s       0         10
      walk    ######.........
      clear   ......######...
      call 4  ###############
      off 2   ............###
      off 6   ............###
    `)
  })
})

test('gaps of one green do not count in the next', () => {
  const at = (nowMonoMs: number, signal: SignalStatus) => viewOf({ nowMonoMs, signal })
  let { memory } = actuated.decide(at(0, boulevard(0, {})), actuated.initial())
  memory = actuated.decide(at(8_000, boulevard(8_000, {})), memory).memory
  expect(memory.gaps.lanes.map(({ detector, gapped }) => [detector, gapped])).toEqual([
    [2, true],
    [3, true],
    [4, true],
  ])
  memory = actuated.decide(at(9_000, boulevard(0, { greens: 0 })), memory).memory
  expect(memory.gaps.lanes).toEqual([])
})

test('a lane that is not trusted has no gap: its phase is on recall and ends by its maximum', () => {
  let memory = actuated.initial()
  for (let second = 0; second <= 20; second++) {
    const signal = boulevard(second * 1_000, { vehicleCalls: bit(4) })
    const decision = actuated.decide(viewOf({ nowMonoMs: second * 1_000, signal, detectors: { 3: broken } }), memory)
    memory = decision.memory
    expect(decision.command).toMatchObject({ forceOff: 0, vehicleCall: bit(2) })
  }
})

const scheduleOf = (pattern: PatternId, maximum: 1 | 2) => ({
  ...DATABASE.schedule,
  dayPlans: [{ number: 1, key: 'every_day', entries: [{ startMinuteOfDay: 0, pattern, maximum }] }],
})

const withTiming = (number: number, timing: Partial<PhaseTiming>) => ({
  ...CROSSING,
  phases: CROSSING.phases.map((each) =>
    each.id === number ? { ...each, timing: { ...each.timing, ...timing } } : each,
  ),
})

test('a flash of the schedule is left to the cabinet also when it runs free', () => {
  const view = viewOf({ schedule: scheduleOf(PATTERN_FLASH, 1) })
  expect(actuated.decide(view, actuated.initial()).command.pattern).toBe(PATTERN_STANDBY)
})

describe('the why line', () => {
  const waiting = { vehicleCalls: bit(4) }
  test.each<[string, ViewChanges, object]>([
    [
      'the minimum is being served',
      { signal: boulevard(4_000, waiting) },
      { code: 'SERVING_CALL', phase: 2, numbers: { elapsedMs: 4_000, minMs: 7_000 } },
    ],
    ['nobody waits anywhere', {}, { code: 'RESTING', phase: 2, numbers: {} }],
    [
      'pedestrians are crossing',
      { signal: boulevard(5_000, { pedClears: bit(2) }) },
      { code: 'CLEARING_PEDESTRIANS', phase: 2, numbers: { elapsedMs: 5_000, clearMs: 15_000 } },
    ],
    [
      'a vehicle on a stop bar extends',
      { signal: boulevard(12_000, waiting), detectors: { 3: occupied() } },
      { code: 'EXTENDING_FOR_VEHICLE', phase: 2, numbers: { elapsedMs: 12_000, maxMs: 30_000, detector: 3 } },
    ],
    [
      'a detector is not trusted',
      { signal: boulevard(12_000, waiting), detectors: { 3: broken } },
      { code: 'DETECTOR_ON_RECALL', phase: 2, numbers: { detector: 3 } },
    ],
    [
      'the yellow of the side street is shown',
      { signal: { greens: 0, rings: [{ phase: 4, interval: 'yellow', elapsedMs: 1_200, termination: 'gapOut' }] } },
      { code: 'CHANGING', phase: 4, numbers: { elapsedMs: 1_200 } },
    ],
    [
      'people walk before their vehicles',
      {
        intersection: withTiming(4, { leadingPedMs: 4_000 }),
        signal: { greens: 0, rings: [{ phase: 4, interval: 'leadingPed', elapsedMs: 1_500, termination: 'none' }] },
      },
      { code: 'LEADING_WALK', phase: 4, numbers: { elapsedMs: 1_500, leadMs: 4_000 } },
    ],
    [
      'red and amber promise the side street its green',
      { signal: { greens: 0, rings: [{ phase: 4, interval: 'redAmber', elapsedMs: 900, termination: 'none' }] } },
      { code: 'SERVING_CALL', phase: 4, numbers: { elapsedMs: 0, minMs: 7_000 } },
    ],
    [
      'the maximum may grow',
      {
        intersection: withTiming(2, { dynamicMaxStepMs: 5_000, dynamicMaxLimitMs: 50_000 }),
        signal: boulevard(12_000, waiting),
        detectors: { 3: occupied() },
      },
      { code: 'EXTENDING_FOR_VEHICLE', phase: 2, numbers: { elapsedMs: 12_000, maxMs: 50_000, detector: 3 } },
    ],
    [
      'the maximum may only shrink',
      {
        intersection: withTiming(2, { dynamicMaxStepMs: 5_000, dynamicMaxLimitMs: 20_000 }),
        signal: boulevard(12_000, waiting),
        detectors: { 3: occupied() },
      },
      { code: 'EXTENDING_FOR_VEHICLE', phase: 2, numbers: { elapsedMs: 12_000, maxMs: 30_000, detector: 3 } },
    ],
    [
      'the second maximum is in effect',
      { schedule: scheduleOf(PATTERN_FREE, 2), signal: boulevard(12_000, waiting), detectors: { 3: occupied() } },
      { code: 'EXTENDING_FOR_VEHICLE', phase: 2, numbers: { elapsedMs: 12_000, maxMs: 45_000, detector: 3 } },
    ],
    [
      'the gap shrinks',
      {
        intersection: withTiming(2, { timeToReduceMs: 10_000, minGapMs: 1_500 }),
        signal: boulevard(12_000, waiting),
      },
      {
        code: 'WAITING_FOR_GAP',
        phase: 2,
        numbers: { elapsedMs: 12_000, maxMs: 30_000, gapMs: 0, passageMs: 3_000, minGapMs: 1_500 },
      },
    ],
    ['all is red and at rest', { signal: { greens: 0, rings: [] } }, { code: 'RESTING', numbers: {} }],
    [
      'the lamps are not known',
      { signal: stale(BOULEVARD_GREEN, 900) },
      { code: 'IMAGE_NOT_FRESH', numbers: { ageMs: 900 } },
    ],
  ])('%s', (_, street, why) => {
    expect(actuated.decide(viewOf(street), actuated.initial()).why).toEqual(why)
  })

  test('the gap timer is told once the lanes are quiet, and the force-off once all have gapped', () => {
    const at = (elapsedMs: number) =>
      viewOf({ nowMonoMs: elapsedMs, signal: boulevard(elapsedMs, waiting), detectors: {} })
    const first = actuated.decide(at(8_000), actuated.initial())
    const second = actuated.decide(at(9_200), first.memory)
    expect(second.why).toEqual({
      code: 'WAITING_FOR_GAP',
      phase: 2,
      numbers: { elapsedMs: 9_200, maxMs: 30_000, gapMs: 1_200, passageMs: 3_000 },
    })
    const third = actuated.decide(at(11_000), second.memory)
    expect(third.why).toEqual({ code: 'LANES_HAVE_GAPPED', phase: 2, numbers: { elapsedMs: 11_000 } })
  })
})
