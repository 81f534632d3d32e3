/** Impossible plans and schedules, each fault by its name and numbers, and all of them at once. */
import { describe, expect, test } from 'vitest'
import { patternId, phaseId } from '#base/id.ts'
import { checkDatabase } from '#signal/check/check-database.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import {
  judge,
  SOUND,
  withDayPlan,
  withPhase,
  withPlan,
  withSchedule,
  withSplits,
  withTiming,
} from '#test/support/faulty-database.ts'
import { database, junction, plan, THREE_LEGS, TIMING } from '#test/support/junctions.ts'

describe('plans', () => {
  const conflicting = (a: number, b: number) => ({
    ...SOUND,
    intersection: { ...SOUND.intersection, extraConflicts: [[phaseId(a), phaseId(b)] as const] },
  })
  judge([
    [
      'splits of a ring that exceed the cycle, unequal at the barrier',
      withSplits({ 4: 30 }),
      {
        code: 'RINGS_UNEQUAL_AT_BARRIER',
        pattern: 1,
        barrier: 2,
        ring: 2,
        sumMs: 40_000,
        otherRing: 1,
        otherSumMs: 45_000,
      },
      {
        code: 'RING_SUM_NOT_CYCLE',
        pattern: 1,
        ring: 1,
        splitsMs: [15_000, 25_000, 15_000, 30_000],
        sumMs: 85_000,
        cycleMs: 80_000,
      },
    ],
    [
      'rings that have the cycle but miss each other at the barrier',
      withSplits({ 5: 10, 7: 20 }),
      { code: 'RINGS_UNEQUAL_AT_BARRIER', barrier: 1, ring: 2, sumMs: 35_000, otherSumMs: 40_000 },
      { code: 'RINGS_UNEQUAL_AT_BARRIER', barrier: 2, sumMs: 45_000 },
    ],
    [
      'a split below minimum, yellow and red clearance',
      withSplits({ 1: 8.9, 2: 31.1 }),
      {
        code: 'SPLIT_BELOW_MINIMUM',
        phase: 1,
        splitMs: 8_900,
        neededMs: 9_000,
        redAmberMs: 0,
        minGreenMs: 5_000,
        yellowMs: 3_000,
        redClearMs: 1_000,
      },
    ],
    ['a split that just holds them', withSplits({ 1: 9, 2: 31 })],
    [
      'a split below the minimum with red-amber',
      { ...withTiming(1, { redAmberMs: 1_000 }), plans: withSplits({ 1: 9.9, 2: 30.1 }).plans },
      { code: 'SPLIT_BELOW_MINIMUM', phase: 1, neededMs: 10_000 },
    ],
    [
      'a split below the people whom recall serves every cycle',
      { ...withPhase(4, { pedestrianRecall: true }), plans: withSplits({ 3: 22.1, 4: 17.9 }).plans },
      {
        code: 'SPLIT_BELOW_PEDESTRIANS',
        phase: 4,
        splitMs: 17_900,
        neededMs: 18_000,
        walkMs: 5_000,
        pedClearMs: 9_000,
      },
    ],
    ['a split below people who push is allowed: their overrun is made up', withSplits({ 3: 22.1, 4: 17.9 })],
    [
      'a missing split, whose sum would only repeat it',
      withPlan({ splitsMs: new Map([...SOUND.plans[0]!.splitsMs].filter(([id]) => id !== 3)) }),
      { code: 'SPLIT_MISSING', pattern: 1, phase: 3 },
    ],
    ['a split of an unknown phase', withSplits({ 9: 10 }), { code: 'SPLIT_PHASE_UNKNOWN', phase: 9 }],
    [
      'half a millisecond of split',
      withSplits({ 1: 15.0005, 2: 24.9995 }),
      { code: 'SPLIT_NOT_WHOLE_MS', phase: 1 },
      { code: 'SPLIT_NOT_WHOLE_MS', phase: 2 },
    ],
    [
      'an offset as long as the cycle',
      withPlan({ offsetMs: 80_000 }),
      { code: 'OFFSET_OUTSIDE_CYCLE', offsetMs: 80_000, cycleMs: 80_000 },
    ],
    ['an offset just below it', withPlan({ offsetMs: 79_999 })],
    ['a negative offset', withPlan({ offsetMs: -1 }), { code: 'OFFSET_OUTSIDE_CYCLE', offsetMs: -1 }],
    [
      'a cycle of 19 s',
      withPlan({ cycleMs: 19_000 }),
      { code: 'CYCLE_OUT_OF_RANGE', cycleMs: 19_000, leastMs: 20_000, mostMs: 600_000 },
      { code: 'RING_SUM_NOT_CYCLE', ring: 1 },
      { code: 'RING_SUM_NOT_CYCLE', ring: 2 },
    ],
    ['an unknown sequence', withPlan({ sequence: 7 }), { code: 'PLAN_SEQUENCE_UNKNOWN', pattern: 1, sequence: 7 }],
    [
      'an unknown coordinated phase',
      withPlan({ coordinatedPhases: [phaseId(2), phaseId(9)] }),
      { code: 'COORDINATED_PHASE_UNKNOWN', phase: 9 },
    ],
    [
      'two coordinated phases in one ring',
      withPlan({ coordinatedPhases: [phaseId(1), phaseId(2)] }),
      { code: 'COORDINATED_PHASES_IN_ONE_RING', ring: 1, phases: [1, 2] },
    ],
    [
      'coordinated phases across a barrier',
      withPlan({ coordinatedPhases: [phaseId(2), phaseId(8)] }),
      { code: 'COORDINATED_PHASES_ACROSS_BARRIER', phases: [2, 8], barriers: [1, 2] },
    ],
    ['no coordinated phase', withPlan({ coordinatedPhases: [] }), { code: 'NO_COORDINATED_PHASE', pattern: 1 }],
    [
      'time given to two phases that must not run together',
      conflicting(1, 5),
      { code: 'SPLITS_OVERLAP_CONFLICT', phase: 1, other: 5, overlapMs: 15_000 },
    ],
    ['conflicting phases whose turns do not meet', conflicting(1, 6)],
    [
      'a pattern number that stands for free',
      {
        ...SOUND,
        plans: [{ ...SOUND.plans[0]!, pattern: patternId(254) }],
        schedule: {
          ...SOUND.schedule,
          dayPlans: [
            { number: 1, key: 'day', entries: [{ startMinuteOfDay: 0, pattern: patternId(254), maximum: 1 as const }] },
          ],
        },
      },
      { code: 'PATTERN_NUMBER_INVALID', pattern: 254, most: 253 },
    ],
    [
      'a pattern number twice',
      { ...SOUND, plans: [SOUND.plans[0]!, SOUND.plans[0]!] },
      { code: 'PATTERN_TWICE', pattern: 1 },
    ],
  ])

  test('a ring that has no phase between two barriers waits there for the other', () => {
    const facts = { cycleS: 61, splitsS: { 1: 15, 2: 25, 4: 20, 6: 40 }, coordinated: [2, 6] }
    expect(checkDatabase(database(junction(THREE_LEGS), [plan(1, facts)]))).toEqual([
      {
        code: 'RING_SUM_NOT_CYCLE',
        pattern: 1,
        ring: 1,
        splitsMs: [15_000, 25_000, 20_000],
        sumMs: 60_000,
        cycleMs: 61_000,
      },
      { code: 'RING_SUM_NOT_CYCLE', pattern: 1, ring: 2, splitsMs: [40_000, 20_000], sumMs: 60_000, cycleMs: 61_000 },
    ])
  })
})

