/** The police panel: the switch for flash, an officer who steers by hand, and stop time. */
import { describe, test } from 'vitest'
import { PLAIN_UNIT, type UnitParameters } from '#signal/unit.ts'
import { database, junction, TWO_PHASES } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

const unit = (facts: Partial<UnitParameters>): UnitParameters => ({ ...PLAIN_UNIT, ...facts })

describe('the switch of the police', () => {
  const street = timelineOf(database(junction(TWO_PHASES), [], { unit: unit({ minFlashMs: 3_000 }) }))

  test('flashes at once, whatever is green, and lets the junction clear before it starts again', () =>
    street(`
      s      0         10        20
      switch ..lllllll.................
      flash  ..lllllll.................
      ph 2   GG............GGGGGYYYR...
      ph 4   .......................GGG
    `))

  test('flashes for the shortest time even when it is turned back at once', () =>
    street(`
      switch ..l............
      flash  ..lll..........
      ph 2   GG........GGGGG
    `))

  test('gives way to the technician without a break', () =>
    street(`
      switch .llltttt.......
      flash  .llltttt.......
      ph 2   G............GG
    `))
})

describe('an officer who steers by hand', () => {
  const street = timelineOf(database(junction(TWO_PHASES)))

  test('keeps each green until he presses, though the other street waits', () =>
    street(`
      s      0         10        20        30        40
      manual ############################################
      press  .........................#..................
      det 4  ############################################
      ph 2   GGGGGGGGGGGGGGGGGGGGGGGGGYYYR...............
      ph 4   .............................GGGGGGGGGGGGGGG
    `))

  test('sees every phase, called or not, and cuts no minimum by pressing early', () =>
    street(`
      s      0         10        20
      manual ##########################
      press  .#....#.............#.....
      ph 2   GYYYR.........GGGGGGYYYR..
      ph 4   .....GGGGGYYYR..........GG
    `))

  test('one long press is one press', () =>
    street(`
      manual ##########################
      press  .#########################
      ph 2   GYYYR.....................
      ph 4   .....GGGGGGGGGGGGGGGGGGGGG
    `))

  test('a press while nobody is green is for nobody', () =>
    street(`
      manual ##########################
      press  .#.#......................
      ph 2   GYYYR.....................
      ph 4   .....GGGGGGGGGGGGGGGGGGGGG
    `))

  test('leaves people their clearance', () =>
    timelineOf(database(junction({ ...TWO_PHASES, phases: { 4: { timing: { walkMs: 4_000, pedClearMs: 6_000 } } } })))(`
      s      0         10        20
      manual ########################
      press  .#....#.................
      ph 2   GYYYR..............GGGGG
      walk 4 .....WWWWCCCCCC.........
      ph 4   .....GGGGGGGGGGYYYR.....
    `))

  test('gives the street back to its detectors', () =>
    street(`
      s      0         10
      manual #####...........
      det 4  ##########......
      ph 2   GGGGGYYYR.......
      ph 4   .........GGGGGGG
    `))
})

describe('stop time', () => {
  const street = timelineOf(database(junction(TWO_PHASES)))

  test('holds a yellow as it is and lets it go on where it stood; whoever comes meanwhile is not forgotten', () =>
    street(`
      s      0         10        20
      stop   ..####..................
      det 4  .########...............
      ph 2   GYYYYYYYR...............
      ph 4   .........GGGGGGGGGGGGGGG
    `))

  test('holds a green that nobody else could hold, with its minimum long served', () =>
    street(`
      stop   .########....
      det 4  .############
      ph 2   GGGGGGGGGYYYR
    `))

  test('holds the all red of a start', () =>
    timelineOf(database(junction(TWO_PHASES)), { from: 'power-up' })(`
      stop   ..###.......
      ph 2   ........GGGG
    `))

  test('lets red and amber run out, and holds the green that follows', () =>
    timelineOf(database(junction({ ...TWO_PHASES, phases: { 4: { timing: { redAmberMs: 2_000 } } } })))(`
      s      0         10
      det 4  .##################
      stop   ......########......
      ph 2   GYYYR...............
      ph 4   .....AAGGGGGGGGGGGGG
    `))

  test('lets a flash go on, and end', () =>
    timelineOf(database(junction(TWO_PHASES), [], { unit: unit({ startupFlashMs: 3_000 }) }), { from: 'power-up' })(`
      stop   .######....
      flash  sss........
      ph 2   ...........
    `))
})

/** A controller with everything that it logs, stepped by hand. */
