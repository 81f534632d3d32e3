/** Dual-ring programs of SUMO as cycles: who runs side by side, and for how long. */
import { expect, test } from 'vitest'
import { nemaSteps, type NemaPhase } from '#sim/sumo/bridge/nema-pairs.ts'

/** Words such as `1 Grrr`: name and letters. */
const phases = (mostS: number | null, words: readonly string[]): NemaPhase[] =>
  words.map((word) => {
    const [name = '', state = ''] = word.split(' ')
    return { name, step: { durationS: 90, leastS: mostS === null ? null : 5, mostS, state } }
  })

const greens = (...[of, parameters]: Parameters<typeof nemaSteps>) =>
  nemaSteps(of, parameters)
    .filter((_, index) => index % 3 === 0)
    .map(({ durationS, state }) => `${durationS} ${state}`)

const EIGHT = [
  '1 Grrrrrrr',
  '2 rGrrgrrr',
  '3 rrGrrrrr',
  '4 rrrGrrrr',
  '5 rrrrGrrr',
  '6 grrrrGrr',
  '7 rrrrrrGr',
  '8 rrrrrrrG',
]
const BARRIERS = { barrierPhases: '4,8', barrier2Phases: '2,6' }

test.each([
  [
    'phases at the same place of both rings run side by side, from barrier to barrier',
    { ring1: '1,2,3,4', ring2: '5,6,7,8', ...BARRIERS },
    ['20 GrrrGrrr', '20 gGrrgGrr', '20 rrGrrrGr', '20 rrrGrrrG'],
  ],
  [
    'a left that lags in one ring runs beside the straight way of the other',
    { ring1: '2,1,3,4', ring2: '5,6,7,8', barrierPhases: '4,8', barrier2Phases: '1,6' },
    ['20 rGrrGrrr', '20 GrrrrGrr', '20 rrGrrrGr', '20 rrrGrrrG'],
  ],
  [
    'a ring that has fewer phases rests in its last one until the barrier',
    { ring1: '0,2,0,4', ring2: '5,6,0,8', ...BARRIERS },
    ['20 rGrrGrrr', '20 gGrrgGrr', '20 rrrGrrrG'],
  ],
  [
    'a ring alone runs alone',
    { ring1: '2,4', ring2: '0,0', barrierPhases: '4', barrier2Phases: '2' },
    ['20 rGrrgrrr', '20 rrrGrrrr'],
  ],
  ['without rings one phase runs after the other', {}, EIGHT.map((word) => `20 ${word.slice(2)}`)],
] as const)('%s', (_, parameters, expected) => {
  expect(greens(phases(30, EIGHT), new Map(Object.entries(parameters)))).toEqual(expected)
})

test('each pair ends with yellow for those who had green, and red for all', () => {
  const rings = new Map(Object.entries({ ring1: '1,2', ring2: '5,6', barrierPhases: '2,6' }))
  const steps = nemaSteps(phases(null, EIGHT), rings)
  expect(steps.slice(0, 3).map(({ durationS, state }) => `${durationS} ${state}`)).toEqual([
    '90 GrrrGrrr',
    '3 yrrryrrr',
    '2 rrrrrrrr',
  ])
})
