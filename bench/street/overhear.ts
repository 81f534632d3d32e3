/** A strategy that somebody listens to: it decides what it would decide alone. */
import type { Strategy } from '#control/strategy.ts'
import type { IntersectionView } from '#signal/view.ts'

/** `hear`: what it saw, and what it remembers after its decision. */
export const overhearing = <Memory>(
  strategy: Strategy<Memory>,
  hear: (view: IntersectionView, memory: Memory) => void,
): Strategy<Memory> => ({
  ...strategy,
  decide(view, memory) {
    const decision = strategy.decide(view, memory)
    hear(view, decision.memory)
    return decision
  },
})
