/** The ways back into step: adding, subtracting, dwelling, the shortest; within the bound of cycles, and no split below its minimum. */
import { describe, expect, test } from 'vitest'
import { EVENT } from '#signal/events.ts'
import type { PlanOptions } from '#signal/timing-plan.ts'
import { database, junction, plan, TWO_PHASES, type PlanFacts } from '#test/support/junctions.ts'
import { Street, TICK_MS } from '#test/support/street-clock.ts'

const NOON = Date.UTC(2026, 0, 5, 12)
const CYCLE_MS = 40_000
/** Minimum splits are 9 s: the cycle can run 2.4 times as fast, and is let run twice. */
const ROOMY: PlanFacts = { cycleS: 40, splitsS: { 2: 18, 4: 22 }, coordinated: [2] }
/** The side street has a tenth to spare. */
const NEARLY_TIGHT: PlanFacts = { cycleS: 40, splitsS: { 2: 30.1, 4: 9.9 }, coordinated: [2] }

type Transition = PlanOptions['transition']

/** In step at noon, then with its clock set forward (or back) by that much. */
function street(facts: PlanFacts, transition: Transition, errorMs: number): Street {
  const of = new Street(database(junction(TWO_PHASES), [plan(1, { ...facts, options: { transition } })]), NOON)
  of.pattern = 1
  of.run(120)
  of.epochMs += errorMs
  of.events.length = 0
  return of.run(TICK_MS / 1000)
}

/** Local zeros until it is in step again; the state and how long it took. */
function wayBack(of: Street) {
  const { transition } = of.coordination
  const fromMs = of.ms
  while (of.coordination.transition !== 'inStep' && of.ms - fromMs < 1_000_000) of.run(TICK_MS / 1000)
  return { transition, cycles: of.timesOf(EVENT.cycleState, 5).length, tookMs: of.ms - fromMs }
}

const ERRORS_MS = [-38_900, -25_000, -20_000, -10_000, -1_100, 1_100, 10_000, 20_000, 25_000, 38_900]

describe.each(['shortest', 'add', 'subtract', 'dwell'] as const)('by %s', (way) => {
  test('it is in step within its bound of cycles, whatever the error, and then at its offset', () => {
    for (const facts of [ROOMY, NEARLY_TIGHT])
      for (const cyclesMost of [1, 2, 5])
        for (const errorMs of ERRORS_MS) {
          const of = street(facts, { way, cyclesMost }, errorMs)
          expect(wayBack(of).cycles, `${errorMs} ms in ${cyclesMost}`).toBeLessThanOrEqual(cyclesMost)
          expect(of.coordination.localCycleMs).toBe((of.epochMs - Date.UTC(2026, 0, 5)) % CYCLE_MS)
        }
  })

  test('every split keeps its minimum meanwhile, and the side street is served in every cycle', () => {
    for (const facts of [ROOMY, NEARLY_TIGHT])
      for (const errorMs of ERRORS_MS) {
        const of = street(facts, { way, cyclesMost: 3 }, errorMs)
        of.run(400)
        const begun = of.timesOf(EVENT.beginGreen, 4)
        const ended = of.timesOf(EVENT.greenTermination, 4).filter((ms) => ms > begun[0]!)
        for (const [k, ms] of ended.entries()) expect(ms - begun[k]!).toBeGreaterThanOrEqual(5_000)
        for (const [k, ms] of begun.slice(1).entries()) expect(ms - begun[k]!).toBeLessThanOrEqual(2 * CYCLE_MS + 4_000)
      }
  })
})

describe('the way that is taken', () => {
  const by = (way: Transition['way'], cyclesMost: number, errorMs: number, facts = ROOMY) =>
    street(facts, { way, cyclesMost }, errorMs).coordination.transition

  test('add only adds, however much shorter the other way is', () => expect(by('add', 5, 5_000)).toBe('add'))
  test('subtract only subtracts', () => expect(by('subtract', 5, -5_000)).toBe('subtract'))
  test('dwell dwells', () => expect(by('dwell', 5, 5_000)).toBe('dwell'))
  test('the shortest gains a small lag and loses a small lead', () => {
    expect(by('shortest', 5, 5_000)).toBe('subtract')
    expect(by('shortest', 5, -5_000)).toBe('add')
  })
  test('what the minimums do not allow to gain within the bound is lost', () => {
    // A tenth faster than the clock gains 40 × 0.1 ÷ 1.1 = 3.6 s in each cycle.
    expect(by('subtract', 2, 7_200, NEARLY_TIGHT)).toBe('subtract')
    expect(by('subtract', 2, 7_500, NEARLY_TIGHT)).toBe('add')
  })
})

