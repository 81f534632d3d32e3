/** The city of the configuration with a scenario laid on its streets, for tests of its demand. */
import type { ScenarioConfig } from '#config/scenario.ts'
import type { SiteConfig } from '#config/site.ts'
import { layScenario, plainDays, type TrafficScenario } from '#sim/traffic/demand/scenario-run.ts'
import { layCity } from '#sim/traffic/streets/lay-city.ts'
import type { StreetNetwork } from '#sim/traffic/streets/street-network.ts'
import type { Trip } from '#sim/traffic/trip.ts'

/** Monday 23 November 2026, midnight in Hamadan. */
export const MIDNIGHT_EPOCH_MS = Date.UTC(2026, 10, 22, 20, 30)
export const HOUR_MS = 3_600_000

export const plain = (hour: number, changed: Partial<ScenarioConfig> = {}): ScenarioConfig => ({
  ...plainDays({ timeZone: 'Asia/Tehran', startEpochMs: MIDNIGHT_EPOCH_MS + hour * HOUR_MS }),
  ...changed,
})

export const vehicles = (changed: Partial<ScenarioConfig['vehicles']>): Pick<ScenarioConfig, 'vehicles'> => ({
  vehicles: { ...plain(0).vehicles, ...changed },
})

export interface LaidCity {
  readonly network: StreetNetwork
  lay(scenario: ScenarioConfig, seed?: number): TrafficScenario
}

export function laidCity({ intersections }: SiteConfig): LaidCity {
  const network = layCity(intersections)
  return {
    network,
    lay: (scenario, seed = 1) => {
      const laid = layScenario({ network, intersections, scenario, seed })
      if (!laid.ok) throw new Error(JSON.stringify(laid.fault))
      return laid.value
    },
  }
}

/** All trips before a moment, asked for in steps. */
export function tripsOf({ trips }: TrafficScenario, untilMs: number, stepMs = 60_000): Trip[] {
  const all: Trip[] = []
  for (let ms = Math.min(stepMs, untilMs); ; ms = Math.min(ms + stepMs, untilMs)) {
    for (let trip = trips.take(ms); trip !== null; trip = trips.take(ms)) all.push(trip)
    if (ms === untilMs) return all
  }
}

/** How often drivers go from each edge to each next one, by `from to`. */
export function passages(trips: readonly Trip[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { route } of trips)
    for (let i = 1; i < route.length; i++) {
      const key = `${route[i - 1]} ${route[i]}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  return counts
}
