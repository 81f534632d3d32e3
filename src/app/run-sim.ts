/** `sabz sim`: wires the virtual city to the ports of the configuration and runs it until asked to end. */
import { startVirtualCity, type VirtualCityFault } from '#sim/virtual-city.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { loadProfilesOrExplain } from './field.ts'
import { runUntilAsked, tellReady } from './lifetime.ts'
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
    for (const fault of started.fault) explain(fault, terminal)
    return EXIT.cannotReach
  }
  const devices = started.value.devices.length
  log('info', 'SIM_READY', `${site.intersections.length} cabinets with ${devices} devices listen, seed ${seed}`)
  terminal.record({ type: 'ready', devices })
  tellReady({ devices })
  return runUntilAsked(() => started.value.stop())
}

function explain(fault: VirtualCityFault, terminal: Terminal): void {
  switch (fault.code) {
    case 'PORT_IN_USE': {
      const { host, port, intersection, device } = fault
      const message = `${host}:${port} of ${intersection} ${device} is in use.`
      return terminal.fail(fault.code, message, 'End the program that uses it, or move all ports: --port-offset 1000')
    }
    case 'DEVICE_NOT_SERVED':
      return terminal.fail(fault.code, `${fault.intersection} ${fault.device}: ${fault.detail}`, 'See docs/errors.md')
    case 'LEDGER_NOT_KEPT':
      return terminal.fail(
        fault.code,
        `${fault.directory}: ${fault.detail}`,
        'Name a folder that can be written: --ledger',
      )
  }
}
