/** A device without a wire: the same values, refusals and faults as over one, through the codec of the profile. */
import type { DeviceFault, DeviceResult, FieldDevice, OpenDevice, PointSource } from '../device.ts'
import { encodeControlBlock, decodeControlBlock } from '../modbus/control-block.ts'
import { decodeTimingBlock, encodeTimingBlock } from '../modbus/timing-block.ts'
import { controlLayout, decodeNode, encodeNode, fitsNode, layoutNodes } from '../opcua/node-layout.ts'
import { decodeTimingCall, encodeTimingCall } from '../opcua/timing-call.ts'
import { POINTS, type PointImage, type PointName, type PointValue } from '../points.ts'
import { decodePoint, encodePoint } from '../profile/codec.ts'
import { controlGroup } from '../profile/control-group.ts'
import type { DeviceProfile, ModbusProfile, OpcuaProfile } from '../profile/schema.ts'
import { timingPort, type TimingWire } from '../timing-port.ts'
import type { TimingDevice, TimingRequest } from '../timing.ts'
import { PoweredLine } from './powered-line.ts'

/** Not connected yet; every call answers at once. `source` is the device's own side. */
export function openMemory(profile: DeviceProfile, source: PointSource): OpenDevice {
  const line = new MemoryLine(source)
  const takesCommands = [...profile.points.keys()].some((name) => POINTS[name].access === 'control')
  return {
    device: readingSide(profile, source, line),
    commands: takesCommands ? { write: (values) => writeControl(profile, source, values, line.ask) } : null,
  }
}

/** The same reading side, which brings a timing and writes no command. */
export function openMemoryTiming(profile: DeviceProfile, source: PointSource): TimingDevice {
  const line = new MemoryLine(source)
  const device = readingSide(profile, source, line)
  return { device, timing: timingPort(device, timingWire(profile, source, line.ask)) }
}

class MemoryLine extends PoweredLine {
  /** Asks the source; what it throws is what a device says of itself by "device failure". */
  readonly ask: Ask = async (asking) => {
    const fault = this.lost()
    if (fault !== null) return failed(fault)
    try {
      return asking()
    } catch (error) {
      return failed(refused(String(error)))
    }
  }
}

function readingSide(profile: DeviceProfile, source: PointSource, line: MemoryLine): FieldDevice {
  const { ask } = line
  const scan = imageReader(profile, source, [...profile.points.keys()].filter(isScanned))
  return {
    profile,
    connect: async () => line.connect(),
    scan: () => ask(scan),
    async read(wanted) {
      const alien = wanted.find((name) => !profile.points.has(name) || POINTS[name].access === 'control')
      if (alien) return failed({ code: 'NOT_IN_PROFILE', detail: `${alien} cannot be read` })
      return ask(imageReader(profile, source, wanted))
    },
    async readLog(after, max) {
      if (!profile.log) return failed({ code: 'NOT_IN_PROFILE', detail: 'the device has no log' })
      return ask(() => ({ ok: true, value: source.readLog(after, max) }))
    },
    close: async () => line.close(),
  }
}

type Ask = <T>(asking: () => DeviceResult<T>) => Promise<DeviceResult<T>>

async function writeControl(
  profile: DeviceProfile,
  source: PointSource,
  values: ReadonlyMap<PointName, number>,
  ask: Ask,
): Promise<DeviceResult<void>> {
  const carried = profile.protocol === 'modbus-tcp' ? overRegisters(profile, values) : overNode(profile, values)
  if (!carried.ok) return carried
  return ask(() =>
    source.writeControl(carried.value)
      ? { ok: true, value: undefined }
      : failed(refused('the device refused the values')),
  )
}

/** Through the codec of the profile, as over a wire. */
function timingWire(profile: DeviceProfile, source: PointSource, ask: Ask): TimingWire | null {
  const carried = carrierOf(profile)
  if (carried === null) return null
  return {
    partMax: carried.partMax,
    ask: (request) =>
      ask(() => {
        const arrived = carried.through(request)
        if (arrived !== null && source.askForTiming?.(arrived) === true) return { ok: true, value: undefined }
        return failed(refused('the device refused the request'))
      }),
  }
}

function carrierOf(
  profile: DeviceProfile,
): { readonly partMax: number; through(request: TimingRequest): TimingRequest | null } | null {
  if (profile.protocol === 'modbus-tcp') {
    const { timing } = profile
    return (
      timing && {
        partMax: 2 * timing.partRegisters,
        through: (request) => decodeTimingBlock(timing, encodeTimingBlock(timing, request)),
      }
    )
  }
  const { timing } = profile
  return (
    timing && {
      partMax: timing.partCharacters,
      through: (request) =>
        decodeTimingCall(
          encodeTimingCall(request).map((value) => ({ value })),
          timing.partCharacters,
        ),
    }
  )
}

/** The layout of what is read is the same at every reading. */
const imageReader = (profile: DeviceProfile, source: PointSource, names: readonly PointName[]) =>
  profile.protocol === 'modbus-tcp' ? fromRegisters(profile, source, names) : fromNodes(profile, source, names)

function fromRegisters(profile: ModbusProfile, source: PointSource, names: readonly PointName[]) {
  const points = names.flatMap((name) => {
    const point = profile.points.get(name)
    return point ? [[name, point] as const] : []
  })
  return (): DeviceResult<PointImage> => {
    const image = new Map<PointName, PointValue>()
    for (const [name, point] of points) {
      const value = decodePoint(point, encodePoint(point, source.readPoint(name)))
      if (value !== null) image.set(name, value)
    }
    return { ok: true, value: image }
  }
}

function fromNodes(profile: OpcuaProfile, source: PointSource, names: readonly PointName[]) {
  const layouts = layoutNodes(profile, names)
  const wanted = new Set(names)
  const valueOf = (name: PointName) => source.readPoint(name)
  return (): DeviceResult<PointImage> => {
    const image = new Map<PointName, PointValue>()
    for (const layout of layouts) {
      const decoded = decodeNode(layout, encodeNode(layout, valueOf), image)
      if (!decoded.ok) return decoded
    }
    for (const name of image.keys()) if (!wanted.has(name)) image.delete(name)
    return { ok: true, value: image }
  }
}

function overRegisters(
  profile: ModbusProfile,
  values: ReadonlyMap<PointName, number>,
): DeviceResult<ReadonlyMap<PointName, number>> {
  const block = encodeControlBlock(profile, values)
  if (!block.ok) return block
  return { ok: true, value: decodeControlBlock(profile, block.value) ?? new Map() }
}

function overNode(
  profile: OpcuaProfile,
  values: ReadonlyMap<PointName, number>,
): DeviceResult<ReadonlyMap<PointName, number>> {
  const layout = controlLayout(profile)
  const group = layout?.points.map(([name]) => name) ?? []
  return controlGroup(group, values, (_, value) => layout !== null && fitsNode(layout.type, value))
}

const isScanned = (name: PointName) => POINTS[name].access === 'scan'

const failed = (fault: DeviceFault) => ({ ok: false, fault }) as const

/** Modbus exception 4, whatever the protocol would have said: nobody reads a code of a wire that is not there. */
const refused = (detail: string): DeviceFault => ({ code: 'REFUSED_BY_DEVICE', protocolCode: 4, detail })
