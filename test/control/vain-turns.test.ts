/** Turns of which nobody had any good: what counts as one, and that a strategy which swings to and fro is calmed. */
import { describe, expect, test } from 'vitest'
import { at } from '#base/at.ts'
import { bit } from '#base/bits.ts'
import { phaseId } from '#base/id.ts'
import { adaptiveWith } from '#control/adaptive/adaptive.ts'
import { choosingStages, maxPressureWith, type PressureMemory } from '#control/max-pressure/max-pressure.ts'
import type { Strategy } from '#control/strategy.ts'
import { STAGES } from '#test/support/junctions.ts'
import { run, street, type Scene } from '#test/support/street-of-rows.ts'

const RING = street(STAGES)
const why = { code: 'RESTING', numbers: {} } as const

/** Swings between the first two stages, each of them green for so long beyond its least. */
function swing(scene: Omit<Scene, 'strategyWith' | 'seconds'>, beyondMs = 0): number[] {
  const counted: number[] = []
  const strategyWith: typeof maxPressureWith = (options) =>
    choosingStages('maxPressure', options, (of, stage) => {
      const elapsedMs = Math.max(...of.signal.rings.map((ring) => ring.elapsedMs))
      if (elapsedMs < 5_000 + beyondMs) return { stage, why }
      counted.push(of.vainTurns)
      return { stage: stage === bit(1) ? bit(2) : bit(1), why }
    })
  run(RING, { ...scene, strategyWith, seconds: 100 })
  return counted
}

/** From the third second on. */
const every = (seconds: number): [number, number][] =>
  Array.from({ length: Math.floor(100 / seconds) }, (_, n) => [2 + n * seconds, 1])

/** Ten at once, and then more of them than a least green lets go. */
const queue = [[1, 10] as const, ...every(2)]

test('greens that end while more stay behind than have gone are counted, and after many no more are remembered', () => {
  expect(swing({ rows: { 1: queue, 2: queue } })).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 6, 6, 6])
})

test.each([
  { street: 'nobody comes at all', rows: {}, last: 6 },
  { street: 'one comes for each green, and goes', rows: { 1: every(18), 2: every(18) }, last: 0 },
  { street: 'queues are long, but nobody counts who leaves', rows: { 1: queue, 2: queue }, blind: [1, 2], last: 0 },
  {
    street: 'queues are long, and greens last longer than they must',
    rows: { 1: queue, 2: queue },
    beyondMs: 4_000,
    last: 0,
  },
] as const)('$street: after a hundred seconds of swinging $last turns are held against it', ({ last, ...scene }) => {
  const { beyondMs, ...rest } = { beyondMs: 0, ...scene }
  expect(swing(rest, beyondMs).at(-1)).toBe(last)
})

describe.each([
  { rung: 'max-pressure', strategyWith: maxPressureWith },
  { rung: 'adaptive', strategyWith: adaptiveWith },
])('under $rung', ({ strategyWith }) => {
  /** As if so many turns in vain were remembered, whatever comes. */
  const held =
    (vainTurns: number): typeof maxPressureWith =>
    (options) => {
      const strategy: Strategy<PressureMemory> = strategyWith(options)
      return { ...strategy, decide: (view, memory) => strategy.decide(view, { ...memory, vainTurns }) }
    }
  /** A street that goes on discharging beside another that presses more, though not by far. */
  const rows = {
    1: [[1, 6], ...every(4)],
    2: [
      [9, 9],
      [10, 9],
    ],
  } as const
  const limits = { weights: new Map([[phaseId(2), 2]]) }
  const live = (vainTurns: number) => run(RING, { rows, limits, strategyWith: held(vainTurns), seconds: 40 })
  const secondGreen = ({ begun }: ReturnType<typeof run>): number => begun.find(([phase]) => phase === 2)?.[1] ?? 99

  test('a green that is used lasts longer after three turns in vain, and the reason says so', () => {
    const [two, three] = [live(2), live(3)]
    expect(secondGreen(three)).toBeGreaterThan(secondGreen(two))
    expect(two.reasons.map(({ code }) => code)).not.toContain('SWING_DAMPED')
    expect(three.reasons.find(({ code }) => code === 'SWING_DAMPED')).toMatchObject({ phase: 1, numbers: { turns: 3 } })
  })

  test('who waits where nobody uses the green is not kept waiting, however many turns were in vain', () => {
    const lone = { rows: { 2: [[20, 1]] }, seconds: 40 } as const
    expect(secondGreen(run(RING, { ...lone, strategyWith: held(6) }))).toBe(
      secondGreen(run(RING, { ...lone, strategyWith: held(0) })),
    )
  })

  test('nobody waits beyond the bound meanwhile', () => {
    const options = { waitMostMs: 40_000 }
    const scene = { rows: { 1: [[0, 30], ...every(2)], 3: [[4, 1]] }, options, seconds: 90 } as const
    const { begun } = run(RING, { ...scene, strategyWith: held(6) })
    expect(
      at(
        begun.filter(([phase]) => phase === 3),
        0,
      )[1],
    ).toBeLessThanOrEqual(4 + 4 + 40 + 10)
  })
})
