/** Free operation on two one-way streets: who extends a green, who ends it, and who waits how long. */
import { test } from 'vitest'
import { database, junction, TWO_PHASES, type PhaseFacts } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

const streets = (phases: Record<number, PhaseFacts> = {}) => database(junction({ ...TWO_PHASES, phases }))
const timeline = timelineOf(streets())

test('phase 2 gaps out three seconds after its last car when phase 4 is waiting', () =>
  timeline(`
    s      0         10        20
    det 2  ###..#...............
    det 4  ....#################
    ph 2   GGGGGGGGGYYYR........
    ph 4   .............GGGGGGGG
    why 1  .........gggg........
  `))

test('a car that keeps within the passage time of the one before it keeps the green', () =>
  timeline(`
    s      0         10        20
    det 2  #..#..#..#...........
    det 4  #####################
    ph 2   GGGGGGGGGGGGGYYYR....
    ph 4   .................GGGG
  `))

test('a green without cars rests until somebody waits elsewhere, and then ends at once', () =>
  timeline(`
    s      0         10        20
    det 4  ..........###########
    ph 2   GGGGGGGGGGYYYR.......
    ph 4   ..............GGGGGGG
  `))

test('the minimum green is served although the call that it answers has gone', () =>
  timeline(`
    s      0         10        20
    det 2  ......###############
    det 4  ..##.................
    ph 2   GGYYYR.........GGGGGG
    ph 4   ......GGGGGYYYR......
  `))

test('twenty seconds after the first car waits, a stream of cars is maxed out', () =>
  timeline(`
    s      0         10        20        30
    det 2  ###################################
    det 4  ......#############################
    ph 2   GGGGGGGGGGGGGGGGGGGGGGGGGGYYYR.....
    ph 4   ..............................GGGGG
    why 1  ..........................mmmm.....
  `))

test('the maximum runs from the conflicting call, and starts anew when that call goes away', () =>
  timeline(`
    s      0         10        20        30        40
    det 2  #############################################
    det 4  ##############.....##########################
    ph 2   GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGYYYR..
    ph 4   ...........................................GG
  `))

test('a force-off ends a green that has served its minimum, and no sooner', () =>
  timeline(`
    s       0         10        20        30
    det 2   ################.................
    det 4   ..#############################..
    force 2 ....#............................
    force 4 .........######..................
    ph 2    GGGGYYYR.........GGGGGYYYR.......
    ph 4    ........GGGGGYYYR.........GGGGGGG
    why 1   ....ffff.....ffff.....gggg.......
  `))

test('a force-off does not end a green that nobody waits behind', () =>
  timeline(`
    s       0         10
    det 2   ################
    force 2 ################
    ph 2    GGGGGGGGGGGGGGGG
    ph 4    ................
  `))

test('a hold keeps a green past gap and maximum, and its end lets it go at once', () =>
  timeline(`
    s      0         10        20        30
    det 4  ###################################
    hold 2 ###########################........
    ph 2   GGGGGGGGGGGGGGGGGGGGGGGGGGGYYYR....
    ph 4   ...............................GGGG
  `))

test('an omitted phase is not served, however long it is called', () =>
  timeline(`
    s      0         10        20
    det 4  #####################
    omit 4 ###########..........
    ph 2   GGGGGGGGGGGYYYR......
    ph 4   ...............GGGGGG
  `))

test('a held call is a detector: it calls a red phase, and extends a green one', () =>
  timeline(`
    s      0         10        20        30
    call 4 .....###############...............
    det 2  ...................###############.
    ph 2   GGGGGYYYR..................GGGGGGGG
    ph 4   .........GGGGGGGGGGGGGGYYYR........
  `))

test('a non-locking call is forgotten when the car has gone, as after a right turn on red', () =>
  timeline(`
    s      0         10
    det 2  ############....
    det 4  ...###..........
    ph 2   GGGGGGGGGGGGGGGG
    ph 4   ................
  `))

