/** Who may move beside whom: phases by ring, barrier and extra conflicts; heads by the phases that light them. */
import { expect, test } from 'vitest'
import { listBits } from '#base/bits.ts'
import { channelConflicts, overlapConflicts, phaseConflicts } from '#signal/conflicts.ts'
import type { Intersection } from '#signal/intersection.ts'
import { EIGHT_PHASES, junction, STAGES } from '#test/support/junctions.ts'

const phases = (site: Intersection) =>
  Object.fromEntries(site.phases.map(({ id }) => [id, listBits(phaseConflicts(site)[id]!)]))

/** Conflicting heads by name, such as `walk 4`. */
function heads(site: Intersection): Record<string, string[]> {
  const names = new Map<number, string>()
  for (const { id, source } of site.channels) {
    const kind = { vehicle: 'phase', pedestrian: 'walk', overlap: 'overlap', flashingArrow: 'flash' }[source.kind]
    names.set(id, `${kind} ${'overlap' in source ? source.overlap : source.phase}`)
  }
  const table = channelConflicts(site)
  return Object.fromEntries(
    [...names].map(([id, name]) => [name, listBits(table[id]!).map((other) => names.get(other)!)]),
  )
}

test('a phase of the eight runs beside those of the other ring on its side of the barrier, and no other', () => {
  expect(phases(junction(EIGHT_PHASES))).toEqual({
    1: [2, 3, 4, 7, 8],
    2: [1, 3, 4, 7, 8],
    3: [1, 2, 4, 5, 6],
    4: [1, 2, 3, 5, 6],
    5: [3, 4, 6, 7, 8],
    6: [3, 4, 5, 7, 8],
    7: [1, 2, 5, 6, 8],
    8: [1, 2, 5, 6, 7],
  })
})

test('an extra conflict forbids a pair both ways', () => {
  const table = phases(junction({ ...EIGHT_PHASES, extraConflicts: [[1, 6]] }))
  expect(table[1]).toEqual([2, 3, 4, 6, 7, 8])
  expect(table[6]).toEqual([1, 3, 4, 5, 7, 8])
})

test('stages of one ring never run together', () => {
  expect(phases(junction(STAGES))).toEqual({ 1: [2, 3, 4], 2: [1, 3, 4], 3: [1, 2, 4], 4: [1, 2, 3] })
})

test('a crossing conflicts with what its phase conflicts with, and not with its own parallel traffic', () => {
  const walk = { timing: { walkMs: 5_000, pedClearMs: 8_000 } }
  const site = junction({ rings: [[[2], [4]]], phases: { 2: walk, 4: walk } })
  expect(heads(site)).toEqual({
    'phase 2': ['phase 4', 'walk 4'],
    'phase 4': ['phase 2', 'walk 2'],
    'walk 2': ['phase 4', 'walk 4'],
    'walk 4': ['phase 2', 'walk 2'],
  })
})

test('an overlap conflicts only with what conflicts with all the phases that light it', () => {
  const site = junction(STAGES)
  expect(heads(site)['overlap 7']).toEqual(['phase 3', 'phase 4', 'overlap 3', 'overlap 4'])
  expect(heads(site)['overlap 1']).toEqual(['phase 2', 'phase 3', 'phase 4', 'overlap 2', 'overlap 3', 'overlap 4'])
  expect(listBits(overlapConflicts(site)[7]!)).toEqual([3, 4])
})

test('a phase that may run beside one phase of an overlap does not conflict with it', () => {
  const site = junction({ ...EIGHT_PHASES, overlaps: { 1: [1, 8] } })
  expect(heads(site)['overlap 1']).toEqual(['phase 2', 'phase 7'])
})

test('a head that nothing lights conflicts with nothing', () => {
  const site = junction({ ...STAGES, overlaps: { ...STAGES.overlaps, 9: [] } })
  expect(heads(site)['overlap 9']).toEqual([])
  expect(overlapConflicts(site)[9]).toBe(0)
})
