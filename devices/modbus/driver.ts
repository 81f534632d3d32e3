/** A device that speaks Modbus TCP, by its profile. */
import { Connection } from '../connection.ts'
import { deadlineIn, type Deadline } from '../deadline.ts'
import type { CommandPort, DeviceAddress, DeviceResult, FieldDevice, LogRecord, OpenDevice } from '../device.ts'
import { POINTS, type PointImage, type PointName, type PointValue } from '../points.ts'
import type { Registers } from '../profile/codec.ts'
import { TIMING_HEADER_REGISTERS } from '../profile/registers.ts'
import type { ModbusLog, ModbusProfile } from '../profile/schema.ts'
import { timingPort, type TimingWire } from '../timing-port.ts'
import type { TimingDevice } from '../timing.ts'
import { agreedPoints, RUN_MS_MAX } from './agreement.ts'
import { controlNames, controlSpan, encodeControlBlock } from './control-block.ts'
import { Doubt } from './doubt.ts'
import {
  agreedSlots,
  appendSlots,
  holdsSlot,
  mayBeTorn,
  slotReads,
  spanToRead,
  untorn,
  type LogSpan,
  type SlotRead,
} from './log-ring.ts'
import { decodeRead, planReads, type RegisterRead } from './read-plan.ts'
import { encodeTimingBlock } from './timing-block.ts'
import { type Dial, type ModbusSession, modbusWire, readRegisters, writeRegisters } from './wire.ts'

/** Not connected yet. Faults are returned; nothing is retried, nothing is logged. Over TCP unless it is given another way. */
export function openModbus(profile: ModbusProfile, address: DeviceAddress, dial?: Dial): OpenDevice {
  const connection = new Connection(modbusWire(address, dial))
  const device = readingSide(profile, address.unit, connection)
  return { device, commands: commandPort(profile, address.unit, connection) }
}

/** The same reading side, on a connection of its own that brings a timing and writes no command. */
export function openModbusTiming(profile: ModbusProfile, address: DeviceAddress): TimingDevice {
  const connection = new Connection(modbusWire(address))
  const device = readingSide(profile, address.unit, connection)
  return { device, timing: timingPort(device, timingWire(profile, address.unit, connection)) }
}

