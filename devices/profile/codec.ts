/** Registers to point values and back: the driver decodes and the simulator's server encodes by this one codec. */
import type { PointValue } from '../points.ts'
import { registersOf } from './registers.ts'
import type { ModbusPoint } from './schema.ts'

/** 16-bit words as they stand on the wire. */
export type Registers = readonly number[]

type Encoding = Pick<ModbusPoint, 'type' | 'length'>

const REGISTER_SPAN = 0x10000

/** Largest number of a value or of a list's element. */
const MAX: Readonly<Record<Exclude<ModbusPoint['type'], 'ascii'>, number>> = {
  u16: 0xffff,
  u32: 0xffff_ffff,
  u64: Number.MAX_SAFE_INTEGER,
  bitlist: 1,
  u16list: 0xffff,
}

/** Whether the registers of the point can carry the value exactly. A list may be shorter: channels beyond it are not wired, and read 0. */
export function fitsPoint({ type, length }: Encoding, value: PointValue): boolean {
  if (type === 'ascii') return typeof value === 'string' && value.length <= length && isOneByteText(value)
  if (type === 'bitlist' || type === 'u16list') return isListUpTo(value, length, MAX[type])
  return isWholeUpTo(value, MAX[type])
}

/** As many words as `registersOf(point)`. Throws where `fitsPoint` is false: such a value is a bug of whoever offers it. */
export function encodePoint(point: Encoding, value: PointValue): number[] {
  if (!fitsPoint(point, value)) throw new RangeError(`${JSON.stringify(value)} does not fit ${point.type}`)
  if (typeof value === 'string') return encodeText(value, registersOf(point))
  if (typeof value === 'number') return encodeWhole(value, registersOf(point))
  return point.type === 'bitlist' ? encodeBits(value, registersOf(point)) : encodeList(value, point.length)
}

/** `words` are the point's own registers, all of them; null where they mean no value: a u64 beyond 2^53. */
export function decodePoint(point: Encoding, words: Registers): PointValue | null {
  switch (point.type) {
    case 'ascii':
      return decodeText(words, point.length)
    case 'bitlist':
      return Array.from({ length: point.length }, (_, i) => (wordAt(words, i >> 4) >> (i & 15)) & 1)
    case 'u16list':
      return words.slice(0, point.length)
    default:
      return decodeWhole(words)
  }
}

/** Unsigned, most significant word first; null beyond what a double holds exactly. */
export function decodeWhole(words: Registers): number | null {
  const value = words.reduce((sum, word) => sum * REGISTER_SPAN + word, 0)
  return Number.isSafeInteger(value) ? value : null
}

/** Unsigned, most significant word first. */
export function encodeWhole(value: number, count: number): number[] {
  const words: number[] = []
  for (let rest = value; words.length < count; rest = Math.floor(rest / REGISTER_SPAN))
    words.unshift(rest % REGISTER_SPAN)
  return words
}

/** Two characters to a register, the first in the high byte, NUL up to the end. */
function encodeText(text: string, count: number): number[] {
  const byte = (i: number) => (i < text.length ? text.charCodeAt(i) : 0)
  return Array.from({ length: count }, (_, i) => (byte(2 * i) << 8) | byte(2 * i + 1))
}

/** Up to the first NUL; makers that pad with blanks are met by dropping those at the end. */
function decodeText(words: Registers, length: number): string {
  const bytes = words.flatMap((word) => [word >> 8, word & 0xff]).slice(0, length)
  const end = bytes.indexOf(0)
  return String.fromCharCode(...(end < 0 ? bytes : bytes.slice(0, end))).trimEnd()
}

function encodeBits(bits: readonly number[], count: number): number[] {
  const words = Array.from({ length: count }, () => 0)
  for (const [i, on] of bits.entries()) words[i >> 4] = wordAt(words, i >> 4) | (on << (i & 15))
  return words
}

const encodeList = (values: readonly number[], length: number) => Array.from({ length }, (_, i) => values[i] ?? 0)

const wordAt = (words: Registers, i: number) => words[i] ?? 0

const isWholeUpTo = (value: PointValue | undefined, max: number) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max

const isListUpTo = (value: PointValue, length: number, max: number) =>
  Array.isArray(value) && value.length <= length && value.every((element) => isWholeUpTo(element, max))

/** No NUL, which ends a text on the wire, no blank at the end, which is taken for padding, nothing beyond Latin-1. */
const isOneByteText = (text: string) =>
  text.trimEnd() === text && Array.from(text).every((character) => character > '\0' && character <= '\u00ff')
