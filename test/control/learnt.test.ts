/** What is learnt of a street outlives the process, is shared by the rungs that estimate alike, and is read with care. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { good } from '#base/known.ts'
import { adaptive } from '#control/adaptive/adaptive.ts'
import { actuated } from '#control/actuated.ts'
import { readLearnt } from '#control/learnt.ts'
import { maxPressure } from '#control/max-pressure/max-pressure.ts'
import { NO_QUEUES_YET, stepQueues, waiting, type QueuesMemory } from '#control/queues/lane-queues.ts'
import { beginQueues, learntOfQueues } from '#control/queues/learnt-queues.ts'
import { CROSSING, NOON_EPOCH_MS, silent, viewOf } from '#test/support/boulevard-crossing.ts'

const NORTH = 0b10
const SECOND = 1_000

interface Minutes {
  readonly from: number
  readonly to: number
  /** A vehicle leaves by N1 every so many seconds, and by N2 every twice as many; null: its loop has failed. */
  readonly everyS: { readonly N1: number | null; readonly N2: number | null }
}

/** A boulevard that is green all the time. */
function live(before: QueuesMemory, { from, to, everyS }: Minutes): QueuesMemory {
  let memory = before
  const counter = (headwayS: number | null, s: number) =>
    headwayS === null ? silent : good({ occupied: false, actuationCount: Math.floor(s / headwayS) % 65_536 }, 0)
  for (let s = from * 60; s < to * 60; s++) {
    const detectors = { 1: counter(everyS.N1, s), 2: counter(everyS.N1, s), 3: counter(everyS.N2, s) }
    const view = viewOf({ nowMonoMs: s * SECOND, nowEpochMs: NOON_EPOCH_MS + s * SECOND, detectors })
    memory = stepQueues(view, NORTH, memory)
  }
  return memory
}

/** From noon on 360 vehicles an hour leave by N1 and 180 by N2. */
const TWENTY_MINUTES = live(NO_QUEUES_YET, { from: 0, to: 20, everyS: { N1: 10, N2: 20 } })
const LEARNT = learntOfQueues(TWENTY_MINUTES)
const read = (raw: unknown) => readLearnt(raw, CROSSING)

describe('a restart', () => {
  test('keeps shares, flows, the worth of an entry and the history, and nobody who waited', () => {
    const text = JSON.stringify(LEARNT)
    const outcome = read(JSON.parse(text))
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.fault))
    const begun = beginQueues(outcome.value)
    expect(JSON.stringify(learntOfQueues(begun))).toBe(text)
    expect(begun.lanes['N1']!.share).toBeCloseTo(2 / 3, 1)
    expect(begun.history.streams['N1']!.perHour).toContain(360)
    expect(Object.values(begun.lanes).map(waiting)).toEqual(Object.values(begun.lanes).map(() => 0))
  })

  test('of what has learnt nothing yet begins as ever', () => {
    expect(beginQueues(learntOfQueues(NO_QUEUES_YET))).toEqual(NO_QUEUES_YET)
  })

  test.each([adaptive, maxPressure])('may be to any rung that estimates queues: $rung', (rung) => {
    const { queues } = rung.initial(LEARNT)
    expect(queues.lanes['N1']!.share).toBe(LEARNT.lanes['N1']!.share)
    expect(rung.learnt!(rung.initial(LEARNT))).toEqual(LEARNT)
    expect(rung.initial()).toEqual(rung.initial(learntOfQueues(NO_QUEUES_YET)))
  })

  test('means nothing to a rung that learns nothing', () => {
    expect(actuated.initial(LEARNT)).toEqual(actuated.initial())
    expect(actuated).not.toHaveProperty('learnt')
  })
})

test.each([-5_000, 11_000])(
  'a step that missed something, %i ms, forgets who waits and keeps what was learnt',
  (gapMs) => {
    const { atMonoMs } = TWENTY_MINUTES
    const view = viewOf({ nowMonoMs: atMonoMs! + gapMs, nowEpochMs: NOON_EPOCH_MS + 20 * 60 * SECOND + gapMs })
    const after = stepQueues(view, 0, TWENTY_MINUTES)
    expect(learntOfQueues(after).history).toEqual(LEARNT.history)
    expect(after.lanes['N1']!.share).toBe(LEARNT.lanes['N1']!.share)
    expect(after.lanes['N1']!.vehicles).toBe(0)
  },
)

