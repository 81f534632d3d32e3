/** Puts every controller and card of the virtual cabinets on its own port, in the protocol of its profile. */
import type { IntersectionId } from '#base/id.ts'
import { unreachable } from '#base/invariant.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { DeviceConfig } from '#config/site.ts'
import type { PointSource } from '#devices/device.ts'
import type { DeviceProfile, OpcuaProfile } from '#devices/profile/schema.ts'
import type { VirtualCabinet } from './cabinet/virtual-cabinet.ts'
import { DeviceLine } from './servers/device-line.ts'
import { serveModbus } from './servers/modbus-server.ts'
import { serveOpcua, type OpcuaServerIdentity } from './servers/opcua-server.ts'
import { WireFaults } from './servers/wire-faults.ts'

export interface FieldOptions {
  readonly cabinets: readonly VirtualCabinet[]
  /** By name; a device whose profile is missing is a fault. */
  readonly profiles: ReadonlyMap<string, DeviceProfile>
  /** Added to every port of the configuration. */
  readonly portOffset: number
  /** Of the device, where its profile wants one; null where there is none. */
  readonly identityOf?: (place: ServedDevice) => OpcuaServerIdentity | null
  /** Is told of a device that could not listen again after it was restarted. */
  readonly onLost?: (place: ServedDevice, detail: string) => void
}

/** The wires of one cabinet, by device name. */
export type CabinetLines = ReadonlyMap<string, DeviceLine>

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
  readonly lines: ReadonlyMap<IntersectionId, CabinetLines>
  close(): Promise<void>
}

/** Serves all devices, or none: then every device that could not listen is named. */
export async function serveField(options: FieldOptions): Promise<Outcome<FieldServers, readonly ServeFault[]>> {
  const lines = new Map<IntersectionId, Map<string, DeviceLine>>()
  const devices: ServedDevice[] = []
  const faults: ServeFault[] = []
  // One after the other: each OPC UA server keeps the processor busy while it starts.
  for (const device of options.cabinets.flatMap((cabinet) => devicesOf(cabinet, options))) {
    const served = await serve(device, options)
    if (!served.ok) faults.push(served.fault)
    else {
      const { intersection, device: name } = device.place
      lines.set(intersection, (lines.get(intersection) ?? new Map<string, DeviceLine>()).set(name, served.value))
      devices.push({ ...device.place, port: served.value.port })
    }
  }
  const all = () => [...lines.values()].flatMap((ofCabinet) => [...ofCabinet.values()])
  const close = async () => void (await Promise.all(all().map((line) => line.close())))
  if (faults.length === 0) return ok({ devices, lines, close })
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
  { profiles, identityOf, onLost }: FieldOptions,
): Promise<Outcome<DeviceLine, ServeFault>> {
  const profile = profiles.get(config.profile)
  if (!profile) return failed({ code: 'DEVICE_NOT_SERVED', ...place, detail: `there is no profile ${config.profile}` })
  const { host } = place
  const identityFor = ({ security }: OpcuaProfile) => {
    const identity = security.policy === 'None' ? null : (identityOf?.(place) ?? null)
    return identity === null ? {} : { identity }
  }
  const faults = new WireFaults()
  const line = new DeviceLine({
    protocol: profile.protocol,
    faults,
    serve: (port = place.port) =>
      profile.protocol === 'modbus-tcp'
        ? serveModbus({ profile, source, host, port, unit: config.address.unit, faults })
        : serveOpcua({ profile, source, host, port, faults, ...identityFor(profile) }),
    onLost: (detail) => onLost?.(place, detail),
  })
  try {
    await line.open()
    return ok(line)
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    if (detail.includes('EADDRINUSE')) return failed({ code: 'PORT_IN_USE', ...place })
    return failed({ code: 'DEVICE_NOT_SERVED', ...place, detail })
  }
}
