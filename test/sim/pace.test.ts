/** Pictures of real time: a late timer is made up for, a long stop is left out and said, nothing drifts. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CATCH_UP_MS_MAX, keepPace } from '#sim/pace.ts'

beforeEach(() => void vi.useFakeTimers({ now: 0 }))
afterEach(() => void vi.useRealTimers())

/** The fake clock, with stops of the whole process that timers do not see. */
function startPace(intervalMs = 100) {
  let stoppedMs = 0
  const steps: number[] = []
  const lost: number[] = []
  const monoMs = () => Date.now() + stoppedMs
  const stop = keepPace({
    intervalMs,
    monoMs,
    step: () => steps.push(monoMs()),
    onBehind: (lostMs) => lost.push(lostMs),
  })
  return { steps, lost, stop, freeze: (ms: number) => (stoppedMs += ms) }
}

test('a minute and a tenth have 601 steps, however late each timer is', () => {
  const { steps, freeze } = startPace()
  for (let second = 0; second < 50; second++) {
    vi.advanceTimersByTime(1_000)
    freeze(second % 2 === 0 ? 150 : 250) // Ten seconds of small stops in all.
  }
  vi.advanceTimersByTime(100) // For the last stop to be seen.
  expect(steps).toHaveLength(601)
})

test('a stop of up to a second is made up for at once, a longer one is left out and said', () => {
  for (const [frozenMs, caughtUp, said] of [
    [CATCH_UP_MS_MAX - 1, 10, []],
    [CATCH_UP_MS_MAX, 11, []],
    [CATCH_UP_MS_MAX + 1, 1, [CATCH_UP_MS_MAX + 1]],
    [60_000, 1, [60_000]],
  ] as const) {
    const { steps, lost, freeze, stop } = startPace()
    vi.advanceTimersByTime(99)
    freeze(frozenMs)
    vi.advanceTimersByTime(1)
    expect([frozenMs, steps.length, lost]).toEqual([frozenMs, caughtUp, said])
    stop()
  }
})

test('twenty times real time steps every five milliseconds', () => {
  const { steps } = startPace(5)
  vi.advanceTimersByTime(1_000)
  expect(steps).toHaveLength(200)
})

test('a pace that is stopped steps no more', () => {
  const { steps, stop } = startPace()
  vi.advanceTimersByTime(300)
  stop()
  vi.advanceTimersByTime(1_000)
  expect(steps).toHaveLength(3)
})
