/** What the pages are told, and when they are told again. */
import { describe, expect, test } from 'vitest'
import { Check } from 'typebox/value'
import { bad, good, stale } from '#base/known.ts'
import { LiveState } from '#contract/messages.ts'
import { buildLiveState, worthPublishing, type LiveFacts } from '#edge/live-state.ts'
import type { StreetImage } from '#edge/wiring.ts'
import { CONTROL_STATUSES } from '#signal/status.ts'
import {
  BOULEVARD_GREEN,
  LOCAL_UNIT,
  NOON_EPOCH_MS,
  occupied,
  silent,
  viewOf,
  type ViewChanges,
} from '#test/support/boulevard-crossing.ts'

const streetOf = (view: ViewChanges, changes: Partial<StreetImage> = {}): StreetImage => ({
  view: viewOf(view),
  configurationHash: good(1, 0),
  detectorFaults: new Map(),
  doorOpen: good(true, 0),
  mainsPower: null,
  sampledAtEpochMs: NOON_EPOCH_MS,
  clockDriftMs: good(-130, 0),
  ...changes,
})

const stateOf = (view: ViewChanges, changes: Partial<LiveFacts> = {}, street: Partial<StreetImage> = {}) =>
  buildLiveState({
    street: streetOf(view, street),
    rung: 'coordinated',
    why: { code: 'COORDINATED_GREEN', phase: 2, numbers: {} },
    ladder: null,
    queues: [{ lane: 'N1', vehicles: 3 }],
    fieldAlarms: [],
    ...changes,
  })

const SUPERVISED = { unit: { controlStatus: 'supervised' } } as const

test('a supervised street is told whole, and as the contract has it', () => {
  const state = stateOf({ ...SUPERVISED, detectors: { 2: occupied(), 12: silent } })
  expect(Check(LiveState, state)).toBe(true)
  expect(state).toMatchObject({
    intersection: 'IX-T1',
    mode: 'coordinated',
    plan: 'midday',
    why: { code: 'COORDINATED_GREEN' },
    signal: { greens: 0b0010_0010, localCycleMs: 20_000 },
    queues: [{ lane: 'N1', vehicles: 3 }],
    doorOpen: true,
    mainsPower: null,
    clockDriftMs: -130,
  })
  expect(state.detectors).toContainEqual({ id: 2, quality: 'good', occupied: true })
  expect(state.detectors).toContainEqual({ id: 12, quality: 'stale' })
})

test('what is not fresh is left out, never told as its last', () => {
  const street = { signal: stale(BOULEVARD_GREEN, 300), unit: stale(LOCAL_UNIT, 300) }
  const state = stateOf(street, { queues: [] }, { doorOpen: stale(true, 300), clockDriftMs: stale(5, 300) })
  expect(Check(LiveState, state)).toBe(true)
  expect(state).toMatchObject({
    mode: 'unknown',
    plan: null,
    why: null,
    signal: null,
    doorOpen: null,
    clockDriftMs: null,
  })
  expect(state.sampledAtEpochMs).toBe(NOON_EPOCH_MS)
})

test('a controller that was never read is older than any limit', () => {
  const state = stateOf({ signal: bad('never read'), unit: bad('never read') }, {}, { sampledAtEpochMs: null })
  expect(state.sampledAtEpochMs).toBe(0)
  expect(Check(LiveState, state)).toBe(true)
})

test.each(CONTROL_STATUSES)('a cabinet whose status is %s shows that status while we are released', (controlStatus) => {
  const modes = { local: 'local', backup: 'local', supervised: 'local' } as Record<string, string>
  const state = stateOf({ unit: { controlStatus } }, { rung: 'released' })
  expect(state.mode).toBe(modes[controlStatus] ?? controlStatus)
  expect(state.why).toBeNull()
})

test('a rung that the cabinet has not confirmed yet is not shown', () => {
  expect(stateOf({ unit: { controlStatus: 'local' } }).mode).toBe('local')
})

describe('published again', () => {
  const first = stateOf(SUPERVISED)
  const published = worthPublishing(first, null, 0)

  test('the first state is', () => {
    expect(published).not.toBeNull()
  })

  test.each<[string, LiveState, number, boolean]>([
    ['the very same for 9,999 ms', first, 9_999, false],
    ['the very same for 10,000 ms', first, 10_000, true],
    ['another lamp in the next tick', stateOf({ ...SUPERVISED, signal: { greens: 2 } }), 100, true],
    ['another mode in the next tick', stateOf({ unit: { controlStatus: 'manual' } }), 100, true],
    ['a detector within a quarter of a second', stateOf({ ...SUPERVISED, detectors: { 2: occupied() } }), 249, false],
    ['a detector after a quarter of a second', stateOf({ ...SUPERVISED, detectors: { 2: occupied() } }), 250, true],
    [
      'less than a second of the cycle',
      stateOf({ ...SUPERVISED, signal: { coordination: { ...BOULEVARD_GREEN.coordination, localCycleMs: 20_999 } } }),
      900,
      false,
    ],
    [
      'the next second of the cycle',
      stateOf({ ...SUPERVISED, signal: { coordination: { ...BOULEVARD_GREEN.coordination, localCycleMs: 21_000 } } }),
      1_000,
      true,
    ],
    [
      'a fresh sample of a street in which nothing moves',
      { ...first, sampledAtEpochMs: NOON_EPOCH_MS + 1_000 },
      1_000,
      true,
    ],
  ])('%s', (_, state, nowMonoMs, again) => {
    expect(worthPublishing(state, published, nowMonoMs) !== null).toBe(again)
  })
})
