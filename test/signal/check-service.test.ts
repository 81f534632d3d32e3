/** Service that no phase could have, intergreens that nobody would keep, and splits that cannot hold them. */
import { expect, test } from 'vitest'
import { overlapId, phaseId } from '#base/id.ts'
import { checkDatabase } from '#signal/check/check-database.ts'
import type { HeadSource, Intergreen, Overlap } from '#signal/heads.ts'
import {
  database,
  EIGHT_PHASES,
  junction,
  plan,
  preempt,
  STAGES,
  TWO_PHASES,
  type JunctionFacts,
} from '#test/support/junctions.ts'

const phase = (number: number): HeadSource => ({ kind: 'vehicle', phase: phaseId(number) })
const walk = (number: number): HeadSource => ({ kind: 'pedestrian', phase: phaseId(number) })
const overlap = (number: number): HeadSource => ({ kind: 'overlap', overlap: overlapId(number) })
const flash = (number: number): HeadSource => ({ kind: 'flashingArrow', overlap: overlapId(number) })
const between = (from: HeadSource, to: HeadSource, ms: number): Intergreen => ({ from, to, ms })
const faults = (facts: JunctionFacts) => checkDatabase(database(junction(facts)))
const crossing = (facts: Partial<JunctionFacts>): JunctionFacts => ({ ...EIGHT_PHASES, ...facts })
const WALKS = { timing: { walkMs: 5_000, pedClearMs: 7_000 } }

test('a phase rests in red or under recall, not both', () => {
  const recalled = (facts: object) => faults({ ...TWO_PHASES, phases: { 2: { rest: 'red', ...facts } } })
  expect(recalled({})).toEqual([])
  for (const recall of ['minimum', 'maximum', 'soft'] as const)
    expect(recalled({ recall })).toEqual([{ code: 'REST_IN_RED_UNDER_RECALL', phase: 2, recall }])
  expect(recalled({ ...WALKS, pedestrianRecall: true })).toEqual([
    { code: 'REST_IN_RED_UNDER_RECALL', phase: 2, recall: 'pedestrian' },
  ])
})

test('conditional service takes another phase of the ring and another ring beside them', () => {
  const conditional = { 1: { conditionalService: true } }
  const alone = [{ code: 'CONDITIONAL_SERVICE_ALONE', phase: 1, barrier: 1 }]
  expect(faults(crossing({ phases: conditional }))).toEqual([])
  expect(faults({ rings: [[[1, 2]]], phases: conditional })).toEqual(alone)
  expect(faults({ rings: [[[1]], [[2]]], phases: conditional })).toEqual(alone)
})

test('a sequence has a number from 1 to 16', () => {
  const site = junction(EIGHT_PHASES)
  const numbered = (number: number) => ({ ...site, sequences: site.sequences.map((each) => ({ ...each, number })) })
  expect(checkDatabase(database(numbered(16)))).toEqual([])
  for (const sequence of [0, 17, 1.5])
    expect(checkDatabase(database(numbered(sequence)))).toEqual([
      { code: 'SEQUENCE_NUMBER_INVALID', sequence, most: 16 },
    ])
})

test('an intergreen stands between two heads that are there, once', () => {
  const known = between(phase(2), phase(4), 5_000)
  expect(faults(crossing({ intergreens: [known] }))).toEqual([])
  expect(faults(crossing({ intergreens: [known, known] }))).toEqual([
    { code: 'INTERGREEN_TWICE', from: phase(2), to: phase(4) },
  ])
  for (const head of [phase(9), walk(4), overlap(1), flash(1)]) {
    const unknown = [{ code: 'INTERGREEN_HEAD_UNKNOWN', from: phase(2), to: head, head }]
    expect(faults(crossing({ intergreens: [between(phase(2), head, 5_000)] }))).toEqual(unknown)
  }
})

test('an overlap that does not flash has no flashing arrow to wait for', () => {
  const intergreens = [between(flash(1), phase(4), 5_000)]
  expect(faults(crossing({ overlaps: { 1: [2] }, intergreens }))).toEqual([
    { code: 'INTERGREEN_HEAD_UNKNOWN', from: flash(1), to: phase(4), head: flash(1) },
  ])
})

