/** Node values to point values and back: the driver decodes and the simulator's server encodes by this one codec. */
import type { DeviceResult } from '../device.ts'
import { POINTS, type PointName, type PointValue } from '../points.ts'
import type { OpcuaPoint, OpcuaProfile, OpcuaType } from '../profile/schema.ts'

/** A node, and which points it holds. */
export interface NodeLayout {
  readonly node: string
  readonly type: OpcuaType
  /** Elements of its array; null for a single value. */
  readonly elements: number | null
  readonly points: readonly (readonly [PointName, OpcuaPoint])[]
}

export type NodeValue = number | string | readonly number[]

const TYPE_MAX: Readonly<Record<OpcuaType, number>> = {
  UInt16: 0xffff,
  UInt32: 0xffff_ffff,
  Double: Number.MAX_SAFE_INTEGER,
  String: 0,
}

/** The nodes that hold the named points; each carries all its points, as a node is read whole. */
export function layoutNodes(profile: OpcuaProfile, names: Iterable<PointName>): NodeLayout[] {
  const wanted = new Set<string>()
  for (const name of names) wanted.add(profile.points.get(name)?.node ?? '')
  const groups = Map.groupBy(profile.points, ([, point]) => point.node)
  return [...groups].filter(([node]) => wanted.has(node)).map(([node, points]) => layoutOf(node, points))
}

/** The control group's node, its points in the order of its elements; null where the device takes no commands. */
export function controlLayout(profile: OpcuaProfile): NodeLayout | null {
  const known = KNOWN.get(profile)
  if (known !== undefined) return known
  const layout = layOutControl(profile)
  KNOWN.set(profile, layout)
  return layout
}

/** Profiles never change, and ten times a second somebody writes. */
const KNOWN = new WeakMap<OpcuaProfile, NodeLayout | null>()

function layOutControl(profile: OpcuaProfile): NodeLayout | null {
  const layout = layoutNodes(
    profile,
    [...profile.points.keys()].filter((name) => POINTS[name].access === 'control'),
  )[0]
  if (!layout) return null
  return { ...layout, points: layout.points.toSorted(([, a], [, b]) => (a.index ?? 0) - (b.index ?? 0)) }
}

/** Throws where a value does not fit: such a value is a bug of whoever offers it. A list may be shorter, as channels beyond it are not wired. */
export function encodeNode(layout: NodeLayout, valueOf: (name: PointName) => PointValue): NodeValue {
  const [first] = layout.points
  if (layout.elements === null && first) return single(layout, valueOf(first[0]))
  const elements = Array.from({ length: layout.elements ?? 0 }, () => 0)
  for (const [name, point] of layout.points) {
    const value = valueOf(name)
    if (point.index !== null) elements[point.index] = whole(layout, value)
    else if (Array.isArray(value) && value.length <= elements.length)
      for (const [i, element] of value.entries()) elements[i] = whole(layout, element)
    else throw new RangeError(`${name} does not fit ${layout.elements} elements`)
  }
  return elements
}

/** Puts the node's points into `image`. */
export function decodeNode(layout: NodeLayout, found: unknown, image: Map<PointName, PointValue>): DeviceResult<void> {
  const value = plain(found)
  for (const [name, point] of layout.points) {
    const part = partOf(layout, point, value)
    if (part === null) {
      const detail = `node ${layout.node} does not hold ${name} as the profile says`
      return { ok: false, fault: { code: 'BAD_REPLY', detail } }
    }
    image.set(name, part)
  }
  return { ok: true, value: undefined }
}

export const fitsNode = (type: OpcuaType, value: number): boolean =>
  Number.isInteger(value) && value >= 0 && value <= TYPE_MAX[type]

function layoutOf(node: string, points: readonly (readonly [PointName, OpcuaPoint])[]): NodeLayout {
  const type = points[0]?.[1].type ?? 'Double'
  const [name, only] = points[0] ?? []
  if (name && only && only.index === null)
    return { node, type, elements: POINTS[name].shape === 'list' ? only.length : null, points }
  return { node, type, elements: Math.max(...points.map(([, point]) => (point.index ?? 0) + 1)), points }
}

function single(layout: NodeLayout, value: PointValue): number | string {
  return layout.type === 'String' && typeof value === 'string' ? value : whole(layout, value)
}

function whole(layout: NodeLayout, value: PointValue): number {
  if (typeof value === 'number' && fitsNode(layout.type, value)) return value
  throw new RangeError(`${JSON.stringify(value)} does not fit ${layout.type} of ${layout.node}`)
}

/** null where the node's value has no such part. */
function partOf(layout: NodeLayout, point: OpcuaPoint, value: NodeValue | null): PointValue | null {
  if (typeof value === 'string') return layout.type === 'String' ? value : null
  if (layout.type === 'String' || value === null) return null
  if (typeof value === 'number') return layout.elements === null ? value : null
  if (point.index !== null) return value[point.index] ?? null
  return layout.elements !== null && value.length >= point.length ? value.slice(0, point.length) : null
}

/** null for what is neither a text nor made of whole numbers that are not negative. */
function plain(found: unknown): NodeValue | null {
  if (typeof found === 'string' || isWhole(found)) return found
  const elements = ArrayBuffer.isView(found) && !(found instanceof DataView) ? Array.from(found as Uint32Array) : found
  return Array.isArray(elements) && elements.every(isWhole) ? elements : null
}

const isWhole = (found: unknown): found is number => Number.isSafeInteger(found) && Number(found) >= 0
