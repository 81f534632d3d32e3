/** How many registers a point occupies on the wire. */
import type { ModbusPoint } from './schema.ts'

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
