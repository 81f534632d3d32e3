/** The control group as one block of holding registers: encoded by the driver, decoded by the simulator's server. */
import type { DeviceResult } from '../device.ts'
import { POINTS, type PointName } from '../points.ts'
import { decodePoint, encodePoint, fitsPoint } from '../profile/codec.ts'
import { controlGroup } from '../profile/control-group.ts'
import { registersOf } from '../profile/registers.ts'
import type { ModbusPoint, ModbusProfile } from '../profile/schema.ts'
import type { RegisterBlock } from './wire.ts'

/** In the order of the wire. */
export const controlNames = (profile: ModbusProfile): PointName[] => controlPoints(profile).map(([name]) => name)

/** The block that one write carries; refuses what `controlGroup` refuses. */
export function encodeControlBlock(
  profile: ModbusProfile,
  values: ReadonlyMap<PointName, number>,
): DeviceResult<RegisterBlock> {
  const points = new Map(controlPoints(profile))
  const group = controlGroup([...points.keys()], values, (name, value) => {
    const point = points.get(name)
    return point !== undefined && fitsPoint(point, value)
  })
  if (!group.ok) return group
  const words = [...points].flatMap(([name, point]) => encodePoint(point, group.value.get(name) ?? 0))
  return { ok: true, value: { address: controlSpan(profile).address, words } }
}

/** null where the registers are not the block, whole and alone. */
export function decodeControlBlock(
  profile: ModbusProfile,
  block: RegisterBlock,
): ReadonlyMap<PointName, number> | null {
  const points = controlPoints(profile)
  const { address, length } = controlSpan(profile)
  if (block.address !== address || block.words.length !== length) return null
  const values = new Map<PointName, number>()
  for (const [name, point] of points) {
    const offset = point.address - block.address
    const value = decodePoint(point, block.words.slice(offset, offset + registersOf(point)))
    if (typeof value !== 'number') return null
    values.set(name, value)
  }
  return values
}

/** Registers of the whole block; none where the device takes no commands. */
export function controlSpan(profile: ModbusProfile): { readonly address: number; readonly length: number } {
  const points = controlPoints(profile)
  return {
    address: points[0]?.[1].address ?? 0,
    length: points.reduce((sum, [, point]) => sum + registersOf(point), 0),
  }
}

/** Profiles never change, and ten times a second somebody writes. */
const KNOWN = new WeakMap<ModbusProfile, readonly (readonly [PointName, ModbusPoint])[]>()

function controlPoints(profile: ModbusProfile): readonly (readonly [PointName, ModbusPoint])[] {
  const known =
    KNOWN.get(profile) ??
    [...profile.points]
      .filter(([name]) => POINTS[name].access === 'control')
      .toSorted(([, a], [, b]) => a.address - b.address)
  KNOWN.set(profile, known)
  return known
}
