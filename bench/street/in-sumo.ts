/** A strategy over a scenario of SUMO, with what SUMO itself writes down of it. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { failed, type Outcome } from '#base/outcome.ts'
import type { Strategy } from '#control/strategy.ts'
import { loadProfile } from '#devices/profile/load.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { BRIDGE_PROFILES } from '#sim/sumo/bridge/cabinets.ts'
import type { SumoReport } from '#sim/sumo/bridge/report.ts'
import { runScenario, type RunFault } from '#sim/sumo/bridge/run-scenario.ts'
import type { Detection } from '#sim/sumo/derive/intersection.ts'
import { explainNetworkFault } from '#sim/sumo/network/network-fault.ts'
import { explainSumoFault } from '#sim/sumo/traci/sumo-fault.ts'

export interface SumoStart {
  readonly configurationFile: string
  readonly strategy: Strategy<unknown>
  readonly detection: Detection
  readonly seed: number
  /** Ends so long after its beginning; the scenario's own end if that is sooner. */
  readonly seconds: number
}

/** The fault is a sentence. */
export async function runInSumo(start: SumoStart): Promise<Outcome<SumoReport, string>> {
  const { configurationFile, strategy, detection, seed, seconds } = start
  const stop = new AbortController()
  let beganS: number | null = null
  const ran = await runScenario({
    ...{ configurationFile, detection, seed, beginS: null, tripsFile: null, withWindow: false, neighbours: 'on' },
    endS: null,
    strategy: { name: strategy.rung, runs: strategy },
    profiles: await profiles(),
    signal: stop.signal,
    onProgress: (nowS) => {
      beganS ??= nowS - 1
      if (nowS - beganS >= seconds) stop.abort()
    },
  })
  return ran.ok ? ran : failed(explained(ran.fault))
}

/**
 * The scenario once more, in a folder of ours, with an option of SUMO more: what only the judge wants to know does not
 * pass through the bridge. The fault is a sentence.
 */
export function scenarioWith(
  configurationFile: string,
  options: readonly string[],
  folder: string,
): Outcome<string, string> {
  const copy = join(folder, 'judged.sumocfg')
  const args = ['--configuration-file', configurationFile, ...options, '--save-configuration', copy]
  const { status, stderr, error } = spawnSync('sumo', args, { encoding: 'utf8' })
  if (error !== undefined) return failed(`SUMO cannot be started: ${error.message}. Install it: apt-get install sumo.`)
  return status === 0 ? { ok: true, value: copy } : failed(`SUMO does not read ${configurationFile}: ${stderr.trim()}`)
}

async function profiles(): Promise<ReadonlyMap<string, DeviceProfile>> {
  const loaded = new Map<string, DeviceProfile>()
  for (const name of BRIDGE_PROFILES) {
    const profile = await loadProfile(name)
    if (!profile.ok) throw new Error(`the profile ${name} of our own cannot be loaded`)
    loaded.set(name, profile.value)
  }
  return loaded
}

const explained = (fault: RunFault): string =>
  fault.of === 'sumo'
    ? explainSumoFault(fault.fault)
    : fault.faults.map((each) => explainNetworkFault(fault.file, each)).join(' ')
