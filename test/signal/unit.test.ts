/** Pictures of the controller unit: it comes up, flashes, and is steered by hand. */
import { describe, expect, test } from 'vitest'
import { phaseId, patternId } from '#base/id.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import { EVENT } from '#signal/events.ts'
import { createController, QUIET_UNIT, type Controller, type ControllerInputs } from '#signal/controller.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import type { Preempt } from '#signal/preempt.ts'
import type { SignalStatus } from '#signal/status.ts'
import { PATTERN_FLASH, PATTERN_FREE } from '#signal/timing-plan.ts'
import { PLAIN_UNIT, type UnitParameters } from '#signal/unit.ts'
import { skipStartupFlash } from '#signal/unit/stages.ts'
import { CLOSED_PANEL, type PanelInputs } from '#signal/unit/panel.ts'
import { database, EIGHT_PHASES, junction, plan, TWO_PHASES, type JunctionFacts } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

const unit = (facts: Partial<UnitParameters>): UnitParameters => ({ ...PLAIN_UNIT, ...facts })
const phases = (...numbers: readonly number[]) => numbers.map(phaseId)

describe('at power-up', () => {
  const start = (facts: Partial<UnitParameters>, junctionFacts: JunctionFacts = TWO_PHASES) =>
    timelineOf(database(junction(junctionFacts), [], { unit: unit(facts) }), { from: 'power-up' })

  test('a unit flashes while it checks itself, then shows all red, then whoever is first in its ring', () =>
    start({ startupFlashMs: 4_000 })(`
      s      0         10        20        30
      flash  ssss.................
      ph 2   .........GGGGGYYYR...
      ph 4   ..................GGG
    `))

  test('a unit without a start-up flash begins with the all red', () =>
    start({})(`
      flash  ............
      ph 2   .....GGGGGYY
      ph 4   ............
    `))

  test('the start phase is green first, wherever it stands in the ring', () =>
    start({ startupFlashMs: 2_000, startPhases: phases(4) })(`
      flash  ss..............
      ph 2   ................
      ph 4   .......GGGGGYYYR
    `))

  test('start phases of two rings begin together, beyond the phases that stand before them', () =>
    start(
      { startPhases: phases(2, 6) },
      EIGHT_PHASES,
    )(`
      ph 1   ............
      ph 2   .....GGGGGYY
      ph 5   ............
      ph 6   .....GGGGGYY
    `))

  test('a ring without a start phase picks up its calls in the same barrier group', () =>
    start(
      { startPhases: phases(2) },
      EIGHT_PHASES,
    )(`
      ph 2   .....GGGGGGGGGGGGGGYY
      ph 5   .....GGGGGYYYR.......
      ph 6   ..............GGGGGYY
    `))

  test('a start phase that supervision omits is left out', () =>
    start({ startPhases: phases(4) })(`
      omit 4 ########
      ph 2   .....GGG
      ph 4   ........
    `))

  test('the all red lasts at least as long as the longest red clearance', () =>
    start(
      { startAllRedMs: 1_000 },
      { ...TWO_PHASES, phases: { 4: { timing: { redClearMs: 3_000 } } } },
    )(`
      ph 2   ...GGGG
      ph 4   .......
    `))

  test('a switch that is turned to flash before the start-up flash is over keeps it flashing', () =>
    start({ startupFlashMs: 3_000 })(`
      switch ..llllllll..........
      flash  ssllllllll..........
      ph 2   ...............GGGGG
    `))
})

