/** Impossible streets: phases and sequences, each fault by its name and numbers. */
import { describe, expect, test } from 'vitest'
import { phaseId, ringId } from '#base/id.ts'
import { checkDatabase } from '#signal/check/check-database.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import type { Phase } from '#signal/phase.ts'
import { judge, sequence, site, SOUND, withPhase, withTiming } from '#test/support/faulty-database.ts'
import { database, junction, plan, STAGES, THREE_LEGS } from '#test/support/junctions.ts'

test('a dual ring, three legs and stages are sound, with their plans', () => {
  const threeLegs = { cycleS: 60, splitsS: { 1: 15, 2: 25, 4: 20, 6: 40 }, coordinated: [2, 6] }
  const stages = { cycleS: 60, splitsS: { 1: 15, 2: 15, 3: 15, 4: 15 }, coordinated: [1] }
  expect(checkDatabase(SOUND)).toEqual([])
  expect(checkDatabase(database(junction(THREE_LEGS), [plan(1, threeLegs)]))).toEqual([])
  expect(checkDatabase(database(junction(STAGES), [plan(1, stages)]))).toEqual([])
})

describe('phases', () => {
  judge([
    [
      'a yellow of 2.9 s is below the floor',
      withTiming(2, { yellowMs: 2_900 }),
      { code: 'TIMING_OUT_OF_RANGE', phase: 2, timing: 'yellowMs', ms: 2_900, leastMs: 3_000, mostMs: 7_000 },
    ],
    ['a yellow of 3.0 s is not', withTiming(2, { yellowMs: 3_000 })],
    ['a yellow of 7.0 s is believed', withTiming(6, { yellowMs: 7_000 })],
    [
      'a yellow of 7.1 s is not',
      withTiming(2, { yellowMs: 7_100 }),
      { code: 'TIMING_OUT_OF_RANGE', timing: 'yellowMs', ms: 7_100 },
    ],
    [
      'a time that is no number is out of every range',
      withTiming(2, { passageMs: Number.NaN }),
      { code: 'TIMING_OUT_OF_RANGE', timing: 'passageMs' },
    ],
    [
      'a negative red clearance',
      withTiming(2, { redClearMs: -1 }),
      { code: 'TIMING_OUT_OF_RANGE', timing: 'redClearMs' },
    ],
    [
      'half a millisecond',
      withTiming(2, { passageMs: 2_000.5 }),
      { code: 'TIMING_NOT_WHOLE_MS', phase: 2, timing: 'passageMs', ms: 2_000.5 },
    ],
    [
      'a maximum below the minimum',
      withTiming(2, { max1Ms: 4_900 }),
      { code: 'MAX_BELOW_MIN_GREEN', phase: 2, max: 1, maxMs: 4_900, minGreenMs: 5_000 },
    ],
    ['the second maximum below the minimum', withTiming(2, { max2Ms: 4_900 }), { code: 'MAX_BELOW_MIN_GREEN', max: 2 }],
    [
      'walk without clearance',
      withTiming(2, { walkMs: 5_000 }),
      { code: 'WALK_AND_CLEARANCE_NOT_BOTH', phase: 2, walkMs: 5_000, pedClearMs: 0 },
    ],
    [
      'pedestrian recall without walk',
      withPhase(2, { pedestrianRecall: true }),
      { code: 'PEDESTRIAN_RECALL_WITHOUT_WALK', phase: 2 },
    ],
    [
      'a ring that does not exist',
      withPhase(2, { ring: ringId(5) }),
      { code: 'RING_NUMBER_INVALID', ring: 5, most: 4 },
      { code: 'SEQUENCE_PHASE_IN_OTHER_RING', phase: 2, ring: 1, ringOfPhase: 5 },
    ],
    [
      'a phase that no head shows',
      site({
        channels: SOUND.intersection.channels.filter(({ source }) => source.kind !== 'vehicle' || source.phase !== 2),
      }),
      { code: 'PHASE_LIGHTS_NOTHING', phase: 2 },
    ],
    [
      'conflicts with a phase that is not there, and with itself',
      site({
        extraConflicts: [
          [phaseId(2), phaseId(9)],
          [phaseId(10), phaseId(4)],
          [phaseId(6), phaseId(6)],
        ],
      }),
      { code: 'CONFLICT_PHASE_UNKNOWN', phase: 9, other: 2 },
      { code: 'CONFLICT_PHASE_UNKNOWN', phase: 10, other: 4 },
      { code: 'CONFLICT_WITH_ITSELF', phase: 6 },
    ],
  ])

  test('phase numbers that bit fields cannot hold, phases twice, barriers beyond the last, and no phases at all', () => {
    const extra: Phase = { ...SOUND.intersection.phases[0]!, id: phaseId(33), barrier: 0 }
    const codes = (of: ControllerDatabase) => checkDatabase(of).map(({ code }) => code)
    expect(codes(site({ phases: [...SOUND.intersection.phases, extra] }))).toEqual(
      expect.arrayContaining(['PHASE_NUMBER_INVALID', 'BARRIER_NUMBER_INVALID', 'SEQUENCE_PHASE_MISSING']),
    )
    expect(codes(site({ phases: [...SOUND.intersection.phases, SOUND.intersection.phases[0]!] }))).toContain(
      'PHASE_TWICE',
    )
    expect(codes(site({ phases: [] }))).toContain('NO_PHASES')
  })
})

