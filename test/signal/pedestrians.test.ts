/** People on foot: a push is remembered, walk begins with the green, and the green waits for the last of them. */
import { test } from 'vitest'
import { database, junction, TWO_PHASES, type PhaseFacts } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

const CROSSWALK = { walkMs: 4_000, pedClearMs: 6_000 }
const streets = (phases: Record<number, PhaseFacts> = {}) =>
  database(junction({ ...TWO_PHASES, phases: { 2: { timing: CROSSWALK }, 4: { timing: CROSSWALK }, ...phases } }))
const timeline = timelineOf(streets())

test('one push calls the phase, walk begins with its green, and the green lasts as long as the people take', () =>
  timeline(`
    s        0         10        20
    det 2    .....####################
    button 4 ..#......................
    ph 2     GGYYYR..............GGGGG
    ph 4     ......GGGGGGGGGGYYYR.....
    walk 4   ......WWWWCCCCCC.........
  `))

test('a car alone brings a green without walk', () =>
  timeline(`
    s        0         10        20
    det 2    .....####################
    det 4    ..#######................
    ph 2     GGYYYR..........GGGGGGGGG
    ph 4     ......GGGGGGYYYR.........
    walk 4   .........................
  `))

test('a push at a green that rests brings walk at once', () =>
  timeline(`
    s        0         10        20
    button 2 ...#.....................
    ph 2     GGGGGGGGGGGGGGGGGGGGGGGGG
    walk 2   ...WWWWCCCCCC............
  `))

test('a push at a green that somebody waits to see end is served the next time', () =>
  timeline(`
    s        0         10        20        30
    det 2    ########........................
    det 4    ..#############.................
    button 2 .....#..........................
    ph 2     GGGGGGGGGGGYYYR.........GGGGGGGG
    ph 4     ...............GGGGGYYYR........
    walk 2   ........................WWWWCCCC
  `))

test('a push during walk is served by it, one during clearance is remembered', () =>
  timeline(`
    s        0         10        20        30        40
    button 2 ...#.#....#................................
    det 4    ............###............................
    ph 2     GGGGGGGGGGGGGYYYR.........GGGGGGGGGGGGGGGGG
    ph 4     .................GGGGGYYYR.................
    walk 2   ...WWWWCCCCCC.............WWWWCCCCCC.......
  `))

test('walk and clearance are never cut: not by a force-off, not by an omit, not by cars that wait', () =>
  timeline(`
    s         0         10        20
    button 2  ...#.....................
    det 4     ....#####################
    force 2   ....#####################
    omit 2    ....#####################
    pedomit 2 ....#####################
    ph 2      GGGGGGGGGGGGGYYYR........
    walk 2    ...WWWWCCCCCC............
  `))

test('an omitted crossing is passed over: its phase is not called by a push', () =>
  timeline(`
    s         0         10        20        30
    button 4  ..#.............................
    pedomit 4 ############....................
    ph 2      GGGGGGGGGGGGYYYR................
    ph 4      ................GGGGGGGGGGGGGGGG
    walk 4    ................WWWWCCCCCC......
  `))

test('pedestrian recall serves people with every green of the phase', () =>
  timelineOf(streets({ 4: { timing: CROSSWALK, pedestrianRecall: true } }))(`
    s        0         10        20        30        40
    det 2    .........########........................
    ph 2     .............GGGGGGGYYYR.................
    ph 4     GGGGGGGGGYYYR...........GGGGGGGGGGGGGGGGG
    walk 4   ........................WWWWCCCCCC.......
  `))

test('a pushed call by supervision is a push', () =>
  timeline(`
    s        0         10        20
    push 4   ..#......................
    ph 2     GGYYYR...................
    ph 4     ......GGGGGGGGGGGGGGGGGGG
    walk 4   ......WWWWCCCCCC.........
  `))

test('a push at a street without a crossing calls nothing', () =>
  timelineOf(streets({ 4: {} }))(`
    s        0         10
    button 4 ..####..........
    ph 2     GGGGGGGGGGGGGGGG
    ph 4     ................
  `))
