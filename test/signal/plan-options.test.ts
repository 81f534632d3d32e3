/** How a plan is run: reference points, force-offs, windows, actuated coordination and maximums. */
import { test } from 'vitest'
import { phaseId } from '#base/id.ts'
import {
  database,
  EIGHT_PHASES,
  junction,
  plan,
  THREE_LEGS,
  TWO_PHASES,
  type PhaseFacts,
  type PlanFacts,
} from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

/** Cycle 40 s: phase 2 has 24 s (yields at 20), phase 4 has 16 s (ends at 36). Column 0 is local zero. */
const streets = (facts: Partial<PlanFacts> = {}, phases: Record<number, PhaseFacts> = {}) =>
  database(junction({ ...TWO_PHASES, phases }), [
    plan(1, { cycleS: 40, splitsS: { 2: 24, 4: 16 }, coordinated: [2], ...facts }),
  ])

/** A main street 2, and two side streets after it, with 20 s each: 4 ends at 36, 3 at 56. */
const threeStreets = (facts: Partial<PlanFacts> = {}, phases: Record<number, PhaseFacts> = {}) =>
  database(junction({ rings: [[[2], [4, 3]]], phases }), [
    plan(1, { cycleS: 60, splitsS: { 2: 20, 4: 20, 3: 20 }, coordinated: [2], ...facts }),
  ])

test('local zero is the start of the coordinated green where the plan says so: red-amber comes before it', () =>
  timelineOf(streets({ options: { offsetReference: 'startOfGreen' } }, { 2: { timing: { redAmberMs: 2_000 } } }))(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    det 4  ..###################################................
    ph 2   GGGGGGGGGGGGGGGGGGYYYR................AAGGGGGGGGGGGGG
    ph 4   ......................GGGGGGGGGGGGYYYR...............
  `))

test('local zero is the start of the coordinated yellow where the plan says so', () =>
  timelineOf(streets({ options: { offsetReference: 'startOfYellow' } }))(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    det 4  #####################################################
    ph 2   YYYR................GGGGGGGGGGGGGGGGGGGGYYYR.........
    ph 4   ....GGGGGGGGGGGGYYYR........................GGGGGGGGG
  `))

test('the first coordinated green is the reference where the coordinated phases begin apart', () =>
  timelineOf(
    database(junction(EIGHT_PHASES), [
      plan(1, {
        cycleS: 80,
        splitsS: { 1: 10, 2: 30, 3: 20, 4: 20, 5: 20, 6: 20, 7: 20, 8: 20 },
        coordinated: [2, 6],
        options: { offsetReference: 'startOfGreen' },
      }),
    ]),
    { columnMs: 2_000 },
  )(`
    s      0         20        40        60        80        100       120
    plan   1111111111111111111111111111111111111111111111111111111111111111
    det 1  .###############################################################
    det 5  .###############################################################
    det 4  .###############################################################
    ph 2   GGGGGGGGGGGGGYY.........................GGGGGGGGGGGGGYY.........
    ph 6   GGGGGGGGGGGGGYY..............................GGGGGGGGYY.........
    ph 4   ...............GGGGGGGGGGGGGGGGGGYY....................GGGGGGGGG
  `))

test('a fixed force-off gives the time that the first side street left over to the second', () =>
  timelineOf(threeStreets(), { columnMs: 2_000 })(`
    s      0         20        40        60        80
    plan   111111111111111111111111111111111111111111111
    det 4  .########....................................
    det 3  .####################################........
    ph 2   GGGGGGGGYY....................GGGGGGGGGGGGGGG
    ph 4   ..........GGGYR..............................
    ph 3   ...............GGGGGGGGGGGGGYY...............
  `))

test('a floating force-off gives it to the coordinated green, which comes back early', () =>
  timelineOf(threeStreets({ options: { forceOff: 'floating' } }), { columnMs: 2_000 })(`
    s      0         20        40        60        80
    plan   111111111111111111111111111111111111111111111
    det 4  .########....................................
    det 3  .####################################........
    ph 2   GGGGGGGGYY...............GGGGGGGGGGGGGGGGGGGG
    ph 4   ..........GGGYR..............................
    ph 3   ...............GGGGGGGGYR....................
  `))

const UP_TO_9_S = { options: { permissiveMs: new Map([[phaseId(4), 9_000]]) } }

test('a call that can begin just inside an explicit permissive window is served in this cycle', () =>
  timelineOf(streets(UP_TO_9_S))(`
    s      0         10        20        30        40        50        60
    plan   1111111111111111111111111111111111111111111111111111111111111111111
    det 4  .........................####......................................
    ph 2   GGGGGGGGGGGGGGGGGGGGGGGGGYYYR.........GGGGGGGGGGGGGGGGGGGGGGGGGGGGG
    ph 4   .............................GGGGGYYYR.............................
  `))

