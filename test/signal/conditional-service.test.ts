/** Conditional service: a left is served out of its turn while the street beside it still has the time for that. */
import { test } from 'vitest'
import { phaseId } from '#base/id.ts'
import { database, EIGHT_PHASES, junction, plan, type JunctionFacts, type PhaseFacts } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

const facts = (changed: Record<number, PhaseFacts>, more: Partial<JunctionFacts> = {}): JunctionFacts => {
  const phases: Record<number, PhaseFacts> = { ...EIGHT_PHASES.phases }
  for (const [number, given] of Object.entries({ 1: CONDITIONAL, ...changed }))
    phases[Number(number)] = { ...phases[Number(number)], ...given }
  return { ...EIGHT_PHASES, phases, ...more }
}
const CONDITIONAL: PhaseFacts = { conditionalService: true }
const crossing = (changed: Record<number, PhaseFacts> = {}, more: Partial<JunctionFacts> = {}) =>
  database(junction(facts(changed, more)))
const timeline = timelineOf(crossing())

test('a left that has missed its turn is served beside the other direction, which keeps its green', () =>
  timeline(`
    s      0         10        20        30
    det 6  ####################............
    det 1  ..######........................
    ph 1   ......GGGGGGGGGGGGGGGGGGGGGGGGGG
    ph 2   GGYYYR..........................
    ph 6   GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG
  `))

test('a left without the option waits for a lap in which both rings end', () =>
  timelineOf(crossing({ 1: { conditionalService: false } }))(`
    s      0         10        20        30
    det 6  ##########......................
    det 1  ..##############................
    ph 1   .................GGGGGGGGGGGGGGG
    ph 2   GGGGGGGGGGGGGYYYR...............
    ph 6   GGGGGGGGGGGGGYYYR.GGGGGGGGGGGGGG
  `))

test('both rings then cross the barrier together, no later than the other direction alone would have', () =>
  timeline(`
    s      0         10        20        30
    det 6  #############...................
    det 1  ..######........................
    det 4  .......##############...........
    ph 1   ......GGGGGGGGGGYYYR............
    ph 2   GGYYYR..........................
    ph 6   GGGGGGGGGGGGGGGGYYYR............
    ph 4   ....................GGGGGGGGGGGG
  `))

test('four seconds of change, five of green and four to clear fit exactly into what the maximum beside it has left', () =>
  timeline(`
    s      0         10        20        30
    det 6  ##############################..
    det 4  ################################
    det 1  .......######...................
    ph 1   ...........GGGGGGGGGYYYR........
    ph 2   GGGGGGGYYYR.....................
    ph 6   GGGGGGGGGGGGGGGGGGGGYYYR........
    ph 4   ........................GGGGGGGG
  `))

test('with a tenth of a second less they do not fit, and the left waits for its turn', () =>
  timelineOf(crossing({ 6: { timing: { max1Ms: 19_900 } } }))(`
    s      0         10        20        30
    det 6  ##############################..
    det 4  ################################
    det 1  .......######...................
    ph 1   ................................
    ph 2   GGGGGGGGGGGGGGGGGGGGYYYR........
    ph 6   GGGGGGGGGGGGGGGGGGGGYYYR........
    ph 4   ........................GGGGGGGG
  `))

test('a left that people cross with needs their time too', () =>
  timelineOf(crossing({ 1: { ...CONDITIONAL, timing: { walkMs: 4_000, pedClearMs: 8_000 } } }))(`
    s      0         10        20        30
    det 6  ##############################..
    det 4  ################################
    det 1  .#######........................
    ph 1   ................................
    ph 2   GGGGGGGGGGGGGGGGGGGGYYYR........
    ph 6   GGGGGGGGGGGGGGGGGGGGYYYR........
    ph 4   ........................GGGGGGGG
  `))

test('an intergreen that the left would have to wait for counts as well', () =>
  timelineOf(
    crossing(
      {},
      {
        intergreens: [
          {
            from: { kind: 'vehicle', phase: phaseId(2) },
            to: { kind: 'vehicle', phase: phaseId(1) },
            ms: 6_000,
          },
        ],
      },
    ),
  )(`
    s      0         10        20        30
    det 6  ##############################..
    det 4  ################################
    det 1  .......######...................
    ph 1   ................................
    ph 2   GGGGGGGGGGGGGGGGGGGGYYYR........
    ph 6   GGGGGGGGGGGGGGGGGGGGYYYR........
    ph 4   ........................GGGGGGGG
  `))

test('what came before it is not served again before the barrier, so nobody behind it waits longer', () =>
  timeline(`
    s      0         10        20        30        40
    det 6  ###############################...........
    det 1  .######...................................
    det 2  .......###################################
    det 4  ..........########################........
    ph 1   .....GGGGGGGGGGGGGGGGGGGGGGYYYR...........
    ph 2   GYYYR....................................G
    ph 6   GGGGGGGGGGGGGGGGGGGGGGGGGGGYYYR..........G
    ph 4   ...............................GGGGGGYYYR.
  `))

