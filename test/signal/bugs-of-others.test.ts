/** Bugs that other controllers have had, each as the street in which it would show. */
import { describe, test } from 'vitest'
import { database, EIGHT_PHASES, junction, plan, type JunctionFacts, type PhaseFacts } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

const crossing = (changed: Record<number, PhaseFacts> = {}, facts: Partial<JunctionFacts> = {}) => {
  const phases: Record<number, PhaseFacts> = { ...EIGHT_PHASES.phases }
  for (const [number, given] of Object.entries(changed))
    phases[Number(number)] = { ...phases[Number(number)], ...given }
  return junction({ ...EIGHT_PHASES, phases, ...facts })
}

describe('bugs that others have had', () => {
  test('crossing with both rings on different sides: a ring that could cross waits for the one that cannot', () =>
    timelineOf(database(crossing({ 2: { dualEntry: false }, 6: { dualEntry: false } })))(`
      s      0         10        20        30
      det 2  ###########.....................
      det 8  ..##############................
      det 4  ..##############................
      ph 2   GGGGGGGGGGGGGGYYYR..............
      ph 4   ..................GGGGGGGGGGGGGG
      ph 6   ................................
      ph 8   ..................GGGGGGGGGGGGGG
    `))

  test('crossing while the other ring is still clearing: the faster ring waits red', () =>
    timelineOf(database(crossing({ 6: { timing: { yellowMs: 6_000, redClearMs: 4_000 } } })))(`
      s      0         10        20
      det 3  ..############..........
      ph 2   GGYYYR..................
      ph 6   GGYYYYYYRRRR............
      ph 3   ............GGGGGGGGGGGG
      ph 8   ............GGGGGGGGGGGG
    `))

  test('unequal yellow and red that got stuck at the barrier: both streets are served for ever', () =>
    timelineOf(
      database(
        crossing({
          2: { timing: { yellowMs: 3_000, redClearMs: 0, max1Ms: 8_000 } },
          6: { timing: { yellowMs: 6_000, redClearMs: 3_000, max1Ms: 8_000 } },
          4: { timing: { yellowMs: 5_000, redClearMs: 2_000, max1Ms: 8_000 } },
          8: { timing: { yellowMs: 3_000, redClearMs: 0, max1Ms: 8_000 } },
        }),
      ),
    )(`
      s      0         10        20        30        40        50        60
      det 2  #################################################################
      det 8  #################################################################
      ph 2   GGGGGGGGYYY.....................GGGGGGGGYYY.....................GG
      ph 6   GGGGGGGGYYYYYYRRR...............GGGGGGGGYYYYYYRRR...............GG
      ph 4   .................GGGGGGGGYYYYYRR.................GGGGGGGGYYYYYRR..
      ph 8   .................GGGGGGGGYYY.....................GGGGGGGGYYY......
    `))

  test('minimum recall on every phase by default: without cars nobody is served after the first round', () =>
    timelineOf(database(crossing()), { from: 'power-up', columnMs: 2_000 })(`
      s      0         20        40        60        80
      ph 1   ...GGYY..........................................
      ph 2   .......GGGYR.....................................
      ph 3   ............GGYY.................................
      ph 4   ................GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG
      ph 7   ............GGYY.................................
      ph 8   ................GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG
    `))

  test('no rest in green when free: the street that was served last stays green until somebody comes', () =>
    timelineOf(database(crossing()), { columnMs: 10_000 })(`
      s      0         100       200       300
      det 4  ..............................##
      ph 2   GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGY.
      ph 6   GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGY.
      ph 4   ...............................G
    `))

  test('a phase that is stuck: neither a loop that never clears nor a button held down keeps the others waiting', () =>
    timelineOf(
      database(
        crossing({
          2: { timing: { max1Ms: 8_000, walkMs: 4_000, pedClearMs: 5_000 } },
          4: { timing: { max1Ms: 8_000 } },
          6: { timing: { max1Ms: 8_000 } },
          8: { timing: { max1Ms: 8_000 } },
        }),
      ),
    )(`
      s        0         10        20        30        40        50
      det 2    ###################################################
      button 2 ###################################################
      det 4    ###################################################
      ph 2     GGGGGGGGYYYR............GGGGGGGGGYYYR............GG
      walk 2   ........................WWWWCCCCC................WW
      ph 4     ............GGGGGGGGYYYR.............GGGGGGGGYYYR..
    `))

  const AM = plan(1, {
    cycleS: 80,
    splitsS: { 1: 12, 2: 28, 3: 12, 4: 28, 5: 12, 6: 28, 7: 12, 8: 28 },
    coordinated: [2, 6],
  })

  test('coordinated phases that are mandatory: free again, the crossing leaves them unserved when nobody comes', () =>
    timelineOf(database(crossing(), [AM]), { columnMs: 2_000, epochMs: Date.UTC(2026, 0, 5) })(`
      s      0         20        40        60        80        100
      plan   1111111111.............................................
      det 4  .............###.......................................
      det 7  ....................###................................
      ph 2   GGGGGGGGGGGGGYY........................................
      ph 6   GGGGGGGGGGGGGYY........................................
      ph 4   ...............GGGGGYY.GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG
      ph 8   ...............GGGGGYY.................................
      ph 7   ......................GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG
    `))

  test('and a coordinated phase that is omitted is not served in its plan either', () =>
    timelineOf(database(crossing(), [AM]), { columnMs: 2_000, epochMs: Date.UTC(2026, 0, 5) })(`
      s      0         20        40        60        80        100
      plan   1111111111111111111111111111111111111111111111111111111
      omit 2 .............##########################################
      det 4  .............##########################################
      ph 2   GGGGGGGGGGGGGGGGGGYY...................................
      ph 6   GGGGGGGGGGGGGGGGGGYY....................GGGGGGGGGGGGGGG
      ph 4   ....................GGGGGGGGGGGGGGGGGGYY...............
    `))
})
