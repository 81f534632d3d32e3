/** How fast both models move the city at the morning peak, by turns in one run; and what a simulated day leaves in memory. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { invariant } from '#base/invariant.ts'
import type { SiteConfig } from '#config/site.ts'
import { layStreets, startTraffic } from '#sim/city-streets.ts'
import { lampsOf } from '#sim/sumo/export/fixed-program.ts'
import { tickTraffic } from '#sim/traffic/flow/traffic.ts'
import { countedTrips } from './demands.ts'
import { runOurs } from './ours.ts'
import { wholeCity } from './streets.ts'
import { runSumo } from './sumo.ts'

export interface Speeds {
  readonly oursPerS: number
  readonly sumoPerS: number
}

export const TIMES_SUMO_LEAST = 5

const FOR_MS = 30 * 60_000
const FROM_MS = 7 * 3_600_000

/** One pair a round, so that both have the same machine. */
export async function compareSpeed(site: SiteConfig, directory: string, rounds: number): Promise<Speeds[]> {
  const streets = wholeCity(site)
  const trips = countedTrips(site, streets, { factor: 1, forMs: FOR_MS, seed: 1 })
  const bench = { ...streets, trips, fromMs: FROM_MS, forMs: FOR_MS, clearMs: 0, seed: 1 }
  const speeds: Speeds[] = []
  for (let round = 0; round < rounds; round++) {
    const ours = runOurs(bench)
    const sumo = await runSumo(bench, directory)
    speeds.push({ oursPerS: ours.updates / ours.runS, sumoPerS: sumo.updates / sumo.runS })
  }
  return speeds
}

export interface HeapAt {
  readonly hour: number
  readonly megabytes: number
  readonly vehicles: number
}

const DAY = '2026-11-23'
const HOURS = 24
const HOUR_MS = 3_600_000

/** What is in use after each hour of a day with detectors, people on foot and all, garbage collected. */
export function heapOverDay(site: SiteConfig): HeapAt[] {
  const { intersections, timeZone } = site
  const epochMs = Temporal.PlainDate.from(DAY).toZonedDateTime(timeZone).epochMilliseconds
  const streets = layStreets({ intersections, seed: 1, epochMs })
  invariant(streets.ok, 'the city has streets')
  const { programs } = wholeCity(site)
  const traffic = startTraffic(streets.value)
  const collect = garbageCollector()
  const hours: HeapAt[] = []
  for (let hour = 1; hour <= HOURS; hour++) {
    while (traffic.nowMs < hour * HOUR_MS)
      tickTraffic(traffic, (junction) => lampsOf(programs[junction]!, traffic.nowMs))
    collect()
    const megabytes = process.memoryUsage().heapUsed / 2 ** 20
    hours.push({ hour, megabytes, vehicles: traffic.flow.cars.present })
  }
  return hours
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