test('a locking call is kept until it is served', () =>
  timelineOf(streets({ 4: { lockingCall: true } }))(`
    s      0         10        20
    det 2  ############.........
    det 4  ...#.................
    ph 2   GGGGGGGGGGGGGGGYYYR..
    ph 4   ...................GG
  `))

test('a locking phase that was cut off at its maximum with cars still coming is called again', () =>
  timelineOf(streets({ 2: { lockingCall: true, timing: { max1Ms: 8_000 } } }))(`
    s      0         10        20        30
    det 2  #.#.#.#.#.#.......................
    det 4  #############.....................
    ph 2   GGGGGGGGYYYR.........GGGGGGGGGGGGG
    ph 4   ............GGGGGYYYR.............
    why 1  ........mmmm.....gggg.............
  `))

test('minimum recall calls one phase, each time it is not green, and no other', () =>
  timelineOf(streets({ 4: { recall: 'minimum' } }))(`
    s      0         10        20
    det 2  ..##.................
    ph 2   ......GGGGGYYYR......
    ph 4   GGYYYR.........GGGGGG
  `))

test('with minimum recall on both, the streets take turns at their minimums', () =>
  timelineOf(streets({ 2: { recall: 'minimum' }, 4: { recall: 'minimum' } }), { from: 'power-up' })(`
    s      0         10        20        30        40
    ph 2   .....GGGGGYYYR.........GGGGGYYYR.........
    ph 4   ..............GGGGGYYYR.........GGGGGYYYR
  `))

test('maximum recall keeps a green without cars up to its maximum, while somebody waits', () =>
  timelineOf(streets({ 2: { recall: 'maximum' } }))(`
    s      0         10        20        30
    det 4  ......##########################...
    ph 2   GGGGGGGGGGGGGGGGGGGGGGGGGGYYYR.....
    ph 4   ..............................GGGGG
    why 1  ..........................mmmm.....
  `))

test('soft recall brings the green home when nobody waits', () =>
  timelineOf(streets({ 2: { recall: 'soft' } }))(`
    s      0         10        20        30
    det 4  ..####............................
    ph 2   GGYYYR.........GGGGGGGGGGGGGGGGGGG
    ph 4   ......GGGGGYYYR...................
  `))

test('soft recall ends no green whose cars still come: it is not a call that runs a maximum', () =>
  timelineOf(streets({ 2: { recall: 'soft' } }))(`
    s      0         10        20        30        40
    det 4  ..##############################..............
    ph 2   GGYYYR.................................GGGGGGG
    ph 4   ......GGGGGGGGGGGGGGGGGGGGGGGGGGGGGYYYR.......
  `))

test('soft recall takes no turn while others keep waiting for each other', () =>
  timelineOf(database(junction({ rings: [[[2], [4], [6]]], phases: { 2: { recall: 'soft' } } })), { columnMs: 2_000 })(`
    s      0         20        40        60
    det 4  .##########################.......
    det 6  .#######################..........
    ph 2   GYY.............................GG
    ph 4   ...GGGGGGGGGGYY............GGGYR..
    ph 6   ...............GGGGGGGGGGYY.......
  `))

test('red and amber show together before a green where the jurisdiction has it', () =>
  timelineOf(streets({ 4: { timing: { redAmberMs: 2_000 } } }))(`
    s      0         10        20
    det 4  ..##################
    ph 2   GGYYYR..............
    ph 4   ......AAGGGGGGGGGGGG
  `))

test('a phase that is presence-detected with no passage time ends when its loop is empty', () =>
  timelineOf(streets({ 2: { timing: { passageMs: 0 } } }))(`
    s      0         10        20
    det 2  ########............
    det 4  ####################
    ph 2   GGGGGGGGYYYR........
    ph 4   ............GGGGGGGG
  `))

test('power comes on to five seconds of red, and then every phase is called once', () =>
  timelineOf(streets(), { from: 'power-up' })(`
    s      0         10        20        30
    ph 2   .....GGGGGYYYR................
    ph 4   ..............GGGGGGGGGGGGGGGG
  `))
