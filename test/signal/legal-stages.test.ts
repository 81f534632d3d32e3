/** Which stages an intersection has, and what must end on the way from one to another. */
import { describe, expect, test } from 'vitest'
import { bitsOf } from '#base/bits.ts'
import { phaseId } from '#base/id.ts'
import { changeTimeMs, greensToEnd, legalStages, phasesPassed } from '#signal/legal-stages.ts'
import { EIGHT_PHASES, junction, STAGES, THREE_LEGS, type JunctionFacts } from '#test/support/junctions.ts'

const stagesOf = (facts: JunctionFacts, omitted: readonly number[] = []) =>
  legalStages(junction(facts), bitsOf(omitted))

describe('legal stages', () => {
  test.each<[string, JunctionFacts, number[], number[][]]>([
    ['each phase of a ring of stages is one', STAGES, [], [[1], [2], [3], [4]]],
    [
      'two rings pair up inside their barrier groups',
      EIGHT_PHASES,
      [],
      [
        [1, 5],
        [2, 5],
        [1, 6],
        [2, 6],
        [3, 7],
        [4, 7],
        [3, 8],
        [4, 8],
      ],
    ],
    ['a ring that has nothing in a group leaves the other alone', THREE_LEGS, [], [[4], [1, 6], [2, 6]]],
    ['what the plan leaves out is in none', STAGES, [2], [[1], [3], [4]]],
    ['where it leaves out a partner, the other stands alone', THREE_LEGS, [6], [[1], [2], [4]]],
    ['a plan that leaves out everything leaves none', STAGES, [1, 2, 3, 4], []],
    [
      'a pair that must not run together is no stage',
      { ...EIGHT_PHASES, extraConflicts: [[1, 6]] },
      [3, 4, 7, 8],
      [
        [1, 5],
        [2, 5],
        [2, 6],
      ],
    ],
  ])('%s', (_, facts, omitted, stages) => {
    expect(stagesOf(facts, omitted)).toEqual(stages.map((phases) => bitsOf(phases)).toSorted((a, b) => a - b))
  })

  test('are found once, for the same plan of the same intersection', () => {
    const intersection = junction(EIGHT_PHASES)
    expect(legalStages(intersection, 0)).toBe(legalStages(intersection, 0))
    expect(legalStages(intersection, 1)).not.toBe(legalStages(intersection, 0))
  })
})

describe('greens that must end', () => {
  test.each<[string, JunctionFacts, number[], number[], number[]]>([
    ['none, where the stage is green', EIGHT_PHASES, [2, 6], [2, 6], []],
    ['the one before it, where the ring goes on', EIGHT_PHASES, [1, 5], [2, 5], [1]],
    ['both, across the barrier', EIGHT_PHASES, [2, 6], [4, 8], [2, 6]],
    ['both, where one ring has to make a lap', EIGHT_PHASES, [2, 6], [1, 6], [2, 6]],
    ['the only one of a ring of stages, forward', STAGES, [1], [3], [1]],
    ['and back', STAGES, [3], [2], [3]],
    ['none, where all is red', STAGES, [], [2], []],
    ['a green that crosses the barrier alone', THREE_LEGS, [6], [4], [6]],
    ['only what stands in the way, where a ring rests', EIGHT_PHASES, [5], [2, 5], []],
  ])('%s', (_, facts, greens, stage, ending) => {
    expect(greensToEnd(junction(facts), bitsOf(greens), bitsOf(stage))).toBe(bitsOf(ending))
  })
})

describe('phases that have their turn on the way', () => {
  const THREE_GROUPS: JunctionFacts = { rings: [[[1, 2], [3], [4]]] }

  test.each<[string, JunctionFacts, number[], number[], number[]]>([
    ['none, where the ring goes on to the next', EIGHT_PHASES, [1, 5], [2, 5], []],
    ['none, where both do', EIGHT_PHASES, [1, 5], [2, 6], []],
    ['whoever still follows, before the barrier', EIGHT_PHASES, [1, 5], [3, 7], [2, 6]],
    ['whoever stands before the stage, behind the barrier', EIGHT_PHASES, [2, 6], [4, 7], [3]],
    ['the other group, for one that is behind', EIGHT_PHASES, [2, 6], [1, 5], [3, 4, 7, 8]],
    ['and whoever still follows, and stands before it', EIGHT_PHASES, [1, 6], [2, 5], [1, 2, 3, 4, 7, 8]],
    ['those between, in a ring of stages', STAGES, [1], [4], [2, 3]],
    ['those at the end of the ring, on the way back', STAGES, [2], [1], [3, 4]],
    ['the groups between, where there are more than two', THREE_GROUPS, [1], [4], [2, 3]],
    ['and on the way on from there', THREE_GROUPS, [4], [2], [1]],
    ['none, where all is red', STAGES, [], [1], []],
    ['none, where the stage is green', EIGHT_PHASES, [2, 6], [2, 6], []],
  ])('%s', (_, facts, greens, stage, passed) => {
    expect(phasesPassed(junction(facts), bitsOf(greens), bitsOf(stage))).toBe(bitsOf(passed))
  })
})

describe('a change without anybody served on the way takes', () => {
  const head = (phase: number) => ({ kind: 'vehicle', phase: phaseId(phase) }) as const
  const late = (ms: number) => [{ from: head(1), to: head(3), ms }]

  test.each<[string, JunctionFacts, number[], number[], number]>([
    ['yellow and red clearance', STAGES, [1], [2], 4_000],
    ['no time, where nothing ends', EIGHT_PHASES, [5], [2, 5], 0],
    ['the longest of the greens that end', longer(2, 5_000), [2, 6], [4, 8], 6_000],
    ['not that of one that stays', longer(5, 5_000), [1, 5], [2, 5], 4_000],
    ['red and amber, too', { ...STAGES, phases: { 2: { timing: { redAmberMs: 1_000 } } } }, [1], [2], 5_000],
    ['an intergreen that is longer', { ...STAGES, intergreens: late(6_500) }, [1], [3], 6_500],
    ['no intergreen of others', { ...STAGES, intergreens: late(6_500) }, [2], [3], 4_000],
  ])('%s', (_, facts, greens, stage, timeMs) => {
    expect(changeTimeMs(junction(facts), bitsOf(greens), bitsOf(stage))).toBe(timeMs)
  })

  function longer(phase: number, yellowMs: number): JunctionFacts {
    return { ...EIGHT_PHASES, phases: { ...EIGHT_PHASES.phases, [phase]: { timing: { yellowMs } } } }
  }
})
