/** What the schedule asks for at an instant: the pattern now, when it changes next, and the local day that holds it. */
import type { PatternId } from '#base/id.ts'
import type { Schedule } from './schedule.ts'

/** A scheduled change: from `epochMs` on, `pattern` is asked for. */
export interface ScheduledChange {
  readonly epochMs: number
  readonly pattern: PatternId
}

/** The pattern that the schedule asks for at `epochMs`. */
export function patternAt(_schedule: Schedule, _epochMs: number): PatternId {
  throw new Error('not built yet')
}

/** The next change of pattern after `epochMs`; null when the schedule never changes. */
export function nextChange(_schedule: Schedule, _epochMs: number): ScheduledChange | null {
  throw new Error('not built yet')
}
