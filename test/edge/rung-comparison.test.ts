/** Rungs held against each other: an hour of the street in windows of five minutes, told by how long people wait and how many come. */
import { expect, test } from 'vitest'
import type { Commanding } from '#control/strategy.ts'
import {
  MEASURED_EVERY_MS,
  nothingCompared,
  SETTLE_MS,
  stepComparison,
  waitsOf,
  WINDOW_MS,
  type Barring,
  type ComparisonMemory,
} from '#edge/rung-comparison.ts'

const LADDER: readonly Commanding[] = ['adaptive', 'maxPressure', 'actuated', 'coordinated']

const EPOCH_MS = Date.UTC(2026, 0, 5, 8)

interface Street {
  readonly memory: ComparisonMemory
  readonly nowMonoMs: number
  readonly barrings: readonly Barring[]
}

const NEW_STREET: Street = { memory: nothingCompared(0), nowMonoMs: 0, barrings: [] }

/** A rung commands until so many of its windows are full: `vehicles` in each, which wait `delayS` each. */
function live(
  street: Street,
  rung: Commanding | null,
  { windows = 1, delayS = 20, vehicles = 100, possible = LADDER, epochMs = EPOCH_MS } = {},
): Street {
  let { memory, nowMonoMs } = street
  const barrings: Barring[] = []
  const settles = rung !== memory.rung
  const seconds = ((settles ? SETTLE_MS + 1_000 : 0) + windows * WINDOW_MS) / 1_000
  for (let second = 0; second < seconds; second++) {
    nowMonoMs += 1_000
    const perSecond = (vehicles * 1_000) / WINDOW_MS
    const waiting = { vehicles: perSecond * delayS, left: perSecond }
    const step = stepComparison(memory, {
      nowMonoMs,
      nowEpochMs: epochMs + nowMonoMs,
      ladder: LADDER,
      rung,
      possible,
      waiting,
    })
    memory = step.memory
    barrings.push(...step.barrings)
  }
  return { memory, nowMonoMs, barrings }
}

const brief = ({ barrings }: Street) => barrings.map(({ rung, why }) => `${rung} ${why.code}`)

/** Each simpler rung has been measured in this traffic. */
const measured = (delayS: number): Street =>
  (['maxPressure', 'actuated', 'coordinated'] as const).reduce(
    (street, rung) => live(street, rung, { delayS }),
    NEW_STREET,
  )

/** Nobody of us commands for a while: until the next rung may be measured, if nothing is said. */
const later = ({ memory, nowMonoMs, barrings }: Street, byMs = MEASURED_EVERY_MS): Street => ({
  memory: { ...memory, rung: null },
  nowMonoMs: nowMonoMs + byMs,
  barrings,
})

test('in new traffic adaptive makes way for each simpler rung once, hours apart, and then stays', () => {
  let street = NEW_STREET
  const barred: string[] = []
  for (const rung of LADDER.slice(1)) {
    street = live(street, 'adaptive')
    barred.push(street.barrings.map((each) => each.rung).join(' '))
    street = live(live(street, rung), 'adaptive', { windows: 3 })
    expect(brief(street)).toEqual([])
    street = later(street)
  }
  expect(barred).toEqual(['adaptive', 'adaptive maxPressure', 'adaptive maxPressure actuated'])
  expect(brief(live(street, 'adaptive', { windows: 6 }))).toEqual([])
})

test('an intersection waits for its turn to be measured', () => {
  const street = { ...NEW_STREET, memory: nothingCompared(3_600_000) }
  expect(brief(live(street, 'adaptive'))).toEqual([])
  expect(brief(live(later(street, 3_600_000), 'adaptive'))).toEqual(['adaptive SIMPLER_IS_MEASURED'])
})

test('a rung that could not be measured is not asked for again', () => {
  const street = live(NEW_STREET, 'adaptive')
  const next = live(later(live(street, 'actuated')), 'adaptive')
  expect(next.barrings.map((each) => each.rung)).toEqual(['adaptive', 'maxPressure', 'actuated'])
})

test.each([
  ['a little more', 105, []],
  ['more', 115, ['adaptive SIMPLER_IS_MEASURED']],
  ['less', 70, []],
  ['far less', 60, ['adaptive SIMPLER_IS_MEASURED']],
])('what 100 vehicles in five minutes said of a rung: with %s than that, %d', (_, vehicles, barred) => {
  const street = later(measured(20))
  expect(brief(live(street, 'adaptive', { vehicles }))).toEqual(barred)
})

test('who makes nobody wait longer in more traffic is better in less of it', () => {
  const plan = live(measured(60), 'coordinated', { delayS: 20, vehicles: 150 })
  expect(brief(live(plan, 'adaptive', { windows: 2, delayS: 40 }))).toContain('adaptive OUTDONE_BY_SIMPLER')
})

test('who made people wait less in less traffic proves nothing', () => {
  const plan = live(measured(60), 'coordinated', { delayS: 5, vehicles: 60 })
  expect(brief(live(plan, 'adaptive', { windows: 2, delayS: 40 }))).toEqual([])
})

