/** Which pattern the clock asks for: day plans by week day in the city's time zone. */
import type { PatternId } from '#base/id.ts'

export interface DayPlanEntry {
  readonly startMinuteOfDay: number
  readonly pattern: PatternId
}

export interface DayPlan {
  readonly number: number
  readonly key: string
  /** Ascending, the first at 00:00. */
  readonly entries: readonly DayPlanEntry[]
}

export interface Schedule {
  /** IANA name, such as `Asia/Tehran`. */
  readonly timeZone: string
  readonly dayPlans: readonly DayPlan[]
  /** Day-plan number for ISO week days, Monday = index 0 … Sunday = index 6. */
  readonly week: readonly number[]
}
