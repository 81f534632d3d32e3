/** How many registers a point, a record of the log, or a request of a transaction occupies on the wire. */
import type { ModbusPoint } from './schema.ts'

/** u32 sequence, u64 time, u16 code, u16 parameter. */
export const LOG_RECORD_REGISTERS = 8

/** Before the part of a transaction's request: u16 step, u32 writer, u64 epoch, u32 offset, u16 characters. */
export const TIMING_HEADER_REGISTERS = 10

const REGISTERS = { u16: 1, u32: 2, u64: 4 } as const

export function registersOf(point: Pick<ModbusPoint, 'type' | 'length'>): number {
  switch (point.type) {
    case 'ascii':
      return Math.ceil(point.length / 2)
    case 'bitlist':
      return Math.ceil(point.length / 16)
    case 'u16list':
      return point.length
    default:
      return REGISTERS[point.type]
  }
}
