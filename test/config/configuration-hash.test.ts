/** The fingerprint of a database: the same for the same timing, another for any other, in one city all different. */
import { describe, expect, test } from 'vitest'
import { configurationHash } from '#config/configuration-hash.ts'
import { loadSite } from '#config/load-site.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { HAMADAN, ONE_CROSSING } from './planted.ts'

async function databaseOf(site: string): Promise<ControllerDatabase> {
  const loaded = await loadSite(site)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.fault))
  return loaded.value.intersections[0]!.database
}

/** The same data with every object's keys and every map's entries the other way round. */
function turnedRound(value: unknown): unknown {
  if (value instanceof Map) return new Map([...value].toReversed().map(([key, part]) => [key, turnedRound(part)]))
  if (Array.isArray(value)) return value.map(turnedRound)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, part]) => [key, turnedRound(part)]),
  )
}

describe('the configuration hash', () => {
  test('does not depend on the order of keys and map entries', async () => {
    const database = await databaseOf(HAMADAN)
    expect(configurationHash(turnedRound(database) as ControllerDatabase)).toBe(configurationHash(database))
  })

  test('is an unsigned 32-bit number, the first of SHA-256', async () => {
    const hash = configurationHash(await databaseOf(ONE_CROSSING))
    expect(hash).toBe(hash >>> 0)
  })

  test('changes with a tenth of a second of one split, and with the order of a ring', async () => {
    const database = await databaseOf(ONE_CROSSING)
    const [plan] = database.plans
    const [first] = plan!.splitsMs.keys()
    const longer = { ...plan!, splitsMs: new Map(plan!.splitsMs).set(first!, 16_100) }
    const { intersection } = database
    const lagging = { ...intersection, sequences: intersection.sequences.toReversed() }
    const hashes = [
      configurationHash(database),
      configurationHash({ ...database, plans: [longer] }),
      configurationHash({ ...database, intersection: lagging }),
    ]
    expect(new Set(hashes).size).toBe(3)
  })

  test('tells the twelve cabinets of the city apart', async () => {
    const loaded = await loadSite(HAMADAN)
    const hashes = loaded.ok ? loaded.value.intersections.map(({ limits }) => limits.configurationHash) : []
    expect(new Set(hashes).size).toBe(12)
  })
})
