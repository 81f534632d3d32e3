/** Who may move beside whom: phases by ring, barrier and extra conflicts; heads by the phases that light them. */
import { describe, expect, test } from 'vitest'
import { listBits } from '#base/bits.ts'
import { overlapId, phaseId } from '#base/id.ts'
import { channelConflicts, headsConflict, phaseConflicts } from '#signal/conflicts.ts'
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
})

test('a phase that may run beside one phase of an overlap does not conflict with it', () => {
  const site = junction({ ...EIGHT_PHASES, overlaps: { 1: [1, 8] } })
  expect(heads(site)['overlap 1']).toEqual(['phase 2', 'phase 7'])
})

test('a right turn that gives way to a left turn is never green beside it, though its own phase may be', () => {
  const rightTurn = { 1: { kind: 'minusGreenYellow', modifiers: [phaseId(5)] } } as const
  const site = junction({ ...EIGHT_PHASES, overlaps: { 1: [2], 2: [5], 3: [5, 8] }, overlapFacts: rightTurn })
  expect(heads(site)['overlap 1']).toEqual([
    ...['phase 1', 'phase 3', 'phase 4', 'phase 5', 'phase 7', 'phase 8'],
    ...['overlap 2', 'overlap 3'],
  ])
  expect(heads(site)['phase 5']).toEqual(['phase 3', 'phase 4', 'phase 6', 'phase 7', 'phase 8', 'overlap 1'])
  expect(heads(site)['overlap 2']).toContain('overlap 1')
})

test('modifiers that do not take an overlap off do not conflict with it either', () => {
  const named = { 1: { kind: 'normal', modifiers: [phaseId(5)] } } as const
  const site = junction({ ...EIGHT_PHASES, overlaps: { 1: [2] }, overlapFacts: named })
  expect(heads(site)['overlap 1']).not.toContain('phase 5')
})

describe('a left turn under a flashing yellow arrow', () => {
  const facts = { kind: 'flashingYellowArrow', modifiers: [phaseId(1)] } as const
  const other = { kind: 'flashingYellowArrow', modifiers: [phaseId(5)] } as const
  const site = junction({ ...EIGHT_PHASES, overlaps: { 1: [2], 2: [6] }, overlapFacts: { 1: facts, 2: other } })

  test('its green is for the protected phase: the oncoming street has red', () => {
    expect(heads(site)['overlap 1']).toEqual([...['phase 2', 'phase 3', 'phase 4', 'phase 7', 'phase 8']])
  })

  test('it flashes beside the oncoming street and the left turns of both, and beside nobody else', () => {
    expect(heads(site)['flash 1']).toEqual(['phase 1', 'phase 3', 'phase 4', 'phase 7', 'phase 8'])
    expect(heads(site)['flash 2']).toEqual(['phase 3', 'phase 4', 'phase 5', 'phase 7', 'phase 8'])
  })

  test('its two sections are one head', () => {
    const arrow = { kind: 'overlap', overlap: overlapId(1) } as const
    const flash = { kind: 'flashingArrow', overlap: overlapId(1) } as const
    expect(headsConflict(site, arrow, flash)).toBe(false)
    expect(headsConflict(site, arrow, arrow)).toBe(false)
  })
})

test('a crossing that walks with two phases conflicts with what conflicts with both', () => {
  const walk = { timing: { walkMs: 5_000, pedClearMs: 8_000 } }
  const site = junction({
    ...EIGHT_PHASES,
    phases: { 4: walk, 8: walk },
    overlaps: { 1: [4, 8] },
    overlapFacts: { 1: { kind: 'pedestrian' } },
  })
  expect(heads(site)['overlap 1']).toEqual(['phase 1', 'phase 2', 'phase 5', 'phase 6'])
})

test('a head that nothing lights conflicts with nothing, nor does one of an overlap that is not there', () => {
  const site = junction({ ...STAGES, overlaps: { ...STAGES.overlaps, 9: [] } })
  expect(heads(site)['overlap 9']).toEqual([])
  const phase = { kind: 'vehicle', phase: phaseId(1) } as const
  const nowhere = { kind: 'overlap', overlap: overlapId(30) } as const
  expect([headsConflict(site, phase, nowhere), headsConflict(site, nowhere, phase)]).toEqual([false, false])
})

test('the table of a site is made once', () => {
  const site = junction(STAGES)
  expect(phaseConflicts(site)).toBe(phaseConflicts(site))
})
