/** Unit parameters that no controller could follow: each fault is found, and all of them at once. */
import { expect, test } from 'vitest'
import { phaseId } from '#base/id.ts'
import { checkDatabase } from '#signal/check/check-database.ts'
import { PLAIN_UNIT, type UnitParameters } from '#signal/unit.ts'
import { database, EIGHT_PHASES, junction } from '#test/support/junctions.ts'

const faultsOf = (unit: Partial<UnitParameters>) =>
  checkDatabase(
    database(junction({ ...EIGHT_PHASES, extraConflicts: [[1, 6]] }), [], { unit: { ...PLAIN_UNIT, ...unit } }),
  )
const phases = (...numbers: readonly number[]) => numbers.map(phaseId)

test('start phases of one barrier group, one a ring, are sound, and so is a unit of which nothing is said', () => {
  expect(faultsOf({})).toEqual([])
  expect(
    faultsOf({ startPhases: phases(2, 6), flashEntryPhases: phases(4, 8), flashYellowPhases: phases(2, 6) }),
  ).toEqual([])
})

test('phases that must not be green together can neither start nor end nor flash yellow together', () => {
  const conflict = (phase: number, other: number) => ({ code: 'UNIT_PHASES_CONFLICT', phase, other })
  expect(faultsOf({ startPhases: phases(2, 8) })).toEqual([{ ...conflict(8, 2), list: 'startPhases' }])
  expect(faultsOf({ flashEntryPhases: phases(1, 2) })).toEqual([{ ...conflict(2, 1), list: 'flashEntryPhases' }])
  expect(faultsOf({ flashExitPhases: phases(1, 6) })).toEqual([{ ...conflict(6, 1), list: 'flashExitPhases' }])
  expect(faultsOf({ flashYellowPhases: phases(2, 4) })).toEqual([{ ...conflict(4, 2), list: 'flashYellowPhases' }])
})

test('phases that do not exist, or stand twice, are named', () => {
  expect(faultsOf({ startPhases: phases(9), flashExitPhases: phases(2, 2) })).toEqual([
    { code: 'UNIT_PHASE_UNKNOWN', list: 'startPhases', phase: 9 },
    { code: 'UNIT_PHASE_TWICE', list: 'flashExitPhases', phase: 2 },
  ])
})

test.each([-1, 0.5, 255_001])('a time of %d ms is none that a controller keeps', (ms) => {
  for (const time of ['startupFlashMs', 'startAllRedMs', 'minFlashMs'] as const)
    expect(faultsOf({ [time]: ms })).toEqual([{ code: 'UNIT_TIME_INVALID', time, ms, leastMs: 0, mostMs: 255_000 }])
})

test.each([0, 255_000])('a time of %d ms is one', (ms) => {
  expect(faultsOf({ startupFlashMs: ms, startAllRedMs: ms, minFlashMs: ms })).toEqual([])
})
