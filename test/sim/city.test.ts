/** Pictures of the whole city on its local plans: everybody is served, nobody is lost, and all of it repeats. */
import { createHash } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { SiteConfig } from '#config/site.ts'
import { CITY_STEP_MS, createCity, runCity, type City, type CityStart } from '#sim/city.ts'
import { waitingOutside } from '#sim/traffic/flow/entries.ts'
import { StopLineWatch } from '#test/support/stop-line-watch.ts'
import { loadHamadan, MORNING_EPOCH_MS } from './hamadan.ts'

const MINUTE_MS = 60_000

let site: SiteConfig
beforeAll(async () => {
  site = await loadHamadan()
})

const startCity = (seed: number, changes: Partial<CityStart> = {}): City =>
  createCity({ intersections: site.intersections, seed, epochMs: MORNING_EPOCH_MS, ...changes })

const longestCycleMs = (): number =>
  Math.max(...site.intersections.flatMap(({ database }) => database.plans.map(({ cycleMs }) => cycleMs)))

test('three quarters of an hour of the morning peak: everybody is served, nobody waits longer than twice the longest cycle or is lost', () => {
  const city = startCity(1)
  const watch = new StopLineWatch(city.traffic)
  for (let ms = 0; ms < 45 * MINUTE_MS; ms += CITY_STEP_MS) {
    city.step()
    watch.look()
  }
  const { movements } = watch
  expect(movements.filter(({ longestWaitMs }) => longestWaitMs > 2 * longestCycleMs())).toEqual([])
  expect(movements.filter(({ crossed }) => crossed === 0)).toEqual([])
  const { entries, gone, flow } = city.traffic
  const arrived = entries.wanted
  expect(arrived).toBe(gone + flow.cars.present - flow.left.length + waitingOutside(entries))
  const perHour = site.intersections
    .flatMap(({ demand }) => demand)
    .reduce((sum, { vehiclesPerHour }) => sum + (vehiclesPerHour.get('am_peak') ?? 0), 0)
  const expected = perHour * 0.75
  expect(Math.abs(arrived - expected)).toBeLessThan(4 * Math.sqrt(expected)) // Four standard deviations.
  expect(gone / arrived).toBeGreaterThan(0.7) // The others are on their way.
})

test('pedestrians at every crossing get their walk within twice the longest cycle', () => {
  const city = startCity(2)
  runCity(city, 30 * MINUTE_MS)
  const waiting = city.traffic.crosswalks.map(({ crossing, count, waiting: still }) => ({
    crossing: `${crossing.junction} ${crossing.approach}`,
    crossed: count.crossed,
    longestMs: Math.max(count.longestWaitMs, city.traffic.nowMs - (still[0]?.departMs ?? city.traffic.nowMs)),
  }))
  expect(waiting.filter(({ longestMs }) => longestMs > 2 * longestCycleMs())).toEqual([])
  expect(waiting.reduce((sum, { crossed }) => sum + crossed, 0)).toBeGreaterThan(500)
})

test('the same seed gives the same vehicles in the same places and the same events, another seed does not', () => {
  expect(fingerprint(7)).toBe(fingerprint(7))
  expect(fingerprint(7)).not.toBe(fingerprint(8))
})

test('demand follows the clock of the city: the night is quieter than the morning', () => {
  const morning = startCity(3)
  const night = startCity(3, { epochMs: MORNING_EPOCH_MS - 5 * 60 * MINUTE_MS }) // 02:00
  runCity(morning, 10 * MINUTE_MS)
  runCity(night, 10 * MINUTE_MS)
  expect(night.traffic.entries.wanted).toBeGreaterThan(0)
  expect(night.traffic.entries.wanted).toBeLessThan(morning.traffic.entries.wanted / 3)
})

test('each cabinet numbers its records without a gap, and every clock shows true time', () => {
  const sequences = new Map<string, number[]>()
  const city = startCity(4, {
    onRecord: (id, { sequence }) => sequences.set(id, [...(sequences.get(id) ?? []), sequence]),
  })
  runCity(city, 2 * MINUTE_MS)
  expect(sequences.size).toBe(site.intersections.length)
  for (const own of sequences.values()) expect(own).toEqual(own.map((_, i) => i + 1))
  for (const { cabinet } of city.junctions.values()) expect(cabinet.clock.epochMs).toBe(city.epochMs)
})

/** Hash of every event and, every minute, of every vehicle's place, over five minutes. */
function fingerprint(seed: number): string {
  const hash = createHash('sha256')
  const city = startCity(seed, {
    onRecord: (id, { sequence, epochMs, code, parameter }) =>
      hash.update(`${id} ${sequence} ${epochMs} ${code} ${parameter}\n`),
  })
  for (let minute = 0; minute < 5; minute++) {
    runCity(city, MINUTE_MS)
    const { cars } = city.traffic.flow
    for (let slot = 0; slot < cars.top; slot++)
      hash.update(`${cars.track[slot]} ${cars.persona[slot]} ${cars.positionM[slot]} ${cars.speedMps[slot]}\n`)
  }
  return hash.digest('hex')
}
