/** The ladder: one column of a picture is a second of the street. */
import { describe, expect, test } from 'vitest'
import { patternId } from '#base/id.ts'
import { bad, good, stale, type Known } from '#base/known.ts'
import type { Commanding, Reason, Rung } from '#control/strategy.ts'
import {
  failed,
  stepSupervisor,
  UNSUPERVISED,
  type RungChange,
  type SupervisorFacts,
  type SupervisorState,
} from '#edge/supervisor.ts'
import type { StreetImage } from '#edge/wiring.ts'
import { FREE_LIMITS } from '#signal/adaptive-limits.ts'
import { CONTROL_STATUSES } from '#signal/status.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'
import { DATABASE, NOON_EPOCH_MS, PLAN, viewOf, type ViewChanges } from '#test/support/boulevard-crossing.ts'
import { columns, picture, shown } from '#test/support/picture.ts'

const APPROVED = 77
const PLAN_THEN_FREE: readonly Commanding[] = ['coordinated', 'actuated']

interface Situation {
  readonly view?: ViewChanges
  readonly hash?: Known<number>
  readonly driftMs?: number
  readonly facts?: Partial<SupervisorFacts>
}

function factsOf({ view, hash = good(APPROVED, 0), driftMs = 0, facts }: Situation): SupervisorFacts {
  const street: StreetImage = {
    view: viewOf(view),
    detectorFaults: new Map(),
    configurationHash: hash,
    doorOpen: null,
    mainsPower: null,
    sampledAtEpochMs: null,
    clockDriftMs: good(driftMs, 0),
  }
  return {
    street,
    approvedHash: APPROVED,
    leaseBlocker: null,
    heldOff: null,
    stalledMs: null,
    barrings: [],
    offered: PLAN_THEN_FREE,
    ...facts,
  }
}

const NOT_FRESH: ViewChanges = { signal: bad('never read'), unit: bad('never read') }
const LEASE_LOST: Reason = { code: 'LEASE_LOST', numbers: { epoch: 5 } }

/** What the letters of the row `street` stand for; `.` is a good second. */
const LETTERS: Readonly<Record<string, Situation>> = {
  '.': {},
  x: { view: NOT_FRESH },
  m: { view: { unit: { controlStatus: 'manual' } } },
  h: { hash: good(1, 0) },
  c: { driftMs: 2_000 },
  l: { facts: { leaseBlocker: LEASE_LOST } },
  s: { facts: { stalledMs: 2_600 } },
  f: { facts: { barrings: [failed('coordinated')] } },
}

const RUNG_LETTERS: Readonly<Record<Rung, string>> = {
  adaptive: 'D',
  maxPressure: 'M',
  coordinated: 'C',
  actuated: 'A',
  fixed: 'F',
  released: '-',
}

/** Rows: `street` by the letters above; `rung` what is stood on after that second (C, A, - released). */
function climbs(drawn: string): RungChange[] {
  const rows = picture(drawn)
  let state = UNSUPERVISED
  const changes: RungChange[] = []
  let rungs = ''
  for (let second = 0; second < columns(rows); second++) {
    const situation = LETTERS[shown(rows, 'street', second)] ?? {}
    const view = { ...situation.view, nowMonoMs: second * 1_000 }
    const step = stepSupervisor(state, factsOf({ ...situation, view }))
    state = step.state
    if (step.change) changes.push(step.change)
    rungs += RUNG_LETTERS[state.rung]
  }
  expect(rungs).toBe(rows.get('rung'))
  return changes
}

test('supervision begins after five good seconds, on the highest rung at once', () => {
  const changes = climbs(`
    street  ........
    rung    -----CCC
  `)
  expect(changes).toEqual([{ from: 'released', to: 'coordinated', isUp: true, why: null }])
})

test('a single bad second begins the proving anew', () => {
  climbs(`
    street  ...m........
    rung    ---------CCC
  `)
})

