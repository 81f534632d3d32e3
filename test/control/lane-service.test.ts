/** How well stages serve lanes: phase 1 lets the approach go, phase 2 the other side, phase 3 both sides' lefts alone. */
import { describe, expect, test } from 'vitest'
import { bitsOf } from '#base/bits.ts'
import type { Turn } from '#signal/intersection.ts'
import type { LaneFacts } from '#control/queues/lane-facts.ts'
import { serviceOf } from '#control/max-pressure/lane-service.ts'

const lane = (ways: Partial<Record<Turn, readonly number[]>>): LaneFacts => ({
  id: 'N1',
  ways: Object.entries(ways).map(([turn, phases]) => ({ turn: turn as Turn, phases: bitsOf(phases) })),
  opposing: bitsOf([2]),
  stopBar: null,
  zone: null,
  storage: 6,
  isFedPastLoops: true,
})

const STRAIGHT = lane({ through: [1] })
const LEFT = lane({ left: [1, 3] })
const MIXED = lane({ through: [1], left: [1, 3] })
const CORNER = lane({ through: [1], right: [1, 3] })
const RED_LEFT = lane({ through: [1], left: [3] })

describe('while traffic moves', () => {
  test.each<[string, LaneFacts, number[], number, number]>([
    ['a straight lane in red', STRAIGHT, [2], 0, 0],
    ['a straight lane in green', STRAIGHT, [1], 1, Infinity],
    ['a left lane with nobody against it', LEFT, [3], 1, Infinity],
    ['a left lane against those who come', LEFT, [1, 2], 0.25, Infinity],
    ['a mixed lane against those who come', MIXED, [1, 2], 0.85, Infinity],
    ['a mixed lane with nobody against it', MIXED, [1], 1, Infinity],
    ['a mixed lane when only its left is green', MIXED, [3], 1, 0.3],
    ['a lane to the corner when only its right is green', CORNER, [3], 1, 0.3],
    ['a mixed lane when only straight on is green', RED_LEFT, [1], 1, Infinity],
  ])('%s', (_, facts, stage, rate, vehiclesMost) => {
    expect(serviceOf(facts, bitsOf(stage), false)).toEqual({ rate, vehiclesMost })
  })
})

describe('where right turns may go on red after a stop', () => {
  const onRed = (facts: LaneFacts): LaneFacts => ({
    ...facts,
    ways: facts.ways.map((way) => (way.turn === 'right' ? { ...way, onRed: true } : way)),
  })
  const RIGHT = onRed(lane({ right: [1] }))

  test('a lane that only turns right goes through the gaps, each after a stop', () => {
    expect(serviceOf(RIGHT, bitsOf([2]), false)).toEqual({ rate: 0.4, vehiclesMost: Infinity, afterStop: true })
    expect(serviceOf(RIGHT, bitsOf([1]), false)).toEqual({ rate: 1, vehiclesMost: Infinity })
  })

  test('a lane that others drive straight on from waits with them', () => {
    expect(serviceOf(onRed(CORNER), bitsOf([2]), false)).toEqual({ rate: 0, vehiclesMost: 0 })
  })
})

describe('while the one in front is held up', () => {
  test.each<[string, LaneFacts, number[], number, number]>([
    ['a straight lane has no room before it', STRAIGHT, [1], 0.25, Infinity],
    ['a left lane goes with its own green', LEFT, [3], 1, Infinity],
    ['a mixed lane waits for gaps', MIXED, [1, 2], 0.25, Infinity],
    ['a mixed lane is freed by the green of its left, one or two at a time', MIXED, [3], 1, 2],
    ['a mixed lane stands where its left is red', RED_LEFT, [1], 0, 0],
    ['the right of a corner lane goes when it comes to the front', CORNER, [3], 1, 0.3],
  ])('%s', (_, facts, stage, rate, vehiclesMost) => {
    expect(serviceOf(facts, bitsOf(stage), true)).toEqual({ rate, vehiclesMost })
  })
})
