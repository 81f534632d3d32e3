/** What the registers of a virtual device hold, and what writing them does: the device's side of a Modbus profile. */
import type { PointSource } from '#devices/device.ts'
import { controlNames, decodeControlBlock } from '#devices/modbus/control-block.ts'
import { encodeRecord } from '#devices/modbus/log-ring.ts'
import { decodeTimingBlock } from '#devices/modbus/timing-block.ts'
import type { RegisterBlock } from '#devices/modbus/wire.ts'
import { POINTS, type PointName } from '#devices/points.ts'
import { encodePoint } from '#devices/profile/codec.ts'
import { LOG_RECORD_REGISTERS, registersOf } from '#devices/profile/registers.ts'
import type { ModbusLog, ModbusPoint, ModbusProfile, ModbusTiming } from '#devices/profile/schema.ts'

/** Exception codes (Modbus Application Protocol 1.1b3, 7). */
export const EXCEPTION = {
  illegalFunction: 1,
  illegalAddress: 2,
  illegalValue: 3,
  deviceFailure: 4,
  /** What a gateway says for a unit that nobody answers for. */
  unitDoesNotRespond: 11,
} as const

/** Thrown into the Modbus server, which answers with the exception code. */
export class ModbusException extends Error {
  readonly modbusErrorCode: number

  constructor(code: number) {
    super(`Modbus exception ${code}`)
    this.modbusErrorCode = code
  }
}

export interface RegisterRange {
  readonly table: ModbusPoint['table']
  readonly address: number
  /** Registers. */
  readonly length: number
}

export interface RegisterBank {
  /** One moment of the device, whatever the number of registers. Throws `ModbusException`. */
  read(range: RegisterRange): number[]
  /** The whole control block, a whole request of a transaction, or nothing. Throws `ModbusException`. */
  write(block: RegisterBlock): void
}

export function registerBank(profile: ModbusProfile, source: PointSource): RegisterBank {
  const tables = { input: ownersByAddress(profile, 'input'), holding: ownersByAddress(profile, 'holding') }
  const takesCommands = controlNames(profile).length > 0
  return {
    read({ table, address, length }) {
      if (length < 1 || length > profile.maxRegistersPerRead) throw new ModbusException(EXCEPTION.illegalValue)
      const words: number[] = []
      while (words.length < length) {
        const next = address + words.length
        const chunk = tables[table].get(next) ?? logRecordAt(profile.log, table, next)
        if (!chunk) throw new ModbusException(EXCEPTION.illegalAddress)
        words.push(...chunk.words(source).slice(next - chunk.address))
      }
      return words.slice(0, length)
    },
    write(block) {
      if (profile.timing?.address === block.address) return askForTiming(profile.timing, source, block)
      if (!takesCommands) throw new ModbusException(EXCEPTION.illegalFunction)
      const values = decodeControlBlock(profile, block)
      if (!values) throw new ModbusException(EXCEPTION.illegalAddress)
      if (!source.writeControl(values)) throw new ModbusException(EXCEPTION.illegalValue)
    },
  }
}

function askForTiming(timing: ModbusTiming, source: PointSource, block: RegisterBlock): void {
  const request = decodeTimingBlock(timing, block)
  if (!request) throw new ModbusException(EXCEPTION.illegalAddress)
  if (source.askForTiming?.(request) !== true) throw new ModbusException(EXCEPTION.illegalValue)
}

/** Registers that are encoded together: a point's, or a log record's. */
interface Chunk {
  readonly address: number
  words(source: PointSource): number[]
}

/** Each readable register of a table, and the point it belongs to. Control registers cannot be read back. */
function ownersByAddress(profile: ModbusProfile, table: ModbusPoint['table']): ReadonlyMap<number, Chunk> {
  const owners = new Map<number, Chunk>()
  for (const [name, point] of profile.points) {
    if (point.table !== table || POINTS[name].access === 'control') continue
    const chunk = pointChunk(name, point)
    for (let i = 0; i < registersOf(point); i++) owners.set(point.address + i, chunk)
  }
  return owners
}

const pointChunk = (name: PointName, point: ModbusPoint): Chunk => ({
  address: point.address,
  words: (source) => encodePoint(point, source.readPoint(name)),
})

/** The record whose slot has this register; null beyond the ring. */
function logRecordAt(log: ModbusLog | null, table: ModbusPoint['table'], address: number): Chunk | null {
  if (!log || table !== 'input') return null
  const slot = Math.floor((address - log.address) / LOG_RECORD_REGISTERS)
  if (slot < 0 || slot >= log.capacity) return null
  return {
    address: log.address + slot * LOG_RECORD_REGISTERS,
    words: (source) => slotWords(log, slot, source),
  }
}

/** The newest record of the slot; zeros where none was written yet. */
function slotWords(log: ModbusLog, slot: number, source: PointSource): number[] {
  const head = Number(source.readPoint('eventLog.head'))
  const behind = (((head - slot) % log.capacity) + log.capacity) % log.capacity
  const sequence = head - behind
  const [record] = sequence > 0 ? source.readLog(sequence - 1, 1) : []
  return record?.sequence === sequence ? encodeRecord(record) : Array.from({ length: LOG_RECORD_REGISTERS }, () => 0)
}
