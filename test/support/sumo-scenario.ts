/** Scenarios on a crossing, run in SUMO under our cabinets, or by SUMO alone. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from '#base/outcome.ts'
import { fixed } from '#control/fixed.ts'
import type { Strategy } from '#control/strategy.ts'
import { BRIDGE_PROFILES } from '#sim/sumo/bridge/cabinets.ts'
import type { SumoReport } from '#sim/sumo/bridge/report.ts'
import { runScenario, type RunFault, type ScenarioRun } from '#sim/sumo/bridge/run-scenario.ts'
import { profileNamed } from './profiles.ts'
import { runTool } from './sumo-network.ts'

export interface Demand {
  readonly untilS: number
  /** Between two vehicles of each of the four straight ways. */
  readonly everyS: number
}

export interface ScenarioFacts {
  readonly demand: Demand
  /** Elements of `<input>` beside network and routes. */
  readonly input?: string
  /** Further groups of the configuration. */
  readonly rest?: string
}

/** Writes it into the folder of a crossing; returns the path of its configuration. */
export function writeScenario(folder: string, { demand, input = '', rest = '' }: ScenarioFacts): string {
  const ways = ['nc cs', 'sc cn', 'ec cw', 'wc ce']
  const { untilS, everyS } = demand
  const flows = ways.map(
    (way, n) =>
      `<flow id="f${n}" begin="0" end="${untilS}" period="${everyS}" departLane="best"><route edges="${way}"/></flow>`,
  )
  writeFileSync(join(folder, 'demand.xml'), `<routes>${untilS > 0 ? flows.join('') : ''}</routes>`)
  const files = '<net-file value="crossing.net.xml"/><route-files value="demand.xml"/>'
  const scenario = join(folder, 'scenario.sumocfg')
  writeFileSync(scenario, `<configuration><input>${files}${input}</input>${rest}</configuration>`)
  return scenario
}

export async function runBridge(
  configurationFile: string,
  facts: Partial<Omit<ScenarioRun, 'strategy'>> & { readonly strategy?: Strategy<unknown> } = {},
): Promise<Outcome<SumoReport, RunFault>> {
  const { strategy = fixed, ...rest } = facts
  const profiles = await Promise.all(BRIDGE_PROFILES.map(async (name) => [name, await profileNamed(name)] as const))
  return runScenario({
    configurationFile,
    beginS: 0,
    endS: null,
    seed: 1,
    strategy: { name: strategy.rung, runs: strategy },
    detection: 'loops',
    neighbours: 'on',
    withWindow: false,
    tripsFile: null,
    profiles: new Map(profiles),
    signal: new AbortController().signal,
    onProgress: () => {},
    ...rest,
  })
}

/** Mean time loss and departure delay where SUMO runs its own programs. */
export function ownMeanDelayS(sumo: string, folder: string, configurationFile: string, endS: number): number {
  const trips = join(folder, 'own-trips.xml')
  const all = ['--tripinfo-output.write-unfinished', 'true', '--tripinfo-output.write-undeparted', 'true']
  const quiet = ['--xml-validation', 'never', '--xml-validation.net', 'never', '--xml-validation.routes', 'never']
  const run = ['-c', configurationFile, '--seed', '1', '--end', `${endS}`, '--tripinfo-output', trips]
  runTool(sumo, [...run, ...all, ...quiet, '--no-step-log', 'true', '--time-to-teleport', '-1'], folder)
  const delays = [...readFileSync(trips, 'utf8').matchAll(/departDelay="([\d.]+)".*?timeLoss="([\d.]+)"/g)]
  return delays.reduce((sum, [, depart, loss]) => sum + Number(depart) + Number(loss), 0) / delays.length
}
