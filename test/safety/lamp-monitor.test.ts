/** The software monitor at each of its limits, on looks that take no time. */
import { describe, expect, test } from 'vitest'
import { createLampMonitor, forgetLamps, lookAtLamps } from '#safety/monitor/monitor.ts'
import { exactly, lamps, PROGRAM, watch, type Timeline } from './lamp-bench.ts'

const brief = (timeline: Timeline, untilMs = 10_000) =>
  watch(timeline, exactly(untilMs)).map(({ check, channels }) => `${check} ${channels.join(' ')}`)

describe('at its limits, on looks that take no time', () => {
  test.each<[string, Timeline, string[]]>([
    [
      'two greens for 199 ms',
      [
        [0, 'GR'],
        [5_000, 'GG'],
        [5_199, 'GR'],
      ],
      [],
    ],
    [
      'two greens for 201 ms',
      [
        [0, 'GR'],
        [5_000, 'GG'],
        [5_201, 'GR'],
      ],
      ['displayedConflict 1 2', 'shortYellow 2'],
    ],
    [
      'a green and a conflicting yellow',
      [
        [0, 'GY'],
        [5_000, 'GR'],
      ],
      ['displayedConflict 1 2'],
    ],
    [
      'a green beside a red-amber',
      [
        [0, 'GR'],
        [5_000, 'GA'],
        [5_150, 'GR'],
      ],
      [],
    ],
    ['a crossing beside its own street', [[0, 'GRG']], []],
    ['a crossing against a green', [[0, 'RGG']], ['displayedConflict 2 3']],
    ['people who clear a crossing against a green', [[0, 'RGY']], ['displayedConflict 2 3']],
    ['an arrow that flashes beside the oncoming street', [[0, 'GRRR.Y']], []],
    ['an arrow that flashes in red lamps against cross traffic', [[0, 'RGRR.R']], ['displayedConflict 2 6']],
    ['the yellow after flashing beside the oncoming street', [[0, 'GRRRY.']], []],
    ['the yellow after flashing against cross traffic', [[0, 'RGRRY.']], ['displayedConflict 2 5']],
    [
      'two colours for 199 ms',
      [
        [0, 'RR'],
        [5_000, 'rR'],
        [5_199, 'RR'],
      ],
      [],
    ],
    [
      'two colours for 201 ms',
      [
        [0, 'RR'],
        [5_000, 'rR'],
        [5_201, 'RR'],
      ],
      ['dualIndication 1', 'shortYellow 1'],
    ],
    [
      'green and yellow',
      [
        [0, 'GR'],
        [5_000, 'XR'],
        [6_000, 'YR'],
      ],
      ['dualIndication 1'],
    ],
    ['red and yellow where there is no red-amber', [[0, 'AR']], ['dualIndication 1']],
    ['walk and its clearance', [[0, 'GRX']], ['dualIndication 3']],
    [
      'a red-amber of 2,999 ms',
      [
        [0, 'RRRR'],
        [1_000, 'RRRA'],
        [3_999, 'RRRG'],
      ],
      [],
    ],
    [
      'a red-amber of 3,001 ms',
      [
        [0, 'RRRR'],
        [1_000, 'RRRA'],
        [4_001, 'RRRG'],
      ],
      ['dualIndication 4'],
    ],
    [
      'nothing for 699 ms',
      [
        [0, 'RR'],
        [5_000, '.R'],
        [5_699, 'RR'],
      ],
      [],
    ],
    [
      'nothing for 701 ms',
      [
        [0, 'RR'],
        [5_000, '.R'],
        [5_701, 'RR'],
      ],
      ['missingRed 1'],
    ],
    [
      'an arrow that is dark while it flashes',
      [
        [0, 'GRRR.Y'],
        [500, 'GRRR..'],
        [5_000, 'GRRR.Y'],
      ],
      [],
    ],
  ])('%s: %j', (_, timeline, found) => {
    expect(brief(timeline)).toEqual(found)
  })

  // A look at the last green and one at the first red lie up to a scan outside of the yellow on either side.
  test.each<[string, Timeline, string[]]>([
    [
      'a yellow that may have lasted 2,600 ms',
      [
        [0, 'GR'],
        [5_001, 'YR'],
        [7_501, 'RR'],
      ],
      [],
    ],
    [
      'a yellow that lasted 2,500 ms at most',
      [
        [0, 'GR'],
        [5_001, 'YR'],
        [7_500, 'RR'],
      ],
      ['shortYellow 1'],
    ],
    [
      'no yellow at all',
      [
        [0, 'GR'],
        [5_000, 'RR'],
      ],
      ['shortYellow 1'],
    ],
    [
      'a yellow that goes back to green',
      [
        [0, 'GR'],
        [5_000, 'YR'],
        [6_000, 'GR'],
      ],
      ['shortYellow 1'],
    ],
    [
      'a green that is dark for a moment, and owes its yellow',
      [
        [0, 'GR'],
        [3_000, '.R'],
        [3_200, 'GR'],
        [6_000, 'YR'],
        [9_500, 'RR'],
      ],
      [],
    ],
    [
      'a green that was dark and then red',
      [
        [0, 'GR'],
        [3_000, '.R'],
        [3_200, 'RR'],
      ],
      ['shortYellow 1'],
    ],
    [
      'a flicker of green owes nothing',
      [
        [0, 'RR'],
        [5_001, 'GR'],
        [5_199, 'RR'],
      ],
      [],
    ],
    [
      'a crossing owes no yellow',
      [
        [0, 'GRG'],
        [5_000, 'GRR'],
      ],
      [],
    ],
    [
      'an arrow that ends flashing owes none',
      [
        [0, 'GRRR.Y'],
        [5_000, 'GRRRR.'],
      ],
      [],
    ],
    [
      '2,600 ms from a green to a conflicting one',
      [
        [0, 'GR'],
        [1_001, 'YR'],
        [3_501, 'RG'],
      ],
      [],
    ],
    [
      'less than that',
      [
        [0, 'GR'],
        [1_001, 'YR'],
        [3_500, 'RG'],
      ],
      ['shortYellow 1', 'skippedClearance 1 2'],
    ],
    [
      'a walk that ends before a conflicting green begins',
      [
        [0, 'GRG'],
        [5_000, 'GRY'],
        [7_000, 'YRR'],
        [10_500, 'RGR'],
      ],
      [],
    ],
    [
      'a walk that ends only then',
      [
        [0, 'RRG'],
        [5_000, 'RRR'],
        [6_000, 'RGR'],
      ],
      ['skippedClearance 2 3'],
    ],
    [
      'a flicker of green that begins too soon',
      [
        [0, 'RRG'],
        [5_000, 'RRR'],
        [6_001, 'RGR'],
        [6_190, 'RRR'],
      ],
      [],
    ],
  ])('%s: %j', (_, timeline, found) => {
    expect(brief(timeline, 12_000)).toEqual(found)
  })

  test('looks so far apart that something may have lain between them prove nothing', () => {
    const timeline: Timeline = [[0, 'GG']]
    const apart = (gapMs: number) =>
      [
        [0, 0, 0],
        [gapMs, gapMs, gapMs],
      ] as const
    expect(watch(timeline, apart(300)).map(({ check }) => check)).toEqual(['displayedConflict'])
    expect(watch(timeline, apart(301))).toEqual([])
  })

  test('what was seen before all lamps flashed says nothing afterwards', () => {
    const monitor = createLampMonitor(PROGRAM)
    const look = (ms: number, letters: string) =>
      lookAtLamps(monitor, { lamps: lamps(letters), moment: { askedMonoMs: ms, answeredMonoMs: ms } })
    for (const ms of [0, 100, 200, 300]) look(ms, 'GR')
    look(400, 'RR')
    forgetLamps(monitor)
    expect([look(600, 'RG'), look(700, 'RG'), look(800, 'RG'), look(900, 'RG')]).toEqual([[], [], [], []])
  })
})
