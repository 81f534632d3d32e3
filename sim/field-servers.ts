/** Puts every controller and card of the virtual cabinets on its own port, in the protocol of its profile. */
import type { IntersectionId } from '#base/id.ts'
import { unreachable } from '#base/invariant.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { DeviceConfig } from '#config/site.ts'
import type { PointSource } from '#devices/device.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import type { VirtualCabinet } from './cabinet/virtual-cabinet.ts'
import { serveModbus, type RunningServer } from './servers/modbus-server.ts'
import { serveOpcua } from './servers/opcua-server.ts'

export interface FieldOptions {
  readonly cabinets: readonly VirtualCabinet[]
  /** By name; a device whose profile is missing is a fault. */
  readonly profiles: ReadonlyMap<string, DeviceProfile>
  /** Added to every port of the configuration. */
  readonly portOffset: number
  /** For OPC UA profiles with security. */
  readonly certificateFolder?: string
}

export interface ServedDevice {
  readonly intersection: IntersectionId
  /** `controller`, or the name of the card. */
  readonly device: string
  readonly host: string
  readonly port: number
}

export type ServeFault =
  | ({ readonly code: 'PORT_IN_USE' } & ServedDevice)
  | ({ readonly code: 'DEVICE_NOT_SERVED'; readonly detail: string } & ServedDevice)

export interface FieldServers {
  readonly devices: readonly ServedDevice[]
  close(): Promise<void>
}

/** Serves all devices, or none: then every device that could not listen is named. */
export async function serveField(options: FieldOptions): Promise<Outcome<FieldServers, readonly ServeFault[]>> {
  const servers: RunningServer[] = []
  const devices: ServedDevice[] = []
  const faults: ServeFault[] = []
  // One after the other: each OPC UA server keeps the processor busy while it starts.
  for (const device of options.cabinets.flatMap((cabinet) => devicesOf(cabinet, options))) {
    const served = await serve(device, options)
    if (!served.ok) faults.push(served.fault)
    else {
      servers.push(served.value)
      devices.push({ ...device.place, port: served.value.port })
    }
  }
  const close = async () => void (await Promise.all(servers.map((server) => server.close())))
  if (faults.length === 0) return ok({ devices, close })
  await close()
  return failed(faults)
}

export function serveFaultText(fault: ServeFault): string {
  const { intersection, device, host, port } = fault
  const place = `${intersection} ${device}: port ${port} of ${host}`
  switch (fault.code) {
    case 'PORT_IN_USE':
      return `${place} is in use. End the program that uses it, or move all ports with --port-offset.`
    case 'DEVICE_NOT_SERVED':
      return `${place} cannot be served: ${fault.detail}`
    default:
      return unreachable(fault)
  }
}

interface DeviceToServe {
  readonly place: ServedDevice
  readonly config: DeviceConfig
  readonly source: PointSource
}

function devicesOf(cabinet: VirtualCabinet, { portOffset }: FieldOptions): DeviceToServe[] {
  const { controller, cards, database } = cabinet.config
  const sources = new Map([...cabinet.cards, [controller.name, cabinet.controller]])
  return [controller, ...cards].flatMap((config) => {
    const source = sources.get(config.name)
    const { host, port } = config.address
    const place = { intersection: database.intersection.id, device: config.name, host, port: port + portOffset }
    return source ? [{ place, config, source }] : []
  })
}

async function serve(
  { place, config, source }: DeviceToServe,
  { profiles, certificateFolder }: FieldOptions,
): Promise<Outcome<RunningServer, ServeFault>> {
  const profile = profiles.get(config.profile)
  if (!profile) return failed({ code: 'DEVICE_NOT_SERVED', ...place, detail: `there is no profile ${config.profile}` })
  const { host, port } = place
  try {
    return ok(
      profile.protocol === 'modbus-tcp'
        ? await serveModbus({ profile, source, host, port, unit: config.address.unit })
        : await serveOpcua({ profile, source, host, port, ...(certificateFolder && { certificateFolder }) }),
    )
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    if (detail.includes('EADDRINUSE')) return failed({ code: 'PORT_IN_USE', ...place })
    return failed({ code: 'DEVICE_NOT_SERVED', ...place, detail })
  }
}
