/** Which reads bring a set of points: neighbours in one table share a request, as many as the device answers at once. */
import type { DeviceResult } from '../device.ts'
import type { PointImage, PointName, PointValue } from '../points.ts'
import { decodePoint, type Registers } from '../profile/codec.ts'
import { registersOf } from '../profile/registers.ts'
import type { ModbusPoint, ModbusProfile } from '../profile/schema.ts'

export interface RegisterRead {
  readonly table: ModbusPoint['table']
  readonly address: number
  /** Registers. */
  readonly length: number
  readonly points: readonly PointName[]
}

/**
 * Fewest reads in order of tables and addresses. A read never covers a register that the profile does not name, because
 * makers refuse such reads, nor a part of a point, because its halves would be of different moments.
 */
export function planReads(profile: ModbusProfile, names: Iterable<PointName>): RegisterRead[] {
  const reads: RegisterRead[] = []
  for (const [name, point] of inWireOrder(profile, names)) {
    const last = reads.at(-1)
    const registers = registersOf(point)
    const joins =
      last?.table === point.table &&
      last.address + last.length === point.address &&
      last.length + registers <= profile.maxRegistersPerRead
    if (joins) reads[reads.length - 1] = { ...last, length: last.length + registers, points: [...last.points, name] }
    else reads.push({ table: point.table, address: point.address, length: registers, points: [name] })
  }
  return reads
}

/** The points of an answered read. */
export function decodeRead(profile: ModbusProfile, read: RegisterRead, words: Registers): DeviceResult<PointImage> {
  const image = new Map<PointName, PointValue>()
  if (words.length !== read.length) return badReply(`${words.length} registers instead of ${read.length}`)
  for (const name of read.points) {
    const point = profile.points.get(name)
    if (!point) continue
    const offset = point.address - read.address
    const value = decodePoint(point, words.slice(offset, offset + registersOf(point)))
    if (value === null) return badReply(`${name} is beyond what can be counted`)
    image.set(name, value)
  }
  return { ok: true, value: image }
}

const badReply = (detail: string) => ({ ok: false, fault: { code: 'BAD_REPLY', detail } }) as const

function inWireOrder(profile: ModbusProfile, names: Iterable<PointName>): [PointName, ModbusPoint][] {
  const wanted = new Set(names)
  return [...profile.points]
    .filter(([name]) => wanted.has(name))
    .toSorted(([, a], [, b]) => a.table.localeCompare(b.table) || a.address - b.address)
}
