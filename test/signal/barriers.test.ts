/** Two rings and their barriers: who runs beside whom, and how all cross together. */
import { test } from 'vitest'
import {
  database,
  EIGHT_PHASES,
  junction,
  THREE_LEGS,
  type JunctionFacts,
  type PhaseFacts,
} from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

const crossing = (facts: Partial<JunctionFacts> = {}) => database(junction({ ...EIGHT_PHASES, ...facts }))
const phases = (changed: Record<number, PhaseFacts>): Record<number, PhaseFacts> => {
  const merged: Record<number, PhaseFacts> = { ...EIGHT_PHASES.phases }
  for (const [number, facts] of Object.entries(changed))
    merged[Number(number)] = { ...merged[Number(number)], ...facts }
  return merged
}
const timeline = timelineOf(crossing())

test('a called left leads its through movement, and the other ring enters with its own through', () =>
  timeline(`
    s      0         10        20        30
    det 3  ..########......................
    det 4  ..######################........
    ph 2   GGYYYR..........................
    ph 6   GGYYYR..........................
    ph 3   ......GGGGGGGYYYR...............
    ph 4   .................GGGGGGGGGGGGGGG
    ph 8   ......GGGGGGGGGGGGGGGGGGGGGGGGGG
  `))

test('both rings end together although one of them gapped out long before', () =>
  timeline(`
    s      0         10        20        30
    det 6  ###########.....................
    det 4  ..##############................
    ph 2   GGGGGGGGGGGGGGYYYR..............
    ph 6   GGGGGGGGGGGGGGYYYR..............
    ph 4   ..................GGGGGGGGGGGGGG
    ph 8   ..................GGGGGGGGGGGGGG
    why 1  ..............gggg..............
    why 2  ..............gggg..............
  `))

test('a ring that gapped out is extended again while it waits at the barrier for the other', () =>
  timeline(`
    s      0         10        20        30
    det 2  #.......####....................
    det 6  #########.......................
    det 4  ..##################............
    ph 2   GGGGGGGGGGGGGGGYYYR.............
    ph 6   GGGGGGGGGGGGGGGYYYR.............
    ph 4   ...................GGGGGGGGGGGGG
  `))

test('rings with unequal yellow and red clearance cross the barrier when the slower has cleared', () =>
  timelineOf(crossing({ phases: phases({ 2: { timing: { yellowMs: 5_000, redClearMs: 3_000 } } }) }))(`
    s      0         10        20        30
    det 4  ..########......................
    ph 2   GGYYYYYRRR......................
    ph 6   GGYYYR..........................
    ph 4   ..........GGGGGGGGGGGGGGGGGGGGGG
    ph 8   ..........GGGGGGGGGGGGGGGGGGGGGG
  `))

test('unequal changes at the barrier do not get stuck when both directions are called for ever', () =>
  timelineOf(
    crossing({
      phases: phases({
        2: { timing: { yellowMs: 5_000, redClearMs: 3_000, max1Ms: 8_000 } },
        6: { timing: { max1Ms: 8_000 } },
        4: { timing: { max1Ms: 8_000 } },
        8: { timing: { max1Ms: 8_000 } },
      }),
    }),
    {
      columnMs: 2_000,
    },
  )(`
    s      0         20        40        60        80
    det 2  ############################################
    det 8  ############################################
    ph 2   GGGGYYYR......GGGGYYYR......GGGGYYYR......GG
    ph 6   GGGGYY........GGGGYY........GGGGYY........GG
    ph 4   ........GGGGYY........GGGGYY........GGGGYY..
    ph 8   ........GGGGYY........GGGGYY........GGGGYY..
  `))

test('rings on different sides of a barrier never run together: a ring without calls waits red', () =>
  timelineOf(crossing({ phases: {} }))(`
    s      0         10        20        30
    det 4  ..########......................
    det 6  ......................##########
    ph 2   GGYYYR..........................
    ph 6   ..........................GGGGGG
    ph 4   ......GGGGGGGGGGGGGGGGYYYR......
    ph 8   ................................
  `))

test('a call that comes late is picked up by the ring that stands red beside a green of the same group', () =>
  timelineOf(crossing({ phases: {} }))(`
    s      0         10        20
    det 2  ##################......
    det 6  ..........##############
    ph 2   GGGGGGGGGGGGGGGGGGGGGGGG
    ph 6   ..........GGGGGGGGGGGGGG
  `))

test('a left behind its through is served after a lap in which both rings end: no trap for those who still turn', () =>
  timeline(`
    s      0         10        20        30
    det 1  ..######........................
    ph 1   ......GGGGGGGGGGGGGGGGGGGGGGGGGG
    ph 2   GGYYYR..........................
    ph 6   GGYYYR.GGGGGGGGGGGGGGGGGGGGGGGGG
  `))

test('one ring goes on to its next phase alone while the other keeps its green', () =>
  timeline(`
    s      0         10        20        30
    det 5  ..########......................
    det 1  ..##############................
    det 6  ............##########..........
    det 2  ............##########..........
    ph 1   ......GGGGGGGGGGGGGYYYR.........
    ph 2   GGYYYR.................GGGGGGGGG
    ph 5   ......GGGGGGGYYYR...............
    ph 6   GGYYYR...........GGGGGGGGGGGGGGG
  `))

test('the side street ends in a three-legged junction: one ring rests while the other serves it', () =>
  timelineOf(database(junction(THREE_LEGS)))(`
    s      0         10        20        30
    det 4  ..######........................
    det 6  ..............##################
    ph 1   ................................
    ph 2   GGYYYR..........................
    ph 4   ......GGGGGGGGYYYR..............
    ph 6   GGYYYR............GGGGGGGGGGGGGG
  `))

test('two phases of one group that must not run together take turns inside the group', () =>
  timelineOf(crossing({ extraConflicts: [[1, 6]] }))(`
    s      0         10        20        30
    det 4  .###............................
    det 1  ...##############...............
    det 6  ...######################.......
    ph 1   ..............GGGGGGYYYR........
    ph 2   GYYYR...........................
    ph 4   .....GGGGGYYYR..................
    ph 6   GYYYR...................GGGGGGGG
  `))

test('nobody is stuck when the lefts of one street must not run beside any through movement', () =>
  timelineOf(
    crossing({
      extraConflicts: [
        [1, 6],
        [2, 5],
        [2, 6],
      ],
    }),
    { columnMs: 2_000, from: 'power-up' },
  )(`
    s      0         20        40        60        80
    det 1  ############################################
    det 6  ############################################
    det 2  ############################################
    ph 1   ...GGGGGGGGGGYR.............................
    ph 2   ...........................GGGGGGGGGGYR.....
    ph 5   ...GGYY.....................................
    ph 6   ...............GGGGGGGGGGYR.................
  `))

test('a free crossing rests in the green that it served last, on both rings', () =>
  timeline(`
    s      0         10        20        30
    det 4  ..##............................
    ph 2   GGYYYR..........................
    ph 6   GGYYYR..........................
    ph 4   ......GGGGGGGGGGGGGGGGGGGGGGGGGG
    ph 8   ......GGGGGGGGGGGGGGGGGGGGGGGGGG
  `))

test('coordinated phases are not mandatory when the crossing runs free', () =>
  timeline(`
    s      0         10        20        30
    det 4  ..##..............##............
    det 7  ..........##....................
    ph 2   GGYYYR..........................
    ph 6   GGYYYR..........................
    ph 4   ......GGGGGYYYR.GGGGGGGGGGGGGGGG
    ph 8   ......GGGGGYYYR.................
    ph 7   ...............GGGGGGGGGGGGGGGGG
  `))
