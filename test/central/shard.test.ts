/** Which worker serves which edge: every edge one, about as many each, and few that move when a worker is added. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { edgesOf } from '#central/shard.ts'

const city = (count: number): string[] => Array.from({ length: count }, (_, index) => `edge-${index + 1}`)
const shares = (edges: readonly string[], count: number): string[][] =>
  Array.from({ length: count }, (_, index) => edgesOf({ index: index + 1, count }, edges))

describe('edges and workers', () => {
  test('every edge has one worker, whatever the edges are called and however many workers there are', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 20 }), { maxLength: 40 })
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 64 }), (edges, count) => {
        expect(shares(edges, count).flat().toSorted()).toEqual(edges.toSorted())
      }),
    )
  })

  test('a thousand edges are shared by four within a fifth of the mean', () => {
    for (const share of shares(city(1_000), 4)) {
      expect(share.length).toBeGreaterThan(200)
      expect(share.length).toBeLessThan(300)
    }
  })

  test('a fifth worker takes a fifth of the edges, and no other edge moves', () => {
    const before = shares(city(1_000), 4)
    const after = shares(city(1_000), 5)
    const moved = before.flatMap((share, index) => share.filter((edge) => !after[index]?.includes(edge)))
    expect(moved.toSorted()).toEqual(after[4]?.toSorted())
    expect(moved.length).toBeGreaterThan(150)
    expect(moved.length).toBeLessThan(250)
  })
})
