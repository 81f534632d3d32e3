/** Nobody waits for ever: not in a car, not on foot, and not in the fullest street, though nothing but the bound of waiting ends a green. */
import { describe, expect, test } from 'vitest'
import { adaptiveWith } from '#control/adaptive/adaptive.ts'
import { maxPressureWith } from '#control/max-pressure/max-pressure.ts'
import { EIGHT_PHASES, STAGES, type JunctionFacts, type PhaseFacts } from '#test/support/junctions.ts'
import { run, street } from '#test/support/street-of-rows.ts'

/** The longest that anybody may wait at a stop line, whatever the street and the controller's own maximums are. */
const LONGEST_S = 180
const SECONDS = 270

/** Maximums that never end a green within the picture: the strategy has none, and no plan bounds a cycle. */
const endless = (facts: JunctionFacts, walking: readonly number[]): JunctionFacts => {
  const phases = facts.rings.flat(2).map((id): [number, PhaseFacts] => {
    const own = facts.phases?.[id] ?? {}
    const walk = walking.includes(id) ? { walkMs: 7_000, pedClearMs: 15_000 } : {}
    return [id, { ...own, timing: { ...own.timing, ...walk, max1Ms: 600_000 } }]
  })
  return { ...facts, phases: Object.fromEntries(phases) }
}

const never = (vehiclesAtFirst: number): readonly (readonly [number, number])[] => [
  [0, vehiclesAtFirst],
  ...Array.from({ length: SECONDS }, (_, second) => [second, 1] as const),
]

/** From each of those seconds until the phase is green next. */
const waitsFor = ({ begun }: ReturnType<typeof run>, wanted: number, from: readonly number[]): number[] =>
  from.map((second) => (begun.find(([phase, at]) => phase === wanted && at >= second)?.[1] ?? Infinity) - second)

describe.each([
  { rung: 'max-pressure', strategyWith: maxPressureWith },
  { rung: 'adaptive', strategyWith: adaptiveWith },
])('under $rung, where no green has a maximum', { timeout: 180_000 }, ({ strategyWith }) => {
  test('one vehicle, and one on foot, beside a street that never runs dry wait their bound and one turn of another', () => {
    const rows = { 1: never(30), 3: [[10, 1]] } as const
    const junction = street(endless(STAGES, [2]))
    const lived = run(junction, { rows, buttons: { 40: [2] }, strategyWith, seconds: 190 })
    expect(waitsFor(lived, 3, [14])[0]).toBeLessThanOrEqual(120 + 35)
    expect(waitsFor(lived, 2, [40])[0]).toBeLessThanOrEqual(90 + 35)
  })

  test('all streets are full and somebody always wants to walk: everybody has his turn within three minutes', () => {
    const junction = street(endless(STAGES, [1, 2, 3]))
    const all = [1, 2, 3]
    const buttons = Object.fromEntries(Array.from({ length: SECONDS }, (_, second) => [second, all]))
    const rows = { 1: never(30), 2: never(20), 3: never(10) }
    const lived = run(junction, { rows, buttons, strategyWith, seconds: SECONDS })
    for (const phase of all)
      expect(Math.max(...waitsFor(lived, phase, [20, 50, 80])), `phase ${phase}`).toBeLessThan(LONGEST_S)
  })

  test('in two rings too, of which the through phases may not be left out', () => {
    const through: PhaseFacts = { dualEntry: true, recall: 'minimum' }
    const rings = { ...EIGHT_PHASES, phases: { 2: through, 4: through, 6: through, 8: through } }
    const junction = street(endless(rings, [4, 8]))
    const all = [1, 2, 3, 4, 5, 6, 7, 8]
    const rows = Object.fromEntries(all.map((phase) => [phase, never(phase === 2 ? 40 : 10)]))
    const buttons = { 30: [4, 8], 80: [4], 90: [8] }
    const lived = run(junction, { rows, buttons, omittable: [1, 3, 5, 7], strategyWith, seconds: SECONDS })
    for (const phase of all)
      expect(Math.max(...waitsFor(lived, phase, [30, 60, 90])), `phase ${phase}`).toBeLessThan(LONGEST_S)
  })
})