test('between heads that may be green together there is no intergreen', () => {
  const apart = (from: HeadSource, to: HeadSource, facts: Partial<JunctionFacts> = {}) =>
    faults(crossing({ phases: { 2: WALKS }, intergreens: [between(from, to, 5_000)], ...facts })).map(
      ({ code }) => code,
    )
  expect(apart(phase(2), phase(6))).toEqual(['INTERGREEN_WITHOUT_CONFLICT'])
  expect(apart(phase(2), phase(6), { extraConflicts: [[2, 6]] })).toEqual([])
  expect(apart(phase(2), walk(2))).toEqual(['INTERGREEN_WITHOUT_CONFLICT'])
  expect(apart(phase(1), phase(2))).toEqual([])
})

test('an arrow that flashes until its own protected phase begins is not waited for by that one', () => {
  const arrow = {
    overlaps: { 1: [6] },
    overlapFacts: { 1: { kind: 'flashingYellowArrow', modifiers: [phaseId(4)] } },
  } as const
  const codes = (to: HeadSource) =>
    faults(crossing({ ...arrow, intergreens: [between(flash(1), to, 5_000)] })).map(({ code }) => code)
  expect(codes(phase(4))).toEqual(['INTERGREEN_WITHOUT_CONFLICT'])
  expect(codes(phase(8))).toEqual([])
})

test('an intergreen lasts from nothing to half a minute, in whole milliseconds', () => {
  const lasting = (ms: number) => faults(crossing({ intergreens: [between(phase(2), phase(4), ms)] }))
  expect([...lasting(0), ...lasting(30_000)]).toEqual([])
  for (const ms of [-1, 30_001, 0.5])
    expect(lasting(ms)).toEqual([
      { code: 'INTERGREEN_OUT_OF_RANGE', from: phase(2), to: phase(4), ms, leastMs: 0, mostMs: 30_000 },
    ])
})

test('phases that have no number of a controller are told, and not asked for their conflicts', () => {
  const intergreens = [between(phase(33), phase(4), 5_000)]
  const codes = faults({ rings: [[[33], [4]]], intergreens }).map(({ code }) => code)
  expect(codes).toContain('PHASE_NUMBER_INVALID')
  expect(codes).not.toContain('INTERGREEN_WITHOUT_CONFLICT')
})

test('whoever names a phase of no number is told so, beside preempts and intergreens that ask who conflicts', () => {
  const codes = (facts: Partial<JunctionFacts>) =>
    checkDatabase(
      database(junction({ ...TWO_PHASES, intergreens: [between(phase(2), phase(4), 5_000)], ...facts }), [], {
        preempts: [preempt(1, { dwell: { phases: [2] } })],
      }),
    ).map(({ code }) => code)
  expect(codes({ rings: [[[2, 33], [4]]] })).toContain('PHASE_NUMBER_INVALID')
  expect(codes({ extraConflicts: [[2, 99]] })).toEqual(['CONFLICT_PHASE_UNKNOWN'])
  const intergreens = [between(overlap(1), phase(4), 5_000)]
  expect(codes({ overlaps: { 1: [2, 500] }, intergreens })).toEqual(['OVERLAP_PHASE_UNKNOWN'])
})

test('a split holds what an intergreen makes its phase begin late, where it follows at once', () => {
  const streets = (splitS: number, intergreens: readonly Intergreen[]) =>
    checkDatabase(
      database(junction({ ...TWO_PHASES, intergreens }), [
        plan(1, { cycleS: 40, splitsS: { 2: 40 - splitS, 4: splitS }, coordinated: [2] }),
      ]),
    )
  const late = [between(phase(2), phase(4), 7_000)]
  expect(streets(12, late)).toEqual([])
  expect(streets(11.9, late)).toEqual([
    {
      code: 'SPLIT_BELOW_INTERGREEN',
      pattern: 1,
      phase: 4,
      after: 2,
      splitMs: 11_900,
      neededMs: 12_000,
      lateMs: 3_000,
    },
  ])
  expect(streets(9, [between(phase(2), phase(4), 4_000)])).toEqual([])
})

