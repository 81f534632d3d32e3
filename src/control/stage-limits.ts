/** The engineer's bounds on strategies that choose stages, as they hold under the plan of the hour. */
import type { PatternId } from '#base/id.ts'
import { FREE_LIMITS, type AdaptiveLimits } from '#signal/adaptive-limits.ts'
import type { Phase } from '#signal/phase.ts'
import type { IntersectionView } from '#signal/view.ts'

/** `pattern`: what the schedule asks for now; free operation has no plan, and no bounds but the controller's. */
export const limitsNow = ({ adaptiveLimits }: Pick<IntersectionView, 'adaptiveLimits'>, pattern: PatternId) =>
  adaptiveLimits.get(pattern) ?? FREE_LIMITS

/** The shortest green: the phase's own minimum, or the engineer's where that is longer. */
export function leastGreenMs({ splitsMs }: AdaptiveLimits, phase: Phase): number {
  const leastMs = splitsMs.get(phase.id)?.leastMs ?? 0
  return Math.max(phase.timing.minGreenMs, leastMs - changeMs(phase))
}

/**
 * The longest green against somebody who waits. `ownMaximumMs`: what the controller would allow. Never below the shortest:
 * where the two contradict each other the engineer's least split is what was asked for by name.
 */
export function mostGreenMs(limits: AdaptiveLimits, phase: Phase, ownMaximumMs: number): number {
  const mostMs = limits.splitsMs.get(phase.id)?.mostMs ?? null
  const boundMs = mostMs === null ? ownMaximumMs : Math.min(ownMaximumMs, mostMs - changeMs(phase))
  return Math.max(leastGreenMs(limits, phase), boundMs)
}

/** What of a split is no green. */
const changeMs = ({ timing }: Phase): number => timing.redAmberMs + timing.yellowMs + timing.redClearMs
