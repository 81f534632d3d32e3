/** Preemption in a plan: the coordinator counts on underneath, and the first cycle afterwards may have a pattern of its own. */
import { test } from 'vitest'
import { database, junction, plan, preempt, TWO_PHASES } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

/** Cycle 40 s: phase 2 has 24 s and yields at 20, phase 4 has 16 s and ends at 36. Plan 2 has a cycle of 30 s. */
const inPlan = (facts: Parameters<typeof preempt>[1] = {}) =>
  timelineOf(
    database(
      junction(TWO_PHASES),
      [
        plan(1, { cycleS: 40, splitsS: { 2: 24, 4: 16 }, coordinated: [2] }),
        plan(2, { cycleS: 30, splitsS: { 2: 15, 4: 15 }, coordinated: [2] }),
      ],
      { preempts: [preempt(1, { dwell: { phases: [4] }, ...facts })] },
    ),
  )

test('the coordinator counts on underneath, and the cycle after the preempt is in step', () =>
  inPlan()(`
    s        0         10        20        30        40        50        60
    plan     111111111111111111111111111111111111111111111111111111111111111111
    det 4    .............#####################################################
    pre 1    .###########......................................................
    serve 1  .EEEEDDDDDDD......................................................
    ph 2     GYYYR...........GGGGGYYYR...............GGGGGGGGGGGGGGGGGGGGYYYR..
    ph 4     .....GGGGGGGYYYR.........GGGGGGGGGGGYYYR........................GG
    why 1    .pppp.......gggg.....ffff...........ffff....................ffff..
  `))

test('a preempt over the yield point costs nobody his next turn', () =>
  inPlan()(`
    s        0         10        20        30        40        50        60        70        80
    plan     11111111111111111111111111111111111111111111111111111111111111111111111111111111111111
    det 4    .............#########################################################################
    pre 1    .................###########..........................................................
    serve 1  .................EEEEDDDDDDD..........................................................
    ph 2     GGGGGGGGGGGGGGGGGYYYR...................GGGGGGGGGGGGGGGGGGGGYYYR................GGGGGG
    ph 4     .....................GGGGGGGGGGGGGGGYYYR........................GGGGGGGGGGGGYYYR......
    why 1    .................pppp...............ffff....................ffff............ffff......
  `))

test('the exit pattern runs for one cycle, and then the plan of the day again', () =>
  inPlan({ exitPattern: 2 })(`
    s          0         10        20        30        40        50        60        70        80        90
    plan       1111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111
    det 4      .............#######################################################################################
    pre 1      .##########.........................................................................................
    ph 2       GYYYR..........GGGGGYYYR................GGGGGGGGGYYYR............GGGGGGGGGGGGGGGYYYR.............GGG
    ph 4       .....GGGGGGYYYR.........GGGGGGGGGGGGYYYR.............GGGGGGGGYYYR...................GGGGGGGGGYYYR...
    log 131/1  ................................................................#...................................
    log 131/2  ........................................#...........................................................
  `))

test('an exit into a plan out of free operation lasts one cycle of it', () =>
  inPlan({ exitPattern: 2 })(`
    s            0         10        20        30        40        50        60
    plan         ......................................................................
    det 4        .............#########################################################
    pre 1        .##########...........................................................
    ph 2         GYYYR..........GGGGGGGGGGGGGGGGGGGGGGGGGGYYYR.........................
    ph 4         .....GGGGGGYYYR..............................GGGGGGGGGGGGGGGGGGGGGGGGG
    log 131/2    ...........#..........................................................
    log 131/254  .........................................#............................
  `))

test('free operation goes on where the exit asks for it too', () =>
  inPlan({ exitPattern: 254 })(`
    s            0         10        20
    plan         ..............................
    pre 1        .##########...................
    ph 2         GYYYR.........................
    ph 4         .....GGGGGGGGGGGGGGGGGGGGGGGGG
    log 131/254  ..............................
  `))

test('a scheduled flash does not wait for the pattern of an exit', () =>
  inPlan({ exitPattern: 2 })(`
    s      0         10        20        30
    plan   11111111111111111111!!!!!!!!!!!!!!!!!!!!
    pre 1  .##########.............................
    ph 2   GYYYR..........GGGGGYYYR................
    ph 4   .....GGGGGGYYYR.........................
    flash  ........................aaaaaaaaaaaaaaaa
  `))

test('an exit into free operation lasts as long as a cycle of the plan that waits', () =>
  inPlan({ exitPattern: 254 })(`
    s            0         10        20        30        40        50        60
    plan         1111111111111111111111111111111111111111111111111111111111111111111111
    pre 1        .##########...........................................................
    ph 2         GYYYR..................................................GGGGGGGGGGGGGGG
    ph 4         .....GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGYYYR...............
    log 131/1    ...................................................#..................
    log 131/254  ...........#..........................................................
  `))
