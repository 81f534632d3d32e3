/** A device that speaks Modbus TCP, by its profile. */
import { Connection } from '../connection.ts'
import { deadlineIn, type Deadline } from '../deadline.ts'
import type { CommandPort, DeviceAddress, DeviceResult, FieldDevice, LogRecord, OpenDevice } from '../device.ts'
import { POINTS, type PointImage, type PointName, type PointValue } from '../points.ts'
import type { ModbusLog, ModbusProfile } from '../profile/schema.ts'
import { controlNames, encodeControlBlock } from './control-block.ts'
import { appendSlots, mayBeTorn, slotReads, spanToRead, untorn } from './log-ring.ts'
import { decodeRead, planReads, type RegisterRead } from './read-plan.ts'
import { type ModbusSession, modbusWire, readRegisters, writeRegisters } from './wire.ts'

/** Not connected yet. Faults are returned; nothing is retried, nothing is logged. */
export function openModbus(profile: ModbusProfile, address: DeviceAddress): OpenDevice {
  const connection = new Connection(modbusWire(address))
  const reader = new ModbusReader(profile, address.unit, connection)
  const scanReads = planReads(profile, namesOf(profile, 'scan'))

  const device: FieldDevice = {
    profile,
    connect: (timeoutMs) => connection.connect(timeoutMs),
    scan: (timeoutMs) => reader.readPoints(scanReads, deadlineIn(timeoutMs)),
    async read(names, timeoutMs) {
      const alien = names.find((name) => !profile.points.has(name) || POINTS[name].access === 'control')
      if (alien) return notInProfile(`${alien} cannot be read`)
      return reader.readPoints(planReads(profile, names), deadlineIn(timeoutMs))
    },
    async readLog(after, max, timeoutMs) {
      if (!profile.log) return notInProfile('the device has no log')
      return reader.readLog(profile.log, { after, max }, deadlineIn(timeoutMs))
    },
    close: () => connection.close(),
  }
  return { device, commands: commandPort(profile, address.unit, connection) }
}

function commandPort(profile: ModbusProfile, unit: number, connection: Connection<ModbusSession>): CommandPort | null {
  if (controlNames(profile).length === 0) return null
  return {
    async write(values, timeoutMs) {
      const block = encodeControlBlock(profile, values)
      if (!block.ok) return block
      return connection.request(deadlineIn(timeoutMs), (session) => writeRegisters(session, unit, block.value))
    },
  }
}

class ModbusReader {
  readonly #profile: ModbusProfile
  readonly #unit: number
  readonly #connection: Connection<ModbusSession>

  constructor(profile: ModbusProfile, unit: number, connection: Connection<ModbusSession>) {
    this.#profile = profile
    this.#unit = unit
    this.#connection = connection
  }

  async readPoints(reads: readonly RegisterRead[], deadline: Deadline): Promise<DeviceResult<PointImage>> {
    const image = new Map<PointName, PointValue>()
    for (const read of reads) {
      const decoded = await this.#connection.request(deadline, async (session) => {
        const words = await readRegisters(session, this.#unit, read)
        return words.ok ? decodeRead(this.#profile, read, words.value, image) : words
      })
      if (!decoded.ok) return decoded
    }
    return { ok: true, value: image }
  }

  async readLog(
    log: ModbusLog,
    wanted: { readonly after: number; readonly max: number },
    deadline: Deadline,
  ): Promise<DeviceResult<readonly LogRecord[]>> {
    const head = await this.#readHead(deadline)
    if (!head.ok) return head
    const span = spanToRead(head.value, log.capacity, wanted)
    const run: LogRecord[] = []
    for (const read of slotReads(log, span, this.#profile.maxRegistersPerRead)) {
      const words = await this.#connection.request(deadline, (session) =>
        readRegisters(session, this.#unit, { table: 'input', ...read }),
      )
      if (!words.ok) return words
      if (!appendSlots(run, read, words.value)) break
    }
    if (!mayBeTorn(head.value, log.capacity, span)) return { ok: true, value: run }
    const headAfter = await this.#readHead(deadline)
    return headAfter.ok ? { ok: true, value: untorn(run, headAfter.value, log.capacity) } : headAfter
  }

  async #readHead(deadline: Deadline): Promise<DeviceResult<number>> {
    const image = await this.readPoints(planReads(this.#profile, ['eventLog.head']), deadline)
    return image.ok ? { ok: true, value: Number(image.value.get('eventLog.head')) } : image
  }
}

const namesOf = (profile: ModbusProfile, access: 'scan' | 'once'): PointName[] =>
  [...profile.points.keys()].filter((name) => POINTS[name].access === access)

const notInProfile = (detail: string) => ({ ok: false, fault: { code: 'NOT_IN_PROFILE', detail } }) as const
