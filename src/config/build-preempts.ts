/** Makes preempts and transit priority from their rows in `network.yaml`. */
import { bitsOf, type Bits } from '#base/bits.ts'
import { patternId, phaseId, type PatternId } from '#base/id.ts'
import type { Preempt, PriorityStrategy } from '#signal/preempt.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'
import { numberedRows, toMs } from './fields.ts'
import type { PreemptRow, PriorityRow } from './preempt-rows.ts'
import { FREE } from './schedule-file.ts'

/** What stands for a plan that `site.yaml` does not have; the check of the database finds it. */
const NO_PATTERN = patternId(0)
/** A bus needs less than two minutes from its check-in to the stop line, even in a queue. */
const PRESENCE_S = 120

type Numbers = Readonly<Record<string, number>>
type Rows<Row> = Readonly<Record<string, Row>> | undefined

/** `patterns`: numbers of plans by name. */
export function buildPreempts(rows: Rows<PreemptRow>, patterns: Numbers): Preempt[] {
  return numberedRows(rows ?? {}).map(([number, row]) => ({
    number,
    name: row.name,
    priority: row.priority ?? number,
    locking: row.locking ?? false,
    delayMs: toMs(row.delay_s ?? 0),
    minimumDurationMs: toMs(row.min_duration_s ?? 0),
    maximumPresenceMs: toMs(row.max_presence_s ?? 0),
    lockoutMs: toMs(row.lockout_s ?? 0),
    entry: { minGreenMs: toMs(row.entry.min_green_s), minWalkMs: toMs(row.entry.min_walk_s) },
    track: row.track === undefined ? null : { phases: row.track.phases.map(phaseId), greenMs: toMs(row.track.green_s) },
    dwell: {
      phases: row.dwell.phases.map(phaseId),
      minGreenMs: toMs(row.dwell.min_green_s),
      walks: row.dwell.walks ?? false,
    },
    exitPhases: (row.exit_phases ?? []).map(phaseId),
    exitPattern: row.exit_plan === undefined ? null : patternOf(row.exit_plan, patterns),
    link: row.link ?? null,
  }))
}

export function buildPriorities(rows: Rows<PriorityRow>): PriorityStrategy[] {
  return numberedRows(rows ?? {}).map(([number, row]) => ({
    number,
    name: row.name,
    phases: row.phases.map(phaseId),
    maxExtensionMs: toMs(row.max_extension_s ?? 0),
    maxReductionMs: toMs(row.max_reduction_s ?? 0),
    reserviceCycles: row.reservice_cycles ?? 0,
    leastLatenessS: row.least_lateness_s ?? 0,
    maximumPresenceMs: toMs(row.max_presence_s ?? PRESENCE_S),
  }))
}

/** The numbers that supervision may call, each of them by an explicit word of the site. */
export function callable(rows: Rows<{ readonly supervision_may_call?: boolean }>): Bits {
  return bitsOf(numberedRows(rows ?? {}).flatMap(([number, row]) => (row.supervision_may_call ? [number] : [])))
}

const patternOf = (plan: string, patterns: Numbers): PatternId => {
  const number = patterns[plan]
  if (plan === FREE) return PATTERN_FREE
  return number === undefined ? NO_PATTERN : patternId(number)
}
