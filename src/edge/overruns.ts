/** Decisions that take too long: a strategy that cannot keep its time is left for a simpler one, before it delays its neighbours. */

/** A fifth of the tick, which a hundred intersections share; the search cuts itself off far below it. */
export const DECISION_MS_MAX = 20
/** One is the machine's own hiccup, and so may a second be. */
export const OVERRUNS_MAX = 3
export const OVERRUNS_WITHIN_MS = 60_000

export interface Overrun {
  readonly atMonoMs: number
  readonly tookMs: number
}

/** Those of the last minute, this decision among them if it took too long. */
export function noteDecision(before: readonly Overrun[], decision: Overrun): readonly Overrun[] {
  if (decision.tookMs <= DECISION_MS_MAX) return before
  return [...before.filter(({ atMonoMs }) => decision.atMonoMs - atMonoMs < OVERRUNS_WITHIN_MS), decision]
}

export const isTooSlow = (overruns: readonly Overrun[]): boolean => overruns.length >= OVERRUNS_MAX
