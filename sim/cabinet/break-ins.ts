/** Two who break in at once: what is pushed by hand, and what comes from the street. */
import { hasBit } from '#base/bits.ts'
import type { BreakInInputs } from './cabinet-start.ts'

/** Both; where both ask for the same priority, as late as the one at the cabinet says. */
export function joined(byHand: BreakInInputs, fromStreet: BreakInInputs | undefined): BreakInInputs {
  if (fromStreet === undefined || (fromStreet.preempts | fromStreet.priorities) === 0) return byHand
  const onlyStreet = fromStreet.priorities & ~byHand.priorities
  return {
    preempts: (byHand.preempts | fromStreet.preempts) >>> 0,
    priorities: (byHand.priorities | fromStreet.priorities) >>> 0,
    latenessS: byHand.latenessS.map((late, number) =>
      hasBit(onlyStreet, number) ? (fromStreet.latenessS[number] ?? 0) : late,
    ),
  }
}
