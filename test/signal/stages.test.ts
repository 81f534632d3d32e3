/** Stage-based control: one ring whose phases are stages, and signal groups that belong to several of them. */
import { test } from 'vitest'
import { database, junction, plan, type JunctionFacts } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

/** Group 5 is green in the first stage and in the third, 6 in all but the last, in which only people walk. */
const SQUARE: JunctionFacts = {
  rings: [[[1, 2, 3, 4]]],
  overlaps: { 1: [1], 2: [2], 3: [3], 5: [1, 3], 6: [1, 2, 3] },
  phases: { 4: { timing: { walkMs: 5_000, pedClearMs: 7_000, passageMs: 0 } } },
}
const square = (facts: Partial<JunctionFacts> = {}) => junction({ ...SQUARE, ...facts })
const timeline = timelineOf(database(square()))

test('from the first stage to the third, where nobody waits for the second, a group of both stays green', () =>
  timeline(`
    s      0         10        20
    det 3  ..######################
    ph 1   GGYYYR..................
    ph 3   ......GGGGGGGGGGGGGGGGGG
    ov 1   GGYYY...................
    ov 3   ......GGGGGGGGGGGGGGGGGG
    ov 5   GGGGGGGGGGGGGGGGGGGGGGGG
    ov 6   GGGGGGGGGGGGGGGGGGGGGGGG
  `))

test('with the second stage between them the group ends and begins again, and one of all three stays green', () =>
  timeline(`
    s      0         10        20        30
    det 2  ..########......................
    det 3  ..##############################
    ph 1   GGYYYR..........................
    ov 2   ......GGGGGGGYYY................
    ov 3   .................GGGGGGGGGGGGGGG
    ov 5   GGYYY............GGGGGGGGGGGGGGG
    ov 6   GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG
  `))

test('in the pedestrian stage every group is red, and whoever crosses has his whole clearance before the next stage', () =>
  timeline(`
    s        0         10        20        30
    button 4 ..#.............................
    det 1    .....###########################
    ph 1     GGYYYR................GGGGGGGGGG
    ph 4     ......GGGGGGGGGGGGYYYR..........
    walk 4   ......WWWWWCCCCCCC..............
    ov 1     GGYYY.................GGGGGGGGGG
    ov 5     GGYYY.................GGGGGGGGGG
    ov 6     GGYYY.................GGGGGGGGGG
  `))

test('the stages go round, each at most once a lap, and the round goes past those nobody calls', () =>
  timelineOf(database(square()), { columnMs: 2_000 })(`
    s        0         20        40        60        80        100
    det 1    ####################################################
    det 3    .###################################################
    button 4 .......#............................................
    ph 1     GGGGGGGGGGGYY....................GGGGGGGGGGYY.......
    ph 2     ....................................................
    ph 3     .............GGGGGGGGGGYY....................GGGGGGG
    ph 4     .........................GGGGGGYY...................
  `))

test('a plan may have the stages in another order', () =>
  timelineOf(
    database(square({ sequences: [[[3, 2, 1, 4]]] }), [
      plan(1, { cycleS: 80, splitsS: { 1: 20, 2: 20, 3: 20, 4: 20 }, coordinated: [1] }),
      plan(2, { cycleS: 80, splitsS: { 1: 20, 2: 20, 3: 20, 4: 20 }, coordinated: [1], sequence: 2 }),
    ]),
    { columnMs: 2_000, epochMs: Date.UTC(2026, 0, 5) },
  )(`
    s      0         20        40        60        80        100       120       140
    plan   11111111111111111111112222222222222222222222222222222222222222222222222222222222
    det 2  ################################################################################
    det 3  ################################################################################
    det 4  ################################################################################
    ph 1   GGGGGGGGYY..................................................GGGGGGGGYY..........
    ph 2   ..........GGGGGGGGYY..............................GGGGGGGGYY....................
    ph 3   ....................GGGGGGGGYY..........GGGGGGGGYY..............................
    ph 4   ..............................GGGGGGGGYY..............................GGGGGGGGYY
  `))
