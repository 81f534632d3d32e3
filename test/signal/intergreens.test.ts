/** Intergreens: from the end of one head's right of way to the beginning of another's, longer than yellow and red clearance. */
import { test } from 'vitest'
import { overlapId, phaseId } from '#base/id.ts'
import type { HeadSource, Intergreen } from '#signal/heads.ts'
import {
  database,
  EIGHT_PHASES,
  junction,
  plan,
  STAGES,
  TWO_PHASES,
  type JunctionFacts,
} from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

const phase = (number: number): HeadSource => ({ kind: 'vehicle', phase: phaseId(number) })
const walk = (number: number): HeadSource => ({ kind: 'pedestrian', phase: phaseId(number) })
const overlap = (number: number): HeadSource => ({ kind: 'overlap', overlap: overlapId(number) })
const between = (from: HeadSource, to: HeadSource, seconds: number): Intergreen => ({ from, to, ms: seconds * 1000 })
const streets = (intergreens: readonly Intergreen[], facts: Partial<JunctionFacts> = {}) =>
  database(junction({ ...TWO_PHASES, intergreens, ...facts }))
const CROSSING = { timing: { walkMs: 4_000, pedClearMs: 6_000 } }

test('a street begins when the intergreen from the other has passed, though yellow and red clearance are over', () =>
  timelineOf(streets([between(phase(2), phase(4), 7)]))(`
    s      0         10        20        30
    det 4  ..######........................
    det 2  ...........#####................
    ph 2   GGYYYR............GGGGGGGGGGGGGG
    ph 4   .........GGGGGYYYR..............
  `))

test('an intergreen no longer than the clearance changes nothing', () =>
  timelineOf(streets([between(phase(2), phase(4), 4)]))(`
    s      0         10
    det 4  ..######........
    ph 2   GGYYYR..........
    ph 4   ......GGGGGGGGGG
  `))

test('a tenth of a second more than the clearance delays the green by a tenth', () =>
  timelineOf(streets([{ ...between(phase(2), phase(4), 4), ms: 4_100 }]), { columnMs: 100 })(`
    ds     0         10        20        30        40        50
    det 4  .#################################################
    ph 2   GYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYRRRRRRRRRR.........
    ph 4   ..........................................GGGGGGGG
  `))

test('it runs to the green itself: red and amber show in its last second', () =>
  timelineOf(streets([between(phase(2), phase(4), 7)], { phases: { 4: { timing: { redAmberMs: 1_000 } } } }))(`
    s      0         10        20
    det 4  ..######................
    ph 2   GGYYYR..................
    ph 4   ........AGGGGGGGGGGGGGGG
  `))

test('people who still need more time than vehicles to be clear of begin later: the street waits for their walk', () =>
  timelineOf(streets([between(phase(2), walk(4), 8)], { phases: { 4: CROSSING } }))(`
    s        0         10        20        30
    button 4 ..#.............................
    ph 2     GGYYYR..........................
    ph 4     ..........GGGGGGGGGGGGGGGGGGGGGG
    walk 4   ..........WWWWCCCCCC............
  `))

test('a green without pedestrians does not wait for the crossing, and whoever pushes in it walks when the time has passed', () =>
  timelineOf(streets([between(phase(2), walk(4), 8)], { phases: { 4: CROSSING } }))(`
    s        0         10        20        30
    det 4    ..######........................
    button 4 .......#........................
    ph 2     GGYYYR..........................
    ph 4     ......GGGGGGGGGGGGGGGGGGGGGGGGGG
    walk 4   ..........WWWWCCCCCC............
  `))

test('from the end of a pedestrian clearance it may run longer than from the green beside it', () =>
  timelineOf(streets([between(walk(2), phase(4), 9)], { phases: { 2: CROSSING } }), { from: 'power-up' })(`
    s      0         10        20        30        40
    det 4  ..............##########..................
    det 2  ......................############........
    ph 2   .........GGGGGGGGGGYYYR..............GGGGG
    walk 2 .........WWWWCCCCCC.......................
    ph 4   ............................GGGGGYYYR.....
  `))

test('in stages it runs from group to group, and not where a group stays green', () =>
  timelineOf(
    database(
      junction({
        ...STAGES,
        intergreens: [between(overlap(1), overlap(3), 6), between(overlap(7), overlap(2), 9)],
      }),
    ),
  )(`
    s      0         10        20        30
    det 2  ..######........................
    ph 1   GGYYYR..........................
    ph 2   ......GGGGGGGGGGGGGGGGGGGGGGGGGG
    ov 7   GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG
    ov 2   ......GGGGGGGGGGGGGGGGGGGGGGGGGG
  `))

test('a group that ends makes the next stage wait for it', () =>
  timelineOf(database(junction({ ...STAGES, intergreens: [between(overlap(7), overlap(3), 6)] })))(`
    s      0         10        20
    det 3  ..######................
    ph 1   GGYYYR..................
    ov 7   GGYYY...................
    ph 3   ........GGGGGGGGGGGGGGGG
    ov 3   ........GGGGGGGGGGGGGGGG
  `))

