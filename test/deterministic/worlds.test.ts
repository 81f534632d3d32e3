/** Worlds with faults at clock, disk, net and chance: whatever goes wrong, no rule breaks, and all of it can be had again. */
import { beforeAll, describe, expect, test } from 'vitest'
import { DEFECTS } from './defects.ts'
import { runSeed } from './run-seed.ts'
import { runSeeds } from './seed-pool.ts'
import type { StreetProfiles } from './street.ts'
import { loadStreetProfiles } from './street-profiles.ts'

/** `npm run dst` lives through thousands more. */
const WORLDS = process.env['NIGHTLY'] ? 2_000 : 200
const WORLDS_A_TEST = 20
const TIME_OUT_MS = 180_000

let profiles: StreetProfiles
beforeAll(async () => {
  profiles = await loadStreetProfiles()
})

describe('no rule breaks, and the street is supervised again by itself', () => {
  const firsts = Array.from({ length: WORLDS / WORLDS_A_TEST }, (_, i) => 1 + i * WORLDS_A_TEST)
  test.each(firsts)('in the twenty worlds from seed %i on', { timeout: TIME_OUT_MS }, async (first) => {
    for (let seed = first; seed < first + WORLDS_A_TEST; seed++) {
      const { violations, trace } = await runSeed({ seed, profiles })
      expect(violations, `seed ${seed}\n${trace.join('\n')}`).toEqual([])
    }
  })
})

/** Worlds that broke a rule once: what they found, and so must go on finding nothing. */
const FOUND_ONCE = [
  [15, 'a hole is told to central though the events behind it are stored already'],
  [7648, 'a segment that goes whole, on a disk that is full and fails, is counted all the same'],
] as const

describe('what a world has found once is mended', () => {
  test.each(FOUND_ONCE)('seed %i: %s', { timeout: TIME_OUT_MS }, async (seed) => {
    expect((await runSeed({ seed, profiles })).violations).toEqual([])
  })
})

describe('a world is its seed', () => {
  test('the same seed gives the same trace to the byte', { timeout: TIME_OUT_MS }, async () => {
    for (const seed of [3, 50, 227, 254]) {
      const first = await runSeed({ seed, profiles, wholeTrace: true })
      const again = await runSeed({ seed, profiles, wholeTrace: true })
      expect(again.trace.join('\n')).toBe(first.trace.join('\n'))
      expect(again).toEqual(first)
    }
  })

  test('another seed gives another one', async () => {
    const digests = new Set<number>()
    for (const seed of [1, 2, 3]) digests.add((await runSeed({ seed, profiles })).traceDigest)
    expect(digests.size).toBe(3)
  })

  test('a fault that is left out changes nothing in what the others do', async () => {
    const { figures } = await runSeed({ seed: 227, profiles })
    const none = await runSeed({ seed: 227, profiles, without: Array.from({ length: figures.faults }, (_, i) => i) })
    expect(none.violations).toEqual([])
    expect(none.trace.filter((line) => line.includes(' fault '))).toEqual([])
  })
})

/** Such as some world finds soon; `npm run dst -- --defects` plants all of them. */
const QUICKLY_FOUND = [
  ['the sequence is in memory only', 'one identity, one event'],
  ['acknowledged over a hole', 'acknowledged means stored'],
  ['no envelope', 'nothing outside the envelope'],
  ['a lease that ran out goes on', 'no bit of ours after the lease'],
] as const

describe('a planted defect is found', () => {
  test.each(QUICKLY_FOUND)('%s', { timeout: TIME_OUT_MS }, async (defect, rule) => {
    expect(DEFECTS.map(({ name }) => name)).toContain(defect)
    const broken = new Set<string>()
    await runSeeds({
      ...{ threads: 1, defect },
      jobs: Array.from({ length: WORLDS_A_TEST * 4 }, (_, i) => ({ seed: 1 + i })),
      onResult: ({ violations }) => {
        for (const violation of violations) broken.add(violation.rule)
        return broken.has(rule)
      },
    })
    expect(broken).toContain(rule)
  })
})