describe('down at once', () => {
  test.each([
    ['a technician takes over', 'm', 'CABINET_NOT_AVAILABLE'],
    ['other timing runs than was approved', 'h', 'TIMING_NOT_APPROVED'],
    ['the lease is lost', 'l', 'LEASE_LOST'],
    ['our own process stood still', 's', 'EDGE_STALLED'],
  ])('when %s', (_, letter, code) => {
    const changes = climbs(`
      street  .......${letter}.......
      rung    -----CC------CC
    `)
    expect(changes[1]).toMatchObject({ from: 'coordinated', to: 'released', why: { code } })
  })

  test('two silent seconds are waited out, a longer silence is not', () => {
    const changes = climbs(`
      street  ......xx..xxx....
      rung    -----CCCCCCC-----
    `)
    expect(changes[1]?.why).toEqual({ code: 'IMAGE_NOT_FRESH', numbers: { ageMs: 3_000 } })
  })

  test('a clock that drifts costs the plan only, and the plan comes back after five good seconds', () => {
    const changes = climbs(`
      street  ......c.......
      rung    -----CAAAAAACC
    `)
    expect(changes[1]).toEqual({
      from: 'coordinated',
      to: 'actuated',
      isUp: false,
      why: { code: 'CLOCK_DRIFT', numbers: { driftMs: 2_000 } },
    })
  })

  test('a strategy that failed is barred for a minute, and the next rung serves', () => {
    // Barred from the 6th to the 66th second, then proven for five.
    climbs(`
      street  ......f${'.'.repeat(66)}
      rung    -----C${'A'.repeat(65)}CC
    `)
  })
})

test.each([
  [-2_000, 'actuated'],
  [-1_999, 'coordinated'],
  [1_999, 'coordinated'],
  [2_000, 'actuated'],
])('a drift of %d ms allows the rung %s', (driftMs, rung) => {
  let state = UNSUPERVISED
  for (const nowMonoMs of [0, 5_000]) state = stepSupervisor(state, factsOf({ driftMs, view: { nowMonoMs } })).state
  expect(state.rung).toBe(rung)
})

test.each(CONTROL_STATUSES)(
  'a cabinet whose status is %s is supervised only from its own plan, or by us',
  (controlStatus) => {
    const { ladder } = stepSupervisor(UNSUPERVISED, factsOf({ view: { unit: { controlStatus } } }))
    const free = controlStatus === 'local' || controlStatus === 'supervised'
    expect(ladder?.code).toBe(free ? 'PROVING' : 'CABINET_NOT_AVAILABLE')
  },
)

test('where an edge has max-pressure too, that is the highest rung, and the plan is the next', () => {
  const offered = ['maxPressure', 'coordinated', 'actuated'] as const
  let state = UNSUPERVISED
  for (const nowMonoMs of [0, 5_000])
    state = stepSupervisor(state, factsOf({ facts: { offered }, view: { nowMonoMs } })).state
  expect(state.rung).toBe('maxPressure')
  const after = stepSupervisor(
    state,
    factsOf({ facts: { offered, barrings: [failed('maxPressure')] }, view: { nowMonoMs: 6_000 } }),
  )
  expect(after.change).toMatchObject({ from: 'maxPressure', to: 'coordinated', why: { code: 'STRATEGY_FAILED' } })
})

test.each<[Commanding, number, Rung]>([
  ['fixed', 2_000, 'released'],
  ['fixed', 1_999, 'fixed'],
  ['maxPressure', 2_000, 'maxPressure'],
])('%s alone, with a clock that is off by %d ms: %s', (rung, driftMs, stood) => {
  const facts = { offered: [rung] }
  let state = UNSUPERVISED
  for (const nowMonoMs of [0, 5_000])
    state = stepSupervisor(state, factsOf({ driftMs, facts, view: { nowMonoMs } })).state
  expect(state.rung).toBe(stood)
})

