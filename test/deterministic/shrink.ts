/** Leaves out one fault after the other as long as the same rule is still broken: what is left is what it takes. */
import type { StreetProfiles } from './street.ts'
import { runSeed, type SeedResult } from './run-seed.ts'

export interface Shrunk {
  readonly without: readonly number[]
  readonly result: SeedResult
}

export async function shrink(failed: SeedResult, profiles: StreetProfiles): Promise<Shrunk> {
  const { seed } = failed
  const rule = failed.violations[0]?.rule
  let shrunk: Shrunk = { without: [], result: failed }
  for (let fault = 0; fault < failed.figures.faults; fault++) {
    const without = [...shrunk.without, fault]
    const result = await runSeed({ seed, profiles, without })
    if (result.violations.some((violation) => violation.rule === rule)) shrunk = { without, result }
  }
  return shrunk
}
