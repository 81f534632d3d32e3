/** Plans on the clock: coordinated greens, yield points, force-offs, late calls and people who take longer than a split. */
import { test } from 'vitest'
import { database, junction, plan, TWO_PHASES, type PhaseFacts } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

/** Cycle 40 s from midnight: phase 2 has 24 s (yields at 20), phase 4 has 16 s (ends at 36). Column 0 is local zero. */
const streets = (phases: Record<number, PhaseFacts> = {}) =>
  database(junction({ ...TWO_PHASES, phases }), [plan(1, { cycleS: 40, splitsS: { 2: 24, 4: 16 }, coordinated: [2] })])
const timeline = timelineOf(streets())
const CROSSWALK = { walkMs: 4_000, pedClearMs: 12_000 }

test('the coordinated green yields at its yield point, and not before, however long somebody waits', () =>
  timeline(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    det 4  ..##################################.................
    ph 2   GGGGGGGGGGGGGGGGGGGGYYYR................GGGGGGGGGGGGG
    ph 4   ........................GGGGGGGGGGGGYYYR.............
    why 1  ....................ffff............ffff.............
  `))

test('a side street without cars gives its time back to the coordinated green', () =>
  timeline(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    det 4  ..#####################..............................
    ph 2   GGGGGGGGGGGGGGGGGGGGYYYR.........GGGGGGGGGGGGGGGGGGGG
    ph 4   ........................GGGGGYYYR....................
    why 1  ....................ffff.....gggg....................
  `))

test('the coordinated green rests through its yield point when nobody waits', () =>
  timeline(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    ph 2   GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG
    ph 4   .....................................................
  `))

test('a late call is served in this cycle while its minimum still fits before the force-off', () =>
  timeline(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    det 4  ..........................###########################
    ph 2   GGGGGGGGGGGGGGGGGGGGGGGGGGYYYR..........GGGGGGGGGGGGG
    ph 4   ..............................GGGGGGYYYR.............
  `))

test('a call that comes too late for this cycle waits for the next yield point', () =>
  timeline(`
    s      0         10        20        30        40        50        60
    plan   111111111111111111111111111111111111111111111111111111111111111111
    det 4  ................................##################################
    ph 2   GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGYYYR..
    ph 4   ................................................................GG
  `))

test('a force-off by supervision does not end a coordinated green before its yield point', () =>
  timeline(`
    s       0         10        20        30
    plan    11111111111111111111111111111111111
    det 4   ..#################################
    force 2 ....####...........................
    ph 2    GGGGGGGGGGGGGGGGGGGGYYYR...........
    ph 4    ........................GGGGGGGGGGG
  `))

test('people who take longer than the split are served, and the next cycle is in step again', () =>
  timelineOf(streets({ 4: { timing: CROSSWALK } }))(`
    s        0         10        20        30        40        50        60        70        80
    plan     11111111111111111111111111111111111111111111111111111111111111111111111111111111111111111
    button 4 ..#......................................................................................
    det 4    .........................................................################################
    ph 2     GGGGGGGGGGGGGGGGGGGGYYYR....................GGGGGGGGGGGGGGGGYYYR................GGGGGGGGG
    ph 4     ........................GGGGGGGGGGGGGGGGYYYR....................GGGGGGGGGGGGYYYR.........
    walk 4   ........................WWWWCCCCCCCCCCCC.................................................
  `))

test('people walk with the coordinated green when they push long enough before it yields', () =>
  timelineOf(streets({ 2: { timing: { walkMs: 4_000, pedClearMs: 6_000 } } }))(`
    s        0         10        20        30        40        50
    plan     1111111111111111111111111111111111111111111111111111
    button 2 .....#.............#................................
    det 4    ..........##########################................
    ph 2     GGGGGGGGGGGGGGGGGGGGYYYR................GGGGGGGGGGGG
    walk 2   .....WWWWCCCCCC.........................WWWWCCCCCC..
    ph 4     ........................GGGGGGGGGGGGYYYR............
  `))

test('a soft recall takes no turn in a plan: the coordinated green is where the street rests', () =>
  timelineOf(streets({ 4: { recall: 'soft' } }), { columnMs: 2_000 })(`
    s      0         20        40        60        80
    plan   111111111111111111111111111111111111111111
    ph 2   GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG
    ph 4   ..........................................
  `))

test('a recalled walk that rests comes back with every turn of the coordinated green, though nobody ends that', () =>
  timelineOf(streets({ 2: { pedestrianRecall: true, walkRest: true, timing: { walkMs: 4_000, pedClearMs: 6_000 } } }))(`
    s        0         10        20        30        40        50        60        70        80
    plan     1111111111111111111111111111111111111111111111111111111111111111111111111111111111111111
    det 4    ..................................................######################################
    ph 2     GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGYYYR................GGGGGGGG
    walk 2   WWWWWWWWWWWWWWCCCCCC....................WWWWWWWWWWWWWWCCCCCC....................WWWWWWWW
    ph 4     ................................................................GGGGGGGGGGGGYYYR........
  `))

test('a recalled walk that does not rest waits for its phase to be served anew', () =>
  timelineOf(streets({ 2: { pedestrianRecall: true, timing: { walkMs: 4_000, pedClearMs: 6_000 } } }))(`
    s        0         10        20        30        40        50        60        70        80
    plan     1111111111111111111111111111111111111111111111111111111111111111111111111111111111111111
    det 4    ..................................................######################################
    ph 2     GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGYYYR................GGGGGGGG
    walk 2   ................................................................................WWWWCCCC
    ph 4     ................................................................GGGGGGGGGGGGYYYR........
  `))