test.each([
  [25, []],
  [25.1, ['adaptive OUTDONE_BY_SIMPLER', 'maxPressure OUTDONE_BY_SIMPLER', 'actuated OUTDONE_BY_SIMPLER']],
])('against 20 s a vehicle under the plan, %s s twice in a row end in %s', (delayS, barred) => {
  const plan = live(measured(30), 'coordinated', { delayS: 10 })
  expect(brief(live(plan, 'adaptive', { windows: 1, delayS }))).toEqual([])
  expect(brief(live(plan, 'adaptive', { windows: 2, delayS }))).toEqual(barred)
})

test('a rung that cannot be stood on is neither measured nor preferred', () => {
  const possible: readonly Commanding[] = ['adaptive', 'actuated']
  expect(brief(live(NEW_STREET, 'adaptive', { possible }))).toEqual([
    'adaptive SIMPLER_IS_MEASURED',
    'maxPressure SIMPLER_IS_MEASURED',
  ])
  const plan = live(measured(40), 'coordinated', { delayS: 5 })
  expect(brief(live(plan, 'adaptive', { windows: 2, delayS: 40, possible }))).toEqual([])
})

test('one bad window between good ones is chance', () => {
  let street = measured(20)
  for (const delayS of [40, 20, 40, 20]) {
    street = live(street, 'adaptive', { delayS })
    expect(brief(street)).toEqual([])
  }
})

test('where nobody waits long, a quarter more is nothing that anybody feels', () => {
  expect(brief(live(measured(4), 'adaptive', { windows: 2, delayS: 7 }))).toEqual([])
  expect(brief(live(measured(4), 'adaptive', { windows: 2, delayS: 7.1 }))).toEqual(['adaptive OUTDONE_BY_SIMPLER'])
})

test('only rungs above the better one are barred, each time in a row for twice as long', () => {
  let street = measured(20)
  const terms: number[] = []
  for (let time = 0; time < 7; time++) {
    street = live(street, 'adaptive', { windows: 2, delayS: 40 })
    expect(brief(street)).toEqual(['adaptive OUTDONE_BY_SIMPLER'])
    terms.push(...street.barrings.map(({ forMs }) => forMs / 60_000))
    street = live(street, 'maxPressure')
  }
  expect(terms).toEqual([30, 60, 120, 240, 480, 720, 720])
})

test('a good window ends the row', () => {
  const outdone = live(measured(20), 'adaptive', { windows: 2, delayS: 40 })
  const good = live(live(outdone, 'maxPressure'), 'adaptive')
  const [again] = live(live(good, 'maxPressure'), 'adaptive', { windows: 2, delayS: 40 }).barrings
  expect(again?.forMs).toBe(30 * 60_000)
})

test.each([
  ['29 vehicles in five minutes say nothing', 29, []],
  ['30 do', 30, ['adaptive SIMPLER_IS_MEASURED']],
])('%s', (_, vehicles, barred) => {
  expect(brief(live(NEW_STREET, 'adaptive', { vehicles }))).toEqual(barred)
})

test('a while in which the edge stood still is not counted', () => {
  const street = live(measured(20), 'adaptive')
  const nowMonoMs = street.nowMonoMs + 60_000
  const { memory } = stepComparison(street.memory, {
    nowMonoMs,
    nowEpochMs: EPOCH_MS + nowMonoMs,
    ladder: LADDER,
    rung: 'adaptive',
    possible: LADDER,
    waiting: { vehicles: 1_000, left: 0 },
  })
  expect(memory).toMatchObject({ vehicleMs: 0, sinceMonoMs: nowMonoMs + SETTLE_MS })
})

test('while nobody of us commands nothing is measured', () => {
  expect(live(NEW_STREET, null, { windows: 3 }).memory.records).toEqual({})
})

test('a week later the simpler rungs are measured anew', () => {
  const street = later(measured(20), 7 * 24 * 3_600_000)
  expect(brief(live(street, 'adaptive'))).toEqual(['adaptive SIMPLER_IS_MEASURED'])
})

test('what was measured before a restart counts after it, and makes no rung be measured once more', () => {
  const before = measured(10)
  const kept = JSON.parse(JSON.stringify(waitsOf(before.memory.records))) as ReturnType<typeof waitsOf>
  const begun: Street = { ...before, memory: nothingCompared(0, kept), barrings: [] }
  expect(brief(live(begun, 'adaptive', { delayS: 10, windows: 3 }))).toEqual([])
  const worse = live(begun, 'adaptive', { delayS: 20, windows: 2 })
  expect(brief(worse)).toContain('adaptive OUTDONE_BY_SIMPLER')
})

test('what could not be measured before a restart is not kept', () => {
  const tried = live(NEW_STREET, 'adaptive')
  expect(tried.memory.records.maxPressure).toBeDefined()
  expect(waitsOf(tried.memory.records).maxPressure).toEqual({})
})

test('records count by a clock that is set back by an hour, and not by one that is off by more than a week', () => {
  const outdone = (byMs: number) =>
    brief(live(measured(10), 'adaptive', { delayS: 20, windows: 2, epochMs: EPOCH_MS + byMs }))
  expect(outdone(-3_600_000)).toContain('adaptive OUTDONE_BY_SIMPLER')
  expect(outdone(-8 * 24 * 3_600_000)).not.toContain('adaptive OUTDONE_BY_SIMPLER')
})
