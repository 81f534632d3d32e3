/** What a load costs the ticks of an edge is told beside the quiet before and after it, and no missed deadline is forgiven. */
import { describe, expect, test } from 'vitest'
import { isHeld } from '#bench/report/bars.ts'
import { barsOf, costOf, phaseLines, type Phase } from '#bench/under-load/compare.ts'

const phase = (kind: Phase['kind'], p99Ms: number, missed = 0): Phase => {
  const spread = { p50Ms: 1, p99Ms, maxMs: p99Ms }
  return { kind, tick: { ticks: 300, missed, lateness: spread, duration: spread }, bareMissed: 0, rssBytes: 2 ** 20 }
}
const p99 = ({ duration }: Phase['tick']): number => duration.p99Ms

describe('what a load costs', () => {
  test.each([
    { what: 'nothing where all is alike', phases: [phase('idle', 8), phase('load', 8), phase('idle', 8)], costMs: 0 },
    {
      what: 'nothing where the machine gets slower by itself',
      phases: [phase('idle', 4), phase('load', 6), phase('idle', 8)],
      costMs: 0,
    },
    {
      what: 'the mean over all of its phases',
      phases: [phase('idle', 5), phase('load', 15), phase('idle', 5), phase('load', 7), phase('idle', 5)],
      costMs: 6,
    },
    { what: 'nothing where it was never put on', phases: [phase('idle', 5)], costMs: 0 },
  ])('is $what', ({ phases, costMs }) => {
    expect(costOf(phases, p99)).toBe(costMs)
  })
})

describe('the bars of a load', () => {
  const judged = (loadMs: number, missed: { idle: number; load: number }) =>
    barsOf({
      load: 'disk',
      phases: [phase('idle', 5, missed.idle), phase('load', loadMs, missed.load), phase('idle', 5)],
    })
      .filter((bar) => !isHeld(bar))
      .map(({ figure }) => figure)

  test('five milliseconds more are borne, and a tenth more are not', () => {
    expect(judged(10, { idle: 0, load: 0 })).toEqual([])
    expect(judged(10.1, { idle: 0, load: 0 })).toEqual(['tick p99 beyond idle', 'lateness p99 beyond idle'])
  })

  test('one deadline that was missed under load is one too many; what is missed in quiet is not the load’s', () => {
    expect(judged(5, { idle: 3, load: 1 })).toEqual(['missed deadlines'])
    expect(judged(5, { idle: 3, load: 0 })).toEqual([])
  })
})

test('each phase is a line below the name of its load', () => {
  const lines = phaseLines({ load: 'disk', phases: [phase('idle', 5), phase('load', 7.25, 2)] })
  expect(lines.map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
    ['disk', 'ticks', 'missed'],
    ['idle', '300', '0'],
    ['load', '300', '2'],
  ])
})
