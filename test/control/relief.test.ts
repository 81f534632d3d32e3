/** A street that is full up to the junction behind it: whoever can leave it counts for more, and a ring of such streets comes apart. */
import { expect, test } from 'vitest'
import { adaptiveWith } from '#control/adaptive/adaptive.ts'
import { PRESSURE_OPTIONS } from '#control/max-pressure/max-pressure.ts'
import { reliefIn } from '#control/neighbours/relief.ts'
import { NO_NEIGHBOURS_YET } from '#control/neighbours/neighbours.ts'
import type { LaneFacts } from '#control/queues/lane-facts.ts'
import type { Turn } from '#signal/intersection.ts'
import type { ApproachRoom, Outlook } from '#signal/outlook.ts'
import { CROSSING, viewOf } from '#test/support/boulevard-crossing.ts'
import { APPROACH, DISTANCE_M, FED, hearing, says } from '#test/support/fed-crossing.ts'
import { dissolveS } from '#test/support/ring-of-streets.ts'

const STORAGE = Math.floor((APPROACH.lanes.length * DISTANCE_M) / 7.5)
const lane = (...turns: readonly Turn[]): LaneFacts => ({
  id: APPROACH.lanes[0]!.id,
  ways: turns.map((turn) => ({ turn, phases: 1 })),
  ...{ opposing: 0, stopBar: null, zone: null, storage: 8, isFedPastLoops: true },
})

/** What the street beyond says of itself, into which they go straight on. */
const beyond = (storage: number, free: number): Outlook => {
  const feeders = [{ intersection: CROSSING.id, approach: APPROACH.id, turn: 'through' as const }]
  const rooms: ApproachRoom[] = [{ approach: 'W', feeders, storage, free }]
  return { ...says([]), approaches: rooms }
}

const relief = (vehicles: number, facts: LaneFacts, said: Outlook): number => {
  const streets = new Map([[APPROACH.id, { vehicles, coveredS: 0, seenFromM: 50 }]])
  const view = { ...viewOf({ neighbours: hearing(said) }), intersection: FED }
  return reliefIn(view, NO_NEIGHBOURS_YET, { streets, most: 3 })(APPROACH.id, facts)
}

test.each([
  { who: 'a street that is seven tenths full', full: 0.68, to: beyond(40, 40), most: 1 },
  { who: 'a full street into an empty one', full: 1, to: beyond(40, 40), most: 3 },
  { who: 'a full street into a full one', full: 1, to: beyond(40, 0), most: 1 },
  { who: 'a full street into one that is half full', full: 1, to: beyond(40, 20), most: 2 },
  { who: 'a full street out of the city', full: 1, to: says([]), most: 3 },
  { who: 'a full street into one that says nonsense', full: 1, to: beyond(0, 99), most: 3 },
  { who: 'a street that is fuller than it can be', full: 40, to: beyond(40, 4_000), most: 3 },
])('$who: its vehicles count $most times as much', ({ full, to, most }) => {
  expect(relief(full * STORAGE, lane('through'), to)).toBeCloseTo(most, 1)
})

test('of two ways the one with more room counts; a lane without any open way does not count for more', () => {
  expect(relief(STORAGE, lane('through', 'left'), beyond(40, 0))).toBeCloseTo(3, 1)
  expect(relief(STORAGE, { ...lane('through'), ways: [{ turn: 'through', phases: 0 }] }, beyond(40, 40))).toBe(1)
})

test(
  'a ring of full streets comes apart sooner where those who leave it count for more than a wide street that crosses it',
  { timeout: 180_000 },
  () => {
    const strategyWith = adaptiveWith
    const withMost = (reliefMost: number): number[] =>
      [120, 133].map((jammedS) =>
        dissolveS({ strategyWith, jammedS, mostS: 60, options: { ...PRESSURE_OPTIONS, reliefMost } }),
      )
    const [plain, relieved] = [withMost(1), withMost(PRESSURE_OPTIONS.reliefMost)]
    relieved.forEach((seconds, ring) => expect(seconds).toBeLessThan(plain[ring] ?? 0))
  },
)
