/** Which intersections change their plan next, and when: what the wall shows under "next". */
import type { PlanChange } from '#contract/api.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { nextChange, patternAt } from '#signal/calendar/schedule-clock.ts'

/** More would not be read; the schedule page has them all. */
const CHANGES_MAX = 4

/** The soonest changes, intersections with the same one together; keys are null for free and flash. */
export function nextPlanChanges(databases: readonly ControllerDatabase[], nowEpochMs: number): PlanChange[] {
  const changes = new Map<string, PlanChange>()
  for (const { intersection, plans, schedule } of databases) {
    const next = nextChange(schedule, nowEpochMs)
    if (!next) continue
    const keyOf = (pattern: number) => plans.find((plan) => plan.pattern === pattern)?.key ?? null
    const at = new Date(next.epochMs).toISOString()
    const from = keyOf(patternAt(schedule, nowEpochMs))
    const to = keyOf(next.pattern)
    const group = `${at} ${from} ${to}`
    const change = changes.get(group) ?? { at, from, to, intersections: [] }
    change.intersections.push(intersection.id)
    changes.set(group, change)
  }
  return [...changes.values()].toSorted((a, b) => a.at.localeCompare(b.at)).slice(0, CHANGES_MAX)
}
