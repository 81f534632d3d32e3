/** A sound database and ways to spoil one thing in it, for tables of faults. */
import { expect, test } from 'vitest'
import { phaseId } from '#base/id.ts'
import { checkDatabase } from '#signal/check/check-database.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import type { DatabaseFault } from '#signal/check/database-fault.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { Phase, PhaseTiming } from '#signal/phase.ts'
import type { DayPlan, Schedule } from '#signal/schedule.ts'
import type { TimingPlan } from '#signal/timing-plan.ts'
import { database, EIGHT_PHASES, junction, plan } from '#test/support/junctions.ts'

export const MIDDAY = {
  cycleS: 80,
  splitsS: { 1: 15, 2: 25, 3: 15, 4: 25, 5: 15, 6: 25, 7: 15, 8: 25 },
  coordinated: [2, 6],
}
export const SOUND = database(
  junction({
    ...EIGHT_PHASES,
    phases: { 4: { timing: { walkMs: 5_000, pedClearMs: 9_000 } } },
    overlaps: { 1: [1, 8] },
  }),
  [plan(1, MIDDAY)],
)

export const site = (changed: Partial<Intersection>): ControllerDatabase => ({
  ...SOUND,
  intersection: { ...SOUND.intersection, ...changed },
})
export const withPhase = (number: number, changed: Partial<Phase>) =>
  site({ phases: SOUND.intersection.phases.map((phase) => (phase.id === number ? { ...phase, ...changed } : phase)) })
export const withTiming = (number: number, changed: Partial<PhaseTiming>) => {
  const phase = SOUND.intersection.phases.find(({ id }) => id === number)!
  return withPhase(number, { timing: { ...phase.timing, ...changed } })
}
export const withPlan = (changed: Partial<TimingPlan>): ControllerDatabase => ({
  ...SOUND,
  plans: [{ ...SOUND.plans[0]!, ...changed }],
})
export const withSplits = (splitsS: Record<number, number>) =>
  withPlan({ splitsMs: plan(1, { ...MIDDAY, splitsS: { ...MIDDAY.splitsS, ...splitsS } }).splitsMs })
export const withSchedule = (changed: Partial<Schedule>): ControllerDatabase => ({
  ...SOUND,
  schedule: { ...SOUND.schedule, ...changed },
})
export const withDayPlan = (entries: DayPlan['entries']) =>
  withSchedule({ dayPlans: [{ number: 1, key: 'day', entries }] })
export const sequence = (rings: readonly (readonly number[])[]) =>
  site({ sequences: [{ number: 1, rings: rings.map((ring) => ring.map(phaseId)) }] })

type Expected = Partial<DatabaseFault> & { readonly code: DatabaseFault['code'] }

/** A row of a table: the rule, a database that breaks it (or just does not), and the faults that it must be told. */
export type Case = readonly [rule: string, database: ControllerDatabase, ...faults: readonly Expected[]]

export function judge(cases: readonly Case[]): void {
  for (const [rule, faulty, ...faults] of cases)
    test(rule, () => expect(checkDatabase(faulty)).toEqual(faults.map((fault) => expect.objectContaining(fault))))
}
