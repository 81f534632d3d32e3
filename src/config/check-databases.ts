/** Lets `signal` check what each controller is to run, and tells its faults in the terms of the files. */
import { checkDatabase } from '#signal/check/check-database.ts'
import type { DatabaseFault } from '#signal/check/database-fault.ts'
import type { Junction } from './build-site.ts'
import type { ConfigFault } from './config-fault.ts'
import { OVERLAP_EXPLANATIONS } from './explain-overlaps.ts'
import { type Explained, type Explanations, type Origin } from './explain.ts'
import { DATE_EXPLANATIONS } from './explain-dates.ts'
import { INTERGREEN_EXPLANATIONS } from './explain-intergreens.ts'
import { PHASE_EXPLANATIONS } from './explain-phases.ts'
import {
  APPROACH_EXPLANATIONS,
  CHANNEL_EXPLANATIONS,
  DETECTOR_EXPLANATIONS,
  SEQUENCE_EXPLANATIONS,
} from './explain-street.ts'
import { PREEMPT_EXPLANATIONS, PRIORITY_EXPLANATIONS } from './explain-preempts.ts'
import { PLAN_EXPLANATIONS } from './explain-plans.ts'
import { SCHEDULE_EXPLANATIONS } from './explain-times.ts'
import { UNIT_EXPLANATIONS } from './explain-unit.ts'
import type { SiteFiles } from './site-files.ts'

const EXPLANATIONS: Explanations<DatabaseFault> = {
  ...PHASE_EXPLANATIONS,
  ...SEQUENCE_EXPLANATIONS,
  ...OVERLAP_EXPLANATIONS,
  ...CHANNEL_EXPLANATIONS,
  ...APPROACH_EXPLANATIONS,
  ...DETECTOR_EXPLANATIONS,
  ...INTERGREEN_EXPLANATIONS,
  ...PLAN_EXPLANATIONS,
  ...PREEMPT_EXPLANATIONS,
  ...PRIORITY_EXPLANATIONS,
  ...SCHEDULE_EXPLANATIONS,
  ...DATE_EXPLANATIONS,
  ...UNIT_EXPLANATIONS,
}

/** A fault of the city's own week or numbers shows in every intersection, and is told once. */
export function checkDatabases(junctions: readonly Junction[], files: SiteFiles): ConfigFault[] {
  const told = new Map<string, ConfigFault>()
  for (const { id, database } of junctions)
    for (const fault of checkDatabase(database)) {
      const explained = explain(fault, { id, files })
      if (explained === null) continue
      const placed = files.at[explained.file](fault.code, explained.path, explained.says)
      told.set(placed.message, placed)
    }
  return [...told.values()]
}

function explain<F extends DatabaseFault>(fault: F, origin: Origin): Explained {
  // Each code has the explanation of its own fault; the compiler cannot follow that through the union.
  const explanation = EXPLANATIONS[fault.code] as (fault: F, origin: Origin) => Explained
  return explanation(fault, origin)
}
