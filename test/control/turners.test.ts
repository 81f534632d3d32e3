/** Before cross traffic is let go the junction is cleared of those who turn left and of who is stuck behind them. Phase 1: north and south, who turn left through gaps; 2: their lefts alone; 3: the cross street. */
import { expect, test } from 'vitest'
import { bitsOf, type Bits } from '#base/bits.ts'
import type { Turn } from '#signal/intersection.ts'
import type { Choice, Circumstances } from '#control/max-pressure/choose-stage.ts'
import type { LaneDemand } from '#control/max-pressure/demand.ts'
import { clearingFirst } from '#control/max-pressure/turners.ts'
import { phaseId } from '#base/id.ts'
import { CROSSING } from '#test/support/boulevard-crossing.ts'

const THROUGH = bitsOf([1])
const LEFTS = bitsOf([2])
const ACROSS = bitsOf([3])

/** A ring of single phases: each is a stage. */
const ringOf = (count: number) => ({
  ...CROSSING,
  phases: Array.from({ length: count }, (_, n) => ({ ...CROSSING.phases[0]!, id: phaseId(n + 1) })),
  sequences: [{ number: 1, rings: [Array.from({ length: count }, (_, n) => phaseId(n + 1))] }],
})

const facts = (turns: readonly Turn[]): LaneDemand['facts'] => ({
  id: 'N1',
  ways: turns.map((turn) => ({ turn, phases: (turn === 'left' ? THROUGH | LEFTS : THROUGH) >>> 0 })),
  opposing: THROUGH,
  stopBar: null,
  zone: null,
  storage: 8,
  isFedPastLoops: true,
})

const lane = (turns: readonly Turn[], stuckMs: number): LaneDemand => ({
  ...{ facts: facts(turns), open: facts(turns), cells: null, cruiseMps: 12, announced: null },
  ...{ relief: 1, waiting: 2, coming: [], expected: [], expectedMs: 0, flow: 0 },
  ...{ stoodMs: stuckMs, heldUp: false, saturationPerS: 0.53, stuckMs },
})

function chosen(phases: number, lanes: readonly LaneDemand[], wanted: Bits): Choice {
  const intersection = ringOf(phases)
  // Of all that is known when a strategy chooses, what the rule looks at.
  const of = { view: { intersection }, omitted: 0, demand: { lanes }, signal: { greens: THROUGH } }
  const why = { code: 'PLAN_CHANGES', numbers: {} } as const
  return clearingFirst(of as unknown as Circumstances, THROUGH, { stage: wanted, why })
}

test.each([
  { who: 'nobody is stuck', lanes: [lane(['through', 'left'], 0)], wanted: ACROSS, next: ACROSS },
  {
    who: 'somebody has stood a tick too short',
    lanes: [lane(['through', 'left'], 1_400)],
    wanted: ACROSS,
    next: ACROSS,
  },
  { who: 'somebody is stuck', lanes: [lane(['through', 'left'], 1_500)], wanted: ACROSS, next: LEFTS },
  {
    who: 'somebody is stuck, but nothing changes',
    lanes: [lane(['through', 'left'], 9_000)],
    wanted: THROUGH,
    next: THROUGH,
  },
  { who: 'they who turn left have a lane of their own', lanes: [lane(['left'], 9_000)], wanted: ACROSS, next: ACROSS },
  { who: 'nobody turns left', lanes: [lane(['through'], 9_000)], wanted: ACROSS, next: ACROSS },
])('$who: after the through green comes the right one', ({ lanes, wanted, next }) => {
  expect(chosen(3, lanes, wanted).stage).toBe(next)
})

test('the reason names the green that clears the junction, and how long somebody has stood', () => {
  const { why } = chosen(3, [lane(['through', 'left'], 2_300)], ACROSS)
  expect(why).toEqual({ code: 'JUNCTION_CLEARED', phase: 2, numbers: { stuckMs: 2_300 } })
})
