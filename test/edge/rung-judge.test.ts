/** What takes a rung out of the ladder: each case as a row of what happened on it. */
import { describe, expect, test } from 'vitest'
import { RUNG_NUMBERS, type Commanding } from '#control/strategy.ts'
import { SETTLE_MS, WINDOW_MS } from '#edge/rung-comparison.ts'
import { RungJudge } from '#edge/rung-judge.ts'
import { CROSSING, empty, occupied, viewOf } from '#test/support/boulevard-crossing.ts'

const LADDER: readonly Commanding[] = ['adaptive', 'coordinated']
const judge = () => new RungJudge(LADDER, 0)
const decide = (of: RungJudge, rung: Commanding, tookMs: readonly number[]) =>
  tookMs.forEach((ms, second) => of.decided(rung, { atMonoMs: second * 1_000, tookMs: ms }))

test('a strategy that throws is barred for a minute', () => {
  const of = judge()
  of.threw('adaptive', 0)
  const numbers = { rung: RUNG_NUMBERS.adaptive }
  expect(of.take()).toEqual([{ rung: 'adaptive', why: { code: 'STRATEGY_FAILED', numbers }, forMs: 60_000 }])
  expect(of.take()).toEqual([])
})

test('and each time that it throws again it is barred for longer, up to half an hour; an hour without forgives', () => {
  const of = judge()
  const minutes = [0, 2, 5, 11, 27, 58, 90, 151].map((minute) => {
    of.threw('adaptive', minute * 60_000)
    return of.take().map(({ forMs }) => forMs / 60_000)
  })
  expect(minutes.flat()).toEqual([1, 2, 5, 15, 30, 30, 30, 1])
})

describe('a strategy that is refused', () => {
  test('for a second is barred', () => {
    const of = judge()
    const barred = Array.from({ length: 10 }, () => of.refused('adaptive', 0).isBarred)
    expect(barred).toEqual([...Array.from({ length: 9 }, () => false), true])
    expect(of.take()).toHaveLength(1)
  })

  test('and then passes begins anew', () => {
    const of = judge()
    for (let tick = 0; tick < 9; tick++) of.refused('adaptive', 0)
    of.passed()
    expect(of.refused('adaptive', 0)).toEqual({ ticks: 1, isBarred: false })
    expect(of.take()).toEqual([])
  })
})

describe('decisions that take too long', () => {
  test('bar the rung for five minutes with the third of them, and say how long the longest took', () => {
    const of = judge()
    decide(of, 'adaptive', [25, 3, 41.4, 3])
    expect(of.take()).toEqual([])
    decide(of, 'adaptive', [30])
    const numbers = { rung: RUNG_NUMBERS.adaptive, overruns: 3, mostMs: 41 }
    expect(of.take()).toEqual([{ rung: 'adaptive', why: { code: 'DECIDES_TOO_SLOWLY', numbers }, forMs: 300_000 }])
  })

  test('are forgiven with the rung', () => {
    const of = judge()
    decide(of, 'adaptive', [25, 25])
    of.begin()
    decide(of, 'adaptive', [25, 25])
    expect(of.take()).toEqual([])
  })

  test('never take the last rung: somebody has to decide', () => {
    const of = judge()
    decide(of, 'coordinated', [100, 100, 100, 100])
    expect(of.take()).toEqual([])
  })
})

test('longer waits than under the plan bar it: the loops say so themselves', () => {
  const of = judge()
  const [loop] = CROSSING.detectors.filter(({ kind }) => kind === 'stop-bar')
  let nowMonoMs = 0
  /** A vehicle every ten seconds; under `standsS` of them somebody stands. */
  const live = (rung: Commanding, ms: number, standsS: number) => {
    for (const endMs = nowMonoMs + ms; nowMonoMs < endMs; nowMonoMs += 1_000) {
      const second = nowMonoMs / 1_000
      const picture = (second % 10 < standsS ? occupied : empty)(Math.floor(second / 5))
      of.watch(viewOf({ nowMonoMs, detectors: { [loop!.id]: picture } }), [], { rung, possible: LADDER })
    }
  }
  live('coordinated', SETTLE_MS + WINDOW_MS + 1_000, 1)
  live('adaptive', SETTLE_MS + 2 * WINDOW_MS + 1_000, 9)
  expect(of.take().map(({ rung, why }) => `${rung} ${why.code}`)).toEqual(['adaptive OUTDONE_BY_SIMPLER'])
})
