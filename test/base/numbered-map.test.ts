/** A map of numbered things answers as any other map with the same entries does, in the order of its keys. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NumberedMap } from '#base/numbered-map.ts'

const keysIn = fc.uniqueArray(fc.integer({ min: 1, max: 128 }))

function mapOf(keys: readonly number[]): NumberedMap<number, string> {
  const row: string[] = []
  for (const key of keys) row[key] = `of ${key}`
  return new NumberedMap(keys, row)
}

test('it says what a map of the same entries says', () => {
  fc.assert(
    fc.property(keysIn, (keys) => {
      const plain = new Map(keys.map((key) => [key, `of ${key}`]))
      const map = mapOf(keys)
      expect(map.size).toBe(plain.size)
      expect([...map]).toEqual([...plain])
      expect([...map.keys()]).toEqual([...plain.keys()])
      expect([...map.values()]).toEqual([...plain.values()])
      const visited: [number, string][] = []
      map.forEach((value, key) => visited.push([key, value]))
      expect(visited).toEqual([...plain])
    }),
  )
})

test('a number that is not among its keys has nothing', () => {
  const map = mapOf([3, 1])
  expect([0, 1, 2, 3, 4].map((key) => map.has(key))).toEqual([false, true, false, true, false])
  expect(map.get(2)).toBeUndefined()
})
