/** When a value may still be called live: one rule for the API and the pages. */

/** Hatched as "stale" above this; two seconds are twenty samples of a healthy edge. */
export const STALE_AFTER_MS = 2_000
/** Blanked as "lost" above this; ten seconds outlive every lease and every reconnection of a healthy edge. */
export const LOST_AFTER_MS = 10_000

export type Freshness = 'live' | 'stale' | 'lost'

/** `ageMs` null: no sample was ever received. */
export function freshnessOf(ageMs: number | null): Freshness {
  if (ageMs === null || ageMs > LOST_AFTER_MS) return 'lost'
  return ageMs > STALE_AFTER_MS ? 'stale' : 'live'
}
