/** Which turns of an approach its lanes tell apart. */
import { expect, test } from 'vitest'
import { countedOf } from '#control/queues/turn-streams.ts'
import type { ApproachFacts } from '#control/queues/lane-facts.ts'
import type { Turn } from '#signal/intersection.ts'

const approach = (lanes: readonly (readonly Turn[])[]): ApproachFacts => ({
  id: 'N',
  lanes: lanes.map((turns, index) => ({
    ...{ id: `N${index}`, opposing: 0, stopBar: null, zone: null, storage: 6, isFedPastLoops: true },
    ways: turns.map((turn) => ({ turn, phases: 1 })),
  })),
  advance: [],
  travelMs: 0,
  cruiseMps: 12,
})

test.each<readonly [string, (readonly Turn[])[], (number | null)[], Record<string, number>]>([
  [
    'each turn has lanes of its own',
    [['left'], ['through'], ['through'], ['right']],
    [1, 2, 3, 0],
    { 'N left': 1, 'N through': 5, 'N right': 0 },
  ],
  [
    'straight on and right share a lane, so that only left is told, and that is no ratio',
    [['left'], ['through', 'right']],
    [1, 2],
    {},
  ],
  [
    'straight on is driven from two lanes, of which one is shared with right',
    [['left'], ['through'], ['through', 'right'], ['right']],
    [1, 2, 3, 4],
    {},
  ],
  ['one of the lanes is not counted', [['left'], ['through']], [1, null], {}],
  ['all lanes go straight on', [['through'], ['through']], [1, 2], {}],
])('where %s', (_, lanes, left, told) => {
  const byLane = left.flatMap((vehicles, index) => (vehicles === null ? [] : [[`N${index}`, vehicles]]))
  expect(countedOf(approach(lanes), left)).toEqual({ ...Object.fromEntries(byLane), ...told })
})
