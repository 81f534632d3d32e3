/** What one rung has learnt of a street, the next begins with. */
import { expect, test } from 'vitest'
import { coordinated } from '#control/coordinated.ts'
import type { Learnt } from '#control/learnt.ts'
import type { Commanding, Strategy } from '#control/strategy.ts'
import { commandOf } from '#test/support/boulevard-crossing.ts'
import { superviseStreet } from '#test/support/supervised-street.ts'
import { NO_TRAVEL_LEARNT } from '#test/support/learnt-nothing.ts'

/** A rung that counts its own steps as what it has learnt, after those it was begun with; `threw` after so many of its own. */
function counting(rung: Commanding, begunWith: number[], throwsAfter = Infinity): Strategy<Counted> {
  return {
    rung,
    initial(learnt) {
      const steps = learnt?.approaches['N']?.worth ?? 0
      begunWith.push(steps)
      return { steps, own: 0 }
    },
    learnt: ({ steps }) => stepsLearnt(steps),
    decide(_, { steps, own }) {
      if (own >= throwsAfter) throw new Error('a street that it does not understand')
      const why = { code: 'RESTING', numbers: {} } as const
      return { command: commandOf({}), memory: { steps: steps + 1, own: own + 1 }, why }
    },
  }
}

interface Counted {
  readonly steps: number
  readonly own: number
}

const stepsLearnt = (steps: number): Learnt => ({
  version: 1,
  lanes: {},
  approaches: { N: { worth: steps, ...NO_TRAVEL_LEARNT } },
  history: {},
})

test('a rung that is climbed to again begins with what was learnt before it was left', async () => {
  const begunWith: number[] = []
  const street = await superviseStreet({ strategies: [counting('actuated', begunWith)] })
  await street.live(20_000)
  street.lines.controller = 'silent'
  await street.live(20_000)
  street.lines.controller = 'good'
  await street.liveUntil(() => begunWith.length > 1, 200_000)
  expect(begunWith[0]).toBe(0)
  expect(begunWith[1]).toBeGreaterThan(50)
})

test('a rung that throws hands on what was known before it began', async () => {
  const [first, second]: [number[], number[]] = [[], []]
  const strategies = [counting('actuated', first, 30), counting('fixed', second)]
  const street = await superviseStreet({ strategies })
  await street.live(20_000)
  expect([first, second]).toEqual([[0], [0]])
})

test('what rungs that learn nothing run through stays as it was', async () => {
  const begunWith: number[] = []
  const street = await superviseStreet({ strategies: [counting('actuated', begunWith, 30), coordinated] })
  await street.live(120_000)
  expect(begunWith.length).toBeGreaterThanOrEqual(2)
  expect(new Set(begunWith)).toEqual(new Set([0]))
})
