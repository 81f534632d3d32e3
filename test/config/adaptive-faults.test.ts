/** Bounds on strategies that choose stages, in `plans.yaml`: what is built of them, and each fault planted with its exact sentence. */
import { describe, expect, test } from 'vitest'
import { patternId, phaseId } from '#base/id.ts'
import { FREE_LIMITS } from '#signal/adaptive-limits.ts'
import { loadCopy, loadEdited, HAMADAN, plant, type Loaded } from './planted.ts'

const DAY = { find: '4: 30, 5: 16, 6: 34 } }', write: '4: 30, 5: 16, 6: 34 }, adaptive: ' }

/** The plan `day` of the one crossing with this block. */
const withBlock = (block: string): Promise<Loaded> =>
  loadEdited('plans.yaml', plant(DAY.find, `${DAY.write}${block} }`))

const PLACE = 'village/plans.yaml day.V-1.adaptive'

// Phase 1 and 5 need 5 + 3.5 + 2.5 s, phases 2 and 6 three more, phase 4 14.9 s and its people 7 + 10 + 3.5 + 3.4.
describe('refused is', () => {
  test.each<[what: string, block: string, code: string, says: string]>([
    [
      'a split of a phase that is not there',
      '{ splits: { 8: { least_s: 20 } } }',
      'ADAPTIVE_PHASE_UNKNOWN',
      `${PLACE}.splits.8: V-1 has no phase 8. Remove the row.`,
    ],
    [
      'a weight of a phase that is not there',
      '{ weights: { 3: 2 } }',
      'ADAPTIVE_PHASE_UNKNOWN',
      `${PLACE}.weights.3: V-1 has no phase 3. Remove the row.`,
    ],
    [
      'a shortest split above the longest',
      '{ splits: { 2: { least_s: 30.1, most_s: 30 } } }',
      'ADAPTIVE_LEAST_ABOVE_MOST',
      `${PLACE}.splits.2.least_s: 30.1 is above most_s 30. Lower it, or raise most_s.`,
    ],
    [
      'a shortest cycle above the longest',
      '{ cycle_least_s: 90.1, cycle_most_s: 90 }',
      'ADAPTIVE_LEAST_ABOVE_MOST',
      `${PLACE}.cycle_least_s: 90.1 is above cycle_most_s 90. Lower it, or raise cycle_most_s.`,
    ],
    [
      'a shortest split that is shorter than minimum green, yellow and red clearance',
      '{ splits: { 4: { least_s: 14.8 } } }',
      'ADAPTIVE_SPLIT_TOO_SHORT',
      `${PLACE}.splits.4.least_s: 14.8 is below the 14.9 that the minimum green and the change need. Raise it.`,
    ],
    [
      'a longest split that is shorter than minimum green, yellow and red clearance',
      '{ splits: { 1: { most_s: 10.9 } } }',
      'ADAPTIVE_SPLIT_TOO_SHORT',
      `${PLACE}.splits.1.most_s: 10.9 is below the 11 that the minimum green and the change need. Raise it.`,
    ],
    [
      'a longest split that does not hold the people of the phase',
      '{ splits: { 4: { most_s: 23.8 } } }',
      'ADAPTIVE_SPLIT_TOO_SHORT',
      `${PLACE}.splits.4.most_s: 23.8 is below the 23.9 that the people who cross with the phase and the change need. Raise it.`,
    ],
    [
      'a longest cycle that is shorter than a lap of the shortest splits',
      '{ cycle_most_s: 39.8 }',
      'ADAPTIVE_CYCLE_TOO_SHORT',
      `${PLACE}.cycle_most_s: 39.8 is below the 39.9 of a lap in which each phase has its shortest split: no move would be left. Raise it, or lower a least_s.`,
    ],
    [
      'a longest cycle that is shorter than a lap of the shortest splits that the engineer sets',
      '{ cycle_most_s: 54.8, splits: { 5: { least_s: 26 } } }',
      'ADAPTIVE_CYCLE_TOO_SHORT',
      `${PLACE}.cycle_most_s: 54.8 is below the 54.9 of a lap in which each phase has its shortest split: no move would be left. Raise it, or lower a least_s.`,
    ],
    [
      'a shortest cycle that the longest splits do not fill',
      '{ cycle_least_s: 70.1, splits: { 1: { most_s: 15 }, 2: { most_s: 20 }, 4: { most_s: 30 }, 5: { most_s: 20 }, 6: { most_s: 20 } } }',
      'ADAPTIVE_CYCLE_TOO_LONG',
      `${PLACE}.cycle_least_s: 70.1 is above the 70 of a lap in which each phase has its most_s: no move would be left. Lower it, or raise a most_s.`,
    ],
    ['a weight of nothing', '{ weights: { 2: 0 } }', 'OUT_OF_RANGE', `${PLACE}.weights.2: 0 must be > 0. Correct it.`],
    [
      'a bus that counts for less than nothing',
      '{ transit_weight: -1 }',
      'OUT_OF_RANGE',
      `${PLACE}.transit_weight: -1 must be > 0. Correct it.`,
    ],
    [
      'people without end',
      '{ pedestrian_weight: 1001 }',
      'OUT_OF_RANGE',
      `${PLACE}.pedestrian_weight: 1001 must be <= 1000. Correct it.`,
    ],
    [
      'an order that is not known',
      '{ order: cyclic }',
      'NOT_ALLOWED',
      `${PLACE}.order: "cyclic" is not allowed. Known: free, fixed.`,
    ],
  ])('%s', async (_, block, code, says) => {
    const loaded = await withBlock(block)
    expect(loaded.ok ? [] : loaded.fault.map(({ code: each, message }) => [each, message])).toEqual([[code, says]])
  })

  test.each(['splits: { 1: { least_s: 12 } }', 'weights: { 1: 2 }'])(
    'of a phase that the plan omits: %s',
    async (row) => {
      const loaded = await withBlock(`{ ${row} }, split_modes: { 1: omitted }`)
      const told = loaded.ok ? [] : loaded.fault.map(({ code }) => code)
      expect(told).toContain('ADAPTIVE_PHASE_OMITTED')
      expect(told).not.toContain('ADAPTIVE_PHASE_UNKNOWN')
    },
  )
})

