/** The pattern of the first cycle after a preempt, before schedule and supervision have their say again. */
import { PATTERN_FLASH, PATTERN_FREE } from '../timing-plan.ts'
import type { PatternId } from '#base/id.ts'
import type { Coordinator } from '../coordination/coordination.ts'

export interface ExitPattern {
  /** Asked for instead of what others ask for; null when nothing is. */
  pattern: PatternId | null
  /** How long it has been in effect. */
  inEffectMs: number
}

/** A free cycle after a preempt, where no plan says how long a cycle is. */
const FREE_CYCLE_MS = 60_000

export const createExitPattern = (): ExitPattern => ({ pattern: null, inEffectMs: 0 })

export function afterPreempt(exit: ExitPattern, pattern: PatternId | null): void {
  exit.pattern = pattern
  exit.inEffectMs = 0
}

/**
 * The pattern that the coordinator is to be asked for. A plan hands over to another one at local zero only, so that it has
 * run its cycle then; between a plan and free operation the cycle is counted here. Flash waits for nobody.
 */
export function patternAfterPreempt(
  exit: ExitPattern,
  { plan, plans }: Coordinator,
  asked: PatternId,
  elapsedMs: number,
): PatternId {
  if (exit.pattern === null) return asked
  if (asked === PATTERN_FLASH) exit.pattern = null
  const first = exit.pattern ?? asked
  if (first !== (plan?.pattern ?? PATTERN_FREE)) return first
  exit.inEffectMs += elapsedMs
  const cycleOf = (pattern: PatternId) => plans.find((each) => each.pattern === pattern)?.cycleMs
  const handsOver = cycleOf(first) !== undefined && cycleOf(asked) !== undefined
  const cycleMs = cycleOf(first) ?? cycleOf(asked) ?? FREE_CYCLE_MS
  if (!handsOver && exit.inEffectMs < cycleMs) return first
  exit.pattern = null
  return asked
}
