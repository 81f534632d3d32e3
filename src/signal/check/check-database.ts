/** Everything that makes an intersection or a plan impossible, found before anything runs. */
import { isNumber, twice } from './check-numbers.ts'
import { checkIntergreens } from './check-intergreens.ts'
import { checkLamps } from './check-lamps.ts'
import { checkPhases } from './check-phases.ts'
import { checkPlan } from './check-plan.ts'
import { checkPreempts, checkPriorities } from './check-preempts.ts'
import { checkSchedule } from './check-schedule.ts'
import { checkService } from './check-service.ts'
import { checkSequences } from './check-sequences.ts'
import { checkUnit } from './check-unit.ts'
import { checkWindows } from './check-windows.ts'
import type { ControllerDatabase } from '../database.ts'
import type { DatabaseFault } from './database-fault.ts'

/** NTCIP 1202 patterns: 254 and 255 stand for free and flash. */
const PATTERN_MOST = 253

/** All faults of a database at once, in the order in which a person would mend them; empty for one that a controller can run. */
export function checkDatabase(database: ControllerDatabase): readonly DatabaseFault[] {
  const { intersection, unit, plans, schedule } = database
  const street = [
    ...checkPhases(intersection),
    ...checkService(intersection),
    ...checkSequences(intersection),
    ...checkLamps(intersection),
    ...checkIntergreens(intersection),
  ]
  // Only what is sound otherwise can be laid out.
  const toLayOut = street.length > 0 ? [] : plans.filter((plan) => checkPlan(plan, intersection).length === 0)
  return [
    ...street,
    ...(street.length > 0 ? [] : checkUnit(unit, intersection)),
    ...plans.flatMap(({ pattern }) =>
      isNumber(pattern, PATTERN_MOST) ? [] : [{ code: 'PATTERN_NUMBER_INVALID' as const, pattern, most: PATTERN_MOST }],
    ),
    ...twice(plans.map(({ pattern }) => pattern)).map((pattern) => ({ code: 'PATTERN_TWICE' as const, pattern })),
    ...plans.flatMap((plan) => checkPlan(plan, intersection)),
    ...checkWindows(toLayOut, intersection),
    ...checkPreempts(database),
    ...checkPriorities(database),
    ...checkSchedule(schedule, plans),
  ]
}
