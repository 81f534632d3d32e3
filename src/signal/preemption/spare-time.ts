/** How much of a plan's cycle can be given away: what the splits hold beyond that which no phase can do without. */
import { at } from '#base/at.ts'
import type { Bits } from '#base/bits.ts'
import { invariant } from '#base/invariant.ts'
import { leastSplitMs } from '../coordination/least-split.ts'
import type { PlanLayout } from '../coordination/plan-windows.ts'
import type { Layout } from '../layout.ts'

/**
 * The time by which the turns of these phases may end later, so that every turn after them in the cycle still holds its
 * minimums and the next cycle is whole: the least of what the rings can spare; Infinity where no turn comes after them.
 */
export function spareAfterMs(phases: Bits, plan: PlanLayout, layout: Layout): number {
  const coordinated = (phases & plan.coordinated) !== 0
  let fromMs = Infinity
  for (const { bit, number } of layout.phases)
    if ((phases & bit) !== 0) fromMs = Math.min(fromMs, coordinated ? 0 : at(plan.windows, number).startMs)
  let leastMs = Infinity
  for (let ring = 0; ring < layout.ringCount; ring++) {
    const spareMs = spareOfRing({ ring, fromMs, without: phases }, plan, layout)
    if (spareMs !== null) leastMs = Math.min(leastMs, spareMs)
  }
  return leastMs
}

interface Rest {
  readonly ring: number
  /** In the count of the ring. */
  readonly fromMs: number
  readonly without: Bits
}

/** null for a ring that has no turn any more: it waits at the barrier. */
function spareOfRing({ ring, fromMs, without }: Rest, plan: PlanLayout, { phases }: Layout): number | null {
  let spareMs: number | null = null
  for (const phase of phases) {
    if (phase.ring !== ring || (phase.bit & (without | plan.service.omitted)) !== 0) continue
    if (at(plan.windows, phase.number).startMs < fromMs) continue
    const splitMs = plan.splitsMs.get(phase.number)
    invariant(splitMs !== undefined, 'a phase that is not omitted has a split')
    const leastMs = leastSplitMs(phase, (plan.service.pedestrianRecalled & phase.bit) !== 0)
    spareMs = (spareMs ?? 0) + Math.max(0, splitMs - leastMs)
  }
  return spareMs
}
