/** The one shape of every strategy: a pure step from what is known to what is asked, with its reason. */
import type { SupervisoryCommand } from '#signal/command.ts'
import type { IntersectionView } from '#signal/view.ts'

/** Rungs of the ladder that a strategy stands on, best first; `released` is the controller's own plan. */
export const RUNGS = ['coordinated', 'actuated', 'released'] as const
export type Rung = (typeof RUNGS)[number]

/** Why this command: a code that the pages write out in Persian and English, and the numbers that belong to it. */
export interface Reason {
  readonly code: ReasonCode
  readonly phase?: number
  readonly numbers: Readonly<Record<string, number>>
}

export type ReasonCode =
  | 'PLAN_BY_SCHEDULE' // numbers: pattern, cycleMs, localCycleMs
  | 'EXTENDING_FOR_VEHICLE' // phase; numbers: elapsedMs, maxMs
  | 'SERVING_CALL' // phase; numbers: elapsedMs, minMs
  | 'RESTING' // phase; no call anywhere
  | 'CHANGING' // phase that ends; numbers: elapsedMs
  | 'COORDINATED_GREEN' // phase; numbers: localCycleMs, yieldMs
  | 'CLEARING_PEDESTRIANS' // phase; numbers: elapsedMs, clearMs

export interface Decision<Memory> {
  readonly command: SupervisoryCommand
  readonly memory: Memory
  readonly why: Reason
}

/** Memory is plain data that can be logged and replayed. */
export interface Strategy<Memory> {
  readonly rung: Exclude<Rung, 'released'>
  initial(): Memory
  decide(view: IntersectionView, memory: Memory): Decision<Memory>
}
