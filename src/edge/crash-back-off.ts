/** How long after a start an edge keeps its hands off the street when it has crashed before: whatever broke it may still be there. */
import { invariant } from '#base/invariant.ts'
import type { Reason } from '#control/strategy.ts'
import { PROVEN_MS } from './supervisor.ts'

/** By crashes in a row, from the first; the last one for all that follow. A power cut is one crash, and costs nothing beside the usual proof. */
export const BACK_OFF_MS = [PROVEN_MS, 60_000, 120_000, 300_000, 900_000, 1_800_000] as const

/** Who has run for longer than he was held off has overcome it. */
export const FORGIVEN_AFTER_MS = 2_000_000

/** Of the `crashes`-th in a row; 0 = none. */
export function backOffMs(crashes: number): number {
  if (crashes === 0) return 0
  const backOff = BACK_OFF_MS[Math.min(crashes, BACK_OFF_MS.length) - 1]
  invariant(backOff !== undefined, 'crashes are counted from 1')
  return backOff
}

/** Since the edge began; the proof that the ladder wants of any start is part of the time. */
export function heldOffByCrashes(crashes: number, sinceBeginMs: number): Reason | null {
  const remainingMs = backOffMs(crashes) - PROVEN_MS - sinceBeginMs
  return remainingMs > 0 ? { code: 'EDGE_CRASHED', numbers: { crashes, remainingMs } } : null
}
