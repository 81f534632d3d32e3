/** The pattern of the first cycle after a preempt, before schedule and supervision have their say again. */
import type { PatternId } from '#base/id.ts'
import { invariant } from '#base/invariant.ts'
import type { Coordinator } from '../coordination/coordination.ts'
import type { PlanLayout } from '../coordination/plan-windows.ts'
import { PATTERN_FLASH, PATTERN_FREE } from '../timing-plan.ts'

export interface ExitPattern {
  /** Asked for instead of what others ask for; null when nothing is. */
  pattern: PatternId | null
  /** How long it has been in effect. */
  inEffectMs: number
}

export const createExitPattern = (): ExitPattern => ({ pattern: null, inEffectMs: 0 })

export function afterPreempt(exit: ExitPattern, pattern: PatternId | null): void {
  exit.pattern = pattern
  exit.inEffectMs = 0
}

/**
 * The pattern that the coordinator is to be asked for. A plan hands over to another one at local zero only, so that it has
 * run its cycle then; between a plan and free operation the cycle of the plan is counted here. Flash waits for nobody.
 */
export function patternAfterPreempt(
  exit: ExitPattern,
  { plan, plans }: Coordinator,
  asked: PatternId,
  elapsedMs: number,
): PatternId {
  const first = exit.pattern
  invariant(first !== null, 'an exit pattern is asked for')
  const inEffect = first === (plan?.pattern ?? PATTERN_FREE)
  if (inEffect) exit.inEffectMs += elapsedMs
  const over = asked === PATTERN_FLASH || (inEffect && exit.inEffectMs >= cycleToCountMs(plans, first, asked))
  if (!over) return first
  exit.pattern = null
  return asked
}

/** 0 where nothing is to be counted: from plan to plan, and where both are free. */
function cycleToCountMs(plans: readonly PlanLayout[], first: PatternId, asked: PatternId): number {
  const cycleOf = (pattern: PatternId) => plans.find((plan) => plan.pattern === pattern)?.cycleMs ?? 0
  return cycleOf(first) > 0 && cycleOf(asked) > 0 ? 0 : cycleOf(first) + cycleOf(asked)
}
