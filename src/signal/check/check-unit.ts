/** Unit parameters that name phases which do not exist, or which could not begin, end or flash yellow together. */
import { at } from '#base/at.ts'
import { hasBit } from '#base/bits.ts'
import type { PhaseId } from '#base/id.ts'
import { phaseConflicts } from '../conflicts.ts'
import type { Intersection } from '../intersection.ts'
import type { Phase } from '../phase.ts'
import type { UnitParameters } from '../unit.ts'

/** The lists of phases that unit parameters have. */
export type UnitPhases = 'startPhases' | 'flashEntryPhases' | 'flashExitPhases' | 'flashYellowPhases'
export type UnitTime = 'startupFlashMs' | 'startAllRedMs' | 'minFlashMs'

export type UnitFault =
  | {
      readonly code: 'UNIT_TIME_INVALID'
      readonly time: UnitTime
      readonly ms: number
      readonly leastMs: number
      readonly mostMs: number
    }
  | { readonly code: 'UNIT_PHASE_UNKNOWN'; readonly list: UnitPhases; readonly phase: number }
  | { readonly code: 'UNIT_PHASE_TWICE'; readonly list: UnitPhases; readonly phase: number }
  /** Start, entry and exit phases are green together, and drivers may cross while two streets flash yellow. */
  | {
      readonly code: 'UNIT_PHASES_CONFLICT'
      readonly list: UnitPhases
      readonly phase: number
      readonly other: number
    }

const LISTS = ['startPhases', 'flashEntryPhases', 'flashExitPhases', 'flashYellowPhases'] as const
const TIMES = ['startupFlashMs', 'startAllRedMs', 'minFlashMs'] as const

/** NTCIP 1202 2.4 keeps unitStartUpFlash and its like in one octet of seconds. */
const TIME_MOST_MS = 255_000

export function checkUnit(unit: UnitParameters, intersection: Intersection): UnitFault[] {
  return [
    ...TIMES.flatMap((time) => [...checkTime(time, unit[time])]),
    ...LISTS.flatMap((list) => [...checkList(list, unit[list], intersection)]),
  ]
}

function* checkTime(time: UnitTime, ms: number): Generator<UnitFault> {
  if (!Number.isInteger(ms) || ms < 0 || ms > TIME_MOST_MS)
    yield { code: 'UNIT_TIME_INVALID', time, ms, leastMs: 0, mostMs: TIME_MOST_MS }
}

function* checkList(list: UnitPhases, phases: readonly PhaseId[], intersection: Intersection): Generator<UnitFault> {
  const conflicts = phaseConflicts(intersection)
  const before: Phase[] = []
  for (const id of phases) {
    const phase = intersection.phases.find((known) => known.id === id)
    if (phase === undefined) yield { code: 'UNIT_PHASE_UNKNOWN', list, phase: id }
    else if (before.includes(phase)) yield { code: 'UNIT_PHASE_TWICE', list, phase: id }
    else {
      const other = before.find((earlier) => hasBit(at(conflicts, id), earlier.id))
      if (other !== undefined) yield { code: 'UNIT_PHASES_CONFLICT', list, phase: id, other: other.id }
      before.push(phase)
    }
  }
}
