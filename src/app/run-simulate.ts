/** `sabz simulate`: a scenario over several seeds, as fast as the machine can, and what it says of a way of control. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ok, type Outcome } from '#base/outcome.ts'
import type { ConfigFault } from '#config/config-fault.ts'
import { loadFaults } from '#config/fault-rows.ts'
import { makeFolder } from '#config/make-folder.ts'
import { scenarioNames } from '#config/load-scenario.ts'
import type { ScenarioConfig } from '#config/scenario.ts'
import { createCity } from '#sim/city.ts'
import { reportExperiment } from '#sim/experiment/experiment-report.ts'
import { fieldScript, type FieldScript } from '#sim/experiment/field-script.ts'
import type { ScriptedFault } from '#sim/faults/fault-desk.ts'
import type { Experiment, RunKey, RunResult } from '#sim/experiment/run-once.ts'
import { runSeeds } from '#sim/experiment/run-seeds.ts'
import type { StrategyName } from '#sim/closed-loop/ladders.ts'
import type { NeighbourSwitch } from '#sim/closed-loop/supervise-cabinets.ts'
import { windowFaultText, windowOf } from '#sim/experiment/window.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { loadProfilesOrExplain } from './field.ts'
import { onInterrupt } from './lifetime.ts'
import { loadScenarioOrExplain } from './scenario.ts'
import { tellSimulation } from './simulate-progress.ts'
import { printExperiment } from './simulate-report.ts'
import { figuresTable } from './simulate-table.ts'
import { explainFaults, loadSiteOrExplain } from './site.ts'
import { JSON_VERSION, type Terminal } from './terminal.ts'

export interface SimulateOptions {
  readonly config: string
  readonly scenario?: string
  readonly from?: string
  /** Of the street, ms. */
  readonly for?: number
  /** Of the street, ms. */
  readonly warmUp: number
  readonly faults?: string
  readonly seeds?: number
  readonly seed?: number
  readonly strategy: StrategyName
  readonly neighbours: NeighbourSwitch
  readonly compare?: StrategyName
  readonly jobs: number
  readonly out?: string
}

/** Enough for an interval that says something, and few enough to wait for. */
const SEEDS = 5

export async function runSimulate(options: SimulateOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.seed !== undefined && options.seeds !== undefined)
    return misused(terminal, '--seed is one seed, --seeds is how many.', 'Give one of them.')
  if (options.compare === options.strategy)
    return misused(terminal, `${options.compare} is compared with itself.`, 'Name another strategy behind --compare.')
  const loaded = await loadExperiment(options, terminal)
  if (typeof loaded === 'number') return loaded
  const { experiment, scenario, leftOut } = loaded
  const { window } = experiment
  if (options.out !== undefined && !hasFolder(options.out, terminal)) return EXIT.findings
  if (leftOut.length > 0)
    terminal.say(`left out, for there are no wires here: ${leftOut.join(', ')}; sabz sim plants them`)
  if (experiment.faults.length > 0) terminal.say(`faults planted in each run: ${wordsOf(experiment.faults)}`)
  const strategies = options.compare === undefined ? [options.strategy] : [options.strategy, options.compare]
  const keys = keysOf(options, scenario, strategies)
  const { runs, interrupted } = await run(experiment, keys, options.jobs, terminal)
  if (interrupted) terminal.say(stoppedText(runs.length, keys.length))
  if (runs.length === 0) return interrupted ? EXIT.interrupted : EXIT.findings
  const report = reportExperiment(window, strategies, runs)
  printExperiment(report, terminal)
  terminal.record({ type: 'simulation', ...report })
  if (options.out !== undefined) {
    const text = `${JSON.stringify({ v: JSON_VERSION, type: 'simulation', ...report }, null, 1)}\n`
    await writeFile(join(options.out, 'simulation.json'), text)
    await writeFile(join(options.out, 'figures.csv'), figuresTable(report))
    terminal.say(`written: ${join(options.out, 'simulation.json')}, ${join(options.out, 'figures.csv')}`)
  }
  if (interrupted) return EXIT.interrupted
  return runs.some(({ stopped }) => stopped.length > 0) ? EXIT.findings : EXIT.ok
}

const stoppedText = (finished: number, asked: number): string =>
  finished === 0
    ? `stopped before the first of ${asked} runs was finished: there is nothing to report`
    : `stopped: ${finished} of ${asked} runs were finished, and are reported`

