/** Makes the bounds on strategies that choose stages from the `adaptive` blocks of an intersection's plans. */
import { patternId, phaseId, type IntersectionId, type PatternId, type PhaseId } from '#base/id.ts'
import { FREE_LIMITS, type AdaptiveLimits, type LimitsByPlan, type SplitBounds } from '#signal/adaptive-limits.ts'
import { numberedRows, toMs } from './fields.ts'
import type { AdaptiveRow } from './plans-file.ts'
import type { SiteFiles } from './site-files.ts'

/** Plans without a block, or without a number, have no bounds. */
export function buildAdaptiveLimits(id: IntersectionId, { site, plans }: SiteFiles): LimitsByPlan {
  const bounded = Object.entries(plans).flatMap(([key, rows]): [PatternId, AdaptiveLimits][] => {
    const row = rows[id]?.adaptive
    const number = site.patterns[key]
    return row === undefined || number === undefined ? [] : [[patternId(number), buildLimits(row)]]
  })
  return new Map(bounded)
}

/** What is left out is free. */
function buildLimits(row: AdaptiveRow): AdaptiveLimits {
  return {
    allowed: row.allowed ?? FREE_LIMITS.allowed,
    order: row.order ?? FREE_LIMITS.order,
    cycleLeastMs: orNull(row.cycle_least_s),
    cycleMostMs: orNull(row.cycle_most_s),
    splitsMs: byPhase(row.splits, ({ least_s, most_s }): SplitBounds => ({
      leastMs: orNull(least_s),
      mostMs: orNull(most_s),
    })),
    weights: byPhase(row.weights, (weight) => weight),
    pedestrianWeight: row.pedestrian_weight ?? FREE_LIMITS.pedestrianWeight,
    transitWeight: row.transit_weight ?? FREE_LIMITS.transitWeight,
  }
}

const orNull = (s: number | undefined): number | null => (s === undefined ? null : toMs(s))

const byPhase = <Row, Bound>(rows: Readonly<Record<string, Row>> = {}, build: (row: Row) => Bound) =>
  new Map(numberedRows(rows).map(([phase, row]): [PhaseId, Bound] => [phaseId(phase), build(row)]))