describe('sequences', () => {
  judge([
    [
      'an unknown phase in a ring',
      sequence([
        [1, 2, 3, 4, 9],
        [5, 6, 7, 8],
      ]),
      { code: 'SEQUENCE_PHASE_UNKNOWN', sequence: 1, ring: 1, phase: 9 },
    ],
    [
      'a phase twice in its ring',
      sequence([
        [1, 2, 1, 3, 4],
        [5, 6, 7, 8],
      ]),
      { code: 'SEQUENCE_PHASE_TWICE', sequence: 1, ring: 1, phase: 1 },
    ],
    [
      'a phase in the other ring',
      sequence([
        [1, 2, 3],
        [5, 6, 4, 7, 8],
      ]),
      { code: 'SEQUENCE_PHASE_IN_OTHER_RING', ring: 2, phase: 4, ringOfPhase: 1 },
    ],
    [
      'a phase in no ring',
      sequence([
        [1, 2, 3],
        [5, 6, 7, 8],
      ]),
      { code: 'SEQUENCE_PHASE_MISSING', phase: 4 },
    ],
    [
      'a barrier crossed and crossed again',
      sequence([
        [1, 3, 2, 4],
        [5, 6, 7, 8],
      ]),
      { code: 'BARRIER_CROSSED', sequence: 1, ring: 1, phase: 2, barrier: 1, order: [1, 2] },
    ],
    [
      'rings that meet their barriers in different order',
      sequence([
        [1, 2, 3, 4],
        [7, 8, 5, 6],
      ]),
      { code: 'BARRIER_CROSSED', ring: 2, phase: 5, barrier: 1 },
      { code: 'BARRIER_CROSSED', ring: 2, phase: 6 },
    ],
    ['five rings', sequence([[1, 2, 3, 4], [5, 6, 7, 8], [], [], []]), { code: 'TOO_MANY_RINGS', rings: 5, most: 4 }],
    [
      'a sequence number twice',
      site({ sequences: [...SOUND.intersection.sequences, ...SOUND.intersection.sequences] }),
      { code: 'SEQUENCE_TWICE', sequence: 1 },
    ],
    [
      'no sequence',
      site({ sequences: [] }),
      { code: 'NO_SEQUENCES' },
      { code: 'PLAN_SEQUENCE_UNKNOWN', pattern: 1, sequence: 1 },
    ],
  ])
})
