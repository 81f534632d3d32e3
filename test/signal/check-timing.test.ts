/** Phase times that are possible one by one and make no sense together: each fault by its name and numbers. */
import { describe } from 'vitest'
import { judge, withPhase, withTiming, SOUND } from '#test/support/faulty-database.ts'

const ON_FOOT = SOUND.intersection.phases.find(({ id }) => id === 4)!
const onFoot = (changed: Partial<typeof ON_FOOT.timing>) => ({ ...ON_FOOT.timing, ...changed })

describe('initial green', () => {
  judge([
    [
      'a longest initial green below the minimum',
      withTiming(2, { addedInitialMs: 1_500, maxInitialMs: 4_900 }),
      { code: 'MAX_INITIAL_BELOW_MIN_GREEN', phase: 2, maxInitialMs: 4_900, minGreenMs: 5_000 },
    ],
    ['one as long as the minimum', withTiming(2, { addedInitialMs: 1_500, maxInitialMs: 5_000 })],
    ['a longest initial green of a phase that adds none', withTiming(2, { maxInitialMs: 3_000 })],
  ])
})

describe('gap reduction', () => {
  const REDUCED = { timeBeforeReductionMs: 8_000, timeToReduceMs: 10_000 }
  judge([
    ['a gap that shrinks from passage to a second', withTiming(2, { ...REDUCED, minGapMs: 1_000 })],
    ['a gap that shrinks at once', withTiming(2, { timeToReduceMs: 10_000, minGapMs: 1_000 })],
    ['a minimum gap as long as passage', withTiming(2, { ...REDUCED, minGapMs: 3_000 })],
    [
      'a minimum gap above passage',
      withTiming(2, { ...REDUCED, minGapMs: 3_100 }),
      { code: 'MIN_GAP_ABOVE_PASSAGE', phase: 2, minGapMs: 3_100, passageMs: 3_000 },
    ],
    [
      'a minimum gap without a time to reduce',
      withTiming(2, { minGapMs: 1_000 }),
      { code: 'GAP_REDUCTION_WITHOUT_TIME', phase: 2, timeBeforeReductionMs: 0, minGapMs: 1_000 },
    ],
    [
      'a time before reduction without a time to reduce',
      withTiming(2, { timeBeforeReductionMs: 8_000 }),
      { code: 'GAP_REDUCTION_WITHOUT_TIME', phase: 2, timeBeforeReductionMs: 8_000, minGapMs: 0 },
    ],
  ])
})

describe('dynamic maximum', () => {
  judge([
    ['a limit above the maximums', withTiming(2, { dynamicMaxLimitMs: 60_000, dynamicMaxStepMs: 5_000 })],
    ['a limit below the maximums', withTiming(2, { dynamicMaxLimitMs: 10_000, dynamicMaxStepMs: 5_000 })],
    ['a step that fits from one maximum only', withTiming(2, { dynamicMaxLimitMs: 20_000, dynamicMaxStepMs: 10_000 })],
    [
      'a limit that no step leads to',
      withTiming(2, { dynamicMaxLimitMs: 60_000 }),
      { code: 'DYNAMIC_MAX_INCOMPLETE', phase: 2, limitMs: 60_000, stepMs: 0 },
    ],
    [
      'a step without a limit',
      withTiming(2, { dynamicMaxStepMs: 5_000 }),
      { code: 'DYNAMIC_MAX_INCOMPLETE', phase: 2, limitMs: 0, stepMs: 5_000 },
    ],
    [
      'a limit below the minimum green',
      withTiming(2, { dynamicMaxLimitMs: 4_900, dynamicMaxStepMs: 5_000 }),
      { code: 'DYNAMIC_MAX_LIMIT_BELOW_MIN_GREEN', phase: 2, limitMs: 4_900, minGreenMs: 5_000 },
    ],
    [
      'a step that passes the limit from either maximum',
      withTiming(2, { dynamicMaxLimitMs: 20_000, dynamicMaxStepMs: 10_100 }),
      {
        code: 'DYNAMIC_MAX_NEVER_MOVES',
        phase: 2,
        limitMs: 20_000,
        stepMs: 10_100,
        max1Ms: 20_000,
        max2Ms: 30_000,
      },
    ],
  ])
})

describe('people and vehicles', () => {
  judge([
    ['a walk that leads by all of its time', withTiming(4, { leadingPedMs: 5_000 })],
    [
      'a walk that would be over before the vehicles go',
      withTiming(4, { leadingPedMs: 5_100 }),
      { code: 'LEADING_PED_ABOVE_WALK', phase: 4, leadingPedMs: 5_100, redAmberMs: 0, walkMs: 5_000 },
    ],
    ['a walk that lasts through the red-amber', withTiming(4, { leadingPedMs: 3_000, redAmberMs: 2_000 })],
    [
      'a walk that would be over in the red-amber',
      withTiming(4, { leadingPedMs: 3_100, redAmberMs: 2_000 }),
      { code: 'LEADING_PED_ABOVE_WALK', phase: 4, leadingPedMs: 3_100, redAmberMs: 2_000, walkMs: 5_000 },
    ],
    ['a red-amber longer than a walk that does not lead', withTiming(4, { walkMs: 2_000, redAmberMs: 3_000 })],
    [
      'a clearance that ends with the yellow',
      withPhase(4, { pedClearInYellow: true, timing: onFoot({ pedClearMs: 3_000 }) }),
    ],
    [
      'one that would be over before the yellow is',
      withPhase(4, { pedClearInYellow: true, timing: onFoot({ pedClearMs: 2_900 }) }),
      { code: 'PED_CLEARANCE_BELOW_YELLOW', phase: 4, pedClearMs: 2_900, yellowMs: 3_000 },
    ],
    ['a walk that rests with the green', withPhase(4, { walkRest: true })],
    [
      'a walk that rests in a phase that does not',
      withPhase(4, { walkRest: true, rest: 'red' }),
      { code: 'WALK_REST_IN_RED', phase: 4 },
    ],
    [
      'all of it without pedestrians',
      withPhase(2, {
        walkRest: true,
        pedClearInYellow: true,
        timing: { ...ON_FOOT.timing, walkMs: 0, pedClearMs: 0, leadingPedMs: 3_000 },
      }),
      { code: 'PEDESTRIAN_OPTION_WITHOUT_WALK', phase: 2, option: 'leadingPedMs' },
      { code: 'PEDESTRIAN_OPTION_WITHOUT_WALK', phase: 2, option: 'walkRest' },
      { code: 'PEDESTRIAN_OPTION_WITHOUT_WALK', phase: 2, option: 'pedClearInYellow' },
    ],
  ])
})
