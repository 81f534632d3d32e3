/** The local cycle and the clock: master zero, offsets, changes of plan, and the way back into step. */
import { expect, test } from 'vitest'
import { EVENT } from '#signal/events.ts'
import { database, EIGHT_PHASES, junction, plan, TWO_PHASES, type PlanFacts } from '#test/support/junctions.ts'
import { FREE, Street, TICK_MS } from '#test/support/street-clock.ts'

/** Twice the minimum in every split: a cycle can be run a quarter faster. */
const ROOMY: PlanFacts = { cycleS: 40, splitsS: { 2: 22, 4: 18 }, coordinated: [2] }
/** Every split just holds its minimum: nothing can be gained. */
const TIGHT: PlanFacts = { cycleS: 18, splitsS: { 2: 9, 4: 9 }, coordinated: [2] }

const twoPlans = (first: PlanFacts, second: PlanFacts) =>
  database(junction(TWO_PHASES), [plan(1, first), plan(2, second)])

const midnight = (zone: string, date: string) => Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds
const NOON = Date.UTC(2026, 0, 5, 12)

test('the local cycle begins its offset after midnight of the city, and every cycle after that', () => {
  const site = twoPlans({ ...ROOMY, offsetS: 7 }, ROOMY)
  const tehran = { ...site, schedule: { ...site.schedule, timeZone: 'Asia/Tehran' } }
  const start = midnight('Asia/Tehran', '2026-01-05')
  const street = new Street(tehran, start + 3_600_000 + 7_000 + 12_300)
  street.pattern = 1
  street.run(TICK_MS / 1000)
  expect(street.coordination).toMatchObject({ pattern: 1, cycleMs: 40_000, offsetMs: 7_000, transition: 'inStep' })
  expect(street.coordination.localCycleMs).toBe(12_300 + TICK_MS)
})

test('at midnight a cycle that does not divide the day finds its offset anew, within the bound', () => {
  const site = twoPlans({ cycleS: 42, splitsS: { 2: 24, 4: 18 }, coordinated: [2] }, ROOMY)
  const street = new Street(site, midnight('UTC', '2026-01-06') - 60_000)
  street.pattern = 1
  street.run(59)
  expect(street.coordination.transition).toBe('inStep')
  street.run(2)
  expect(['add', 'subtract']).toContain(street.coordination.transition)
  street.run(3 * 42)
  expect(street.coordination.transition).toBe('inStep')
  expect(street.coordination.localCycleMs).toBe((street.epochMs - midnight('UTC', '2026-01-06')) % 42_000)
})

test('the night of the clock change moves master zero to the new midnight, not to a day of 24 hours', () => {
  const site = twoPlans(ROOMY, ROOMY)
  const berlin = { ...site, schedule: { ...site.schedule, timeZone: 'Europe/Berlin' } }
  const street = new Street(berlin, midnight('Europe/Berlin', '2026-03-30') + 1_000)
  street.pattern = 1
  street.run(1)
  expect(street.coordination.localCycleMs).toBe(2_000)
})

test('whatever the error, the offset is found again in at most three cycles, none changed by more than a fifth or quarter', () => {
  for (let errorS = 1; errorS < 40; errorS += 3) {
    const street = new Street(twoPlans(ROOMY, ROOMY), NOON)
    street.pattern = 1
    street.run(120)
    street.epochMs += errorS * 1000
    const from = street.ms
    street.run(3 * 40 * 1.2)
    expect(street.coordination.transition).toBe('inStep')
    const zeros = street.timesOf(EVENT.cycleState, 5).filter((ms) => ms > from - 40_000)
    for (const [k, zero] of zeros.slice(1).entries()) {
      expect(zero - zeros[k]!).toBeGreaterThanOrEqual(40_000 * 0.8 - TICK_MS)
      expect(zero - zeros[k]!).toBeLessThanOrEqual(40_000 * 1.2 + TICK_MS)
    }
  }
})

test('the shorter way is taken: a small lead is lost, a small lag is gained', () => {
  const after = (errorMs: number) => {
    const street = new Street(twoPlans(ROOMY, ROOMY), NOON)
    street.pattern = 1
    street.run(60)
    street.epochMs += errorMs
    return street.run(1).coordination.transition
  }
  expect(after(5_000)).toBe('subtract')
  expect(after(-5_000)).toBe('add')
})

test('a second is within what clocks differ by: it is made up without a transition', () => {
  const after = (errorMs: number) => {
    const street = new Street(twoPlans(ROOMY, ROOMY), NOON)
    street.pattern = 1
    street.run(60)
    street.epochMs += errorMs
    return street.run(TICK_MS / 1000).coordination.transition
  }
  expect(after(1_000)).toBe('inStep')
  expect(after(1_001)).toBe('subtract')
  expect(after(-1_000)).toBe('inStep')
  expect(after(-1_001)).toBe('add')
})

