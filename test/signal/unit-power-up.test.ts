/** How a controller comes up, and what it writes of it: start-up flash, all red, start phases. */
import { describe, expect, test } from 'vitest'
import { phaseId, patternId } from '#base/id.ts'
import { EVENT } from '#signal/events.ts'
import { PATTERN_FLASH, PATTERN_FREE } from '#signal/timing-plan.ts'
import { PLAIN_UNIT, type UnitParameters } from '#signal/unit.ts'
import { database, EIGHT_PHASES, junction, TWO_PHASES, type JunctionFacts } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'
import { Bench } from '#test/support/unit-bench.ts'

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
