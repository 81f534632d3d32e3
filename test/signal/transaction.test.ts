/** A timing on its way into a controller: what is taken, and what is refused, by name and with its place. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { phaseId } from '#base/id.ts'
import { checkDatabase } from '#signal/check/check-database.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { checkFloors, floorsOf } from '#signal/transaction/floors.ts'
import { refusalOf, TIMING_REFUSALS } from '#signal/transaction/refusal.ts'
import { decodeTiming, encodeTiming } from '#signal/transaction/timing-text.ts'
import { timingOf, withTiming } from '#signal/transaction/timing.ts'
import {
  abandon,
  age,
  arm,
  ARMED_MS_MAX,
  begin,
  NO_TRANSACTION,
  QUIET_MS_MAX,
  TIMING_TEXT_MAX,
  verify,
  write,
  type Transaction,
} from '#signal/transaction/transaction.ts'
import { database, EIGHT_PHASES, junction, plan, preempt } from '#test/support/junctions.ts'
import { anyDatabase } from '#test/support/random-junctions.ts'

const SPLITS = { 1: 15, 2: 35, 3: 15, 4: 35, 5: 15, 6: 35, 7: 15, 8: 35 }
const RUNNING = database(junction(EIGHT_PHASES), [plan(1, { cycleS: 100, coordinated: [2, 6], splitsS: SPLITS })])
const FLOORS = floorsOf(RUNNING)
const textOf = (staged: ControllerDatabase) => encodeTiming(timingOf(staged))

/** Begun and written, and verified where it is as it should be. */
const staged = (text: string): Transaction => verify(write(begin(NO_TRANSACTION), 0, text), RUNNING, FLOORS)
const withPlan = (facts: Parameters<typeof plan>[1]) => database(RUNNING.intersection, [plan(1, facts)])
const withPhase = (id: number, timing: object): ControllerDatabase => ({
  ...RUNNING,
  plans: [],
  schedule: database(RUNNING.intersection).schedule,
  intersection: {
    ...RUNNING.intersection,
    phases: RUNNING.intersection.phases.map((phase) =>
      phase.id === id ? { ...phase, timing: { ...phase.timing, ...timing } } : phase,
    ),
  },
})

