/** A scenario laid on a network: all that the outside world does to the streets during one run. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { ConfigFault } from '#config/config-fault.ts'
import type { ScenarioConfig } from '#config/scenario.ts'
import type { Blockage } from '../flow/flow.ts'
import type { JunctionNumber, StreetNetwork } from '../streets/street-network.ts'
import type { TripSource } from '../trip.ts'
import type { WalkerSource } from '../walker.ts'
import { DRY, type Weather } from '../weather.ts'
import { busTrips } from './bus-trips.ts'
import { countedTrips, countedWalkers } from './counted-trips.ts'
import type { CountedIntersection } from './counted-entries.ts'
import { numbered } from './departures.ts'
import { flowTrips } from './flow-trips.ts'
import { layBlockages, layClosures, layFlows, layLines, type Ground } from './lay-scenario.ts'
import { OpenStreets } from './open-streets.ts'
import { RunClock } from './run-clock.ts'
import { checkRoutes } from './unreachable.ts'
import { walkersOf } from './walkers.ts'

/** What the traffic is started with beside its streets and detectors. */
export interface TrafficScenario {
  readonly trips: TripSource
  readonly walkers: WalkerSource
  readonly blockages: readonly Blockage[]
  readonly weatherAt: (runMs: number) => Weather
  readonly keepsClear: (junction: JunctionNumber) => boolean
  /** To be told when true time is found to be another. */
  readonly clock: RunClock
}

export interface ScenarioSite {
  readonly network: StreetNetwork
  readonly intersections: readonly CountedIntersection[]
  /** `plainDays` where nothing out of the ordinary happens. */
  readonly scenario: ScenarioConfig
  readonly seed: number
}

/** The scenario ready to run, or every route that does not exist and every place that lies beyond its street. */
export function layScenario(site: ScenarioSite): Outcome<TrafficScenario, readonly ConfigFault[]> {
  const { network, intersections, scenario, seed } = site
  const ground: Ground = { ...site, clock: new RunClock(scenario) }
  const { clock } = ground
  const streets = new OpenStreets(network, layClosures(ground))
  const [flows, lines, blockages] = [layFlows(ground), layLines(ground), layBlockages(ground)]
  if (!flows.ok || !lines.ok || !blockages.ok)
    return failed([flows, lines, blockages].flatMap((laid) => (laid.ok ? [] : laid.fault)))
  const faults = checkRoutes(ground, { streets, flows: flows.value, lines: lines.value })
  if (faults.length > 0) return failed(faults)
  const city = { network, intersections, scenario, clock, streets, seed }
  return ok({
    trips: numbered([
      ...countedTrips(city),
      ...flows.value.flatMap((flow) => flowTrips(flow, seed, streets)),
      ...lines.value.map((line) => busTrips(line, { clock, seed, streets })),
    ]),
    walkers: walkersOf(countedWalkers(city), seed),
    blockages: blockages.value,
    weatherAt: (runMs) => scenario.weather.findLast(({ fromMs }) => fromMs <= runMs)?.factors ?? DRY,
    keepsClear: (junction) => keepsClear(network, scenario, junction),
    clock,
  })
}

/** Days on which nothing happens but the traffic of the counts. */
export const plainDays = (start: { readonly timeZone: string; readonly startEpochMs: number }): ScenarioConfig => ({
  ...start,
  clock: 'true',
  key: 'plain',
  file: 'demand.yaml',
  name: { fa: 'روز عادی', en: 'A plain day' },
  durationMs: Infinity,
  seed: 1,
  vehicles: { hours: null, factors: [], kinds: null, flows: [] },
  pedestrianFactors: null,
  weather: [],
  busLines: [],
  closures: [],
  incidents: [],
  boxBlockedAt: [],
  faults: [],
})

function keepsClear({ junctions }: StreetNetwork, { boxBlockedAt }: ScenarioConfig, junction: JunctionNumber): boolean {
  const intersection = junctions[junction]?.intersection ?? null
  return intersection === null || !boxBlockedAt.includes(intersection)
}
