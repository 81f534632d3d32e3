/** Plans when something comes late: late calls, overruns, held greens, and rings that yield apart. */
import { test } from 'vitest'
import { overlapId, phaseId } from '#base/id.ts'
import { database, EIGHT_PHASES, junction, plan, STAGES, TWO_PHASES, type PhaseFacts } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

const streets = (cycleS: number, splitsS: Record<number, number>, phases: Record<number, PhaseFacts> = {}) =>
  database(junction({ ...TWO_PHASES, phases }), [plan(1, { cycleS, splitsS, coordinated: [2] })])

test('a coordinated green that has come back early stays until it yields again, although a late call would fit', () =>
  timelineOf(streets(80, { 2: 30, 4: 50 }), { columnMs: 2_000 })(`
    s      0         20        40        60        80        100       120
    plan   1111111111111111111111111111111111111111111111111111111111111111
    det 4  .##############........#########################################
    ph 2   GGGGGGGGGGGGGYY.....GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGYY.........
    ph 4   ...............GGGYR...................................GGGGGGGGG
  `))

test('people who overrun their split stop the local timer: the coordinated green comes late, and still has its time', () =>
  timelineOf(streets(60, { 2: 24, 4: 36 }, { 4: { timing: { walkMs: 7_000, pedClearMs: 50_000 } } }), {
    columnMs: 2_000,
  })(`
    s        0         20        40        60        80        100       120
    plan     1111111111111111111111111111111111111111111111111111111111111111
    button 4 .#..............................................................
    det 4    ....................############################################
    ph 2     GGGGGGGGGGYY...............................GGGGGGGGYR...........
    ph 4     ............GGGGGGGGGGGGGGGGGGGGGGGGGGGGGYR..........GGGGGGGGGGG
    walk 4   ............WWWWCCCCCCCCCCCCCCCCCCCCCCCCC.......................
  `))

test('whoever was kept past two yield points is served as soon as he can be, and the next late call is not', () =>
  timelineOf(streets(40, { 2: 24, 4: 16 }), { columnMs: 2_000 })(`
    s      0         20        40        60        80        100       120       140
    plan   11111111111111111111111111111111111111111111111111111111111111111111111111
    hold 2 #####################################.....................................
    det 4  .#######################################................########..........
    ph 2   GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGYY.....GGGGGGGGGGGGGGGGGGGGGGGGGGGGGG
    ph 4   .......................................GGGYR..............................
  `))

const LAGGING = database(
  junction({
    ...EIGHT_PHASES,
    sequences: [
      [
        [2, 1, 3, 4],
        [5, 6, 7, 8],
      ],
    ],
  }),
  [
    plan(1, {
      cycleS: 80,
      splitsS: { 1: 15, 2: 30, 3: 15, 4: 20, 5: 15, 6: 30, 7: 15, 8: 20 },
      coordinated: [2, 6],
      sequence: 2,
    }),
  ],
)

test('where coordinated greens yield apart, the side street waits for the later one', () =>
  timelineOf(LAGGING, { columnMs: 2_000 })(`
    s      0         20        40        60
    plan   111111111111111111111111111111111111
    det 4  ..............######################
    ph 2   GGGGGGGGGGGGGGGGGGGGGYR.............
    ph 6   GGGGGGGGGGGGGGGGGGGGGYR.............
    ph 4   .......................GGGGGGGGGGGGG
    ph 8   .......................GGGGGGGGGGGGG
  `))

test('a lagging left takes its split while the other ring keeps its coordinated green', () =>
  timelineOf(LAGGING, { columnMs: 2_000 })(`
    s      0         20        40        60
    plan   111111111111111111111111111111111111
    det 1  ....################################
    det 4  ....################################
    ph 2   GGGGGGGGGGGGGYY.....................
    ph 1   ...............GGGGGGYR.............
    ph 6   GGGGGGGGGGGGGGGGGGGGGYR.............
    ph 4   .......................GGGGGGGGGGGGG
  `))

test('a long leading left is forced off inside the lagging left beside it, and its own through still has its split', () =>
  timelineOf(
    database(LAGGING.intersection, [
      plan(1, {
        cycleS: 80,
        splitsS: { 1: 30, 2: 15, 3: 15, 4: 20, 5: 25, 6: 20, 7: 15, 8: 20 },
        coordinated: [2, 6],
        sequence: 2,
      }),
    ]),
    { columnMs: 2_000 },
  )(`
    s      0         20        40        60        80        100       120
    plan   1111111111111111111111111111111111111111111111111111111111111111
    det 1  .###############################################################
    det 5  .###############################################################
    det 4  .###############################################################
    ph 2   GGGGGGYR................................GGGGGGYR................
    ph 1   ........GGGGGGGGGGGGGYR.........................GGGGGGGGGGGGGYR.
    ph 5   ........................................GGGGGGGGGGGYR...........
    ph 6   GGGGGGGGGGGGGGGGGGGGGYR..............................GGGGGGGGYR.
    ph 4   .......................GGGGGGGGGGGGGGGYY.......................G
    ph 8   .......................GGGGGGGGGGGGGGGYY.......................G
  `))

