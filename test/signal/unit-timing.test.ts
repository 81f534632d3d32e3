/** Another timing of the same street, taken over when the street is clear. */
import { describe, expect, test } from 'vitest'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import { EVENT } from '#signal/events.ts'
import { Bench } from '#test/support/unit-bench.ts'

describe('another timing of the street', () => {
  const longer = (bench: Bench) => {
    const { intersection, ...rest } = bench.controller.database
    const slower = intersection.phases.map((phase) => ({ ...phase, timing: { ...phase.timing, minGreenMs: 9_000 } }))
    return { ...rest, intersection: { ...intersection, phases: slower } }
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