interface Loaded {
  readonly experiment: Experiment
  readonly scenario: ScenarioConfig
  /** Faults of its scripts that need wires. */
  readonly leftOut: readonly string[]
}

const wordsOf = (faults: readonly ScriptedFault[]): string =>
  faults.map(({ fault, place }) => `${fault} at ${place}`).join(', ')

async function loadExperiment(options: SimulateOptions, terminal: Terminal): Promise<Loaded | ExitCode> {
  const { config, scenario: name, from, for: forMs, warmUp, neighbours } = options
  const site = await loadSiteOrExplain(config, terminal)
  if (site === null) return EXIT.invalidConfig
  if (name === undefined) {
    const names = await scenarioNames(config)
    const known = names.length === 0 ? 'There is none; write one.' : `There are: ${names.join(', ')}.`
    return misused(terminal, 'which scenario?', `Name it: --scenario <name>. ${known}`)
  }
  const profiles = await loadProfilesOrExplain(site, terminal)
  const scenario = profiles && (await loadScenarioOrExplain({ directory: config, site }, name, terminal))
  if (profiles === null || scenario === null) return EXIT.invalidConfig
  const window = windowOf(scenario, {
    warmUpMs: warmUp,
    ...(from !== undefined && { from }),
    ...(forMs !== undefined && { forMs }),
  })
  if (!window.ok) {
    terminal.fail(
      window.fault.code,
      windowFaultText(window.fault),
      'Ask for an earlier or shorter time (--from, --for), or a shorter --warm-up.',
    )
    return EXIT.usage
  }
  const script = await readFaults(options.faults, { site, profiles, scenario, window: window.value })
  if (script.ok) {
    const { planted: faults, leftOut } = script.value
    return { experiment: { site, profiles, window: window.value, neighbours, faults }, scenario, leftOut }
  }
  explainFaults(script.fault, terminal)
  return EXIT.invalidConfig
}

/** Those of the scenario and of the file beside it, proved against the cabinets of the site. */
async function readFaults(
  file: string | undefined,
  asked: Pick<Experiment, 'site' | 'profiles' | 'window'> & { readonly scenario: ScenarioConfig },
): Promise<Outcome<FieldScript, readonly ConfigFault[]>> {
  const { scenario, site, profiles } = asked
  const own = file === undefined ? null : await loadFaults(file)
  if (own?.ok === false) return own
  const lists = [{ file: scenario.file, rows: scenario.faults }, ...(own ? [own.value] : [])]
  if (lists.every(({ rows }) => rows.length === 0)) return ok({ planted: [], leftOut: [] })
  const city = createCity({
    intersections: site.intersections,
    seed: scenario.seed,
    epochMs: scenario.startEpochMs,
    profiles,
  })
  return fieldScript(lists, { ...asked, city })
}

function misused(terminal: Terminal, message: string, remedy: string): ExitCode {
  terminal.fail('USAGE', message, remedy)
  return EXIT.usage
}

/** Both ways of control of a seed one after the other, so that a pair is there as soon as can be. */
function keysOf(
  { seed, seeds }: SimulateOptions,
  scenario: ScenarioConfig,
  strategies: readonly StrategyName[],
): RunKey[] {
  const all = seed === undefined ? Array.from({ length: seeds ?? SEEDS }, (_, i) => scenario.seed + i) : [seed]
  return all.flatMap((each) => strategies.map((strategy) => ({ strategy, seed: each })))
}

async function run(
  experiment: Experiment,
  keys: readonly RunKey[],
  jobs: number,
  terminal: Terminal,
): Promise<{ readonly runs: RunResult[]; readonly interrupted: boolean }> {
  const stop = new AbortController()
  const onSignal = () => stop.abort()
  const forget = onInterrupt(onSignal)
  process.once('SIGTERM', onSignal)
  try {
    const onProgress = tellSimulation(experiment.window, terminal)
    const runs = await runSeeds(experiment, keys, { jobs, signal: stop.signal, onProgress })
    return { runs, interrupted: stop.signal.aborted }
  } finally {
    forget()
    process.off('SIGTERM', onSignal)
  }
}

function hasFolder(directory: string, terminal: Terminal): boolean {
  try {
    makeFolder(directory)
    return true
  } catch (error) {
    terminal.fail('REPORT_UNWRITABLE', String(error), 'Name another folder behind --out.')
    return false
  }
}
