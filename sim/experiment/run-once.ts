/** One run: a scenario on the streets of a site, with one seed, under one way of control, measured. */
import { invariant } from '#base/invariant.ts'
import type { IntersectionId } from '#base/id.ts'
import type { SiteConfig } from '#config/site.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { controllerFaultText, type ControllerFault } from '../cabinet/controller-unit.ts'
import { CITY_STEP_MS, createCity, type City, type CityStart } from '../city.ts'
import { cityFaults } from '../faults/city-faults.ts'
import type { ScriptedFault } from '../faults/fault-desk.ts'
import { layStreets } from '../city-streets.ts'
import { superviseCabinets, type NeighbourSwitch } from '#sim/closed-loop/supervise-cabinets.ts'
import { NOBODY_LISTENS } from '#sim/closed-loop/telemetry-sink.ts'
import { RunMeasures } from '../traffic/measures/run-measures.ts'
import type { RunReport } from '../traffic/measures/run-report.ts'
import { ladderOf, type StrategyName } from '#sim/closed-loop/ladders.ts'
import type { Window } from './window.ts'

export interface Experiment {
  readonly site: SiteConfig
  /** Every profile that the site names, by name. */
  readonly profiles: ReadonlyMap<string, DeviceProfile>
  /** Proved to lie on the streets of the site. */
  readonly window: Window
  /** Whether intersections tell each other what they do. */
  readonly neighbours: NeighbourSwitch
  /** What breaks in the field, on the clock of the run; every order has been checked. */
  readonly faults: readonly ScriptedFault[]
}

export interface RunKey {
  readonly strategy: StrategyName
  readonly seed: number
}

export interface RunResult extends RunKey {
  readonly report: RunReport
  /** Controllers that stopped in a fault of ours: what was measured after it is no measure of the strategy. */
  readonly stopped: readonly string[]
}

/** Between two tellings of how far it is, on the clock of the street. */
const TELL_EVERY_MS = 60_000

/** `onProgress` is told the time since the start. */
export function runOnce(experiment: Experiment, key: RunKey, onProgress: (nowMs: number) => void): RunResult {
  const { warmUpMs, measuredMs } = experiment.window
  const stopped: string[] = []
  const onFault = (id: IntersectionId, fault: ControllerFault) => stopped.push(`${id}: ${controllerFaultText(fault)}`)
  const city = cityOf(experiment, key, onFault)
  const step = stepper(city, experiment, key)
  const desk = cityFaults({ city, profiles: experiment.profiles, broker: null, onReport: () => {} })
  desk.follow(experiment.faults)
  const measures = new RunMeasures(city.traffic, warmUpMs)
  for (let ms = 0; ms < warmUpMs + measuredMs; ms += CITY_STEP_MS) {
    if (ms % TELL_EVERY_MS === 0) onProgress(ms)
    desk.step(CITY_STEP_MS)
    step()
    measures.observe()
  }
  return { ...key, report: measures.report(), stopped }
}

function cityOf(
  { site, profiles, window: { scenario } }: Experiment,
  { seed }: RunKey,
  onFault: NonNullable<CityStart['onFault']>,
): City {
  const { intersections } = site
  const start = { intersections, seed, epochMs: scenario.startEpochMs }
  const laid = layStreets({ ...start, scenario })
  invariant(laid.ok, 'the scenario was proved to lie on these streets')
  return createCity({ ...start, streets: laid.value, profiles, onFault })
}

/** The edge's tick behind the street's, as in life; without supervision the street alone. */
function stepper(city: City, { profiles, neighbours }: Experiment, { strategy }: RunKey): () => void {
  const strategies = ladderOf(strategy)
  if (strategies === null) return () => city.step()
  let monoMs = 0
  const supervision = superviseCabinets({
    cabinets: [...city.junctions.values()].map(({ cabinet }) => cabinet),
    profiles,
    clock: { monoMs: () => monoMs, epochMs: () => city.epochMs },
    telemetry: NOBODY_LISTENS,
    strategies,
    neighbours,
  })
  return () => {
    monoMs += CITY_STEP_MS
    city.step()
    supervision.tick()
  }
}
