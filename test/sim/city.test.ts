/** Pictures of the whole city on its local plans: everybody is served, nothing is lost, and all of it repeats. */
import { beforeAll, expect, test } from 'vitest'
import type { SiteConfig } from '#config/site.ts'
import { createCity, runCity, type City, type CityStart } from '#sim/city.ts'
import { measureCity, measureMovements } from '#sim/traffic/measures.ts'
import { loadHamadan, MORNING_EPOCH_MS } from './hamadan.ts'

const HOUR_MS = 3_600_000

let site: SiteConfig
beforeAll(async () => {
  site = await loadHamadan()
})

const startCity = (seed: number, changes: Partial<CityStart> = {}): City =>
  createCity({ intersections: site.intersections, seed, epochMs: MORNING_EPOCH_MS, ...changes })

const longestCycleMs = (): number =>
  Math.max(...site.intersections.flatMap(({ database }) => database.plans.map(({ cycleMs }) => cycleMs)))

test('an hour of the morning peak on local plans: nobody waits longer than twice the longest cycle, nobody is lost', () => {
  const city = startCity(1)
  runCity(city, HOUR_MS)
  const waits = [...city.junctions].flatMap(([id, { street }]) =>
    measureMovements(street).map((movement) => ({ id, ...movement })),
  )
  const tooLong = waits.filter(({ longestWaitMs }) => longestWaitMs > 2 * longestCycleMs())
  expect(tooLong).toEqual([])
  const unserved = waits.filter(({ crossed }) => crossed === 0)
  expect(unserved).toEqual([])
  const { arrived, left, inside, atEntry } = measureCity(city.traffic)
  expect(arrived).toBe(left + inside + atEntry)
  expect(left / arrived).toBeGreaterThan(0.85) // The rest is on its way: a trip takes some five minutes.
})
