/** People and vehicles of one phase: walk that leads the green, rests with it, or clears into the yellow; and red revert. */
import { describe, test } from 'vitest'
import { database, EIGHT_PHASES, junction, plan, STAGES, TWO_PHASES, type PhaseFacts } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

const CROSSWALK = { walkMs: 4_000, pedClearMs: 6_000 }
const streets = (phases: Record<number, PhaseFacts> = {}) => database(junction({ ...TWO_PHASES, phases }))

describe('leading pedestrian interval', () => {
  const LEADING = { ...CROSSWALK, leadingPedMs: 3_000 }
  const timeline = timelineOf(streets({ 4: { timing: LEADING } }))

  test('people walk three seconds before their vehicles may go, and both have their minimum', () =>
    timeline(`
      s        0         10        20
      button 4 ..#......................
      det 2    .......##################
      ph 2     GGYYYR..............GGGGG
      ph 4     ......LLLGGGGGGGYYYR.....
      walk 4   ......WWWWCCCCCC.........
      log 0/4  ......#..................
      log 21/4 ......#..................
      log 1/4  .........#...............
      log 3/4  ..............#..........
    `))

  test('without anybody who walks the vehicles go at once', () =>
    timeline(`
      s        0         10        20
      call 4   ..#####..................
      det 2    .......##################
      ph 2     GGYYYR.........GGGGGGGGGG
      ph 4     ......GGGGGYYYR..........
      walk 4   .........................
    `))

  test('who pushes in a green that runs walks with it, and leads nobody', () =>
    timeline(`
      s        0         10        20
      call 4   ..#####..................
      button 4 ..........#..............
      ph 2     GGYYYR...................
      ph 4     ......GGGGGGGGGGGGGGGGGGG
      walk 4   ..........WWWWCCCCCC.....
    `))

  test('red-amber follows the interval, and the green follows it', () =>
    timelineOf(streets({ 4: { timing: { ...LEADING, redAmberMs: 1_000 } } }))(`
      s         0         10        20
      button 4  ..#......................
      ph 2      GGYYYR...................
      ph 4      ......LLLAGGGGGGGGGGGGGGG
      walk 4    ......WWWWCCCCCC.........
      log 256/4 .........#...............
      log 1/4   ..........#..............
    `))

  test('an omitted crossing has none', () =>
    timeline(`
      s         0         10        20
      call 4    ..#####..................
      button 4  ..#......................
      pedomit 4 #########################
      ph 2      GGYYYR...................
      ph 4      ......GGGGGGGGGGGGGGGGGGG
      walk 4    .........................
    `))

  test('the vehicles of the other ring do not wait for it', () =>
    timelineOf(
      database(
        junction({ ...EIGHT_PHASES, phases: { ...EIGHT_PHASES.phases, 4: { timing: LEADING, dualEntry: true } } }),
      ),
    )(`
      s        0         10        20
      button 4 ..#......................
      ph 2     GGYYYR...................
      ph 4     ......LLLGGGGGGGGGGGGGGGG
      ph 8     ......GGGGGGGGGGGGGGGGGGG
      walk 4   ......WWWWCCCCCC.........
    `))

  test('in a plan it is part of the split', () =>
    timelineOf(
      database(junction({ ...TWO_PHASES, phases: { 4: { timing: LEADING } } }), [
        plan(1, { cycleS: 60, splitsS: { 2: 40, 4: 20 }, coordinated: [2] }),
      ]),
    )(`
      s        0         10        20        30        40        50        60
      plan     11111111111111111111111111111111111111111111111111111111111111111
      button 4 ...#.............................................................
      call 4   #################################################################
      call 2   #################################################################
      ph 2     GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGYYYR....................GGGGG
      ph 4     ........................................LLLGGGGGGGGGGGGGYYYR.....
      walk 4   ........................................WWWWCCCCCC...............
    `))

  test('a signal group that stays green from stage to stage stays green in it', () =>
    timelineOf(database(junction({ ...STAGES, phases: { 1: {}, 2: { timing: { ...LEADING, redAmberMs: 1_000 } } } })))(`
      s        0         10        20
      button 2 ..#......................
      ph 1     GGYYYR...................
      ph 2     ......LLLAGGGGGGGGGGGGGGG
      ov 2     .........AGGGGGGGGGGGGGGG
      ov 7     GGGGGGGGGGGGGGGGGGGGGGGGG
    `))
})

