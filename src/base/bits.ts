/** Bit fields of up to 32 numbered things (phases, overlaps, channels); number 1 is bit 0, as NTCIP 1202 has it. */

/** An unsigned 32-bit field; bit `n - 1` stands for number `n`. */
export type Bits = number

export const bit = (n: number): Bits => (1 << (n - 1)) >>> 0

export const hasBit = (bits: Bits, n: number): boolean => (bits & (1 << (n - 1))) !== 0

export const withBit = (bits: Bits, n: number): Bits => (bits | (1 << (n - 1))) >>> 0

export const withoutBit = (bits: Bits, n: number): Bits => (bits & ~(1 << (n - 1))) >>> 0

export function bitsOf(numbers: Iterable<number>): Bits {
  let bits = 0
  for (const n of numbers) bits |= 1 << (n - 1)
  return bits >>> 0
}

/** The lowest number whose bit is set; bits must not be 0. */
export const lowestOf = (bits: Bits): number => 32 - Math.clz32(bits & -bits)

/** The numbers whose bit is set, ascending. */
export function listBits(bits: Bits): number[] {
  const numbers: number[] = []
  for (let n = 1; n <= 32; n++) if (hasBit(bits, n)) numbers.push(n)
  return numbers
}