test('a plan whose splits only hold their minimums never runs faster: it waits for the clock', () => {
  const street = new Street(twoPlans(TIGHT, TIGHT), NOON)
  street.pattern = 1
  street.run(60)
  street.epochMs += 2_000
  expect(street.run(1).coordination.transition).toBe('add')
  street.run(18 * 6)
  expect(street.coordination.transition).toBe('inStep')
})

test('a change of plan waits for local zero, and then seeks the offset of the new plan', () => {
  const street = new Street(
    twoPlans(ROOMY, { cycleS: 50, offsetS: 20, splitsS: { 2: 30, 4: 20 }, coordinated: [2] }),
    NOON,
  )
  street.pattern = 1
  street.run(65)
  const before = street.coordination.localCycleMs
  street.pattern = 2
  street.run((40_000 - before) / 1000 - 0.1)
  expect(street.coordination.pattern).toBe(1)
  street.run(0.1)
  expect(street.coordination).toMatchObject({ pattern: 2, cycleMs: 50_000, localCycleMs: 0 })
  street.run(4 * 50)
  expect(street.coordination.transition).toBe('inStep')
  expect(street.timesOf(EVENT.pattern, 2)).toHaveLength(1)
})

test('free is taken at once, and so is a plan out of free', () => {
  const street = new Street(twoPlans(ROOMY, ROOMY), NOON)
  street.run(30)
  expect(street.coordination).toEqual({ pattern: FREE, cycleMs: 0, localCycleMs: 0, offsetMs: 0, transition: 'free' })
  street.pattern = 1
  expect(street.run(0.1).coordination.pattern).toBe(1)
  street.pattern = FREE
  expect(street.run(0.1).coordination.pattern).toBe(FREE)
})

test('a pattern that is no plan of the controller is free operation', () => {
  const street = new Street(twoPlans(ROOMY, ROOMY), NOON)
  street.pattern = 77
  expect(street.run(1).coordination.pattern).toBe(FREE)
})

test('the log tells the plan in effect with its cycle, offset and splits', () => {
  const street = new Street(twoPlans({ ...ROOMY, offsetS: 7 }, ROOMY), NOON)
  street.pattern = 1
  street.run(0.1)
  const coordination = street.events.filter(({ code }) => code >= EVENT.pattern && code <= EVENT.coordPhaseBegin)
  expect(coordination.map(({ code, parameter }) => [code, parameter])).toEqual([
    [EVENT.pattern, 1],
    [EVENT.cycleS, 40],
    [EVENT.offsetS, 7],
    [EVENT.splitS + 1, 22],
    [EVENT.splitS + 3, 18],
    [EVENT.cycleState, 6],
    [EVENT.cycleState, 1],
  ])
})

test('a split of a phase beyond the sixteenth is logged by the codes of the second list', () => {
  const wide = database(junction({ rings: [[[17], [32]]] }), [
    plan(1, { cycleS: 40, splitsS: { 17: 22, 32: 18 }, coordinated: [17] }),
  ])
  const street = new Street(wide, NOON)
  street.pattern = 1
  street.run(0.1)
  expect(street.timesOf(203, 22)).toHaveLength(1)
  expect(street.timesOf(218, 18)).toHaveLength(1)
})

test('each cycle logs its yield point, and each coordinated green its begin', () => {
  const street = new Street(twoPlans(ROOMY, ROOMY), NOON)
  street.pattern = 1
  street.run(400)
  expect(street.timesOf(EVENT.yieldPoint, 2)).toHaveLength(10)
  const greens = street.timesOf(EVENT.beginGreen, 2)
  expect(street.timesOf(EVENT.coordPhaseBegin, 2)).toEqual(greens)
})

test('rings that yield apart cross together, and the lagging left has its split in between', () => {
  const lagging = junction({
    ...EIGHT_PHASES,
    sequences: [
      [
        [2, 1, 3, 4],
        [5, 6, 7, 8],
      ],
    ],
  })
  const site = database(lagging, [
    plan(1, {
      cycleS: 80,
      splitsS: { 1: 15, 2: 30, 3: 15, 4: 20, 5: 15, 6: 30, 7: 15, 8: 20 },
      coordinated: [2, 6],
      sequence: 2,
    }),
  ])
  const street = new Street(site, NOON)
  street.pattern = 1
  street.occupied.fill(1)
  street.run(240)
  const from = street.ms
  street.run(160)
  const greens = [1, 2, 3, 4, 5, 6, 7, 8].map(
    (phase) => street.timesOf(EVENT.beginGreen, phase).filter((ms) => ms > from).length,
  )
  expect(greens).toEqual([2, 2, 2, 2, 2, 2, 2, 2])
})