describe('schedules', () => {
  const entry = (startMinuteOfDay: number, pattern = 1) => ({
    startMinuteOfDay,
    pattern: patternId(pattern),
    maximum: 1 as const,
  })
  judge([
    [
      'a day plan with a gap after midnight',
      withDayPlan([entry(60)]),
      { code: 'DAY_PLAN_NOT_FROM_MIDNIGHT', dayPlan: 1, minute: 60 },
    ],
    ['a day plan without entries', withDayPlan([]), { code: 'DAY_PLAN_EMPTY', dayPlan: 1 }],
    [
      'entries out of order',
      withDayPlan([entry(0), entry(600), entry(600)]),
      { code: 'DAY_PLAN_OUT_OF_ORDER', minute: 600, previousMinute: 600 },
    ],
    [
      'a minute after midnight of the next day',
      withDayPlan([entry(0), entry(1_440)]),
      { code: 'DAY_PLAN_MINUTE_INVALID', minute: 1_440 },
    ],
    ['the last minute of the day', withDayPlan([entry(0), entry(1_439)])],
    ['an unknown pattern', withDayPlan([entry(0, 9)]), { code: 'DAY_PLAN_PATTERN_UNKNOWN', minute: 0, pattern: 9 }],
    ['free and flash', withDayPlan([entry(0, 254), entry(60, 255)])],
    ['a week of six days', withSchedule({ week: [1, 1, 1, 1, 1, 1] }), { code: 'WEEK_NOT_SEVEN_DAYS', days: 6 }],
    [
      'a day plan that is not there',
      withSchedule({ week: [1, 1, 1, 1, 7, 1, 1] }),
      { code: 'WEEK_DAY_PLAN_UNKNOWN', weekDay: 5, dayPlan: 7 },
    ],
    [
      'a day plan twice',
      withSchedule({ dayPlans: [...SOUND.schedule.dayPlans, ...SOUND.schedule.dayPlans] }),
      { code: 'DAY_PLAN_TWICE', dayPlan: 1 },
    ],
    [
      'a place that is on no map of time',
      withSchedule({ timeZone: 'Asia/Hamadan' }),
      { code: 'TIME_ZONE_UNKNOWN', timeZone: 'Asia/Hamadan' },
    ],
  ])
})

test('all faults are reported at once, those of the street before those of the plans', () => {
  const faulty: ControllerDatabase = {
    ...withTiming(2, { yellowMs: TIMING.yellowMs - 100, max1Ms: 1_000 }),
    plans: [{ ...SOUND.plans[0]!, offsetMs: 90_000, sequence: 3 }],
  }
  expect(checkDatabase(faulty).map(({ code }) => code)).toEqual([
    'TIMING_OUT_OF_RANGE',
    'TIMING_OUT_OF_RANGE',
    'MAX_BELOW_MIN_GREEN',
    'OFFSET_OUTSIDE_CYCLE',
    'PLAN_SEQUENCE_UNKNOWN',
  ])
})
