/** `sabz sim`: wires the virtual city to the ports of the configuration and runs it until asked to end, or for as long as it is told. */
import { createInterface } from 'node:readline'
import { loadFaults, type FaultList } from '#config/fault-rows.ts'
import { loadScenario } from '#config/load-scenario.ts'
import type { ScenarioConfig } from '#config/scenario.ts'
import type { SiteConfig } from '#config/site.ts'
import { actByHand } from '#sim/by-hand.ts'
import { layStreets, type CityStreets } from '#sim/city-streets.ts'
import { readScript } from '#sim/faults/script.ts'
import { startVirtualCity, virtualCityFaultText, type VirtualCity } from '#sim/virtual-city.ts'
import { identityOfDevice } from './device-trust.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { loadProfilesOrExplain } from './field.ts'
import { isSupervised, runUntilAsked, tellReady } from './lifetime.ts'
import { claimPriority } from './priority.ts'
import { answerDemo, brokerOfDemo, linesOfDemo } from './demo-words.ts'
import { followCity } from './sim-summary.ts'
import { explainFaults, loadSiteOrExplain } from './site.ts'
import { logTo, type Terminal } from './terminal.ts'
import { failByTrust, LOOPBACK_NAMES, makeMissingKeys, partiesOfSite, tlsFolderOf } from './tls-folder.ts'

export interface SimOptions {
  readonly config: string
  /** That of the scenario, or 1, unless given. */
  readonly seed?: number
  readonly ledger?: string
  readonly portOffset: number
  readonly tls?: string
  readonly scenario?: string
  readonly faults?: string
  readonly speed: number
  /** In a demo: its broker is not its own, and stays as it is. */
  readonly brokerElsewhere?: true
  /** Ends by itself after so long of the street's time, ms. */
  readonly for?: number
}

/** All that a run needs beside the site. */
interface Script {
  readonly scenario: ScenarioConfig | null
  readonly streets: CityStreets | null
  readonly faults: readonly FaultList[]
}

const SEED = 1

export async function runSim(options: SimOptions, terminal: Terminal): Promise<ExitCode> {
  const site = await loadSiteOrExplain(options.config, terminal)
  const profiles = site && (await loadProfilesOrExplain(site, terminal))
  const script = site && profiles && (await loadScript(options, site, terminal))
  if (site === null || profiles === null || script === null) return EXIT.invalidConfig
  const folder = tlsFolderOf(options.tls, site)
  const keys = await makeMissingKeys(folder, partiesOfSite(site, profiles), LOOPBACK_NAMES)
  if (!keys.ok) {
    failByTrust(keys.fault, terminal)
    return EXIT.invalidConfig
  }
  const log = logTo(terminal, 'sim')
  const { scenario, streets } = script
  const seed = options.seed ?? scenario?.seed ?? SEED
  const broker = options.brokerElsewhere ? null : brokerOfDemo()
  const started = await startVirtualCity({
    site,
    profiles,
    seed,
    portOffset: options.portOffset,
    identityOf: ({ intersection, device }) => identityOfDevice(folder, intersection, device),
    speed: options.speed,
    log,
    ...(streets && { streets }),
    // In the demo the edge keeps true time, and would find twelve clocks wrong: only the traffic is that of another hour.
    ...(scenario && !isSupervised() && { startEpochMs: scenario.startEpochMs }),
    ...(broker && { broker }),
    ...(options.ledger !== undefined && { ledgerDirectory: options.ledger }),
  })
  if (!started.ok) {
    for (const fault of started.fault) terminal.fail(fault.code, virtualCityFaultText(fault))
    return EXIT.cannotReach
  }
  const running = started.value
  if (!followScript(running, { site, script }, terminal)) {
    await running.stop()
    return EXIT.invalidConfig
  }
  claimPriority()
  const devices = running.devices.length
  log('info', 'SIM_READY', readyWords({ site, devices, seed, options }))
  terminal.record({ type: 'ready', devices })
  tellReady({ devices })
  if (isSupervised()) linesOfDemo((line) => answer(running, line, terminal))
  else createInterface({ input: process.stdin }).on('line', (line) => answer(running, line, terminal))
  const summary = followCity(running, { speed: options.speed, forMs: options.for ?? null }, terminal)
  return runUntilAsked(async () => {
    summary.end()
    await running.stop()
  }, summary.over)
}

interface Ready {
  readonly site: SiteConfig
  readonly devices: number
  readonly seed: number
  readonly options: SimOptions
}

function readyWords({ site, devices, seed, options }: Ready): string {
  const speed = options.speed === 1 ? '' : `, ${options.speed} times real time`
  const scenario = options.scenario === undefined ? '' : `, scenario ${options.scenario}`
  return `${site.intersections.length} cabinets with ${devices} devices listen, seed ${seed}${scenario}${speed}`
}

/** Scenario and faults of the right shape and in streets that there are; null when that has been explained. */
async function loadScript(
  { config, scenario: name, faults: file, seed }: SimOptions,
  site: SiteConfig,
  terminal: Terminal,
): Promise<Script | null> {
  const scenario = name === undefined ? null : await loadScenario(config, name, site)
  if (scenario?.ok === false) return explained(scenario.fault, terminal)
  const own = file === undefined ? null : await loadFaults(file)
  if (own?.ok === false) return explained(own.fault, terminal)
  const lists = [
    ...(scenario ? [{ file: scenario.value.file, rows: scenario.value.faults }] : []),
    ...(own ? [own.value] : []),
  ]
  const { intersections } = site
  if (!scenario) {
    // Laid again when the city starts, by the clock of that moment.
    const plain = layStreets({ intersections, seed: seed ?? SEED, epochMs: 0 })
    return plain.ok ? { scenario: null, streets: null, faults: lists } : explained(plain.fault, terminal)
  }
  const { value } = scenario
  const { startEpochMs: epochMs } = value
  const streets = layStreets({ intersections, seed: seed ?? value.seed, epochMs, scenario: value })
  return streets.ok ? { scenario: value, streets: streets.value, faults: lists } : explained(streets.fault, terminal)
}

function explained(faults: Parameters<typeof explainFaults>[0], terminal: Terminal): null {
  explainFaults(faults, terminal)
  return null
}

/** What its files say is planted as the city runs; false when they ask for what it does not have, which has been explained then. */
function followScript(
  { faults: desk, city }: VirtualCity,
  { site, script }: { readonly site: SiteConfig; readonly script: Script },
  terminal: Terminal,
): boolean {
  const startEpochMs = script.scenario?.startEpochMs ?? city.epochMs
  const start = Temporal.Instant.fromEpochMilliseconds(startEpochMs).toZonedDateTimeISO(site.timeZone)
  const read = script.faults.map((list) => readScript(list, desk, { start }))
  const refused = read.flatMap((each) => (each.ok ? [] : each.fault))
  if (refused.length > 0) explainFaults(refused, terminal)
  else desk.follow(read.flatMap((each) => (each.ok ? each.value : [])))
  return refused.length === 0
}

/** Lines that are typed, or piped in, act on the cabinets while the city runs; the end of them ends nothing. */
function answer({ faults }: VirtualCity, line: string, terminal: Terminal): void {
  for (const words of actByHand(faults, line)) {
    terminal.print(words)
    terminal.record({ type: 'answer', line, answer: words })
    if (isSupervised()) answerDemo(words)
  }
}
