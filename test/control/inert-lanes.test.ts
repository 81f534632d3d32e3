/** Somebody who does not move in a green of his own, be it a stuck loop, a broken car or a lie: he is served now and then, and the others as if he were not there. */
import { describe, expect, test } from 'vitest'
import { adaptiveWith } from '#control/adaptive/adaptive.ts'
import { inertMs, noteVainGreens } from '#control/max-pressure/inert-lanes.ts'
import { maxPressureWith } from '#control/max-pressure/max-pressure.ts'
import { NO_QUEUES_YET, stepQueues } from '#control/queues/lane-queues.ts'
import { NOBODY_YET } from '#control/queues/stop-bar.ts'
import { CROSSING, viewOf } from '#test/support/boulevard-crossing.ts'
import { STAGES } from '#test/support/junctions.ts'
import { run, street } from '#test/support/street-of-rows.ts'

describe('who stands at the stop line', () => {
  test.each([
    { who: 'has had no green in vain', stoodMs: 500_000, vainAgoMs: null, waited: null },
    { who: 'has stood a tick too short', stoodMs: 119_900, vainAgoMs: 20_000, waited: null },
    { who: 'has stood for two minutes and through a green', stoodMs: 120_000, vainAgoMs: 20_000, waited: 20_000 },
  ])('$who: he has waited $waited ms since', ({ stoodMs, vainAgoMs, waited }) => {
    const nowMs = 1_000_000
    const vainAtMs = vainAgoMs === null ? undefined : nowMs - vainAgoMs
    expect(inertMs({ ...NOBODY_YET, stoodSinceMs: nowMs - stoodMs }, vainAtMs, nowMs)).toBe(waited)
  })

  test('is forgotten as soon as he moves, and a green that is not his is not held against him', () => {
    const [lane] = CROSSING.approaches[0]!.lanes
    const queuesWith = (heldUp: boolean) => {
      const queues = stepQueues(viewOf({}), 0, NO_QUEUES_YET)
      const known = queues.lanes[lane!.id]!
      return { ...queues, lanes: { [lane!.id]: { ...known, stopBar: { ...known.stopBar, heldUp } } } }
    }
    const view = viewOf({ nowMonoMs: 50_000 })
    const own = CROSSING.phases.reduce((bits, { id }) => (id === 2 ? bits | (1 << (id - 1)) : bits), 0)
    const noted = noteVainGreens(view, own, { queues: queuesWith(true), before: {} })
    expect(noted).toEqual({ [lane!.id]: 50_000 })
    expect(noteVainGreens(view, 0, { queues: queuesWith(true), before: {} })).toEqual({})
    expect(noteVainGreens(view, 0, { queues: queuesWith(true), before: noted })).toEqual(noted)
    expect(noteVainGreens(view, 0, { queues: queuesWith(false), before: noted })).toEqual({})
  })
})

test.each([
  { rung: 'max-pressure', strategyWith: maxPressureWith },
  { rung: 'adaptive', strategyWith: adaptiveWith },
])(
  'under $rung a loop that is stuck has its turn within the bound, and the others hardly notice',
  { timeout: 180_000 },
  ({ strategyWith }) => {
    const many = Array.from({ length: 60 }, (_, n): [number, number] => [1 + 5 * n, 1])
    const { begun, rows } = run(street(STAGES), { rows: { 1: many, 2: many }, stuck: [3], strategyWith, seconds: 300 })
    const turns = begun.filter(([phase, second]) => phase === 3 && second >= 150).map(([, second]) => second)
    expect(turns.length).toBeGreaterThanOrEqual(1)
    expect(turns.length).toBeLessThanOrEqual(5)
    for (const phase of [1, 2]) expect(rows.get(phase)!.standing).toBeLessThanOrEqual(12)
  },
)
