/** `sabz sim`: wires the virtual city to the ports of the configuration and runs it until asked to end. */
import { createInterface } from 'node:readline'
import { actByHand } from '#sim/by-hand.ts'
import type { City } from '#sim/city.ts'
import { startVirtualCity, virtualCityFaultText } from '#sim/virtual-city.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { loadProfilesOrExplain } from './field.ts'
import { isSupervised, runUntilAsked, tellReady } from './lifetime.ts'
import { claimPriority } from './priority.ts'
import { loadSiteOrExplain } from './site.ts'
import { logTo, type Terminal } from './terminal.ts'

export interface SimOptions {
  readonly config: string
  readonly seed: number
  readonly ledger?: string
  readonly portOffset: number
}

export async function runSim({ config, seed, ledger, portOffset }: SimOptions, terminal: Terminal): Promise<ExitCode> {
  const site = await loadSiteOrExplain(config, terminal)
  const profiles = site && (await loadProfilesOrExplain(site, terminal))
  if (site === null || profiles === null) return EXIT.invalidConfig
  const log = logTo(terminal, 'sim')
  const started = await startVirtualCity({
    site,
    profiles,
    seed,
    portOffset,
    log,
    ...(ledger !== undefined && { ledgerDirectory: ledger }),
  })
  if (!started.ok) {
    for (const fault of started.fault) terminal.fail(fault.code, virtualCityFaultText(fault))
    return EXIT.cannotReach
  }
  claimPriority()
  const devices = started.value.devices.length
  log('info', 'SIM_READY', `${site.intersections.length} cabinets with ${devices} devices listen, seed ${seed}`)
  terminal.record({ type: 'ready', devices })
  tellReady({ devices })
  if (!isSupervised()) takeLines(started.value.city, terminal)
  return runUntilAsked(() => started.value.stop())
}

/** Lines that are typed, or piped in, act on the cabinets while the city runs; the end of them ends nothing. */
function takeLines(city: City, terminal: Terminal): void {
  createInterface({ input: process.stdin }).on('line', (line) => {
    for (const answer of actByHand(city, line)) {
      terminal.print(answer)
      terminal.record({ type: 'answer', line, answer })
    }
  })
}
