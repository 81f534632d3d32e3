/** People at a crossing: they come at random, push the button, and go when the man is green. */
import { countArrivals, type DemandKey } from './demand.ts'
import type { Crossing } from './street.ts'

/** How long a push holds the button down. */
const PUSH_MS = 300
/** Who still waits after this pushes again, as people do. */
const IMPATIENT_MS = 20_000

export interface CrossingNow {
  readonly walk: boolean
  readonly demandKey: DemandKey
  /** The traffic's clock. */
  readonly nowMs: number
  readonly elapsedMs: number
}

/** Returns whether the button is down. */
export function stepCrossing(crossing: Crossing, now: CrossingNow): boolean {
  const { waitingSinceMs } = crossing
  const arrived = countArrivals(crossing.arrivals, now.demandKey, now.elapsedMs)
  for (let n = 0; n < arrived; n++) waitingSinceMs.push(now.nowMs)
  if (now.walk) goOver(crossing, now.nowMs)
  const first = waitingSinceMs[0]
  if (first === undefined) return now.nowMs < crossing.pushedUntilMs
  const again = now.nowMs - crossing.pushedUntilMs >= IMPATIENT_MS
  if (arrived > 0 || again) crossing.pushedUntilMs = now.nowMs + PUSH_MS
  return now.nowMs < crossing.pushedUntilMs
}

function goOver(crossing: Crossing, nowMs: number): void {
  const waitedMs = nowMs - (crossing.waitingSinceMs[0] ?? nowMs)
  crossing.longestWaitMs = Math.max(crossing.longestWaitMs, waitedMs)
  crossing.crossed += crossing.waitingSinceMs.length
  crossing.waitingSinceMs.length = 0
}