describe('a plan that does not allow strategies that choose stages', () => {
  const closed = new Map([[PLAN.pattern, { ...FREE_LIMITS, allowed: false }]])
  const offered = ['adaptive', 'maxPressure', 'coordinated', 'actuated'] as const
  const reason: Reason = { code: 'NOT_ALLOWED_BY_PLAN', numbers: { pattern: PLAN.pattern } }
  const at = (ms: number, view: ViewChanges) =>
    factsOf({ facts: { offered }, view: { ...view, nowMonoMs: ms, nowEpochMs: NOON_EPOCH_MS + ms } })

  test.each<[Rung, Rung, Reason | null]>([
    ['adaptive', 'coordinated', reason],
    ['maxPressure', 'coordinated', reason],
    ['coordinated', 'coordinated', reason],
    ['actuated', 'actuated', { code: 'PROVING', numbers: { remainingMs: 5_000 } }],
  ])('of %s leaves %s', (rung, stood, ladder) => {
    const step = stepSupervisor({ ...UNSUPERVISED, rung }, at(0, { adaptiveLimits: closed }))
    expect(step).toMatchObject({ state: { rung: stood }, ladder })
  })

  test('gives the plan the street at the minute at which its hour begins, and adaptive control gets it back when it ends', () => {
    const [first, ...others] = DATABASE.schedule.dayPlans
    const entries = [
      { startMinuteOfDay: 0, pattern: PATTERN_FREE, maximum: 1 as const },
      { startMinuteOfDay: 12 * 60 + 1, pattern: PLAN.pattern, maximum: 1 as const },
      { startMinuteOfDay: 12 * 60 + 2, pattern: PATTERN_FREE, maximum: 1 as const },
    ]
    const schedule = { ...DATABASE.schedule, dayPlans: [{ ...first!, entries }, ...others] }
    const rungs: [number, Rung][] = []
    let state = UNSUPERVISED
    for (const ms of [0, 5_000, 59_999, 60_000, 119_999, 120_000, 124_999, 125_000]) {
      state = stepSupervisor(state, at(ms, { adaptiveLimits: closed, schedule })).state
      rungs.push([ms, state.rung])
    }
    expect(rungs).toEqual([
      [0, 'released'],
      [5_000, 'adaptive'],
      [59_999, 'adaptive'],
      [60_000, 'coordinated'],
      [119_999, 'coordinated'],
      [120_000, 'coordinated'],
      [124_999, 'coordinated'],
      [125_000, 'adaptive'],
    ])
  })

  test('does nothing while another plan runs', () => {
    const adaptiveLimits = new Map([[patternId(PLAN.pattern + 1), { ...FREE_LIMITS, allowed: false }]])
    const step = stepSupervisor({ ...UNSUPERVISED, rung: 'adaptive' }, at(0, { adaptiveLimits }))
    expect(step).toMatchObject({ change: null, ladder: null })
  })
})

describe('why it is not higher', () => {
  test.each<[string, Situation, Reason]>([
    ['the controller was never read', { view: NOT_FRESH }, { code: 'IMAGE_NOT_FRESH', numbers: { ageMs: -1 } }],
    [
      'the hash was not read',
      { hash: stale(APPROVED, 300) },
      { code: 'TIMING_NOT_APPROVED', numbers: { running: 0, approved: APPROVED } },
    ],
    [
      'a cycle of its own comes first',
      { facts: { leaseBlocker: { code: 'LOCAL_CYCLE_FIRST', numbers: {} } } },
      { code: 'LOCAL_CYCLE_FIRST', numbers: {} },
    ],
    ['no rung has a strategy', { facts: { offered: [] } }, { code: 'STRATEGY_FAILED', numbers: { rung: 4 } }],
    ['it is being proven', {}, { code: 'PROVING', numbers: { remainingMs: 5_000 } }],
  ])('%s', (_, situation, why) => {
    expect(stepSupervisor(UNSUPERVISED, factsOf(situation)).ladder).toEqual(why)
  })

  test('nothing, on the highest rung', () => {
    const top: SupervisorState = { ...UNSUPERVISED, rung: 'coordinated' }
    expect(stepSupervisor(top, factsOf({}))).toMatchObject({ change: null, ladder: null })
  })
})
