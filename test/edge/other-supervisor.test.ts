/** Somebody else's hand at an intersection: who takes, renews or is refused a lease that is not ours, and who has merely left one behind. */
import { describe, expect, test } from 'vitest'
import { good, stale } from '#base/known.ts'
import { NOBODY_ELSE, watchOthers, type OtherSupervisor, type OwnWrites } from '#edge/other-supervisor.ts'
import { LOCAL_UNIT } from '#test/support/boulevard-crossing.ts'

const OWN: OwnWrites = { epoch: 50, sequence: 3, takenAtMonoMs: null }

const lease = (leaseEpoch: number, leaseSequence: number, leaseRemainingMs = 2_000) =>
  good({ ...LOCAL_UNIT, leaseEpoch, leaseSequence, leaseRemainingMs }, 0)

/** One image every 100 ms. */
function watch(images: readonly ReturnType<typeof lease>[]): OtherSupervisor {
  return images.reduce((others, unit, i) => watchOthers(others, { unit, own: OWN, nowMonoMs: 100 * i }), NOBODY_ELSE)
}

test.each<[string, ReturnType<typeof lease>[], number | null]>([
  ['our own lease is nobody else’s', [lease(50, 1), lease(50, 2), lease(50, 3)], null],
  ['a lease that runs out is of somebody who has gone', [lease(60, 9), lease(60, 9), lease(60, 9)], null],
  ['one that is renewed is of somebody who is there', [lease(60, 9), lease(60, 10)], 100],
  ['and so is one epoch after another', [lease(60, 9), lease(61, 1)], 100],
  ['nobody holds it', [lease(60, 9), lease(60, 9, 0), lease(60, 9, 0)], null],
  ['a lease that is taken from us is somebody’s, though he may never renew it', [lease(50, 3), lease(51, 1)], 100],
  ['and so is one that is taken where nobody had one', [lease(41, 7, 0), lease(60, 1)], 100],
  ['who goes on in our own epoch, ahead of us, is not we', [lease(50, 3), lease(50, 4)], 100],
  ['our lease after another’s is ours', [lease(60, 9), lease(60, 9, 0), lease(50, 1)], null],
])('%s', (_, images, wroteAtMonoMs) => {
  expect(watch(images).wroteAtMonoMs).toBe(wroteAtMonoMs)
})

describe('a refusal', () => {
  const refused = (refusedCommandCode: number, ageMs: number) =>
    good({ ...LOCAL_UNIT, leaseEpoch: 50, leaseSequence: 3, leaseRemainingMs: 2_000, refusedCommandCode }, ageMs)

  test.each<[string, number, number, number | null, number | null]>([
    ['read after our last write was taken is somebody else’s', 2, 100, 899, 1_000],
    ['read before it was taken may have been ours', 2, 100, 900, null],
    ['of a last write that was not taken is ours', 2, 100, null, null],
    ['that there is none tells of nobody', 0, 100, 899, null],
  ])('%s', (_, code, ageMs, takenAtMonoMs, wroteAtMonoMs) => {
    const own = { ...OWN, takenAtMonoMs }
    const before = watch([lease(50, 3)])
    expect(watchOthers(before, { unit: refused(code, ageMs), own, nowMonoMs: 1_000 }).wroteAtMonoMs).toBe(wroteAtMonoMs)
  })
})

describe('who was there', () => {
  const there = watch([lease(60, 9), lease(60, 10)])
  const later = (nowMonoMs: number, unit: Parameters<typeof watchOthers>[1]['unit'] = lease(60, 10, 0)) =>
    watchOthers(there, { unit, own: OWN, nowMonoMs }).wroteAtMonoMs

  test('is still taken to be for ten seconds', () => {
    expect([later(10_099), later(10_100)]).toEqual([100, null])
  })

  test('is not forgotten for a stale image', () => {
    expect(later(5_000, stale({ ...LOCAL_UNIT, leaseEpoch: 50 }, 900))).toBe(100)
  })

  test('is not seen to come again where he has only left his lease behind', () => {
    const gone = watchOthers(there, { unit: lease(60, 10), own: OWN, nowMonoMs: 10_100 })
    expect(watchOthers(gone, { unit: lease(60, 10), own: OWN, nowMonoMs: 10_200 }).wroteAtMonoMs).toBeNull()
  })
})
