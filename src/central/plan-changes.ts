/** Which intersections change their plan next, and when: what the wall shows under "next". */
import type { PlanChange } from '#contract/api.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { FLASH } from '#config/schedule-file.ts'
import type { PatternId } from '#base/id.ts'
import { nextChange, patternAt } from '#signal/calendar/schedule-clock.ts'
import { PATTERN_FLASH, type TimingPlan } from '#signal/timing-plan.ts'

/** More would not be read; the schedule page has them all. */
const CHANGES_MAX = 4

/** The soonest changes, intersections with the same one together. */
export function nextPlanChanges(databases: readonly ControllerDatabase[], nowEpochMs: number): PlanChange[] {
  const changes = new Map<string, PlanChange>()
  for (const { intersection, plans, schedule } of databases) {
    const next = nextChange(schedule, nowEpochMs)
    if (!next) continue
    const at = new Date(next.epochMs).toISOString()
    const from = keyOf(plans, patternAt(schedule, nowEpochMs))
    const to = keyOf(plans, next.pattern)
    const group = `${at} ${from} ${to}`
    const change = changes.get(group) ?? { at, from, to, intersections: [] }
    change.intersections.push(intersection.id)
    changes.set(group, change)
  }
  return [...changes.values()].toSorted((a, b) => a.at.localeCompare(b.at)).slice(0, CHANGES_MAX)
}

/** As the schedule of the site writes it. */
function keyOf(plans: readonly TimingPlan[], pattern: PatternId): string | null {
  if (pattern === PATTERN_FLASH) return FLASH
  return plans.find((plan) => plan.pattern === pattern)?.key ?? null
}