describe('the text of a timing', () => {
  test('says everything that may be changed, of any street, and the same timing in one way only', () => {
    fc.assert(
      fc.property(anyDatabase, (any) => {
        const text = textOf(any)
        const timing = decodeTiming(text)
        if (!timing.ok) throw new Error(JSON.stringify(timing.fault))
        expect(encodeTiming(timing.value)).toBe(text)
        const back = withTiming(any, timing.value)
        expect(back === null ? null : textOf(back)).toBe(text)
        expect(back?.intersection.sequences).toBe(any.intersection.sequences)
      }),
      { numRuns: 50 },
    )
  })

  test('counts as many bytes as characters, whatever language its names are in', () => {
    const fire = { ...preempt(1, { dwell: { phases: [2] } }), name: { fa: 'آتش‌نشانی', en: 'fire station' } }
    const text = textOf({ ...RUNNING, preempts: [fire] })
    expect(text).toMatch(/^[ -~]*$/)
    const timing = decodeTiming(text)
    expect(timing.ok && timing.value.preempts[0]?.name.fa).toBe('آتش‌نشانی')
  })

  test.each([
    ['not JSON at all', 'hello', ''],
    ['an empty text', '', ''],
    ['a text that was cut off', textOf(RUNNING).slice(0, -10), ''],
    ['another thing', '[]', ''],
    ['a text where a time belongs', textOf(RUNNING).replace('"cycleMs":100000', '"cycleMs":"long"'), 'plans.0.cycleMs'],
    ['half a millisecond', textOf(RUNNING).replace('"cycleMs":100000', '"cycleMs":0.5'), 'plans.0.cycleMs'],
    [
      'a word that is none of the choices',
      textOf(RUNNING).replace('"forceOff":"fixed"', '"forceOff":"never"'),
      'plans.0.options.forceOff',
    ],
    ['a key too many', textOf(RUNNING).replace('"cycleMs"', '"lamps":1,"cycleMs"'), 'plans.0.lamps'],
    ['a key too few', textOf(RUNNING).replace('"cycleMs":100000,', ''), 'plans.0.cycleMs'],
    ['a split that stands twice', textOf(RUNNING).replace('[1,15000]', '[2,15000]'), 'plans.0.splitsMs'],
    ['a pair that is none', textOf(RUNNING).replace('[1,15000]', '1'), 'plans.0.splitsMs.0.0'],
    ['no list', textOf(RUNNING).replace('"dates":[]', '"dates":7'), 'schedule.dates'],
    ['no flag', textOf(RUNNING).replace('"dualEntry":true', '"dualEntry":1'), 'phases.1.dualEntry'],
    ['no name', textOf(RUNNING).replace('"key":"plan_1"', '"key":null'), 'plans.0.key'],
  ])('%s is told with its place', (_, text, path) => {
    const timing = decodeTiming(text)
    expect(timing.ok ? [] : timing.fault.map((fault) => fault.path)).toContain(path)
  })

  test('whatever is damaged on the way is refused or is a database that can run: nothing throws', () => {
    const text = textOf(RUNNING)
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'0123456789-[]{},":ae'), fc.nat(3), (at, by, cut) => {
        const judged = staged(text.slice(0, at) + by + text.slice(at + cut))
        if (judged.database !== null) expect(checkDatabase(judged.database)).toEqual([])
        else expect(judged.refusal).not.toBe('none')
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('a timing is refused by name', () => {
  test.each([
    ['split', withPlan({ cycleS: 100, coordinated: [2, 6], splitsS: { ...SPLITS, 4: 30 } })],
    ['minimum', withPlan({ cycleS: 100, coordinated: [2, 6], splitsS: { ...SPLITS, 3: 5, 4: 45, 7: 5, 8: 45 } })],
    ['cycle', withPlan({ cycleS: 1, coordinated: [2, 6], splitsS: SPLITS })],
    ['offset', withPlan({ cycleS: 100, offsetS: 100, coordinated: [2, 6], splitsS: SPLITS })],
    ['concurrency', withPlan({ cycleS: 100, coordinated: [2, 8], splitsS: SPLITS })],
    ['sequence', withPlan({ cycleS: 100, coordinated: [2, 6], splitsS: SPLITS, sequence: 7 })],
    ['coordination', withPlan({ cycleS: 100, coordinated: [], splitsS: SPLITS })],
    ['clearance', withPhase(2, { yellowMs: 0 })],
    ['minimum', withPhase(2, { max1Ms: 4_000 })],
    ['pedestrian', withPhase(2, { walkMs: 7_000 })],
    ['unit', { ...RUNNING, unit: { ...RUNNING.unit, startPhases: [phaseId(2), phaseId(4)] } }],
    ['schedule', { ...RUNNING, schedule: { ...RUNNING.schedule, timeZone: 'Asia/Atlantis' } }],
  ])('%s', (refusal, wrong) => {
    const judged = staged(textOf(wrong))
    expect(judged).toMatchObject({ refusal, state: 'idle', text: '', database: null })
    expect(judged.detail).not.toBe('')
  })

  test('and the street of another, or one phase too many, is none of ours', () => {
    const other = database({ ...RUNNING.intersection, id: 'IX-99' as typeof RUNNING.intersection.id })
    expect(staged(textOf(other)).refusal).toBe('otherStreet')
    const fewer = timingOf(RUNNING)
    expect(staged(encodeTiming({ ...fewer, phases: fewer.phases.slice(1) })).refusal).toBe('otherStreet')
    expect(
      staged(encodeTiming({ ...fewer, detectors: [...fewer.detectors.slice(1), fewer.detectors[1]!] })).refusal,
    ).toBe('otherStreet')
  })

  test.each(['minGreenMs', 'yellowMs', 'redClearMs', 'redRevertMs'] as const)(
    'a %s below the floor of the site, though any other street could run it',
    (time) => {
      const floorMs = FLOORS.get(phaseId(4))![time]
      const lower = withPhase(4, { [time]: floorMs - 100 })
      const floors = floorsOf({ ...RUNNING, intersection: lower.intersection })
      const text = textOf(lower)
      expect(verify(write(begin(NO_TRANSACTION), 0, text), RUNNING, floors).state).toBe(
        checkDatabase(lower).length === 0 ? 'verified' : 'idle',
      )
      expect(checkFloors(lower, FLOORS)).toEqual([{ phase: 4, time, ms: floorMs - 100, floorMs }])
      if (checkDatabase(lower).length === 0) expect(staged(text).refusal).toBe('floor')
    },
  )

  test('every name has one number on the wire, and every fault has a name', () => {
    expect(new Set(TIMING_REFUSALS).size).toBe(TIMING_REFUSALS.length)
    expect(refusalOf({ code: 'OFFSET_OUTSIDE_CYCLE', pattern: 1, offsetMs: 1, cycleMs: 1 })).toBe('offset')
    expect(
      refusalOf({ code: 'TIMING_OUT_OF_RANGE', phase: 1, timing: 'passageMs', ms: 1, leastMs: 2, mostMs: 3 }),
    ).toBe('timing')
    const outOfRange = { code: 'TIMING_OUT_OF_RANGE', phase: 1, ms: 1, leastMs: 2, mostMs: 3 } as const
    expect(refusalOf({ ...outOfRange, timing: 'minGreenMs' })).toBe('minimum')
    for (const timing of ['yellowMs', 'redClearMs', 'pedClearMs'] as const)
      expect(refusalOf({ ...outOfRange, timing })).toBe('clearance')
    expect(checkFloors(RUNNING, new Map())).toEqual([])
  })
})

describe('a transaction', () => {
  const TEXT = textOf(RUNNING)

  test('goes from begin over its parts to the moment at which it is armed', () => {
    let transaction = begin(NO_TRANSACTION)
    for (let offset = 0; offset < TEXT.length; offset += 100)
      transaction = write(transaction, offset, TEXT.slice(offset, offset + 100))
    transaction = verify(transaction, RUNNING, FLOORS)
    expect(transaction).toMatchObject({ state: 'verified', refusal: 'none', text: TEXT })
    expect(textOf(transaction.database!)).toBe(TEXT)
    expect(arm(transaction)).toMatchObject({ state: 'armed', refusal: 'none' })
  })

  test('takes a part twice, for its answer may be lost, but no other in its place and none behind a gap', () => {
    const open = write(begin(NO_TRANSACTION), 0, TEXT.slice(0, 200))
    const again = write(open, 100, TEXT.slice(100, 200))
    expect(again).toEqual(open)
    expect(write(open, 100, 'x'.repeat(100))).toMatchObject({ refusal: 'outOfOrder', text: open.text })
    expect(write(open, 201, TEXT.slice(201, 300))).toMatchObject({ refusal: 'outOfOrder', text: open.text })
  })

  test('takes the longest text, and no longer one', () => {
    const open = begin(NO_TRANSACTION)
    expect(write(open, 0, ' '.repeat(TIMING_TEXT_MAX)).refusal).toBe('none')
    expect(write(open, 0, ' '.repeat(TIMING_TEXT_MAX + 1))).toMatchObject({ refusal: 'tooLong', text: '' })
  })

  test('follows nothing out of its turn', () => {
    const verified = staged(TEXT)
    for (const outOfTurn of [
      write(NO_TRANSACTION, 0, TEXT),
      verify(NO_TRANSACTION, RUNNING, FLOORS),
      arm(NO_TRANSACTION),
      arm(begin(NO_TRANSACTION)),
      write(verified, 0, TEXT),
      verify(verified, RUNNING, FLOORS),
      begin(arm(verified)),
    ])
      expect(outOfTurn.refusal).toBe('outOfOrder')
    expect(begin(verified)).toMatchObject({ state: 'open', text: '', database: null })
  })

  test.each([
    ['open', write(begin(NO_TRANSACTION), 0, TEXT), QUIET_MS_MAX, 'timedOut'],
    ['verified', staged(TEXT), QUIET_MS_MAX, 'timedOut'],
    ['armed', arm(staged(TEXT)), ARMED_MS_MAX, 'noLegalMoment'],
  ] as const)('that is %s waits so long and no longer', (state, transaction, mostMs, refusal) => {
    expect(age(transaction, mostMs)).toMatchObject({ state, refusal: 'none' })
    expect(age(age(transaction, mostMs), 1)).toEqual({ ...NO_TRANSACTION, refusal })
  })

  test('that is dropped leaves nothing but the reason', () => {
    expect(abandon(staged(TEXT), 'leaseLost')).toEqual({ ...NO_TRANSACTION, refusal: 'leaseLost' })
    expect(abandon(NO_TRANSACTION, 'leaseLost')).toEqual(NO_TRANSACTION)
    expect(age(NO_TRANSACTION, 1_000_000)).toBe(NO_TRANSACTION)
  })
})