test('a call that cannot waits for the next cycle, although its minimum would still fit', () =>
  timelineOf(streets(UP_TO_9_S))(`
    s      0         10        20        30        40        50        60
    plan   1111111111111111111111111111111111111111111111111111111111111111111
    det 4  ..........................#########################################
    ph 2   GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGYYYR...
    ph 4   ................................................................GGG
  `))

test('the coordinated green gaps out in its actuated part, and the side street begins early with all its time', () =>
  timelineOf(streets({ options: { coordinatedActuatedMs: 10_000 } }))(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    det 2  #########............................................
    det 4  ..###########################################........
    ph 2   GGGGGGGGGGGGYYYR........................GGGGGGGGGGGGG
    ph 4   ................GGGGGGGGGGGGGGGGGGGGYYYR.............
    why 1  ............gggg....................ffff.............
  `))

test('cars keep the coordinated green in its actuated part, up to the yield point', () =>
  timelineOf(streets({ options: { coordinatedActuatedMs: 10_000 } }))(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    det 2  ####################################################
    det 4  ..###########################################........
    ph 2   GGGGGGGGGGGGGGGGGGGGYYYR................GGGGGGGGGGGGG
    ph 4   ........................GGGGGGGGGGGGYYYR.............
    why 1  ....................ffff............ffff.............
  `))

test('with floating force-offs the time that the coordinated green left comes back to it', () =>
  timelineOf(streets({ options: { coordinatedActuatedMs: 10_000, forceOff: 'floating' } }))(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    det 2  #########............................................
    det 4  ..###########################################........
    ph 2   GGGGGGGGGGGGYYYR................GGGGGGGGGGGGGGGGGGGGG
    ph 4   ................GGGGGGGGGGGGYYYR.....................
  `))

test('nobody waits: the coordinated green rests through its actuated part and its yield point', () =>
  timelineOf(streets({ options: { coordinatedActuatedMs: 10_000 } }))(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    ph 2   GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG
    ph 4   .....................................................
  `))

const CROSSING = { timing: { walkMs: 4_000, pedClearMs: 6_000 } }

test('a maximum ends the side street before its force-off where the plan has one', () =>
  timelineOf(streets({ options: { maximum: 'max1' } }, { 4: { timing: { max1Ms: 8_000, max2Ms: 10_000 } } }))(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    det 4  ..###################################################
    ph 2   GGGGGGGGGGGGGGGGGGGGYYYR............GGGGGGGGGGGGGGGGG
    ph 4   ........................GGGGGGGGYYYR.................
    why 1  ....................ffff........mmmm.................
  `))

test('the second maximum likewise', () =>
  timelineOf(streets({ options: { maximum: 'max2' } }, { 4: { timing: { max1Ms: 8_000, max2Ms: 10_000 } } }))(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    det 4  ..###################################################
    ph 2   GGGGGGGGGGGGGGGGGGGGYYYR..............GGGGGGGGGGGGGGG
    ph 4   ........................GGGGGGGGGGYYYR...............
    why 1  ....................ffff..........mmmm...............
  `))

test('people are served only with a green that holds them where the plan wants them to fit', () =>
  timelineOf(streets({ options: { pedestrianOverrun: 'fit' } }, { 4: CROSSING }))(`
    s        0         10        20        30        40        50        60        70        80
    plan     11111111111111111111111111111111111111111111111111111111111111111111111111111111111111111
    button 4 .........................#...............................................................
    ph 2     GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGYYYR..............GGGGGGGGGGG
    ph 4     ................................................................GGGGGGGGGGYYYR...........
    walk 4   ................................................................WWWWCCCCCC...............
  `))

test('people who have waited a whole cycle beside a green that nobody ends walk, though they no longer fit into it', () =>
  timelineOf(streets({ options: { forceOff: 'floating' } }, { 2: CROSSING }), { columnMs: 2_000 })(`
    s        0         20        40        60        80        100
    plan     11111111111111111111111111111111111111111111111111111111
    button 2 .............#..........................................
    ph 2     GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG
    walk 2   ..................................................WWCCC.
  `))

test('people who overrun their split stop the local timer, and the street after them still has its own', () =>
  timelineOf(threeStreets({}, { 4: { timing: { walkMs: 6_000, pedClearMs: 20_000 } } }), { columnMs: 2_000 })(`
    s        0         20        40        60        80        100       120       140
    plan     11111111111111111111111111111111111111111111111111111111111111111111111111111
    button 4 .#...........................................................................
    det 3    .############################################################################
    ph 2     GGGGGGGGYY.......................GGGGGGYY...................GGGGGGGGYY.......
    ph 4     ..........GGGGGGGGGGGGGYY....................................................
    walk 4   ..........WWWCCCCCCCCCC......................................................
    ph 3     .........................GGGGGGYY........GGGGGGGGGGGGGGGGGYY..........GGGGGGG
  `))

