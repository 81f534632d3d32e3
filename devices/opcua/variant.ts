/** A value of a node, or a column of the log, as the variant that goes onto the wire. */
import type { Variant } from 'node-opcua-client'
import type { OpcuaType } from '../profile/schema.ts'
import type { NodeOpcua } from './library.ts'
import type { NodeValue } from './node-layout.ts'

type Variants = Pick<NodeOpcua, 'DataType' | 'Variant' | 'VariantArrayType'>

export function toVariant(library: Variants, type: OpcuaType, value: NodeValue): Variant {
  const { DataType, Variant, VariantArrayType } = library
  return typeof value === 'object'
    ? new Variant({ dataType: DataType[type], arrayType: VariantArrayType.Array, value: typedArray(type, value) })
    : new Variant({ dataType: DataType[type], arrayType: VariantArrayType.Scalar, value })
}

/** node-opcua turns other arrays into these by itself, but complains of each one with a stack trace, which takes 0.5 ms. */
function typedArray(type: OpcuaType, elements: readonly number[]): Uint16Array | Uint32Array | Float64Array {
  if (type === 'UInt16') return Uint16Array.from(elements)
  return type === 'UInt32' ? Uint32Array.from(elements) : Float64Array.from(elements)
}