function readingSide(profile: ModbusProfile, unit: number, connection: Connection<ModbusSession>): FieldDevice {
  const reader = new ModbusReader(profile, unit, connection)
  const scanReads = planReads(profile, namesOf(profile, 'scan'))

  return {
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
}

function commandPort(profile: ModbusProfile, unit: number, connection: Connection<ModbusSession>): CommandPort | null {
  if (controlNames(profile).length === 0) return null
  const window = { unit, ...controlSpan(profile) }
  return {
    async write(values, timeoutMs) {
      const block = encodeControlBlock(profile, values)
      if (!block.ok) return block
      return connection.request(deadlineIn(timeoutMs), (session) => writeRegisters(session, window, block.value))
    },
  }
}

function timingWire({ timing }: ModbusProfile, unit: number, connection: Connection<ModbusSession>): TimingWire | null {
  if (timing === null) return null
  const window = { unit, address: timing.address, length: TIMING_HEADER_REGISTERS + timing.partRegisters }
  return {
    partMax: 2 * timing.partRegisters,
    ask(request, timeoutMs) {
      const block = encodeTimingBlock(timing, request)
      return connection.request(deadlineIn(timeoutMs), (session) => writeRegisters(session, window, block))
    },
  }
}

interface Wanted {
  readonly after: number
  readonly max: number
}

class ModbusReader {
  readonly #profile: ModbusProfile
  readonly #unit: number
  readonly #connection: Connection<ModbusSession>
  readonly #doubt = new Doubt()

  constructor(profile: ModbusProfile, unit: number, connection: Connection<ModbusSession>) {
    this.#profile = profile
    this.#unit = unit
    this.#connection = connection
  }

  async readPoints(reads: readonly RegisterRead[], deadline: Deadline): Promise<DeviceResult<PointImage>> {
    const image = new Map<PointName, PointValue>()
    for (const read of reads) {
      const block = await this.#readAgreed(read, deadline)
      if (!block.ok) return block
      for (const [name, value] of block.value) image.set(name, value)
    }
    return { ok: true, value: image }
  }

  async readLog(log: ModbusLog, wanted: Wanted, deadline: Deadline): Promise<DeviceResult<readonly LogRecord[]>> {
    const head = await this.#readHead(deadline)
    if (!head.ok) return head
    const span = spanToRead(head.value, log.capacity, wanted)
    const run = await this.#readRun(log, span, head.value, deadline)
    if (!run.ok || run.value.length > 0 || span.first > head.value) return run
    // Nothing where there should be records: a controller may lose its ring with its power, but never its numbers.
    const oldest = await this.#oldestHeld(log, { first: span.first, last: head.value }, deadline)
    if (!oldest.ok) return oldest
    const held = spanToRead(head.value, log.capacity, { ...wanted, after: oldest.value - 1 })
    return this.#readRun(log, held, head.value, deadline)
  }

  async #readRun(
    log: ModbusLog,
    span: LogSpan,
    head: number,
    deadline: Deadline,
  ): Promise<DeviceResult<readonly LogRecord[]>> {
    const run: LogRecord[] = []
    for (const read of slotReads(log, span, this.#profile.maxRegistersPerRead)) {
      const words = await this.#readSlots(log, read, deadline)
      if (!words.ok) return words
      if (!appendSlots(run, read, words.value)) break
    }
    if (!mayBeTorn(head, log.capacity, span)) return { ok: true, value: run }
    const headAfter = await this.#readHead(deadline)
    return headAfter.ok ? { ok: true, value: untorn(run, headAfter.value, log.capacity) } : headAfter
  }

  /** By halving: what the ring has lost lies before what it holds. One more than the span's last where it holds nothing. */
  async #oldestHeld(log: ModbusLog, span: LogSpan, deadline: Deadline): Promise<DeviceResult<number>> {
    let { first, last } = { first: span.first, last: span.last + 1 }
    while (first < last) {
      const middle = Math.floor((first + last) / 2)
      const [read] = slotReads(log, { first: middle, last: middle }, this.#profile.maxRegistersPerRead)
      if (!read) break
      const words = await this.#readSlots(log, read, deadline)
      if (!words.ok) return words
      if (holdsSlot(read, words.value)) last = middle
      else first = middle + 1
    }
    return { ok: true, value: first }
  }

  /** A device that takes its time over each answer has clocks that run on by as much. */
  #readAgreed(read: RegisterRead, deadline: Deadline): Promise<DeviceResult<PointImage>> {
    let tookMs = 0
    const ask = async () => {
      const askedAtMs = performance.now()
      const answer = await this.#readBlock(read, deadline)
      tookMs = Math.max(tookMs, performance.now() - askedAtMs)
      return answer
    }
    return this.#doubt.settle(ask, (answers, needed) => agreedPoints(answers, needed, RUN_MS_MAX + tookMs))
  }

  #readBlock(read: RegisterRead, deadline: Deadline): Promise<DeviceResult<PointImage>> {
    return this.#connection.request(deadline, async (session) => {
      const words = await readRegisters(session, this.#unit, read)
      return words.ok ? decodeRead(this.#profile, read, words.value) : words
    })
  }

  #readSlots(log: ModbusLog, read: SlotRead, deadline: Deadline): Promise<DeviceResult<Registers>> {
    const slots = { table: 'input', address: read.address, length: read.length } as const
    const ask = () => this.#connection.request(deadline, (session) => readRegisters(session, this.#unit, slots))
    return this.#doubt.settle(ask, agreedSlots(read, log))
  }

  async #readHead(deadline: Deadline): Promise<DeviceResult<number>> {
    const image = await this.readPoints(planReads(this.#profile, ['eventLog.head']), deadline)
    return image.ok ? { ok: true, value: Number(image.value.get('eventLog.head')) } : image
  }
}

const namesOf = (profile: ModbusProfile, access: 'scan' | 'once'): PointName[] =>
  [...profile.points.keys()].filter((name) => POINTS[name].access === access)

const notInProfile = (detail: string) => ({ ok: false, fault: { code: 'NOT_IN_PROFILE', detail } }) as const
