/** Decisions that take too long, as a table of moments and durations. */
import { expect, test } from 'vitest'
import { isTooSlow, noteDecision, type Overrun } from '#edge/overruns.ts'

const after = (decisions: readonly (readonly [atMonoMs: number, tookMs: number])[]) =>
  isTooSlow(
    decisions.reduce<readonly Overrun[]>((all, [atMonoMs, tookMs]) => noteDecision(all, { atMonoMs, tookMs }), []),
  )

test.each<[string, [number, number][], boolean]>([
  ['one long decision is a hiccup of the machine', [[0, 500]], false],
  [
    'so are two',
    [
      [0, 500],
      [1_000, 500],
    ],
    false,
  ],
  [
    'three within a minute are too many',
    [
      [0, 21],
      [30_000, 21],
      [59_999, 21],
    ],
    true,
  ],
  [
    'the first is forgotten after a minute',
    [
      [0, 21],
      [30_000, 21],
      [60_000, 21],
    ],
    false,
  ],
  [
    '20 ms are allowed',
    [
      [0, 20],
      [1_000, 20],
      [2_000, 20],
    ],
    false,
  ],
])('%s', (_, decisions, tooSlow) => {
  expect(after(decisions)).toBe(tooSlow)
})
