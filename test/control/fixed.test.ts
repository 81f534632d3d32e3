/** Fixed time, carried out by the real controller: one column is a second. */
import { describe, expect, test } from 'vitest'
import { bitsOf, hasBit } from '#base/bits.ts'
import { createController, QUIET_UNIT } from '#signal/controller.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import { PATTERN_FREE, PATTERN_STANDBY, PATTERN_FLASH } from '#signal/timing-plan.ts'
import { fixed } from '#control/fixed.ts'
import { viewOf } from '#test/support/boulevard-crossing.ts'
import { database, EIGHT_PHASES, junction, plan, STAGES, type JunctionFacts } from '#test/support/junctions.ts'

const EPOCH_MS = Date.UTC(2026, 0, 5, 8)

/** The greens of each second after ten minutes of running, by phase; nobody is on any detector. */
function greensOf(site: ControllerDatabase, seconds: number): Record<number, string> {
  const controller = createController(site)
  let memory = fixed.initial()
  const shown: Record<number, string> = {}
  for (let ms = 0; ms < 600_000 + seconds * 1_000; ms += 100) {
    const nowEpochMs = EPOCH_MS + ms
    const { intersection, plans, schedule } = site
    const signal = statusOf(controller)
    const decision = fixed.decide(viewOf({ intersection, plans, schedule, signal, nowMonoMs: ms, nowEpochMs }), memory)
    memory = decision.memory
    const { command } = decision
    const inputs = { ...QUIET_UNIT, epochMs: nowEpochMs, occupied: new Uint8Array(65), pedestrianButtons: 0 }
    stepController(controller, { ...inputs, control: command, pattern: command.pattern }, 100, () => undefined)
    if (ms < 600_000 || ms % 1_000 > 0) continue
    for (const { id } of intersection.phases)
      shown[id] = (shown[id] ?? '') + (hasBit(statusOf(controller).greens, id) ? 'G' : '.')
  }
  return shown
}

const G = (seconds: number) => 'G'.repeat(seconds)
const o = (seconds: number) => '.'.repeat(seconds)

describe('a plan as a clock runs it', () => {
  test('each stage has the whole of its split in every cycle, though nobody comes', () => {
    const stages = database(junction(STAGES), [
      plan(1, { cycleS: 60, splitsS: { 1: 20, 2: 10, 3: 18, 4: 12 }, coordinated: [1] }),
    ])
    const twice = (row: string) => row + row
    expect(greensOf(stages, 120)).toEqual({
      1: twice(G(16) + o(44)),
      2: twice(o(20) + G(6) + o(34)),
      3: twice(o(30) + G(14) + o(16)),
      4: twice(o(48) + G(8) + o(4)),
    })
  })

  test('two rings run side by side, and what the plan leaves out is left out', () => {
    const rings = database(junction(EIGHT_PHASES), [
      plan(1, {
        cycleS: 60,
        splitsS: { 1: 10, 2: 20, 3: 0, 4: 30, 5: 12, 6: 18, 7: 12, 8: 18 },
        modes: { 3: 'omitted' },
        coordinated: [2, 6],
        sequence: 1,
      }),
    ])
    const shown = greensOf(rings, 60)
    expect(shown[3]).toBe(o(60))
    expect(shown[2]).toBe(o(10) + G(16) + o(34))
    expect(shown[7]).toBe(o(30) + G(8) + o(22))
  })

  test('free, each phase runs to its maximum', () => {
    const row = greensOf(database(junction({ rings: [[[2], [4]]] })), 96)[2] ?? ''
    expect(row.match(/G+/g)?.map(({ length }) => length)).toContain(20)
    expect(row.match(/G/g)).toHaveLength(40)
  })
})

describe('people', () => {
  const WALKING: JunctionFacts = {
    rings: [[[2], [4]]],
    phases: {
      2: { timing: { walkMs: 6_000, pedClearMs: 8_000 } },
      4: { timing: { walkMs: 6_000, pedClearMs: 20_000 } },
    },
  }
  const facts = { cycleS: 40, splitsS: { 2: 20, 4: 20 }, coordinated: [2] }
  const asked = (plans: ControllerDatabase['plans'], modes = {}) => {
    const { intersection, schedule } = database(junction(WALKING), plans)
    const view = viewOf({ intersection, schedule, plans: plans.map((each) => ({ ...each, ...modes })) })
    return fixed.decide(view, fixed.initial()).command
  }

  test('walk with every green that is long enough for them; others push, as ever', () => {
    expect(asked([plan(1, facts)]).pedestrianCall).toBe(bitsOf([2]))
    expect(asked([plan(1, { ...facts, splitsS: { 4: 20 } })]).pedestrianCall).toBe(0)
  })

  test('walk with every green where no plan runs', () => {
    const command = asked([])
    expect(command.pattern).toBe(PATTERN_FREE)
    expect(command.pedestrianCall).toBe(bitsOf([2, 4]))
  })
})

test('a flash of the schedule is the cabinet’s own', () => {
  const { intersection, schedule } = database(junction(STAGES))
  const flashing = {
    ...schedule,
    dayPlans: schedule.dayPlans.map((day) => ({
      ...day,
      entries: [{ startMinuteOfDay: 0, pattern: PATTERN_FLASH, maximum: 1 as const }],
    })),
  }
  const { command, why } = fixed.decide(viewOf({ intersection, schedule: flashing, plans: [] }), fixed.initial())
  expect(command.pattern).toBe(PATTERN_STANDBY)
  expect(why.code).toBe('FLASH_BY_SCHEDULE')
})
