/** Counts on streets that lead nowhere are a fault with a name before the run begins; no traffic at all is none. */
import { expect, test } from 'vitest'
import { intersectionId } from '#base/id.ts'
import type { CountedIntersection } from '#sim/traffic/demand/counted-entries.ts'
import { layScenario } from '#sim/traffic/demand/scenario-run.ts'
import { CROSSING, DATABASE, PLAN } from '#test/support/boulevard-crossing.ts'
import { HOUR_MS, plain, tripsOf } from './laid-city.ts'
import { smallStreets } from './small-streets.ts'

/** From A.W a ring road that nobody can leave. */
const TRAP = smallStreets([
  ['A.W', 'left', 'ring'],
  ['ring', 'left', 'ring'],
])

const counted = (perHour: number): CountedIntersection => ({
  database: { ...DATABASE, intersection: { ...CROSSING, id: intersectionId('A') } },
  demand: [
    {
      approach: 'W',
      vehiclesPerHour: new Map([[PLAN.key, perHour]]),
      turnShares: { left: 1, through: 0, right: 0 },
      pedestriansPerHour: 0,
    },
  ],
})

const laid = (perHour: number) =>
  layScenario({ network: TRAP, intersections: [counted(perHour)], scenario: plain(8), seed: 1 })

test('counted vehicles that can never leave the network are refused', () => {
  const trap = laid(100)
  expect(trap.ok ? [] : trap.fault.map(({ message }) => message)).toEqual([
    'demand.yaml vehicles: no way leads from A.W to any exit of the network. Add the turns that are missing in network.yaml, or take the traffic out.',
  ])
})

test('where nobody is counted, nobody comes, and nothing is wrong', () => {
  const empty = laid(0)
  expect(empty.ok && tripsOf(empty.value, 24 * HOUR_MS)).toEqual([])
})
