/** Decisions that take too long, as a table of moments and durations. */
import { expect, test } from 'vitest'
import { isTooSlow, noteDecision, type Overrun } from '#edge/overruns.ts'

test.each<[string, readonly number[], number, boolean]>([
  ['one long decision is a hiccup of the machine', [0], 500, false],
  ['so are two', [0, 1_000], 500, false],
  ['three within a minute are too many', [0, 30_000, 59_999], 21, true],
  ['the first is forgotten after a minute', [0, 30_000, 60_000], 21, false],
  ['20 ms are allowed', [0, 1_000, 2_000], 20, false],
])('%s', (_, moments, tookMs, tooSlow) => {
  const overruns = moments.reduce<readonly Overrun[]>((all, atMonoMs) => noteDecision(all, { atMonoMs, tookMs }), [])
  expect(isTooSlow(overruns)).toBe(tooSlow)
})