test('a ring without a coordinated phase follows the barriers of the others', () =>
  timelineOf(
    database(
      junction({
        rings: [
          [[2], [4]],
          [[5, 6], [8]],
        ],
        phases: { 8: { dualEntry: true } },
      }),
      [plan(1, { cycleS: 60, splitsS: { 2: 40, 4: 20, 5: 15, 6: 25, 8: 20 }, coordinated: [2] })],
    ),
    { columnMs: 2_000 },
  )(`
    s      0         20        40        60        80        100       120
    plan   1111111111111111111111111111111111111111111111111111111111111111
    det 4  .###############################################################
    det 5  .##############################.................................
    det 6  .###############################################################
    ph 2   GGGGGGGGGGGGGGGGGGYY..........GGGGGGGGGGGGGGGGGGYY..........GGGG
    ph 4   ....................GGGGGGGGYY....................GGGGGGGGYY....
    ph 5   .GGGGGYR......................GGGYR.............................
    ph 6   ........GGGGGGGGGGYY...............GGGGGGGGGGGGGYY..........GGGG
    ph 8   ....................GGGGGGGGYY....................GGGGGGGGYY....
  `))

test('a ring that has nobody beside the coordinated phase waits for its barrier', () =>
  timelineOf(
    database(junction(THREE_LEGS), [
      plan(1, { cycleS: 60, splitsS: { 1: 15, 2: 25, 4: 20, 6: 40 }, coordinated: [4] }),
    ]),
    { columnMs: 2_000 },
  )(`
    s      0         20        40        60        80        100       120
    plan   1111111111111111111111111111111111111111111111111111111111111111
    det 1  .###############################################################
    det 2  .###############################################################
    det 6  .###############################################################
    ph 4   GGGGGGGGYY....................GGGGGGGGYY....................GGGG
    ph 1   ..........GGGGGGYR......................GGGGGGYR................
    ph 2   ..................GGGGGGGGGGYY..................GGGGGGGGGGYY....
    ph 6   ..........GGGGGGGGGGGGGGGGGGYY..........GGGGGGGGGGGGGGGGGGYY....
  `))

test('a walk that leads the coordinated green in every cycle comes before local zero with it', () =>
  timelineOf(
    streets(
      { options: { offsetReference: 'startOfGreen' } },
      { 2: { pedestrianRecall: true, timing: { walkMs: 5_000, pedClearMs: 6_000, leadingPedMs: 3_000 } } },
    ),
  )(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    det 4  ..###################################################
    ph 2   GGGGGGGGGGGGGGGGGYYYR................LLLGGGGGGGGGGGGG
    walk 2 .....................................WWWWWCCCCCC.....
    ph 4   .....................GGGGGGGGGGGGYYYR................
  `))

test('a coordinated phase that a supervisor omits is waited for by nobody', () =>
  timelineOf(streets())(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    omit 2 #####################################................
    det 4  ..###################################................
    ph 2   GGGGGGGGGGGGGGGGGGGGYYYR.................GGGGGGGGGGGG
    ph 4   ........................GGGGGGGGGGGGGYYYR............
  `))

test('people are recalled with every coordinated green, and it still yields in its time', () =>
  timelineOf(streets({}, { 2: { pedestrianRecall: true, ...CROSSING } }))(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    det 4  ..###################################################
    ph 2   GGGGGGGGGGGGGGGGGGGGYYYR................GGGGGGGGGGGGG
    walk 2 ........................................WWWWCCCCCC...
    ph 4   ........................GGGGGGGGGGGGYYYR.............
  `))

test('people who push at the yield point walk at once with the coordinated green while nobody else waits', () =>
  timelineOf(streets({}, { 2: CROSSING }))(`
    s        0         10        20        30        40        50
    plan     11111111111111111111111111111111111111111111111111111
    button 2 ....................#................................
    ph 2     GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG
    walk 2   ....................WWWWCCCCCC.......................
  `))

const WHOLE_AND_HALF = database(junction(TWO_PHASES), [
  plan(1, { cycleS: 80, offsetS: 10, splitsS: { 2: 60, 4: 20 }, coordinated: [2] }),
  plan(2, { cycleS: 40, offsetS: 10, splitsS: { 2: 20, 4: 20 }, coordinated: [2] }),
])

test('half a cycle serves the side street twice while a whole one serves it once, both from the same local zero', () => {
  timelineOf(WHOLE_AND_HALF, { columnMs: 2_000 })(`
    s      0         20        40        60        80        100       120
    plan   1111111111111111111111111111111111111111111111111111111111111111
    det 4  .###############################################################
    ph 2   GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGYY..........GGGGGGGGGGGGGGGGGGG
    ph 4   ...................................GGGGGGGGYY...................
  `)
  timelineOf(WHOLE_AND_HALF, { columnMs: 2_000 })(`
    s      0         20        40        60        80        100       120
    plan   2222222222222222222222222222222222222222222222222222222222222222
    det 4  .###############################################################
    ph 2   GGGGGGGGGGGGGYY..........GGGGGGGGYY..........GGGGGGGGYY.........
    ph 4   ...............GGGGGGGGYY..........GGGGGGGGYY..........GGGGGGGGY
  `)
})