describe('allowed is, to the last tenth of a second,', () => {
  test.each([
    ['nothing at all', '{}'],
    ['a split that is bounded from both sides at once', '{ splits: { 2: { least_s: 30, most_s: 30 } } }'],
    ['a shortest split of minimum green and change', '{ splits: { 4: { least_s: 14.9 } } }'],
    ['a longest split that just holds the people', '{ splits: { 4: { most_s: 23.9 } } }'],
    ['a longest split of minimum green and change where nobody walks', '{ splits: { 1: { most_s: 11 } } }'],
    ['a cycle that is bounded from both sides at once', '{ cycle_least_s: 90, cycle_most_s: 90 }'],
    ['a longest cycle of one lap', '{ cycle_most_s: 39.9 }'],
    ['a longest cycle of one lap with longer splits', '{ cycle_most_s: 54.9, splits: { 5: { least_s: 26 } } }'],
    ['a shortest cycle that some phase fills without a bound', '{ cycle_least_s: 255, splits: { 1: { most_s: 11 } } }'],
  ])('%s', async (_, block) => {
    expect(await withBlock(block)).toMatchObject({ ok: true })
  })
})

test('every word is in its place, and the controller knows nothing of it', async () => {
  const block = `{
      allowed: false, order: fixed, cycle_least_s: 60, cycle_most_s: 120.5, splits: { 2: { least_s: 20 }, 4: { most_s: 40 } },
      weights: { 4: 1.5 }, pedestrian_weight: 3, transit_weight: 30 }`
  const [plain, bounded] = await Promise.all([withBlock('{}'), withBlock(block)])
  if (!plain.ok || !bounded.ok) throw new Error('both must load')
  const [before, after] = [plain.value.intersections[0]!, bounded.value.intersections[0]!]
  expect(before.adaptiveLimits).toEqual(new Map([[1, FREE_LIMITS]]))
  expect(after.adaptiveLimits.get(patternId(1))).toEqual({
    allowed: false,
    order: 'fixed',
    cycleLeastMs: 60_000,
    cycleMostMs: 120_500,
    splitsMs: new Map([
      [phaseId(2), { leastMs: 20_000, mostMs: null }],
      [phaseId(4), { leastMs: null, mostMs: 40_000 }],
    ]),
    weights: new Map([[phaseId(4), 1.5]]),
    pedestrianWeight: 3,
    transitWeight: 30,
  })
  expect(after.adaptiveLimits.has(patternId(2))).toBe(false)
  expect(after.database).toEqual(before.database)
  expect(after.limits.configurationHash).toBe(before.limits.configurationHash)
})

test('the shipped city bounds the crossing of the schools in the morning, and nothing else', async () => {
  const site = await loadCopy(HAMADAN, {})
  const bounded = site.ok ? site.value.intersections.filter(({ adaptiveLimits }) => adaptiveLimits.size > 0) : []
  expect(bounded.map(({ database, adaptiveLimits }) => [database.intersection.id, [...adaptiveLimits.keys()]])).toEqual(
    [['IX-10', [2]]],
  )
})