describe('a scheduled flash', () => {
  const streets = (facts: Partial<UnitParameters>, junctionFacts: JunctionFacts = TWO_PHASES) =>
    timelineOf(database(junction(junctionFacts), [], { unit: unit(facts) }))

  test('begins out of the all red, and ends with all red and a call for everybody', () =>
    streets({ minFlashMs: 3_000 })(`
      s      0         10        20        30
      plan   ..!!!!!!!!!!!!......................
      flash  ......aaaaaaaa......................
      ph 2   GGYYYR.............GGGGGYYYR........
      ph 4   ............................GGGGGGGG
    `))

  test('lasts its shortest time even when it is asked for only a moment', () =>
    streets({ minFlashMs: 5_000 })(`
      plan   ..!!!!!........
      flash  ......aaaaa....
      ph 2   GGYYYR.........
    `))

  test('waits for the minimum of a green and for its pedestrians', () =>
    streets(
      {},
      { ...TWO_PHASES, phases: { 4: { timing: { walkMs: 5_000, pedClearMs: 6_000 } } } },
    )(`
      s        0         10        20
      button 4 .#......................
      plan     ......!!!!!!!!!!!!!!!!!!
      flash    ....................aaaa
      ph 2     GYYYR...................
      walk 4   .....WWWWWCCCCCC........
      ph 4     .....GGGGGGGGGGGYYYR....
    `))

  test('is entered through its entry phases, though nobody calls them, and left by its exit phases', () =>
    streets({ minFlashMs: 2_000, flashEntryPhases: phases(4), flashExitPhases: phases(4), startPhases: phases(2) })(`
      s      0         10        20        30
      plan   ..!!!!!!!!!!!!!!!!!..................
      flash  ...............aaaa..................
      ph 2   GGYYYR...........................GGGG
      ph 4   ......GGGGGYYYR.........GGGGGYYYR....
    `))

  test('is entered at once where its entry phases are green already', () =>
    streets({ flashEntryPhases: phases(2) })(`
      plan   ..!!!!!!!!!
      flash  ......aaaaa
      ph 2   GGYYYR.....
      ph 4   ...........
    `))

  test('does not wait for an entry phase that supervision omits', () =>
    streets({ flashEntryPhases: phases(4) })(`
      omit 4 ###########
      plan   ..!!!!!!!!!
      flash  ......aaaaa
      ph 2   GGYYYR.....
    `))

  test('is given up without a trace when it is asked for no more before it began', () =>
    streets({ flashEntryPhases: phases(4) })(`
      s      0         10        20
      plan   ..!!!!!!!...............
      flash  ........................
      ph 2   GGYYYR..................
      ph 4   ......GGGGGGGGGGGGGGGGGG
    `))

  test('that was asked for in the start-up flash follows it without a break', () =>
    timelineOf(database(junction(TWO_PHASES), [], { unit: unit({ startupFlashMs: 4_000 }) }), { from: 'power-up' })(`
      plan   !!!!!!!!..............
      flash  ssssaaaa..............
      ph 2   .............GGGGGYYYR
    `))

  test('that is asked for in the all red begins there', () =>
    timelineOf(database(junction(TWO_PHASES)), { from: 'power-up' })(`
      plan   ..!!!!!!!.............
      flash  ..aaaaaaa.............
      ph 2   ..............GGGGGYYY
    `))

  test('waits while an officer steers by hand', () =>
    streets({})(`
      manual ########........
      plan   ..!!!!!!!!!!!!!!
      flash  ............aaaa
      ph 2   GGGGGGGGYYYR....
    `))

  test('both rings are clear before it begins, however unequal their clearances are', () =>
    streets(
      {},
      { ...EIGHT_PHASES, phases: { ...EIGHT_PHASES.phases, 2: { timing: { yellowMs: 5_000 } } } },
    )(`
      plan   ..!!!!!!!!!!
      flash  ........aaaa
      ph 2   GGYYYYYR....
      ph 6   GGYYYR......
    `))

  test('an overlap that bridges two phases is cleared too', () =>
    streets(
      {},
      { ...TWO_PHASES, overlaps: { 1: [2, 4] } },
    )(`
      det 4  .##.........
      plan   ..!!!!!!!!!!
      flash  ......aaaaaa
      ov 1   GGYYY.......
      ph 2   GYYYR.......
    `))
})

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
class Bench {
  readonly controller: Controller
  readonly log: [number, number][] = []
  readonly inputs: { -readonly [field in keyof ControllerInputs]: ControllerInputs[field] } = {
    ...QUIET_UNIT,
    epochMs: Date.UTC(2026, 0, 5, 8),
    occupied: new Uint8Array(65),
    pedestrianButtons: 0,
    control: NO_PHASE_CONTROL,
    pattern: PATTERN_FREE,
  }

