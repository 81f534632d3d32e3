/** Who keeps his lane between the advance loops and the stop line, learnt from streets on which a known share of them does. */
import { describe, expect, test } from 'vitest'
import { nextUniform, randomStream } from '#base/random.ts'
import { KEEPING, NO_KEEPING_YET, stepKeeping, type LaneKeeping } from '#control/queues/lane-keeping.ts'

const SHARES = [0.2, 0.5, 0.3]

/** One after the other passes a loop and leaves seconds later; so many of them keep their lane, the others go where all go. */
function learnt(keep: number, vehicles = 600): number {
  const stream = randomStream(7, 'drivers')
  const random = () => nextUniform(stream)
  const lane = () => {
    const draw = random()
    return draw < 0.2 ? 0 : draw < 0.7 ? 1 : 2
  }
  const one = (at: number) => SHARES.map((_, index) => (index === at ? 1 : 0))
  const none = SHARES.map(() => 0)
  let memory = NO_KEEPING_YET
  for (let n = 0; n < vehicles; n++) {
    const from = lane()
    const to = random() < keep ? from : lane()
    memory = stepKeeping(memory, { entered: one(from), left: none, shares: SHARES, isEmpty: false, elapsedMs: 1_000 })
    memory = stepKeeping(memory, { entered: none, left: one(to), shares: SHARES, isEmpty: true, elapsedMs: 8_000 })
  }
  return memory.kept.value
}

describe('of those who pass the loops', () => {
  test.each([
    ['all have their lane by then', 1, 0.85, KEEPING.limits.most],
    ['half of them do', 0.5, 0.38, 0.62],
    ['nobody does', 0, KEEPING.limits.least, 0.2],
  ])('%s', (_, keep, least, most) => {
    const kept = learnt(keep)
    expect(kept).toBeGreaterThanOrEqual(least)
    expect(kept).toBeLessThanOrEqual(most)
  })
})

test('half of them, before anybody has watched, and while nobody can be told from another', () => {
  const apart: LaneKeeping = stepKeeping(NO_KEEPING_YET, {
    ...{ entered: [0, 0], left: [1, 0], shares: [0.5, 0.5], isEmpty: false, elapsedMs: 1_000 },
  })
  expect(apart.kept).toEqual({ value: 0.5, seen: 0 })
})

test('who has turned off is forgotten: he is not who leaves minutes later', () => {
  const shares = [0.5, 0.5]
  let memory = stepKeeping(NO_KEEPING_YET, { entered: [1, 0], left: [0, 0], shares, isEmpty: false, elapsedMs: 1_000 })
  memory = stepKeeping(memory, { entered: [0, 0], left: [0, 0], shares, isEmpty: false, elapsedMs: 600_000 })
  memory = stepKeeping(memory, { entered: [0, 1], left: [0, 1], shares, isEmpty: false, elapsedMs: 1_000 })
  expect(memory.kept.value).toBeGreaterThan(0.5)
})