test('the split of a stage that comes later need not hold it, nor that of one which the plan omits', () => {
  const square = (facts: Parameters<typeof plan>[1]) =>
    checkDatabase(
      database(junction({ ...STAGES, intergreens: [between(overlap(1), overlap(3), 15_000)] }), [plan(1, facts)]),
    )
  const splitsS = { 1: 20, 2: 11, 3: 9, 4: 20 }
  expect(square({ cycleS: 60, splitsS, coordinated: [1] })).toEqual([])
  expect(square({ cycleS: 60, splitsS: { ...splitsS, 2: 10, 4: 21 }, coordinated: [1] })).toMatchObject([
    { code: 'SPLIT_BELOW_INTERGREEN', phase: 3, after: 1, lateMs: 11_000, neededMs: 10_000 },
  ])
  const omitted = { splitsS: { 1: 20, 2: 10, 3: 0, 4: 30 }, modes: { 3: 'omitted' } } as const
  expect(square({ cycleS: 60, ...omitted, coordinated: [1] })).toEqual([])
})

test('a split holds what an overlap outlasts the phase before by, and what a modifier waits for', () => {
  const streets = (splitS: number, facts: Partial<Overlap>) =>
    checkDatabase(
      database(junction({ ...TWO_PHASES, overlaps: { 1: [2] }, overlapFacts: { 1: facts } }), [
        plan(1, { cycleS: 40, splitsS: { 2: 40 - splitS, 4: splitS }, coordinated: [2] }),
      ]),
    )
  const late = { code: 'SPLIT_BELOW_OVERLAP', pattern: 1, phase: 4, after: 2, overlap: 1 }
  expect(streets(15, { trailingGreenMs: 6_000 })).toEqual([])
  expect(streets(14.9, { trailingGreenMs: 6_000 })).toEqual([
    { ...late, splitMs: 14_900, neededMs: 15_000, lateMs: 6_000 },
  ])
  const clears = { trailingYellowMs: 5_000, trailingRedMs: 2_000 }
  expect(streets(12, clears)).toEqual([])
  expect(streets(11.9, clears)).toEqual([{ ...late, splitMs: 11_900, neededMs: 12_000, lateMs: 3_000 }])

  const leftBarred = (splitS: number) =>
    checkDatabase(
      database(
        junction({
          rings: [[[2, 1], [4]], [[6]]],
          overlaps: { 1: [6] },
          overlapFacts: { 1: { kind: 'minusGreenYellow', modifiers: [phaseId(1)], trailingGreenMs: 4_000 } },
        }),
        [plan(1, { cycleS: 60, splitsS: { 1: splitS, 2: 40 - splitS, 4: 20, 6: 40 }, coordinated: [2] })],
      ),
    )
  expect(leftBarred(13)).toEqual([])
  expect(leftBarred(12.9)).toMatchObject([{ ...late, phase: 1, lateMs: 4_000, neededMs: 13_000 }])
})

test('no split is asked to hold what its phase does not wait for: an arrow that begins to flash late', () => {
  const facts: JunctionFacts = {
    rings: [[[1, 2], [4]], [[6]]],
    overlaps: { 1: [6] },
    overlapFacts: { 1: { kind: 'flashingYellowArrow', modifiers: [phaseId(1)] } },
    intergreens: [between(phase(4), flash(1), 9_000)],
  }
  const main = { cycleS: 40, splitsS: { 1: 9, 2: 20, 4: 11, 6: 29 }, coordinated: [2] }
  expect(checkDatabase(database(junction(facts), [plan(1, main)]))).toEqual([])
  const intergreens = [between(phase(4), phase(1), 9_000)]
  expect(checkDatabase(database(junction({ ...facts, intergreens }), [plan(1, main)]))).toMatchObject([
    { code: 'SPLIT_BELOW_INTERGREEN', phase: 1, after: 4, lateMs: 5_000 },
  ])
})

test('a crossing that clears in the yellow is waited for from the end of the yellow', () => {
  const codes = (pedClearInYellow: boolean) =>
    checkDatabase(
      database(
        junction({
          ...TWO_PHASES,
          phases: { 2: { pedClearInYellow, timing: { walkMs: 5_000, pedClearMs: 8_000 } } },
          intergreens: [between(walk(2), phase(4), 4_000)],
        }),
        [plan(1, { cycleS: 40, splitsS: { 2: 30, 4: 10 }, coordinated: [2] })],
      ),
    )
  expect(codes(false)).toEqual([])
  expect(codes(true)).toMatchObject([{ code: 'SPLIT_BELOW_INTERGREEN', phase: 4, after: 2, lateMs: 3_000 }])
})