describe('the pace', () => {
  test('a cycle is ordinarily a fifth longer while it is added to', () => {
    const { tookMs } = wayBack(street(ROOMY, { way: 'add', cyclesMost: 5 }, -8_000))
    expect(tookMs).toBeGreaterThanOrEqual(48_000 - 2 * TICK_MS)
    expect(tookMs).toBeLessThanOrEqual(48_000 + 2 * TICK_MS)
  })

  test('where one cycle is all that it may take, it is as long as it must be', () => {
    const { tookMs } = wayBack(street(ROOMY, { way: 'add', cyclesMost: 1 }, -30_000))
    expect(Math.abs(tookMs - (CYCLE_MS + 30_000))).toBeLessThanOrEqual(2 * TICK_MS)
  })

  test('where one cycle is all that it may take, it is as short as it must be', () => {
    const { tookMs } = wayBack(street(ROOMY, { way: 'subtract', cyclesMost: 1 }, 15_000))
    expect(Math.abs(tookMs - (CYCLE_MS - 15_000))).toBeLessThanOrEqual(2 * TICK_MS)
  })

  test('steps of ten milliseconds and of a second come to the same pace', () => {
    const after = (errorMs: number) => street(ROOMY, { way: 'shortest', cyclesMost: 5 }, errorMs).run(10).coordination
    expect(after(10_000).localCycleMs).toBe(10_100 + 2_525)
    expect(after(-5_000).localCycleMs).toBe(10_100 - Math.floor(10_100 / 6))
  })
})

test('dwelling rests in the coordinated green until the offset is reached', () => {
  const of = street(ROOMY, { way: 'dwell', cyclesMost: 5 }, -20_000).run(120)
  const [end] = of.timesOf(EVENT.greenTermination, 2)
  expect(of.timesOf(EVENT.cycleState, 4)).toHaveLength(1)
  // It would have yielded after 14 s of its cycle, and does so 20 s later.
  expect(end).toBe(120_000 + 14_000 + 20_000)
})

test('a street that has just yielded dwells in its next coordinated green', () => {
  const of = new Street(
    database(junction(TWO_PHASES), [plan(1, { ...ROOMY, options: { transition: { way: 'dwell', cyclesMost: 5 } } })]),
    NOON,
  )
  of.pattern = 1
  of.run(14)
  expect(of.timesOf(EVENT.yieldPoint, 2)).toEqual([14_000])
  of.epochMs -= 5_000
  of.run(120)
  expect(of.timesOf(EVENT.yieldPoint, 2)).toEqual([14_000, 59_000, 99_000])
})

test('a clock that is set again on the way is followed from there', () => {
  const of = street(ROOMY, { way: 'shortest', cyclesMost: 5 }, -9_000).run(3)
  expect(of.coordination.transition).toBe('add')
  of.epochMs += 14_000
  expect(of.run(TICK_MS / 1000).coordination.transition).toBe('subtract')
  expect(wayBack(of).cycles).toBeLessThanOrEqual(5)
})

test('a second that cannot be gained stays: the cycle is not made longer for it', () => {
  const tight: PlanFacts = { cycleS: 20, splitsS: { 2: 11, 4: 9 }, coordinated: [2] }
  const of = street(tight, { way: 'shortest', cyclesMost: 5 }, 1_000).run(200)
  expect(of.timesOf(EVENT.cycleState, 5)).toHaveLength(10)
  expect(of.coordination.transition).toBe('inStep')
})

test('the log tells each state at its moment', () => {
  const of = street(ROOMY, { way: 'shortest', cyclesMost: 5 }, 10_000).run(60)
  const states = of.events.filter(({ code }) => code === EVENT.cycleState)
  // 10 s are gained in 40 s. Master zero comes 10 s earlier than local zero, whose timer catches up with it.
  expect(states.map(({ ms, parameter }) => [ms - 120_000, parameter])).toEqual([
    [100, 3],
    [30_000, 7],
    [32_000, 5],
    [40_000, 1],
  ])
})

test('a cycle beyond 255 s is logged by a code of its own', () => {
  const of = new Street(
    database(junction(TWO_PHASES), [plan(1, { cycleS: 300, splitsS: { 2: 200, 4: 100 }, coordinated: [2] })]),
    NOON,
  )
  of.pattern = 1
  of.run(1)
  expect(of.timesOf(EVENT.cycleS, 255)).toHaveLength(1)
  expect(of.timesOf(EVENT.longCycleS, 300)).toHaveLength(1)
})