describe('clearance in yellow', () => {
  const timeline = timelineOf(streets({ 4: { pedClearInYellow: true, timing: CROSSWALK } }))

  test('the green waits for all of the clearance but as much as the yellow takes', () =>
    timeline(`
      s        0         10        20
      button 4 ..#......................
      det 2    .......##################
      ph 2     GGYYYR...........GGGGGGGG
      ph 4     ......GGGGGGGYYYR........
      walk 4   ......WWWWCCCCCC.........
      log 23/4 ................#........
    `))

  test('a green that lasts longer sees the clearance through', () =>
    timeline(`
      s        0         10        20
      button 4 ..#......................
      det 4    ......###########........
      det 2    .......##################
      ph 2     GGYYYR..................G
      ph 4     ......GGGGGGGGGGGGGGYYYR.
      walk 4   ......WWWWCCCCCC.........
    `))

  test('a green that ends in the midst of it lets the rest run in the yellow', () =>
    timeline(`
      s        0         10        20
      button 4 ..#......................
      det 4    ......######.............
      det 2    .......##################
      ph 2     GGYYYR.............GGGGGG
      ph 4     ......GGGGGGGGGYYYR......
      walk 4   ......WWWWCCCCCC.........
    `))
})

describe('walk rest', () => {
  const resting = { 2: { walkRest: true, timing: CROSSWALK } }
  const timeline = timelineOf(streets(resting))

  test('walk goes on while the green rests, and its clearance begins when somebody waits', () =>
    timeline(`
      s        0         10        20        30
      button 2 ..#.............................
      det 4    .............###################
      ph 2     GGGGGGGGGGGGGGGGGGGYYYR.........
      ph 4     .......................GGGGGGGGG
      walk 2   ..WWWWWWWWWWWCCCCCC.............
    `))

  test('somebody who waits before the walk is over does not shorten it', () =>
    timeline(`
      s        0         10        20        30
      button 2 ..#.............................
      det 4    ....############################
      ph 2     GGGGGGGGGGGGYYYR................
      walk 2   ..WWWWCCCCCC....................
    `))

  test('a walk that rests is not called again by another push', () =>
    timeline(`
      s        0         10        20        30
      button 2 ..#......#......................
      det 4    .............#############......
      ph 2     GGGGGGGGGGGGGGGGGGGYYYR.........
      walk 2   ..WWWWWWWWWWWCCCCCC.............
    `))

  test('in a plan the clearance is over when the turn is, though nobody waits yet', () =>
    timelineOf(
      database(junction({ ...TWO_PHASES, phases: resting }), [
        plan(1, { cycleS: 60, splitsS: { 2: 40, 4: 20 }, coordinated: [2] }),
      ]),
    )(`
      s        0         10        20        30        40        50        60
      plan     11111111111111111111111111111111111111111111111111111111111111111
      button 2 ...#.............................................................
      det 4    ....................................###..........................
      ph 2     GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGYYYR.........GGGGGGGGGGGGGGGG
      walk 2   ...WWWWWWWWWWWWWWWWWWWWWWWWWWWCCCCCC.............................
    `))
})

describe('red revert', () => {
  const reverting = (redRevertMs: number) =>
    timelineOf(streets({ 2: { rest: 'red', timing: { redRevertMs } }, 4: { rest: 'red' } }))

  test('a phase that is called again in its own red clearance shows red for two seconds at least', () =>
    reverting(2_000)(`
      s        0         10        20
      det 2    #......#########.........
      ph 2     GGGGGYYYR.GGGGGGGGGYYYR..
    `))

  test('and for longer where the phase wants it so', () =>
    reverting(4_500)(`
      s        0         10        20
      det 2    #......##########........
      ph 2     GGGGGYYYR....GGGGGGGYYYR.
      log 1/2  #...........#............
    `))

  test('also where another phase has been served meanwhile', () =>
    reverting(15_000)(`
      s        0         10        20        30
      det 2    #..............########..........
      det 4    ......#####......................
      ph 2     GGGGGYYYR..............GGGGGYYYR.
      ph 4     .........GGGGGYYYR...............
    `))

  test('another phase does not wait for it', () =>
    reverting(25_000)(`
      s        0         10        20
      det 2    #........................
      det 4    ......#####..............
      ph 2     GGGGGYYYR................
      ph 4     .........GGGGGYYYR.......
    `))
})
