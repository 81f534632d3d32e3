/** The typed values of TraCI: what variables are read as and set to. */
import { unreachable } from '#base/invariant.ts'
import { MalformedBytes, type ByteReader, type ByteWriter } from './bytes.ts'

export type TypedValue =
  | { readonly type: 'ubyte' | 'byte' | 'int' | 'double'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'doubles'; readonly value: readonly number[] }
  /** Two or three coordinates; degrees or metres, as the variable says. */
  | { readonly type: 'lonLat' | 'position2D' | 'lonLatAlt' | 'position3D'; readonly value: readonly number[] }
  | { readonly type: 'polygon'; readonly value: readonly (readonly [number, number])[] }
  /** Red, green, blue, alpha. */
  | { readonly type: 'color'; readonly value: readonly number[] }
  | { readonly type: 'compound'; readonly value: readonly TypedValue[] }

type TypeName = TypedValue['type']

const TYPE_NUMBERS: Readonly<Record<TypeName, number>> = {
  lonLat: 0x00,
  position2D: 0x01,
  lonLatAlt: 0x02,
  position3D: 0x03,
  polygon: 0x06,
  ubyte: 0x07,
  byte: 0x08,
  int: 0x09,
  double: 0x0b,
  string: 0x0c,
  strings: 0x0e,
  compound: 0x0f,
  doubles: 0x10,
  color: 0x11,
}

const TYPE_NAMES = new Map(Object.entries(TYPE_NUMBERS).map(([name, number]) => [number, name as TypeName]))

/** Compounds lie in compounds (a program of a light has three levels); deeper than this is garbage. */
const DEPTH_MOST = 16

const COLOR_PARTS = 4

export function writeTypedValue(writer: ByteWriter, typed: TypedValue): void {
  writer.ubyte(TYPE_NUMBERS[typed.type])
  switch (typed.type) {
    case 'ubyte':
    case 'byte':
    case 'int':
    case 'double':
    case 'string':
      return writeScalar(writer, typed)
    case 'strings':
      writer.int(typed.value.length)
      return typed.value.forEach((text) => writer.string(text))
    case 'doubles':
      writer.int(typed.value.length)
      return typed.value.forEach((value) => writer.double(value))
    case 'lonLat':
    case 'position2D':
    case 'lonLatAlt':
    case 'position3D':
      return typed.value.forEach((value) => writer.double(value))
    case 'polygon':
      writePolygonLength(writer, typed.value.length)
      return typed.value.forEach(([x, y]) => writer.double(x).double(y))
    case 'color':
      return typed.value.forEach((part) => writer.ubyte(part))
    case 'compound':
      writer.int(typed.value.length)
      return typed.value.forEach((part) => writeTypedValue(writer, part))
    default:
      return unreachable(typed)
  }
}

/** Throws `MalformedBytes` where the bytes are no typed value. */
export function readTypedValue(reader: ByteReader, depth = 0): TypedValue {
  const number = reader.ubyte()
  const type = TYPE_NAMES.get(number)
  if (type === undefined) throw new MalformedBytes(`0x${number.toString(16)} is the type of nothing`)
  if (depth > DEPTH_MOST) throw new MalformedBytes(`compounds lie deeper than ${DEPTH_MOST} in each other`)
  switch (type) {
    case 'ubyte':
    case 'byte':
    case 'int':
    case 'double':
      return { type, value: reader[type]() }
    case 'string':
      return { type, value: reader.string() }
    case 'strings':
      return { type, value: times(reader.count(4), () => reader.string()) }
    case 'doubles':
      return { type, value: times(reader.count(8), () => reader.double()) }
    case 'lonLat':
    case 'position2D':
      return { type, value: times(2, () => reader.double()) }
    case 'lonLatAlt':
    case 'position3D':
      return { type, value: times(3, () => reader.double()) }
    case 'polygon':
      return { type, value: times(readPolygonLength(reader), () => [reader.double(), reader.double()] as const) }
    case 'color':
      return { type, value: times(COLOR_PARTS, () => reader.ubyte()) }
    case 'compound':
      return { type, value: times(reader.count(1), () => readTypedValue(reader, depth + 1)) }
    default:
      return unreachable(type)
  }
}

type Scalar = Extract<TypedValue, { type: 'ubyte' | 'byte' | 'int' | 'double' | 'string' }>

function writeScalar(writer: ByteWriter, typed: Scalar): void {
  if (typed.type === 'string') writer.string(typed.value)
  else writer[typed.type](typed.value)
}

/** One byte; 0 announces the four bytes of a longer one. */
const POLYGON_SHORT_MOST = 255

function writePolygonLength(writer: ByteWriter, points: number): void {
  if (points > 0 && points <= POLYGON_SHORT_MOST) writer.ubyte(points)
  else writer.ubyte(0).int(points)
}

function readPolygonLength(reader: ByteReader): number {
  const short = reader.ubyte()
  return short === 0 ? reader.count(16) : short
}

const times = <T>(count: number, read: () => T): T[] => Array.from({ length: count }, read)