  constructor(facts: Partial<UnitParameters>, junctionFacts: JunctionFacts = TWO_PHASES) {
    const plans =
      junctionFacts === TWO_PHASES ? [plan(1, { cycleS: 40, coordinated: [2], splitsS: { 2: 20, 4: 20 } })] : []
    this.controller = createController(database(junction(junctionFacts), plans, { unit: unit(facts) }))
  }

  get status(): SignalStatus {
    return statusOf(this.controller)
  }

  run(ms: number): this {
    for (let left = ms; left > 0; left -= 100) {
      this.inputs.epochMs += 100
      stepController(this.controller, this.inputs, 100, (code, parameter) => this.log.push([code, parameter]))
    }
    return this
  }

  panel(panel: Partial<PanelInputs>): this {
    this.inputs.panel = { ...CLOSED_PANEL, ...panel }
    return this
  }

  codes(...codes: readonly number[]): [number, number][] {
    return this.log.filter(([code]) => codes.includes(code))
  }
}

describe('in the log', () => {
  test('each change of flash stands with the state of NTCIP 1202, the flash pattern with its number', () => {
    const bench = new Bench({ startupFlashMs: 2_000, minFlashMs: 1_000 }).run(20_000)
    bench.inputs.pattern = PATTERN_FLASH
    bench.run(60_000).panel({ flash: 'local' }).run(5_000).panel({ flash: 'technician' }).run(5_000)
    bench.inputs.pattern = PATTERN_FREE
    bench.panel({}).run(20_000)
    expect(bench.codes(EVENT.flashState).map(([, state]) => state)).toEqual([7, 2, 3, 4, 4, 2])
    expect(bench.codes(EVENT.pattern).map(([, pattern]) => pattern)).toEqual([254, 255, 254])
  })

  test('the panel of the police stands with what was switched', () => {
    const bench = new Bench({}).run(20_000)
    bench.panel({ manualControl: true }).run(1_000).panel({ manualControl: true, intervalAdvance: true }).run(1_000)
    bench.panel({ manualControl: true }).run(1_000).panel({ stopTime: true }).run(1_000).panel({}).run(1_000)
    expect(bench.codes(EVENT.manualControl, EVENT.intervalAdvance, EVENT.stopTime)).toEqual([
      [EVENT.manualControl, 1],
      [EVENT.intervalAdvance, 1],
      [EVENT.intervalAdvance, 0],
      [EVENT.manualControl, 0],
      [EVENT.stopTime, 1],
      [EVENT.stopTime, 0],
    ])
  })

  test('a plan is left for the officer, and picked up again after him', () => {
    const bench = new Bench({})
    bench.inputs.pattern = patternId(1)
    bench.run(60_000).panel({ manualControl: true }).run(60_000)
    expect(bench.status.coordination.pattern).toBe(254)
    bench.panel({}).run(100)
    expect(bench.status.coordination).toMatchObject({ pattern: 1, transition: 'inStep' })
  })
})

