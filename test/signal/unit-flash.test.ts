/** Flash by schedule, by a trip and beside a preempt: how a street goes into it, and comes out again. */
import { describe, expect, test } from 'vitest'
import { phaseId } from '#base/id.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import { EVENT } from '#signal/events.ts'
import { createController, QUIET_UNIT } from '#signal/controller.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import type { Preempt } from '#signal/preempt.ts'
import { PATTERN_FLASH } from '#signal/timing-plan.ts'
import { PLAIN_UNIT, type UnitParameters } from '#signal/unit.ts'
import { skipStartupFlash } from '#signal/unit/stages.ts'
import { CLOSED_PANEL } from '#signal/unit/panel.ts'
import { database, EIGHT_PHASES, junction, TWO_PHASES, type JunctionFacts } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'
import { Bench } from '#test/support/unit-bench.ts'

const unit = (facts: Partial<UnitParameters>): UnitParameters => ({ ...PLAIN_UNIT, ...facts })
const phases = (...numbers: readonly number[]) => numbers.map(phaseId)

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