test('nobody is served out of turn while the street itself still has cars', () =>
  timeline(`
    s      0         10        20        30
    det 2  ###################.............
    det 6  ##############################..
    det 1  .###############################
    ph 1   .........................GGGGGGG
    ph 2   GGGGGGGGGGGGGGGGGGGGGYYYR.......
    ph 6   GGGGGGGGGGGGGGGGGGGGGYYYR.GGGGGG
  `))

test('nobody is served out of turn beside a green that he must not run with', () =>
  timelineOf(crossing({}, { extraConflicts: [[1, 6]] }))(`
    s      0         10        20        30
    det 6  #########.......................
    det 1  ..##############................
    ph 1   ................GGGGGGGGGGGGGGGG
    ph 2   GGGGGGGGGGGGYYYR................
    ph 6   GGGGGGGGGGGGYYYR................
  `))

test('a recall alone asks for no second service', () =>
  timelineOf(crossing({ 1: { ...CONDITIONAL, recall: 'minimum' } }))(`
    s      0         10        20        30
    det 6  ################################
    det 2  ..###...........................
    ph 1   GGYYYR....................GGGGGG
    ph 2   ......GGGGGGGGGGGGGGGGYYYR......
    ph 6   GGGGGGGGGGGGGGGGGGGGGGYYYR.GGGGG
  `))

test('an omitted left has no turn, and no second one', () =>
  timeline(`
    s      0         10        20        30
    omit 1 ################................
    det 6  ################################
    det 1  ..######################........
    ph 1   ....................GGGGGGGGGGGG
    ph 2   GGGGGGGGGGGGGGGGYYYR............
    ph 6   GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG
  `))

test('a ring that rests in red beside a green serves the left at once, without any option', () =>
  timelineOf(crossing({ 1: {}, 2: { rest: 'red' } }))(`
    s      0         10        20        30
    det 6  ################################
    det 2  ..##............................
    det 4  ..........................######
    det 1  ................#######.........
    ph 2   ..GGGGGYYYR.....................
    ph 1   ................GGGGGGGGGGGGGGGG
    ph 6   GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG
  `))

const AM = plan(1, {
  cycleS: 80,
  splitsS: { 1: 12, 2: 28, 3: 12, 4: 28, 5: 12, 6: 28, 7: 12, 8: 28 },
  coordinated: [2, 6],
})

test('in a plan the force-off beside it says how much time there is, and the coordinated green begins on time', () =>
  timelineOf(database(junction(facts({ 3: CONDITIONAL })), [AM]), { columnMs: 2_000, epochMs: Date.UTC(2026, 0, 5) })(`
    s      0         20        40        60        80        100
    plan   11111111111111111111111111111111111111111111111111111
    det 8  .........................#############...............
    det 4  ........................##...........................
    det 3  ...........................#####.....................
    ph 2   GGGGGGGGGGGGGGGGGGGGGGGGYY..............GGGGGGGGGGGGG
    ph 3   ...............................GGGGGGGYY.............
    ph 4   ..........................GGGYR......................
    ph 8   ..........................GGGGGGGGGGGGYY.............
  `))

test('in a plan a left that would end after the force-off beside it waits for the next cycle', () =>
  timelineOf(database(junction(facts({ 3: CONDITIONAL })), [AM]), { columnMs: 2_000, epochMs: Date.UTC(2026, 0, 5) })(`
    s      0         20        40        60        80        100
    plan   11111111111111111111111111111111111111111111111111111
    det 8  .........................#############...............
    det 4  ........................########.....................
    det 3  ...........................###############...........
    ph 2   GGGGGGGGGGGGGGGGGGGGGGGGYY..............GGGGGGGGGGGGG
    ph 3   .....................................................
    ph 4   ..........................GGGGGGGGGGGGYY.............
    ph 8   ..........................GGGGGGGGGGGGYY.............
  `))

test('a ring that has given way to the other inside its group serves the left from red', () =>
  timelineOf(crossing({}, { extraConflicts: [[2, 6]] }))(`
    s      0         10        20        30
    det 6  ..##############################
    det 1  ........#######.................
    det 4  ..................##############
    ph 1   ........GGGGGGGGGGGGGGGGGGGGGGGG
    ph 2   GGGYYYR.........................
    ph 6   .......GGGGGGGGGGGGGGGGGGGGGGGGG
    ph 4   ................................
  `))

test('nobody is served out of turn against a phase that another ring has chosen already', () =>
  timelineOf(
    database(
      junction({
        rings: [
          [[1, 2], [4]],
          [[5, 6], [8]],
          [[9], [10]],
        ],
        phases: { 1: CONDITIONAL },
        extraConflicts: [[1, 6]],
      }),
    ),
  )(`
    s      0         10        20        30
    det 2  ..##............................
    det 5  ..####..........................
    det 6  ......##########................
    det 9  ..##########################....
    det 1  ............####################
    ph 4   GGYYYR..........................
    ph 1   ................................
    ph 2   ......GGGGGGGGGGGGGGGGGGGGGGGGGY
    ph 5   ......GGGGGYYYR.................
    ph 6   ...............GGGGGGGGGGGGGGGGY
    ph 9   ......GGGGGGGGGGGGGGGGGGGGGGGGGY
  `))
