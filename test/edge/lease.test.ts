/** Our side of the lease, against every report that a controller can give. */
import { describe, expect, test } from 'vitest'
import { good, stale } from '#base/known.ts'
import { judgeLease, LEASE_MS, nextWrite, NO_LEASE, renewed, type Lease } from '#edge/lease.ts'
import type { UnitStatus } from '#signal/status.ts'
import { LOCAL_UNIT } from '#test/support/boulevard-crossing.ts'

const unit = (changes: Partial<UnitStatus>): UnitStatus => ({ ...LOCAL_UNIT, ...changes })
const holding = (changes: Partial<UnitStatus> = {}): UnitStatus =>
  unit({ leaseEpoch: 50, leaseSequence: 10, leaseRemainingMs: 2_400, localCyclesSinceLease: 0, ...changes })

const HELD: Lease = { state: 'held', epoch: 50, sequence: 10, sinceMonoMs: 0, renewedAtMonoMs: 1_000 }
const TAKING: Lease = { ...HELD, state: 'taking', sequence: 1, sinceMonoMs: 1_000 }

const judge = (lease: Lease, status: UnitStatus, nowMonoMs = 1_100) => judgeLease(lease, good(status, 0), nowMonoMs)

describe('before there is a lease', () => {
  test.each<[string, Partial<UnitStatus>, string | null]>([
    ['a controller on its own for a cycle may be asked', { localCyclesSinceLease: 1 }, null],
    ['a controller on its own for less than a cycle may not', { localCyclesSinceLease: 0 }, 'LOCAL_CYCLE_FIRST'],
    [
      'another supervisor is respected',
      { leaseEpoch: 60, leaseRemainingMs: 1, localCyclesSinceLease: 5 },
      'LEASE_HELD_BY_ANOTHER',
    ],
  ])('%s', (_, status, code) => {
    expect(judge(NO_LEASE, unit(status)).blocker?.code ?? null).toBe(code)
  })

  test('our own lease that is still running out is waited for', () => {
    const { blocker } = judge({ ...HELD, state: 'none' }, holding())
    expect(blocker?.code).toBe('LOCAL_CYCLE_FIRST')
  })
})

describe('the first write', () => {
  test.each<[string, { leaseEpoch?: number; epoch?: number; epochMs?: number }, number]>([
    ['the newest that the controller reports', { leaseEpoch: 5_000_000_000 }, 5_000_000_001],
    ['our own last one', { epoch: 6_000_000_000 }, 6_000_000_001],
    ['the second before this one', { epochMs: 1_795_422_600_999 }, 1_795_422_600],
  ])('takes an epoch newer than %s', (_, { leaseEpoch = 41, epoch = 0, epochMs = 1_000 }, taken) => {
    const lease = nextWrite({ ...NO_LEASE, epoch }, unit({ leaseEpoch }), { monoMs: 7, epochMs })
    expect(lease).toEqual({ state: 'taking', epoch: taken, sequence: 1, sinceMonoMs: 7, renewedAtMonoMs: 7 })
  })

  test('is confirmed by the controller', () => {
    expect(judge(TAKING, holding({ leaseSequence: 1 })).lease.state).toBe('held')
  })

  test.each([
    [2_500, null],
    [2_501, 'LEASE_REFUSED'],
  ])('that is not confirmed by %d ms', (nowMonoMs, code) => {
    const { blocker } = judge(TAKING, unit({ leaseEpoch: 41, refusedCommandCode: 2 }), nowMonoMs)
    expect(blocker).toEqual(code && { code, numbers: { code: 2 } })
  })
})

describe('while we hold it', () => {
  test('every write has the next sequence of the same epoch', () => {
    const next = nextWrite(HELD, holding(), { monoMs: 9, epochMs: 9 })
    expect([next.epoch, next.sequence]).toEqual([50, 11])
  })

  test.each<[string, Partial<UnitStatus>, string | null]>([
    ['the controller holds it for us', {}, null],
    ['the controller has let it run out', { leaseRemainingMs: 0 }, 'LEASE_LOST'],
    ['a newer epoch has taken over', { leaseEpoch: 51 }, 'LEASE_HELD_BY_ANOTHER'],
    ['somebody writes in our own epoch, ahead of us', { leaseSequence: 11 }, 'LEASE_HELD_BY_ANOTHER'],
  ])('%s', (_, status, code) => {
    const { lease, blocker } = judge(HELD, holding(status))
    expect(blocker?.code ?? null).toBe(code)
    expect(lease.state).toBe(code === null ? 'held' : 'none')
  })

  test.each([
    [1_000 + LEASE_MS, 'held'],
    [1_001 + LEASE_MS, 'none'],
  ])('without a sign of the controller at %d ms it is %s', (nowMonoMs, state) => {
    const { lease } = judgeLease(HELD, stale(holding(), 900), nowMonoMs)
    expect(lease.state).toBe(state)
  })

  test('a write that the device took keeps it', () => {
    const { lease } = judgeLease(renewed(HELD, 3_000), stale(holding(), 900), 1_001 + LEASE_MS)
    expect(lease.state).toBe('held')
  })
})

test('a lease is at most the three seconds of the field contract, and never nothing', () => {
  expect(LEASE_MS).toBeGreaterThanOrEqual(1)
  expect(LEASE_MS).toBeLessThanOrEqual(3_000)
})
