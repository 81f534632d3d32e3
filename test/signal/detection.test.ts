/** What becomes of an actuation: delay, extension, queue limit and switch, on two one-way streets and at a left turn. */
import { test } from 'vitest'
import { phaseId } from '#base/id.ts'
import type { DetectorDiagnostics, DetectorOptions } from '#signal/detector.ts'
import { database, junction, TWO_PHASES, type JunctionFacts } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

type Detection = Readonly<Record<number, Partial<DetectorOptions & DetectorDiagnostics>>>

/** Detector 2 lies in the main street, 4 in the side street. */
const streets = (detection: Detection, facts: Partial<JunctionFacts> = {}) =>
  timelineOf(database(junction({ ...TWO_PHASES, detection, ...facts })))

const withLock = { phases: { 4: { lockingCall: true } } }

test('a car that turns off before its delay is over calls nobody, one that stays longer does', () =>
  streets({ 4: { delayMs: 4_000 } })(`
    s      0         10        20
    det 4  ..####.....###############
    ph 2   GGGGGGGGGGGGGGGYYYR.......
    ph 4   ...................GGGGGGG
  `))

test('a call locks when its delay is over, and no sooner', () => {
  const locking = streets({ 4: { delayMs: 3_000 } }, withLock)
  locking(`
    s      0         10
    det 4  ..###...............
    ph 2   GGGGGGGGGGGGGGGGGGGG
  `)
  locking(`
    s      0         10        20
    det 4  ..####................
    ph 2   GGGGGYYYR.............
    ph 4   .........GGGGGGGGGGGGG
  `)
})

test('while its phase is green a vehicle needs no delay to extend it', () =>
  streets({ 2: { delayMs: 9_000 } })(`
    s      0         10        20
    det 2  #..#...................
    det 4  #######################
    ph 2   GGGGGGGYYYR............
    ph 4   ...........GGGGGGGGGGGG
  `))

test('the delay of a vehicle over which the green ends begins with the yellow', () =>
  streets({ 2: { delayMs: 12_000 } })(`
    s       0         10        20
    det 2   ###########################
    det 4   #########..................
    force 2 ....#......................
    ph 2    GGGGYYYR............GGGGGGG
    ph 4    ........GGGGGGGGYYYR.......
  `))

test('an extension carries the green on after the vehicle has left', () => {
  streets({ 2: { extensionMs: 2_000 } })(`
    s      0         10        20
    det 2  ####...................
    det 4  #######################
    ph 2   GGGGGGGGGYYYR..........
    ph 4   .............GGGGGGGGGG
  `)
  streets({})(`
    s      0         10        20
    det 2  ####...................
    det 4  #######################
    ph 2   GGGGGGGYYYR............
    ph 4   ...........GGGGGGGGGGGG
  `)
})

test('an extension ends with the green, and leaves no call behind', () =>
  streets({ 2: { extensionMs: 20_000 } })(`
    s       0         10        20
    det 2   ####....................
    det 4   #######.................
    force 2 .....#..................
    ph 2    GGGGGYYYR...............
    ph 4    .........GGGGGGGGGGGGGGG
  `))

test('a queue detector extends its green until the queue limit, and is then ignored', () =>
  streets({ 4: { queueLimitMs: 8_000 } })(`
    s      0         10        20
    det 2  ..........################
    det 4  ..########################
    ph 2   GGYYYR...............GGGGG
    ph 4   ......GGGGGGGGGGGYYYR.....
  `))

test('a detector that does not extend keeps no green, one that does not call gets none', () => {
  streets({ 2: { extends: false } })(`
    s      0         10
    det 2  #################
    det 4  ...##############
    ph 2   GGGYYYR..........
    ph 4   .......GGGGGGGGGG
  `)
  streets({ 4: { calls: false } })(`
    s      0         10        20
    det 4  ###################...
    call 4 ......#...............
    ph 2   GGGGGGYYYR............
    ph 4   ..........GGGGGGGGGGGG
  `)
})

/** Left turn 1 against through 2, with through 6 beside them; the side street is 4. */
const leftTurn: JunctionFacts = {
  rings: [[[1, 2], [4]], [[6]]],
  phases: { 6: { dualEntry: true }, 2: { dualEntry: true } },
  detection: { 1: { switchPhase: phaseId(6) } },
}

test('a permissive left turn extends the through green that it may use, and calls its own only afterwards', () =>
  timelineOf(database(junction(leftTurn)))(`
    s      0         10        20        30
    det 1  ####.........#################
    det 4  ###########...................
    ph 6   GGGGGGGYYYR.........GGGGGGGGGG
    ph 4   ...........GGGGGYYYR..........
    ph 1   ....................GGGGGGGGGG
  `))

test('a detector at fault calls its phase and holds each green of it for its fail time', () =>
  streets({ 4: { failTimeMs: 4_000 } })(`
    s       0         10        20        30
    fault 4 ...########################
    det 2   .............#####.........
    ph 2    GGGYYYR...........GGGGGYYYR
    ph 4    .......GGGGGGGYYYR.........
  `))

test('a fail time of 255 s holds the whole green, which then ends by its maximum; a shorter one lets it gap out', () => {
  const held = (failTimeMs: number) =>
    timelineOf(
      database(
        junction({
          ...TWO_PHASES,
          phases: { 4: { timing: { max1Ms: 400_000 } } },
          detection: { 4: { failTimeMs } },
        }),
      ),
      { columnMs: 20_000 },
    )
  held(254_900)(`
    s       0         200       400
    fault 4 #########################
    det 2   .########################
    ph 4    GY.GGGGGGGGGGGGG.GGGGGGGG
  `)
  held(255_000)(`
    s       0         200       400
    fault 4 #########################
    det 2   .########################
    ph 4    GGGGGGGGGGGGGGGGGGGGGY.GG
  `)
})

test('a detector at fault without a fail time is ignored, whatever it sees', () =>
  streets({})(`
    s       0         10        20
    fault 4 ##########................
    det 4   ..########################
    ph 2    GGGGGGGGGGYYYR............
    ph 4    ..............GGGGGGGGGGGG
  `))

test('a left turn that extends nothing holds no through green either, and calls nobody while it may use it', () => {
  const detection = { 1: { switchPhase: phaseId(6), extends: false } }
  timelineOf(database(junction({ ...leftTurn, detection })))(`
    s      0         10
    det 1  #################
    det 4  ...##############
    ph 6   GGGYYYR..........
    ph 4   .......GGGGGGGGGG
  `)
})
