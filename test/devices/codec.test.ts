/** Registers and point values turn into each other without loss, and a set of points into few sound reads. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeRead, planReads } from '#devices/modbus/read-plan.ts'
import { POINTS, type PointName, type PointValue } from '#devices/points.ts'
import { decodePoint, encodePoint, fitsPoint } from '#devices/profile/codec.ts'
import { registersOf } from '#devices/profile/registers.ts'
import type { ModbusPoint, ModbusProfile } from '#devices/profile/schema.ts'
import { modbusProfile, MODBUS_PROFILES } from '#test/support/profiles.ts'

type Encoding = Pick<ModbusPoint, 'type' | 'length'>

const wholeUpTo = (max: number) => fc.maxSafeNat().map((n) => n % (max + 1))
const single = (type: 'u16' | 'u32' | 'u64', max: number) =>
  fc.tuple(fc.constant<Encoding>({ type, length: 1 }), fc.oneof(wholeUpTo(max), fc.constantFrom(0, 1, max - 1, max)))
const list = (type: 'bitlist' | 'u16list', max: number) =>
  fc
    .integer({ min: 1, max: 125 })
    .chain((length) =>
      fc.tuple(
        fc.constant<Encoding>({ type, length }),
        fc.array(wholeUpTo(max), { minLength: length, maxLength: length }),
      ),
    )
const text = fc.integer({ min: 1, max: 40 }).chain((length) =>
  fc.tuple(
    fc.constant<Encoding>({ type: 'ascii', length }),
    fc.string({ unit: 'grapheme-ascii', maxLength: length }).map((value) => value.trimEnd()),
  ),
)

const anyPoint: fc.Arbitrary<[Encoding, PointValue]> = fc.oneof(
  single('u16', 0xffff),
  single('u32', 0xffff_ffff),
  single('u64', Number.MAX_SAFE_INTEGER),
  list('bitlist', 1),
  list('u16list', 0xffff),
  text,
)

test('every value that fits its registers comes back as it was', () =>
  fc.assert(
    fc.property(anyPoint, ([point, value]) => {
      expect(fitsPoint(point, value)).toBe(true)
      const words = encodePoint(point, value)
      expect(words).toHaveLength(registersOf(point))
      expect(words.every((word) => Number.isInteger(word) && word >= 0 && word <= 0xffff)).toBe(true)
      expect(decodePoint(point, words)).toEqual(value)
    }),
  ))

test.each<[string, Encoding, PointValue, boolean]>([
  ['65,535 fits one register', { type: 'u16', length: 1 }, 65_535, true],
  ['65,536 does not fit one register', { type: 'u16', length: 1 }, 65_536, false],
  ['a negative number fits none', { type: 'u32', length: 1 }, -1, false],
  ['half a millisecond fits none', { type: 'u32', length: 1 }, 0.5, false],
  ['not a number fits none', { type: 'u16', length: 1 }, Number.NaN, false],
  ['2^32 does not fit two registers', { type: 'u32', length: 1 }, 2 ** 32, false],
  ['2^53 is beyond what a double counts exactly', { type: 'u64', length: 1 }, 2 ** 53, false],
  ['a shorter list fits, as channels may not be wired', { type: 'u16list', length: 4 }, [1, 2], true],
  ['a longer list does not fit', { type: 'u16list', length: 1 }, [1, 2], false],
  ['a count does not fit a bit', { type: 'bitlist', length: 2 }, [0, 2], false],
  ['a text that fills its registers fits', { type: 'ascii', length: 4 }, 'Sabz', true],
  ['a longer text does not fit', { type: 'ascii', length: 3 }, 'Sabz', false],
  ['a Persian text does not fit one byte a character', { type: 'ascii', length: 8 }, 'سبز', false],
  ['a number does not fit a text', { type: 'ascii', length: 8 }, 5, false],
])('%s', (_title, point, value, fits) => {
  expect(fitsPoint(point, value)).toBe(fits)
  if (!fits) expect(() => encodePoint(point, value)).toThrow(RangeError)
})

test('channels that are not wired read 0', () => {
  expect(encodePoint({ type: 'u16list', length: 4 }, [7])).toEqual([7, 0, 0, 0])
  expect(encodePoint({ type: 'bitlist', length: 20 }, [1])).toEqual([1, 0])
})

test('a count beyond 2^53 is no value rather than a rounded one', () => {
  expect(decodePoint({ type: 'u64', length: 1 }, [0x20, 0, 0, 0])).toBeNull()
  expect(decodePoint({ type: 'u64', length: 1 }, [0x1f, 0xffff, 0xffff, 0xffff])).toBe(Number.MAX_SAFE_INTEGER)
})

test('a text that a maker pads with blanks ends before them', () =>
  expect(decodePoint({ type: 'ascii', length: 8 }, [0x5361, 0x627a, 0x2020, 0x2020])).toBe('Sabz'))

describe.each(MODBUS_PROFILES)('reads of %s', (name) => {
  test('carry each point once and whole, no stranger between them, and no more than the device answers', async () => {
    const profile = await modbusProfile(name)
    const names = [...profile.points.keys()]
    const longest = Math.max(...[...profile.points.values()].map(registersOf))
    fc.assert(
      fc.property(fc.subarray(names), fc.integer({ min: longest, max: 125 }), (wanted, maxRegistersPerRead) => {
        const reads = planReads({ ...profile, maxRegistersPerRead }, wanted)
        expect(reads.flatMap(({ points }) => points).toSorted()).toEqual(wanted.toSorted())
        for (const read of reads) {
          expect(read.length).toBeLessThanOrEqual(maxRegistersPerRead)
          expect(read.length).toBe(sumOfRegisters(profile, read.points))
        }
      }),
    )
  })

  test.each([
    ['sabz-modbus-controller', 2],
    ['generic-ntcip-modbus', 4],
    ['sabz-modbus-loop-card', 1],
    ['sabz-modbus-camera', 1],
    ['sabz-modbus-cell-camera', 2],
  ])('%s is scanned in %i requests', async (scanned, requests) => {
    const profile = await modbusProfile(scanned)
    const names = [...profile.points.keys()].filter((point) => POINTS[point].access === 'scan')
    expect(planReads(profile, names)).toHaveLength(requests)
  })
})

test('an answer of another length than asked is no answer', async () => {
  const profile = await modbusProfile('sabz-modbus-loop-card')
  const [read] = planReads(profile, ['detector.faults'])
  const decoded = read && decodeRead(profile, read, [1, 2, 3])
  expect(decoded).toMatchObject({ ok: false, fault: { code: 'BAD_REPLY' } })
})

const sumOfRegisters = (profile: ModbusProfile, names: readonly PointName[]) =>
  names.reduce((sum, name) => {
    const point = profile.points.get(name)
    return sum + (point ? registersOf(point) : 0)
  }, 0)
