/** Runs a scenario of SUMO with its lights under our cabinets: street to loops, loops to cabinets, lamps to street, step by step. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { Strategy } from '#control/strategy.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import type { NeighbourSwitch } from '#sim/closed-loop/supervise-cabinets.ts'
import { deriveLights, type DerivedNetwork } from '../derive/derive-lights.ts'
import type { Detection } from '../derive/intersection.ts'
import type { Network } from '../network/network.ts'
import type { NetworkFault } from '../network/network-fault.ts'
import { readNetwork } from '../network/read-network.ts'
import type { SumoFault } from '../traci/sumo-fault.ts'
import { PLAIN_START, startSumo, type RunningSumo } from '../traci/sumo-process.ts'
import { loopsFile, loopsInStreet, type LaidLoop } from './loops-in-street.ts'
import { ownPrograms } from './own-programs.ts'
import { leftLights, tripFigures, type SumoReport } from './report.ts'
import { resolveScenario, type Scenario } from './scenario.ts'
import { SupervisedStreet, type Lived } from './supervised-street.ts'
import { timedSwitches, withSwitches } from './timed-switches.ts'
import { readSafety, readTrips } from './trips.ts'
import { withUsualYellow } from './usual-yellow.ts'

export interface ScenarioRun {
  readonly configurationFile: string
  /** null leaves it to the scenario. */
  readonly beginS: number | null
  readonly endS: number | null
  readonly seed: number | null
  readonly strategy: { readonly name: string; readonly runs: Strategy<unknown> }
  readonly detection: Detection
  /** Whether lights tell each other what they do. */
  readonly neighbours: NeighbourSwitch
  readonly withWindow: boolean
  /** Where SUMO's trip information goes; null = nobody wants it. */
  readonly tripsFile: string | null
  readonly profiles: ReadonlyMap<string, DeviceProfile>
  /** Ends the run in order; what there is by then is reported. */
  readonly signal: AbortSignal
  /** Now and then: how far the street is. */
  readonly onProgress: (nowS: number) => void
}

export type RunFault =
  | { readonly of: 'sumo'; readonly fault: SumoFault }
  | { readonly of: 'network'; readonly file: string; readonly faults: readonly NetworkFault[] }

export async function runScenario(run: ScenarioRun): Promise<Outcome<SumoReport, RunFault>> {
  const folder = await mkdtemp(join(tmpdir(), 'sabz-sumo-'))
  try {
    return await runIn(folder, run)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function runIn(folder: string, run: ScenarioRun): Promise<Outcome<SumoReport, RunFault>> {
  const scenario = await resolveScenario(programOf(run), run.configurationFile, folder)
  if (!scenario.ok) return ofSumo(scenario.fault)
  const { networkFile } = scenario.value
  const network = await readNetwork(networkFile, { programsElsewhere: true })
  if (!network.ok) return failed({ of: 'network', file: networkFile, faults: network.fault })
  const loops = loopsInStreet(network.value)
  const files = filesIn(folder, run)
  await writeFile(files.loops, loopsFile(loops))
  const options = optionsOf(scenario.value, files)
  const seed = run.seed ?? scenario.value.seed
  const { configurationFile, beginS, endS } = run
  const start = { ...PLAIN_START, program: programOf(run), configurationFile, beginS, endS, seed, options }
  const sumo = await startSumo(run.withWindow ? { ...start, options: [...options, ...WINDOW_OPTIONS] } : start)
  if (!sumo.ok) return ofSumo(sumo.fault)
  const lived = await live(sumo.value, { run, network: network.value, loops })
  const stopped = await sumo.value.stop()
  if (!lived.ok) return ofSumo(lived.fault)
  if (!stopped.ok) return ofSumo(stopped.fault)
  const figures = await readFigures(files)
  if (!figures.ok) return ofSumo(figures.fault)
  const { derived, ...facts } = lived.value
  const switches = await timedSwitches(scenario.value.additionalFiles)
  return ok({
    scenario: configurationFile,
    strategy: run.strategy.name,
    detectors: run.detection,
    neighbours: run.neighbours,
    seed,
    ...facts,
    lights: facts.lights.map((light) => withSwitches(light, switches)),
    ...figures.value,
    left: leftLights(derived.left),
    versions: { sumo: sumo.value.version, node: process.version },
    options,
    tripinfo: run.tripsFile,
  })
}

interface StreetFacts {
  readonly run: ScenarioRun
  readonly network: Network
  readonly loops: readonly LaidLoop[]
}

/** From the first second to the last; whatever happens, SUMO still runs afterwards, or is dead. */
async function live(
  sumo: RunningSumo,
  { run, network, loops }: StreetFacts,
): Promise<Outcome<Lived & { readonly derived: DerivedNetwork }, SumoFault>> {
  const programs = await ownPrograms(sumo.traci)
  if (!programs.ok) return failed(await sumo.why(programs.fault))
  const lights = run.strategy.name === 'fixed' ? programs.value : withUsualYellow(programs.value)
  const asItRuns: Network = { ...network, lights }
  const derived = deriveLights(asItRuns, run.detection)
  const street = new SupervisedStreet({ traci: sumo.traci, network: asItRuns, lights: derived.lights, loops, run })
  const lived = await street.live()
  return lived.ok ? ok({ ...lived.value, derived }) : failed(await sumo.why(lived.fault))
}

const ofSumo = (fault: SumoFault) => failed({ of: 'sumo', fault } as const)

const programOf = ({ withWindow }: ScenarioRun): string => (withWindow ? 'sumo-gui' : 'sumo')

interface Files {
  readonly loops: string
  readonly trips: string
  readonly summary: string
}

const filesIn = (folder: string, { tripsFile }: ScenarioRun): Files => ({
  loops: join(folder, 'loops.add.xml'),
  trips: tripsFile ?? join(folder, 'trips.xml'),
  summary: join(folder, 'summary.xml'),
})

/**
 * Ours in addition to the scenario's own. Nobody is taken off the road, or out of the queue before it, to make the street
 * look better than it is; and everybody is written down.
 */
const optionsOf = ({ additionalFiles }: Scenario, { loops, trips, summary }: Files): string[] => [
  ...['--additional-files', [...additionalFiles, loops].join(',')],
  ...['--tripinfo-output', trips],
  ...['--tripinfo-output.write-unfinished', 'true'],
  ...['--tripinfo-output.write-undeparted', 'true'],
  ...['--device.tripinfo.probability', '1'],
  ...['--statistic-output', summary],
  ...['--duration-log.statistics', 'true'],
  ...['--time-to-teleport', '-1'],
  ...['--time-to-teleport.highways', '0'],
  ...['--max-depart-delay', '-1'],
  ...AS_WE_READ,
]

/** Whatever the scenario has: files by the names that they are given, times in seconds, and streets with loops, which a mesoscopic model has not. */
const AS_WE_READ = ['--output-prefix', '', '--human-readable-time', 'false', '--mesosim', 'false']

/** Runs when its window is up, and closes it in the end. */
const WINDOW_OPTIONS = ['--start', 'true', '--quit-on-end', 'true']

async function readFigures({ trips, summary }: Files) {
  const [read, safety] = await Promise.all([readTrips(trips), readSafety(summary)])
  if (!read.ok) return read
  return safety.ok ? ok(tripFigures(read.value, safety.value)) : safety
}
