/** `sabz sumo`: runs a scenario of SUMO with its lights in virtual cabinets under our strategies, and reports what came of it. */
import { stat, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { actuated } from '#control/actuated.ts'
import { fixed } from '#control/fixed.ts'
import { adaptive } from '#control/adaptive/adaptive.ts'
import { maxPressure } from '#control/max-pressure/max-pressure.ts'
import type { Strategy } from '#control/strategy.ts'
import { loadProfile } from '#devices/profile/load.ts'
import { profileFaultText } from '#devices/profile/fault.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { BRIDGE_PROFILES } from '#sim/sumo/bridge/cabinets.ts'
import type { NeighbourSwitch } from '#sim/closed-loop/supervise-cabinets.ts'
import type { SumoReport } from '#sim/sumo/bridge/report.ts'
import { runScenario, type RunFault } from '#sim/sumo/bridge/run-scenario.ts'
import type { Detection } from '#sim/sumo/derive/intersection.ts'
import { explainNetworkFault } from '#sim/sumo/network/network-fault.ts'
import { explainSumoFault } from '#sim/sumo/traci/sumo-fault.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { printSumoReport } from './sumo-table.ts'
import { JSON_VERSION, openTerminal, type Terminal } from './terminal.ts'

export const SUMO_STRATEGIES = ['fixed', 'actuated', 'max-pressure', 'adaptive'] as const
type SumoStrategy = (typeof SUMO_STRATEGIES)[number]

export interface SumoOptions {
  readonly config: string
  readonly begin?: number
  readonly end?: number
  readonly strategy: SumoStrategy
  readonly detectors: Detection
  readonly neighbours: NeighbourSwitch
  readonly seed?: number
  readonly gui?: true
  readonly tripinfo?: string
  readonly json?: true
  readonly color: boolean
}

/** In the order of the ladder, the simplest first. */
const RUNNING: Readonly<Record<SumoStrategy, Strategy<unknown>>> = {
  fixed,
  actuated,
  'max-pressure': maxPressure,
  adaptive,
}

/** `reportFile`: where `--json` puts the report; without it the report goes to stdout. */
export async function runSumo(options: SumoOptions, reportFile: string | undefined): Promise<ExitCode> {
  const { json, color, config, strategy } = options
  const terminal = openTerminal({ json: json === true && reportFile === undefined, color })
  if (reportFile !== undefined && json !== true) {
    terminal.fail('USAGE', `${reportFile} stands alone.`, 'Write --json before the file for the report.')
    return EXIT.usage
  }
  const runs = RUNNING[strategy]
  if (!(await isFile(config))) {
    terminal.fail('SCENARIO_NOT_A_FILE', `${config} is no file.`, 'Name the .sumocfg of the scenario: --config <file>.')
    return EXIT.usage
  }
  const display = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? ''
  if (options.gui === true && display === '')
    return explain({ of: 'sumo', fault: { code: 'SUMO_WITHOUT_DISPLAY', program: 'sumo-gui' } }, terminal)
  const profiles = await profilesOrExplain(terminal)
  if (profiles === null) return EXIT.invalidConfig
  const stop = new AbortController()
  const forget = whenInterrupted(() => stop.abort())
  const outcome = await runScenario({
    configurationFile: config,
    beginS: options.begin ?? null,
    endS: options.end ?? null,
    seed: options.seed ?? null,
    strategy: { name: strategy, runs },
    detection: options.detectors,
    neighbours: options.neighbours,
    withWindow: options.gui === true,
    tripsFile: options.tripinfo === undefined ? null : resolve(options.tripinfo),
    profiles,
    signal: stop.signal,
    onProgress: progress(terminal),
  })
  forget()
  return outcome.ok ? deliver(outcome.value, terminal, reportFile) : explain(outcome.fault, terminal)
}

async function deliver(report: SumoReport, terminal: Terminal, reportFile: string | undefined): Promise<ExitCode> {
  printSumoReport(report, terminal)
  terminal.record({ type: 'sumo', ...report })
  if (reportFile !== undefined) {
    try {
      await writeFile(reportFile, `${JSON.stringify({ v: JSON_VERSION, type: 'sumo', ...report }, null, 2)}\n`)
    } catch (error) {
      terminal.fail('REPORT_UNWRITABLE', String(error), 'Name another file behind --json; the figures stand above.')
      return EXIT.findings
    }
  }
  if (report.ending === 'interrupted') return EXIT.interrupted
  return report.lights.some(({ monitorTrips }) => monitorTrips.length > 0) ? EXIT.findings : EXIT.ok
}

function explain(fault: RunFault, terminal: Terminal): ExitCode {
  if (fault.of === 'sumo') {
    terminal.fail(fault.fault.code, explainSumoFault(fault.fault))
    return EXIT.cannotReach
  }
  for (const each of fault.faults) terminal.fail(each.code, explainNetworkFault(fault.file, each))
  return EXIT.invalidConfig
}

async function profilesOrExplain(terminal: Terminal): Promise<ReadonlyMap<string, DeviceProfile> | null> {
  const profiles = new Map<string, DeviceProfile>()
  for (const name of BRIDGE_PROFILES) {
    const loaded = await loadProfile(name)
    if (loaded.ok) profiles.set(name, loaded.value)
    else for (const fault of loaded.faults) terminal.fail(fault.code, profileFaultText(fault))
  }
  return profiles.size === BRIDGE_PROFILES.length ? profiles : null
}

const isFile = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )

const TELL_EVERY_MS = 10_000

/** Tells how far the street is, by its own clock, and whether it falls behind ours. */
function progress(terminal: Terminal): (nowS: number) => void {
  let toldMs = performance.now()
  let toldS: number | null = null
  return (nowS) => {
    toldS ??= nowS
    const nowMs = performance.now()
    const passedMs = nowMs - toldMs
    if (passedMs < TELL_EVERY_MS) return
    const times = ((nowS - toldS) * 1_000) / passedMs
    const behind =
      times < 1
        ? `, ${Math.round(passedMs / 1_000 - (nowS - toldS))} s behind real time in the last ${Math.round(passedMs / 1_000)} s`
        : ''
    terminal.say(`second ${Math.round(nowS)} of the street, ${times.toFixed(1)} times real time${behind}`)
    toldMs = nowMs
    toldS = nowS
  }
}

/** The first asks the run to end in order; the second ends the process at once, and SUMO with its connection. */
function whenInterrupted(stop: () => void): () => void {
  const asked = () => {
    stop()
    process.once('SIGINT', () => process.exit(EXIT.interrupted))
  }
  process.once('SIGINT', asked)
  process.once('SIGTERM', stop)
  return () => {
    process.off('SIGINT', asked)
    process.off('SIGTERM', stop)
  }
}