describe('a lane whose loop fails', () => {
  const perHour = (memory: QueuesMemory, lane: string) => Math.round(memory.lanes[lane]!.flow * 3_600)
  /** The same hour of the next week, where N1 had 360 vehicles an hour and N2 half of them. */
  const nextWeek = { from: 7 * 24 * 60, to: 7 * 24 * 60 + 14 }
  const begun = beginQueues({
    ...LEARNT,
    lanes: { ...LEARNT.lanes, N1: { ...LEARNT.lanes['N1']!, share: 0.5, flow: 0.01 } },
  })

  test('has what it usually has at this hour, not what it had when it failed', () => {
    const both = live(begun, { ...nextWeek, everyS: { N1: null, N2: null } })
    expect(perHour(both, 'N1')).toBeGreaterThan(190)
    expect(perHour(both, 'N1')).toBeLessThan(360)
  })

  test('has more than usual where the lane beside it has', () => {
    const usually = live(begun, { ...nextWeek, everyS: { N1: null, N2: 20 } })
    const busy = live(begun, { ...nextWeek, everyS: { N1: null, N2: 10 } })
    expect(perHour(busy, 'N1')).toBeGreaterThan(1.3 * perHour(usually, 'N1'))
  })

  test('is not counted as empty', () => {
    const { history } = live(begun, { ...nextWeek, to: nextWeek.to + 6, everyS: { N1: null, N2: 20 } })
    expect(history.streams['N1']).toEqual(LEARNT.history['N1'])
  })
})

describe('a record', () => {
  const { history } = LEARNT
  const withStrangeLane = { ...LEARNT, lanes: { Q9: { share: 1, flow: 0 } } }
  const withWorth = (worth: number) => ({ ...LEARNT, approaches: { N: { worth } } })
  const withLane = (facts: unknown) => ({ ...LEARNT, lanes: { ...LEARNT.lanes, N1: facts } })
  const withHistory = (stream: unknown) => ({ ...LEARNT, history: { N1: stream } })

  test.each<readonly [string, unknown, object]>([
    ['nothing', null, { code: 'LEARNT_MALFORMED', path: 'learnt' }],
    ['a list', [], { code: 'LEARNT_MALFORMED', path: 'learnt' }],
    ['no version', { ...LEARNT, version: undefined }, { code: 'LEARNT_VERSION', found: null, reads: 1 }],
    ['the next version', { ...LEARNT, version: 2 }, { code: 'LEARNT_VERSION', found: 2 }],
    ['no lanes', { ...LEARNT, lanes: undefined }, { code: 'LEARNT_MALFORMED', path: 'lanes' }],
    ['a lane of another street', withStrangeLane, { code: 'LEARNT_MALFORMED', path: 'lanes.Q9' }],
    ['a lane without its share', withLane({ flow: 0.1 }), { code: 'LEARNT_MALFORMED', path: 'lanes.N1.share' }],
    ['a share in words', withLane({ share: 'half', flow: 0 }), { code: 'LEARNT_MALFORMED', path: 'lanes.N1.share' }],
    ['a share below none', withLane({ share: -0.01, flow: 0 }), { code: 'LEARNT_IMPLAUSIBLE', path: 'lanes.N1.share' }],
    ['more than all', withLane({ share: 1.01, flow: 0 }), { code: 'LEARNT_IMPLAUSIBLE', value: 1.01, most: 1 }],
    ['a flow that is no number', withLane({ share: 1, flow: NaN }), { code: 'LEARNT_IMPLAUSIBLE' }],
    ['an entry worth nothing', withWorth(0.09), { code: 'LEARNT_IMPLAUSIBLE', path: 'approaches.N.worth' }],
    ['an entry worth a crowd', withWorth(10.1), { code: 'LEARNT_IMPLAUSIBLE', path: 'approaches.N.worth' }],
    [
      'a week that is too short',
      withHistory({ ...history['N1'], minutes: [] }),
      { code: 'LEARNT_MALFORMED', path: 'history.N1.minutes' },
    ],
    [
      'more than a lane takes',
      withHistory({ ...history['N1'], perHour: history['N1']!.perHour.with(5, 3_601) }),
      { code: 'LEARNT_IMPLAUSIBLE', path: 'history.N1.perHour.5', value: 3_601, most: 3_600 },
    ],
    [
      'more than an hour of a quarter-hour',
      withHistory({ ...history['N1'], minutes: history['N1']!.minutes.with(671, 61) }),
      { code: 'LEARNT_IMPLAUSIBLE', path: 'history.N1.minutes.671' },
    ],
  ])('with %s is refused by name and place', (_, raw, fault) => {
    expect(read(raw)).toMatchObject({ ok: false, fault })
  })

  test.each([
    ['a share of all and a vehicle a second', withLane({ share: 1, flow: 1 })],
    ['a share of none', withLane({ share: 0, flow: 0 })],
    ['turns that are told apart', { ...LEARNT, history: { 'N left': history['N1'] } }],
    ['numbers of a newer version', withLane({ share: 0.5, flow: 0.1, mood: 'good' })],
  ])('with %s is read', (_, raw) => {
    expect(read(raw).ok).toBe(true)
  })

  test('of any kind at all is read or refused, and never breaks the reader', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        expect(typeof read(raw).ok).toBe('boolean')
        expect(typeof read({ ...LEARNT, lanes: raw }).ok).toBe('boolean')
        expect(typeof read({ ...LEARNT, history: { N1: raw } }).ok).toBe('boolean')
      }),
    )
  })
})
