/** Plans that cannot be run as they say: split modes, windows, actuated parts and transitions that do not fit. */
import { describe, expect, test } from 'vitest'
import { phaseId } from '#base/id.ts'
import { checkDatabase } from '#signal/check/check-database.ts'
import { PLAIN_PLAN, type PlanOptions, type SplitMode } from '#signal/timing-plan.ts'
import { judge, SOUND, withPhase, withPlan, withSplits, withTiming } from '#test/support/faulty-database.ts'
import { database, junction, plan } from '#test/support/junctions.ts'

const withOptions = (options: Partial<PlanOptions>) => withPlan({ options: { ...PLAIN_PLAN, ...options } })
const withModes = (modes: Record<number, SplitMode>, splitsS: Record<number, number> = {}) => ({
  ...SOUND,
  plans: withSplits(splitsS).plans.map((each) => ({
    ...each,
    splitModes: new Map(Object.entries(modes).map(([id, mode]) => [phaseId(Number(id)), mode])),
  })),
})
const withWindow = (phase: number, permissiveMs: number) =>
  withOptions({ permissiveMs: new Map([[phaseId(phase), permissiveMs]]) })

describe('splits and their modes', () => {
  judge([
    ['an omitted phase without time', withModes({ 1: 'omitted', 5: 'omitted' }, { 1: 0, 2: 40, 5: 0, 6: 40 })],
    [
      'an omitted phase with a second',
      withModes({ 1: 'omitted', 5: 'omitted' }, { 1: 1, 2: 39, 5: 0, 6: 40 }),
      { code: 'SPLIT_OF_OMITTED_PHASE', pattern: 1, phase: 1, splitMs: 1_000 },
    ],
    [
      'no time for a phase that is not omitted',
      withModes({ 5: 'omitted' }, { 1: 0, 2: 40, 5: 0, 6: 40 }),
      { code: 'SPLIT_BELOW_MINIMUM', phase: 1, splitMs: 0 },
    ],
    [
      'a ring that has nobody to serve between two barriers waits there for the other',
      withModes({ 3: 'omitted', 4: 'omitted' }, { 3: 0, 4: 0 }),
    ],
    [
      'both rings without anybody to serve there take no time',
      withModes({ 3: 'omitted', 4: 'omitted', 7: 'omitted', 8: 'omitted' }, { 2: 65, 3: 0, 4: 0, 6: 65, 7: 0, 8: 0 }),
    ],
    [
      'a coordinated phase that is omitted',
      withModes({ 2: 'omitted' }, { 1: 40, 2: 0 }),
      { code: 'COORDINATED_PHASE_OMITTED', pattern: 1, phase: 2 },
    ],
    [
      'a mode for an unknown phase',
      withModes({ 9: 'minimumRecall' }),
      { code: 'SPLIT_MODE_PHASE_UNKNOWN', pattern: 1, phase: 9 },
    ],
    [
      'people recalled who have no walk',
      withModes({ 3: 'maximumAndPedestrianRecall' }),
      { code: 'SPLIT_MODE_WITHOUT_WALK', phase: 3, mode: 'maximumAndPedestrianRecall' },
    ],
    [
      'people recalled by the plan whom the split does not hold',
      withModes({ 4: 'pedestrianRecall' }, { 3: 22.1, 4: 17.9 }),
      { code: 'SPLIT_BELOW_PEDESTRIANS', phase: 4, neededMs: 18_000 },
    ],
    ['people recalled whom it just holds', withModes({ 4: 'pedestrianRecall' }, { 3: 22, 4: 18 })],
    [
      'people who push and must fit, but do not',
      {
        ...SOUND,
        plans: withSplits({ 3: 22.1, 4: 17.9 }).plans.map((each) => ({
          ...each,
          options: { ...PLAIN_PLAN, pedestrianOverrun: 'fit' as const },
        })),
      },
      { code: 'SPLIT_BELOW_PEDESTRIANS', phase: 4, neededMs: 18_000 },
    ],
    [
      'a split below the longest initial green',
      withTiming(1, { addedInitialMs: 1_500, maxInitialMs: 11_100 }),
      { code: 'SPLIT_BELOW_INITIAL', phase: 1, splitMs: 15_000, neededMs: 15_100, maxInitialMs: 11_100 },
    ],
    ['a split that just holds it', withTiming(1, { addedInitialMs: 1_500, maxInitialMs: 11_000 })],
  ])
})

describe('what people need of a split', () => {
  const recalled = (changed: Parameters<typeof withTiming>[1], pedClearInYellow: boolean, splitS: number) => {
    const timed = withTiming(4, changed)
    const phases = timed.intersection.phases.map((phase) =>
      phase.id === 4 ? { ...phase, pedestrianRecall: true, pedClearInYellow } : phase,
    )
    const { plans } = withSplits({ 3: 40 - splitS, 4: splitS })
    return { ...SOUND, intersection: { ...SOUND.intersection, phases }, plans }
  }
  judge([
    ['the clearance that runs into the yellow takes none of the green', recalled({}, true, 15)],
    ['not a tenth less', recalled({}, true, 14.9), { code: 'SPLIT_BELOW_PEDESTRIANS', neededMs: 15_000 }],
    [
      'a walk that leads the red-amber begins before it',
      recalled({ redAmberMs: 2_000, leadingPedMs: 3_000 }, false, 18),
    ],
    [
      'the minimum green comes after it',
      recalled({ redAmberMs: 2_000, leadingPedMs: 3_000, minGreenMs: 10_000 }, false, 18.9),
      { code: 'SPLIT_BELOW_PEDESTRIANS', neededMs: 19_000 },
    ],
  ])
})

