/** What is believed of answers that do not all say the same, and how often a wire is asked. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DeviceFault, DeviceResult } from '#devices/device.ts'
import { agreedPoints } from '#devices/modbus/agreement.ts'
import { Doubt, type Agree } from '#devices/modbus/doubt.ts'
import type { PointName, PointValue } from '#devices/points.ts'

const told = (name: PointName, ...values: readonly PointValue[]) => values.map((value) => new Map([[name, value]]))

test.each<[string, PointName, readonly PointValue[], number, PointValue | null]>([
  ['one answer is not enough', 'phase.greens', [4], 2, null],
  ['two that agree are', 'phase.greens', [4, 4], 2, 4],
  ['two that differ are not', 'phase.greens', [4, 6], 2, null],
  ['a signal that changed between the two is told by the third', 'phase.greens', [4, 8, 8], 2, 8],
  ['a flipped bit is outvoted by what comes after it', 'phase.greens', [6, 4, 4], 2, 4],
  ['a flipped bit between two that agree leaves the question open', 'phase.greens', [4, 6, 4], 2, null],
  ['until the next', 'phase.greens', [4, 6, 4, 4], 2, 4],
  ['in doubt two are not enough', 'phase.greens', [6, 4, 4], 3, null],
  ['and three are', 'phase.greens', [6, 4, 4, 4], 3, 4],
  ['a clock goes on between two answers', 'unit.clockEpochMs', [1_000, 1_150], 2, 1_150],
  ['but not by more than a step and the way', 'unit.clockEpochMs', [1_000, 1_151], 2, null],
  ['a lease runs down', 'supervision.leaseRemainingMs', [2_400, 2_300], 2, 2_300],
  ['a log grows', 'eventLog.head', [700, 716], 2, 716],
  ['but not by more than a log can', 'eventLog.head', [700, 717], 2, null],
  ['and never shrinks', 'eventLog.head', [700, 699], 2, null],
  [
    'each channel is believed for itself',
    'detector.occupied',
    [
      [1, 0],
      [1, 1],
      [0, 1],
    ],
    2,
    [1, 1],
  ],
  [
    'a list of which one channel is open is open',
    'detector.occupied',
    [
      [1, 0],
      [0, 0],
      [1, 0],
    ],
    2,
    null,
  ],
])('%s', (_what, name, values, needed, believed) => {
  expect(agreedPoints(told(name, ...values), needed)?.get(name) ?? null).toEqual(believed)
})

test('what is believed has always been said as often as it must be, in a row', () => {
  const values = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(values, fc.constantFrom(2, 3), (all, needed) => {
      const believed = agreedPoints(told('phase.greens', ...all), needed)?.get('phase.greens')
      const row = all.join('')
      const isSaid = [0, 1, 2, 3].some((value) => row.includes(String(value).repeat(needed)))
      expect(believed !== undefined).toBe(isSaid)
      if (believed !== undefined) expect(row).toContain(String(believed).repeat(needed))
    }),
  )
})

describe('a wire', () => {
  const agree: Agree<number> = (answers, needed) => {
    const run = answers.slice(-needed)
    return run.every((each) => each === run[0]) ? (run[0] ?? null) : null
  }

  /** How often it was asked for each question, and what was believed. */
  async function ask(doubt: Doubt, answers: readonly (number | DeviceFault)[]) {
    let asked = 0
    const next = (): Promise<DeviceResult<number>> => {
      const answer = answers[Math.min(asked++, answers.length - 1)] ?? 0
      return Promise.resolve(typeof answer === 'number' ? { ok: true, value: answer } : { ok: false, fault: answer })
    }
    const settled = await doubt.settle(next, agree)
    return { asked, got: settled.ok ? settled.value : settled.fault.code }
  }

  test('that is sound is asked twice', async () => {
    expect(await ask(new Doubt(), [7])).toEqual({ asked: 2, got: 7 })
  })

  test.each<[string, readonly (number | DeviceFault)[], string | number]>([
    ['contradicted itself', [7, 9, 9], 9],
    ['gave an answer that does not fit', [{ code: 'BAD_REPLY', detail: '' }], 'BAD_REPLY'],
    ['answered for another unit', [{ code: 'WRONG_UNIT', detail: '' }], 'WRONG_UNIT'],
  ])('that %s is asked thrice for a hundred questions', async (_what, answers, got) => {
    const doubt = new Doubt()
    expect((await ask(doubt, answers)).got).toBe(got)
    for (let question = 0; question < 100; question++) expect((await ask(doubt, [7])).asked).toBe(3)
    expect((await ask(doubt, [7])).asked).toBe(2)
  })

  test.each<DeviceFault>([
    { code: 'TIMED_OUT', afterMs: 60 },
    { code: 'CONNECTION_LOST', detail: '' },
    { code: 'REFUSED_BY_DEVICE', protocolCode: 2, detail: '' },
  ])('that says nothing at all is not doubted: $code', async (fault) => {
    const doubt = new Doubt()
    expect(await ask(doubt, [fault])).toEqual({ asked: 1, got: fault.code })
    expect((await ask(doubt, [7])).asked).toBe(2)
  })

  test('that says something else each time is not believed at all', async () => {
    expect(await ask(new Doubt(), [1, 2, 3, 4, 5, 6, 7])).toEqual({ asked: 6, got: 'BAD_REPLY' })
  })
})