describe('while it flashes', () => {
  test('every phase is red and none is on; loops are still seen, and all are called afterwards', () => {
    const bench = new Bench({}, EIGHT_PHASES).run(60_000).panel({ flash: 'local' }).run(100)
    const { flash, reds, greens, phaseOns, vehicleCalls } = bench.status
    expect({ flash, reds, greens, phaseOns, vehicleCalls }).toEqual({
      flash: 'local',
      reds: 0xff,
      greens: 0,
      phaseOns: 0,
      vehicleCalls: 0xff,
    })
    bench.inputs.occupied[3] = 1
    bench.run(1_000)
    expect(bench.log.at(-1)).toEqual([EVENT.detectorOn, 3])
    bench.inputs.occupied[3] = 0
    bench.log.length = 0
    bench.panel({}).run(120_000)
    const served = new Set(bench.codes(EVENT.beginGreen).map(([, phase]) => phase))
    expect([...served].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })
})

test('after a trip of the monitor there was flash enough: the unit begins with the all red', () => {
  const bench = new Bench({ startupFlashMs: 60_000 })
  skipStartupFlash(bench.controller.unit)
  expect(bench.run(4_900).status).toMatchObject({ flash: 'none', phaseOns: 0 })
  expect(bench.run(200).status.greens).not.toBe(0)
})

describe('another timing of the street', () => {
  const longer = (bench: Bench) => {
    const { intersection, ...rest } = bench.controller.database
    const phases = intersection.phases.map((phase) => ({ ...phase, timing: { ...phase.timing, minGreenMs: 9_000 } }))
    return { ...rest, intersection: { ...intersection, phases } }
  }

  test('is taken over when a street at rest has ended its green; all are called, and the plan is picked up', () => {
    const bench = new Bench({}).run(60_000)
    expect(bench.status.greens).not.toBe(0)
    const timing = longer(bench)
    bench.controller.offered = timing
    bench.log.length = 0
    bench.run(3_900)
    expect(bench.controller.database).not.toBe(timing)
    bench.run(200)
    expect(bench.controller.database).toBe(timing)
    expect(bench.codes(EVENT.beginYellow, EVENT.endRedClear).map(([code]) => code)).toEqual([
      EVENT.beginYellow,
      EVENT.endRedClear,
    ])
    expect(bench.status).toMatchObject({ phaseOns: 0, flash: 'none' })
    bench.run(60_000)
    expect(new Set(bench.codes(EVENT.beginGreen).map(([, phase]) => phase))).toEqual(new Set([2, 4]))
  })

  test('ends no green that is held while somebody else waits', () => {
    const bench = new Bench({}).run(60_000)
    const { greens } = bench.status
    bench.inputs.control = { ...NO_PHASE_CONTROL, hold: greens, vehicleCall: 0b1010 & ~greens }
    bench.controller.offered = longer(bench)
    expect(bench.run(30_000).status.greens).toBe(greens)
    expect(bench.controller.offered).not.toBeNull()
    bench.inputs.control = NO_PHASE_CONTROL
    bench.run(30_000)
    expect(bench.controller.offered).toBeNull()
  })

  test('is taken over at once in flash, which goes on for its time', () => {
    const bench = new Bench({ startupFlashMs: 60_000 }).run(1_000)
    const timing = longer(bench)
    bench.controller.offered = timing
    bench.run(100)
    expect(bench.controller.database).toBe(timing)
    expect(bench.status.flash).toBe('startup')
    bench.run(70_000)
    expect(bench.status.flash).toBe('none')
    expect(bench.controller.offered).toBeNull()
  })
})

test('a preempt is served out of a scheduled flash, which comes back after it; the switch of the police knows no preempt', () => {
  const fire: Preempt = {
    number: 1,
    name: { fa: 'آتش‌نشانی', en: 'fire station' },
    priority: 1,
    locking: false,
    delayMs: 0,
    minimumDurationMs: 0,
    lockoutMs: 0,
    maximumPresenceMs: 0,
    entry: { minGreenMs: 2_000, minWalkMs: 0 },
    track: null,
    dwell: { phases: phases(4), minGreenMs: 5_000, walks: false },
    exitPhases: [],
    exitPattern: null,
    link: null,
  }
  const controller = createController(
    database(junction(TWO_PHASES), [], { unit: unit({ minFlashMs: 1_000 }), preempts: [fire] }),
  )
  const inputs = {
    ...QUIET_UNIT,
    epochMs: Date.UTC(2026, 0, 5, 8),
    occupied: new Uint8Array(65),
    pedestrianButtons: 0,
    control: NO_PHASE_CONTROL,
    pattern: PATTERN_FLASH,
  }
  const run = (ms: number) => {
    for (let left = ms; left > 0; left -= 100) stepController(controller, inputs, 100, () => undefined)
    const { flash, greens } = statusOf(controller)
    return { flash, greens }
  }
  expect(run(10_000)).toEqual({ flash: 'automatic', greens: 0 })
  inputs.preempts = 1
  expect(run(15_000)).toEqual({ flash: 'none', greens: 0b1000 })
  inputs.preempts = 0
  expect(run(60_000)).toEqual({ flash: 'automatic', greens: 0 })
  inputs.preempts = 1
  inputs.panel = { ...CLOSED_PANEL, flash: 'local' }
  expect(run(60_000)).toEqual({ flash: 'local', greens: 0 })
})
