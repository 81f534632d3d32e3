/** What may be promised of the end of a green: the most that its maximum allows, and the gap that ends it. */
import { bitsOf, type Bits } from '#base/bits.ts'
import { oncePer } from '#base/once-per.ts'
import type { Phase } from '#signal/phase.ts'
import type { TimingPlan } from '#signal/timing-plan.ts'

/**
 * The longest green against somebody who waits; null where no maximum is in effect, as in most plans. A dynamic maximum
 * moves by itself, and the wire does not tell where it stands: what it may grow to is all that is certain.
 */
export function longestGreenMs(phase: Phase, plan: TimingPlan | null, scheduled: 1 | 2): number | null {
  const inEffect = plan === null ? scheduled : MAXIMUM_OF_PLAN[plan.options.maximum]
  return inEffect === null ? null : maximumMs(phase, inEffect)
}

/** The same of one of its maximums. */
export function maximumMs({ timing }: Phase, inEffect: 1 | 2): number {
  const normalMs = inEffect === 1 ? timing.max1Ms : timing.max2Ms
  return timing.dynamicMaxStepMs === 0 ? normalMs : Math.max(normalMs, timing.dynamicMaxLimitMs)
}

const MAXIMUM_OF_PLAN = { inhibit: null, max1: 1, max2: 2 } as const

/** The gap shrinks from the passage to its minimum where it is reduced, and nobody tells how far it has. */
export const gapNumbers = ({ timing }: Phase): { passageMs: number; minGapMs?: number } => ({
  passageMs: timing.passageMs,
  ...(timing.timeToReduceMs > 0 && { minGapMs: timing.minGapMs }),
})

/** Phases that the plan leaves out. */
export const omittedBy = (plan: TimingPlan | null): Bits => (plan === null ? 0 : omittedOnce(plan))

const omittedOnce = oncePer(({ splitModes }: TimingPlan) =>
  bitsOf([...splitModes].filter(([, mode]) => mode === 'omitted').map(([phase]) => phase)),
)