test('both rings end early enough at a barrier for the one that clears later, so that the next split is whole', () =>
  timelineOf(
    database(
      junction({
        ...EIGHT_PHASES,
        phases: { ...EIGHT_PHASES.phases, 6: { dualEntry: true, timing: { yellowMs: 5_000, redClearMs: 2_000 } } },
      }),
      [plan(1, { cycleS: 60, splitsS: { 1: 9, 2: 25, 3: 9, 4: 17, 5: 9, 6: 25, 7: 9, 8: 17 }, coordinated: [2, 6] })],
    ),
    { columnMs: 2_000 },
  )(`
    s      0         20        40        60        80        100
    plan   1111111111111111111111111111111111111111111111111111111111
    det 3  ..###################..............######################
    det 4  ..########################################################
    ph 2   GGGGGGGGGGGGGGYR..............GGGGGGGGGGGGGGYR............
    ph 6   GGGGGGGGGGGGGGYYR.............GGGGGGGGGGGGGGYYR...........
    ph 3   .................GGGYR.........................GGGYR......
    ph 4   ......................GGGGGGYY......................GGGGGG
  `))

test('a green that trails into the next split takes its time from there alone: the rest is still a minimum, and nobody drifts', () =>
  timelineOf(
    database(junction({ ...TWO_PHASES, overlaps: { 1: [2] }, overlapFacts: { 1: { trailingGreenMs: 6_000 } } }), [
      plan(1, { cycleS: 40, splitsS: { 2: 25, 4: 15 }, coordinated: [2] }),
    ]),
  )(`
    s      0         10        20        30        40        50        60        70        80
    plan   111111111111111111111111111111111111111111111111111111111111111111111111111111111111
    det 4  ..##################################################################################
    ph 2   GGGGGGGGGGGGGGGGGGGGGYYYR...............GGGGGGGGGGGGGGGGGGGGGYYYR...............GGGG
    ov 1   GGGGGGGGGGGGGGGGGGGGGGGGGGGYYY..........GGGGGGGGGGGGGGGGGGGGGGGGGGGYYY..........GGGG
    ph 4   ...............................GGGGGYYYR...............................GGGGGYYYR....
  `))

test('a permissive window stays open for a phase that a trailing green lets begin late', () =>
  timelineOf(
    database(junction({ ...TWO_PHASES, overlaps: { 1: [2] }, overlapFacts: { 1: { trailingGreenMs: 6_000 } } }), [
      plan(1, {
        cycleS: 40,
        splitsS: { 2: 22, 4: 18 },
        coordinated: [2],
        options: { permissiveMs: new Map([[phaseId(4), 4_000]]) },
      }),
    ]),
  )(`
    s      0         10        20        30        40        50        60        70        80
    plan   111111111111111111111111111111111111111111111111111111111111111111111111111111111111
    det 4  ..##################################################################################
    ph 2   GGGGGGGGGGGGGGGGGGYYYR..................GGGGGGGGGGGGGGGGGGYYYR..................GGGG
    ov 1   GGGGGGGGGGGGGGGGGGGGGGGGYYY.............GGGGGGGGGGGGGGGGGGGGGGGGYYY.............GGGG
    ph 4   ............................GGGGGGGGYYYR............................GGGGGGGGYYYR....
  `))

test('people who fit into a split no more, because their phase begins late, stop the local timer as others do', () =>
  timelineOf(
    database(
      junction({
        ...TWO_PHASES,
        phases: { 4: { timing: { walkMs: 4_000, pedClearMs: 6_000 } } },
        overlaps: { 1: [2] },
        overlapFacts: { 1: { trailingGreenMs: 6_000 } },
      }),
      [plan(1, { cycleS: 40, splitsS: { 2: 22, 4: 18 }, coordinated: [2] })],
    ),
  )(`
    s         0         10        20        30        40        50
    plan      11111111111111111111111111111111111111111111111111111
    button 4  ..##.................................................
    det 4     ..###################################################
    ph 2      GGGGGGGGGGGGGGGGGGYYYR....................GGGGGGGGGGG
    ph 4      ............................GGGGGGGGGGYYYR...........
    walk 4    ............................WWWWCCCCCC...............
    log 26/4  ............................#........................
  `))

test('people who walk ahead of their vehicles overrun a split that they begin late from the moment of their walk', () =>
  timelineOf(
    database(
      junction({
        ...TWO_PHASES,
        phases: { 4: { timing: { walkMs: 4_000, pedClearMs: 6_000, leadingPedMs: 2_000 } } },
        overlaps: { 1: [2] },
        overlapFacts: { 1: { trailingGreenMs: 6_000 } },
      }),
      [plan(1, { cycleS: 40, splitsS: { 2: 22, 4: 18 }, coordinated: [2] })],
    ),
  )(`
    s         0         10        20        30        40
    plan      111111111111111111111111111111111111111111
    button 4  ..##......................................
    det 4     ..########################################
    ph 2      GGGGGGGGGGGGGGGGGGYYYR....................
    ph 4      ............................LLGGGGGGGGYYYR
    walk 4    ............................WWWWCCCCCC....
    log 26/4  ............................#.............
  `))

test('an intergreen after a stage that is long over takes no turn away: what it wants to have passed has passed', () =>
  timelineOf(
    database(
      junction({
        ...STAGES,
        intergreens: [
          {
            from: { kind: 'overlap', overlap: overlapId(1) },
            to: { kind: 'overlap', overlap: overlapId(3) },
            ms: 15_000,
          },
        ],
      }),
      [plan(1, { cycleS: 60, splitsS: { 1: 20, 2: 11, 3: 9, 4: 20 }, coordinated: [1] })],
    ),
    { columnMs: 2_000 },
  )(`
    s      0         20        40        60        80        100       120
    plan   111111111111111111111111111111111111111111111111111111111111111
    det 2  .##############################################################
    det 3  .##############################################################
    det 4  .##############################################################
    ph 1   GGGGGGGGYY....................GGGGGGGGYY....................GGG
    ph 2   ..........GGGGYR........................GGGGYR.................
    ph 3   ................GGYY..........................GGYY.............
    ph 4   ....................GGGGGGGGYY....................GGGGGGGGYY...
  `))