describe('options', () => {
  // Ring 1 yields at 36 s of the group that begins with phase 1; phase 3 has 40 to 51 s, phase 1 begins 44 s after the yield.
  judge([
    ['a window that closes when the turn begins', withWindow(3, 4_000)],
    [
      'a window that closes before',
      withWindow(3, 3_999),
      { code: 'PERMISSIVE_OUTSIDE_TURN', phase: 3, permissiveMs: 3_999, leastMs: 4_000, mostMs: 10_000 },
    ],
    ['a window that closes when the minimum just fits', withWindow(3, 10_000)],
    ['a window that closes later', withWindow(3, 10_001), { code: 'PERMISSIVE_OUTSIDE_TURN', phase: 3 }],
    ['a window for an unknown phase', withWindow(9, 5_000), { code: 'PERMISSIVE_PHASE_UNKNOWN', pattern: 1, phase: 9 }],
    [
      'a window for a coordinated phase',
      withWindow(2, 5_000),
      { code: 'PERMISSIVE_OF_COORDINATED_PHASE', pattern: 1, phase: 2 },
    ],
    ['an actuated part that leaves the minimum green', withOptions({ coordinatedActuatedMs: 16_000 })],
    [
      'an actuated part that does not',
      withOptions({ coordinatedActuatedMs: 16_100 }),
      { code: 'ACTUATED_PART_OUT_OF_RANGE', phase: 2, actuatedMs: 16_100, mostMs: 16_000 },
      { code: 'ACTUATED_PART_OUT_OF_RANGE', phase: 6 },
    ],
    [
      'an actuated part that is negative',
      withOptions({ coordinatedActuatedMs: -100 }),
      { code: 'ACTUATED_PART_OUT_OF_RANGE', phase: 2 },
      { code: 'ACTUATED_PART_OUT_OF_RANGE', phase: 6 },
    ],
    [
      'a transition in no cycle',
      withOptions({ transition: { way: 'shortest', cyclesMost: 0 } }),
      { code: 'TRANSITION_CYCLES_OUT_OF_RANGE', cycles: 0, least: 1, most: 10 },
    ],
    ['a transition in ten', withOptions({ transition: { way: 'shortest', cyclesMost: 10 } })],
    [
      'a transition in eleven',
      withOptions({ transition: { way: 'shortest', cyclesMost: 11 } }),
      { code: 'TRANSITION_CYCLES_OUT_OF_RANGE', cycles: 11 },
    ],
    ['subtracting with time to spare', withOptions({ transition: { way: 'subtract', cyclesMost: 5 } })],
  ])

  test('subtracting where a split has nothing to spare never comes into step', () => {
    const tight = { cycleS: 40, splitsS: { 2: 31, 4: 9 }, coordinated: [2] }
    const by = (way: PlanOptions['transition']['way'], splitsS: Record<number, number>) =>
      checkDatabase(
        database(junction({ rings: [[[2], [4]]] }), [
          plan(1, { ...tight, splitsS, options: { transition: { way, cyclesMost: 5 } } }),
        ]),
      )
    expect(by('subtract', { 2: 31, 4: 9 })).toEqual([
      { code: 'SUBTRACT_WITHOUT_SPARE_TIME', pattern: 1, phase: 4, splitMs: 9_000 },
    ])
    expect(by('subtract', { 2: 30.9, 4: 9.1 })).toEqual([])
    expect(by('add', { 2: 31, 4: 9 })).toEqual([])
  })

  test('a split before a barrier holds the longest clearance that ends there', () => {
    const slow = { 6: { timing: { yellowMs: 5_000, redClearMs: 2_000 } } }
    const site = junction({
      rings: [
        [[1, 2], [4]],
        [[6], [8]],
      ],
      phases: slow,
    })
    const by = (leftS: number) =>
      checkDatabase(
        database(site, [
          plan(1, { cycleS: 40, splitsS: { 1: leftS, 2: 25 - leftS, 6: 25, 4: 15, 8: 15 }, coordinated: [6] }),
        ]),
      )
    expect(by(13)).toEqual([])
    expect(by(13.1)).toEqual([
      {
        code: 'SPLIT_BELOW_BARRIER_CLEARANCE',
        pattern: 1,
        phase: 2,
        splitMs: 11_900,
        neededMs: 12_000,
        clearanceMs: 4_000,
        changeMs: 7_000,
      },
    ])
  })

  test('windows are judged once everything else is right', () =>
    expect(
      checkDatabase({ ...withPhase(1, { barrier: 0 }), plans: withWindow(3, 1).plans }).map(({ code }) => code),
    ).not.toContain('PERMISSIVE_OUTSIDE_TURN'))
})
