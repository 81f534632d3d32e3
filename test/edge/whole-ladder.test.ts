/** The ladder with strategies that choose stages on top: what they need, and what takes them off it. */
import { describe, expect, test } from 'vitest'
import { good } from '#base/known.ts'
import type { Commanding, Reason, Rung } from '#control/strategy.ts'
import type { Barring } from '#edge/rung-comparison.ts'
import { failed, stepSupervisor, UNSUPERVISED, type SupervisorState } from '#edge/supervisor.ts'
import { FREE_LIMITS } from '#signal/adaptive-limits.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'
import { broken, CROSSING, DATABASE, PLAN, viewOf, type ViewChanges } from '#test/support/boulevard-crossing.ts'

const LADDER: readonly Commanding[] = ['adaptive', 'maxPressure', 'actuated', 'coordinated']
const APPROVED = 77
const FREE_ALL_DAY = {
  ...DATABASE.schedule,
  dayPlans: DATABASE.schedule.dayPlans.map((day) => ({
    ...day,
    entries: [{ startMinuteOfDay: 0, pattern: PATTERN_FREE, maximum: 1 as const }],
  })),
}
const TOP: SupervisorState = { ...UNSUPERVISED, rung: 'adaptive' }

interface Situation {
  readonly view?: ViewChanges
  readonly driftMs?: number
  readonly barrings?: readonly Barring[]
}

const step = (state: SupervisorState, { view, driftMs = 0, barrings = [] }: Situation) =>
  stepSupervisor(state, {
    street: {
      view: viewOf(view),
      detectorFaults: new Map(),
      configurationHash: good(APPROVED, 0),
      doorOpen: null,
      mainsPower: null,
      sampledAtEpochMs: null,
      clockDriftMs: good(driftMs, 0),
    },
    approvedHash: APPROVED,
    leaseBlocker: null,
    heldOff: null,
    stalledMs: null,
    barrings,
    offered: LADDER,
  })

const dark = (phases: readonly number[]) =>
  Object.fromEntries(CROSSING.detectors.filter(({ phase }) => phases.includes(phase)).map(({ id }) => [id, broken]))

/** The rung at each moment, in ms; `dark` from the first of these until before the second. */
function rungs(phases: readonly number[], [fromMs, untilMs]: readonly [number, number], moments: readonly number[]) {
  let state = TOP
  const stood = new Map<number, Rung>()
  for (let nowMonoMs = 0; nowMonoMs <= Math.max(...moments); nowMonoMs += 100) {
    const detectors = nowMonoMs >= fromMs && nowMonoMs < untilMs ? dark(phases) : {}
    state = step(state, { view: { nowMonoMs, detectors } }).state
    stood.set(nowMonoMs, state.rung)
  }
  return moments.map((ms) => stood.get(ms))
}

test('has free operation above the plan where the site wants it so', () => {
  const barrings = (['adaptive', 'maxPressure'] as const).map((rung) => failed(rung))
  expect(step(TOP, { barrings }).change).toMatchObject({ to: 'actuated', isUp: false })
})

test('an hour that is the plan alone is run by the plan, and not by free operation above it', () => {
  const adaptiveLimits = new Map([[PLAN.pattern, { ...FREE_LIMITS, allowed: false }]])
  expect(step(TOP, { view: { adaptiveLimits } }).change).toMatchObject({
    to: 'coordinated',
    why: { code: 'NOT_ALLOWED_BY_PLAN' },
  })
})

describe('a plan that somebody has ordered for an event', () => {
  const event = { specialPattern: PLAN.pattern, schedule: FREE_ALL_DAY }

  test('runs as it stands, and adaptive control gets the street back when the order ends', () => {
    const ordered = step(TOP, { view: event })
    expect(ordered.change).toMatchObject({ to: 'coordinated', why: { code: 'NOT_ALLOWED_BY_PLAN' } })
    expect(step(ordered.state, { view: { schedule: FREE_ALL_DAY, nowMonoMs: 100 } }).ladder?.code).toBe('PROVING')
  })

  test.each<[boolean, Rung]>([
    [true, 'adaptive'],
    [false, 'coordinated'],
  ])('for which its engineer has said %s runs under %s', (allowed, rung) => {
    const adaptiveLimits = new Map([[PLAN.pattern, { ...FREE_LIMITS, allowed }]])
    expect(step(TOP, { view: { ...event, adaptiveLimits } }).state.rung).toBe(rung)
  })
})

test.each<[number, Rung]>([
  [59_999, 'adaptive'],
  [60_000, 'actuated'],
])('with a clock that is off by %d ms, whose plan bounds what, %s', (driftMs, rung) => {
  expect(step(TOP, { driftMs }).state.rung).toBe(rung)
})

test('adaptive is left when a phase has not been seen for five seconds, and taken again a minute after it is', () => {
  expect(rungs([4], [1_000, 20_000], [5_900, 6_000, 79_800, 84_800, 84_900])).toEqual([
    'adaptive',
    'maxPressure',
    'maxPressure',
    'maxPressure',
    'adaptive',
  ])
})

test('a card that is away for less than five seconds costs nothing', () => {
  expect(rungs([2, 4, 6, 8], [1_000, 5_900], [6_000, 30_000])).toEqual(['adaptive', 'adaptive'])
})

test.each<[string, readonly number[], Rung]>([
  ['half of the phases', [2, 4], 'maxPressure'],
  ['more than half', [2, 4, 6], 'actuated'],
  ['all', [2, 4, 6, 8], 'actuated'],
])('where %s are not seen: %s → %s', (_, phases, rung) => {
  expect(rungs(phases, [0, 10_000], [6_000])).toEqual([rung])
})

test('nothing is begun in the dark', () => {
  const { ladder } = step({ ...UNSUPERVISED, rung: 'coordinated' }, { view: { detectors: dark([4]) } })
  expect(ladder).toEqual({ code: 'PROVING', numbers: { remainingMs: 5_000 } })
  const seen = step({ ...UNSUPERVISED, rung: 'maxPressure' }, { view: { detectors: dark([4]) } })
  expect(seen.ladder).toEqual({ code: 'PHASE_NOT_SEEN', phase: 4, numbers: { unseen: 1, of: 4 } })
})

test('what a rung is barred for is what the ladder says, for as long as it is', () => {
  const why: Reason = { code: 'OUTDONE_BY_SIMPLER', numbers: { rung: 3, delayMs: 40_000, simplerMs: 20_000 } }
  const left = step(TOP, { barrings: [{ rung: 'adaptive', why, forMs: 30_000 }] })
  expect(left.change).toEqual({ from: 'adaptive', to: 'maxPressure', isUp: false, why })
  let { state } = left
  const stood: Rung[] = []
  for (const nowMonoMs of [24_900, 29_900, 30_000, 34_900, 35_000]) {
    state = step(state, { view: { nowMonoMs } }).state
    stood.push(state.rung)
  }
  expect(stood).toEqual(['maxPressure', 'maxPressure', 'maxPressure', 'maxPressure', 'adaptive'])
})

test('of two terms the longer one counts', () => {
  const why: Reason = { code: 'DECIDES_TOO_SLOWLY', numbers: {} }
  const barrings = [{ rung: 'adaptive', why, forMs: 300_000 } as const, failed('adaptive')]
  expect(step(TOP, { barrings }).state.barred.adaptive).toEqual({ untilMonoMs: 300_000, why })
})