test('at a barrier each ring begins when its own intergreens have passed', () =>
  timelineOf(database(junction({ ...EIGHT_PHASES, intergreens: [between(phase(2), phase(8), 7)] })))(`
    s      0         10        20
    det 4  ..######................
    ph 2   GGYYYR..................
    ph 6   GGYYYR..................
    ph 4   ......GGGGGGGGGGGGGGGGGG
    ph 8   .........GGGGGGGGGGGGGGG
  `))

test('a plan whose splits hold the intergreen keeps its cycle', () =>
  timelineOf(
    database(
      junction({ ...TWO_PHASES, intergreens: [between(phase(2), phase(4), 8)], phases: { 4: { recall: 'maximum' } } }),
      [plan(1, { cycleS: 40, splitsS: { 2: 20, 4: 20 }, coordinated: [2] })],
    ),
    { columnMs: 2_000, epochMs: Date.UTC(2026, 0, 5) },
  )(`
    s      0         20        40        60        80
    plan   111111111111111111111111111111111111111111
    ph 2   GGGGGGGGYY..........GGGGGGGGYY..........GG
    ph 4   ............GGGGGGYY............GGGGGGYY..
  `))

test('a right turn with modifiers begins when its own intergreen has passed, later than its phase', () =>
  timelineOf(
    database(
      junction({
        ...EIGHT_PHASES,
        overlaps: { 1: [2] },
        overlapFacts: { 1: { kind: 'minusGreenYellow', modifiers: [phaseId(5)] } },
        intergreens: [between(phase(4), overlap(1), 9)],
      }),
    ),
  )(`
    s      0         10        20
    det 2  ..######................
    ph 4   GGYYYR..................
    ph 2   ......GGGGGGGGGGGGGGGGGG
    ov 1   ...........GGGGGGGGGGGGG
  `))

test('in a plan people who must wait for their intergreen have it before their walk, within their split', () =>
  timelineOf(
    database(junction({ ...TWO_PHASES, intergreens: [between(phase(2), walk(4), 8)], phases: { 4: CROSSING } }), [
      plan(1, { cycleS: 50, splitsS: { 2: 20, 4: 30 }, coordinated: [2] }),
    ]),
    { epochMs: Date.UTC(2026, 0, 5) },
  )(`
    s        0         10        20        30        40        50
    plan     111111111111111111111111111111111111111111111111111111
    button 4 #.....................................................
    ph 2     GGGGGGGGGGGGGGGGYYYR..................GGGGGGGGGGGGGGGG
    ph 4     ........................GGGGGGGGGGYYYR................
    walk 4   ........................WWWWCCCCCC....................
  `))

test('the walk of a pedestrian overlap waits for its intergreen, and so does the phase that brings it', () =>
  timelineOf(
    streets([between(phase(2), overlap(1), 8)], {
      phases: { 4: CROSSING },
      overlaps: { 1: [4] },
      overlapFacts: { 1: { kind: 'pedestrian' } },
    }),
  )(`
    s        0         10        20        30
    button 4 ..#.............................
    det 2    ............#############.......
    ph 2     GGYYYR..................GGGGGGGG
    ph 4     ..........GGGGGGGGGGYYYR........
    walk 4   ..........WWWWCCCCCC............
  `))

test('who waits for a pedestrian overlap waits for the end of its clearance', () =>
  timelineOf(
    streets([between(overlap(1), phase(4), 6)], {
      phases: { 2: { timing: { ...CROSSING.timing, yellowMs: 3_000, redClearMs: 1_000 } } },
      overlaps: { 1: [2] },
      overlapFacts: { 1: { kind: 'pedestrian' } },
    }),
  )(`
    s        0         10        20        30
    button 2 ..#.............................
    det 4    ....################............
    ph 2     GGGGGGGGGGGGYYYR................
    walk 2   ..WWWWCCCCCC....................
    ph 4     ..................GGGGGGGGGGGGGG
  `))

const ARROW: Partial<JunctionFacts> = {
  ...EIGHT_PHASES,
  overlaps: { 1: [6] },
  overlapFacts: { 1: { kind: 'flashingYellowArrow', modifiers: [phaseId(1)] } },
}

test('an arrow waits for its intergreen before it flashes, and the phase beside it need not', () =>
  timelineOf(
    database(
      junction({
        ...EIGHT_PHASES,
        ...ARROW,
        intergreens: [between(phase(4), { kind: 'flashingArrow', overlap: overlapId(1) }, 9)],
      }),
    ),
  )(`
    s      0         10        20
    det 6  ..######................
    ph 4   GGYYYR..................
    ph 6   ......GGGGGGGGGGGGGGGGGG
    ov 1   ...........FFFFFFFFFFFFF
  `))

test('the cross street waits for the end of an arrow that flashed', () =>
  timelineOf(
    database(
      junction({
        ...EIGHT_PHASES,
        ...ARROW,
        intergreens: [between({ kind: 'flashingArrow', overlap: overlapId(1) }, phase(4), 7)],
      }),
    ),
  )(`
    s      0         10        20
    det 4  ..######................
    ph 6   GGYYYR..................
    ph 4   .........GGGGGGGGGGGGGGG
    ph 8   ......GGGGGGGGGGGGGGGGGG
  `))
