/** Whoever is compared shows three seconds of yellow, whatever the network's own programs have. */
import { expect, test } from 'vitest'
import { withUsualYellow } from '#sim/sumo/bridge/usual-yellow.ts'

const step = (state: string, durationS: number) => ({ state, durationS, leastS: null, mostS: null })

test('five seconds of yellow become three, two stay two, and greens and reds keep their times', () => {
  const steps = [step('GGrr', 29), step('yyrr', 5), step('rrrr', 1), step('rrGG', 40), step('rrYy', 2)]
  const light = { id: 'A', programs: [{ id: '0', type: 'static', offsetS: 0, steps }] }
  const [program] = withUsualYellow(new Map([['A', light]])).get('A')?.programs ?? []
  expect(program?.steps.map(({ state, durationS }) => `${state} ${durationS}`)).toEqual([
    'GGrr 29',
    'yyrr 3',
    'rrrr 1',
    'rrGG 40',
    'rrYy 2',
  ])
})
