/** An image by number says what the same image says by name. */
import { expect, test } from 'vitest'
import { asRow } from '#devices/point-row.ts'
import { numberOf, POINT_NAMES, type PointName, type PointValue } from '#devices/points.ts'

const IMAGE: ReadonlyMap<PointName, PointValue> = new Map<PointName, PointValue>([
  ['identity.vendor', 'Sabz'],
  ['phase.greens', 0b10_0010],
  ['detector.occupied', [0, 1]],
])

test('a row has each point at its number, and is read like the map that it was made of', () => {
  const row = asRow(IMAGE)
  expect(new Map(row)).toEqual(IMAGE)
  expect([...row.keys()]).toEqual([...IMAGE.keys()])
  expect([...row.values()]).toEqual([...IMAGE.values()])
  expect([row.size, row.has('phase.greens'), row.has('phase.reds')]).toEqual([3, true, false])
  expect([row.get('phase.greens'), row.row[numberOf('phase.greens')], row.get('phase.reds')]).toEqual([
    34,
    34,
    undefined,
  ])
  const seen: [PointName, PointValue][] = []
  row.forEach((value, name) => seen.push([name, value]))
  expect(seen).toEqual([...IMAGE])
})

test('a row is made once, and every point has a number of its own', () => {
  const row = asRow(IMAGE)
  expect(asRow(row)).toBe(row)
  expect(POINT_NAMES.map(numberOf)).toEqual(POINT_NAMES.map((_, number) => number))
})
