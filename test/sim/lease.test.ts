/** Pictures of a lease: who gets it, who is refused, and who never gets it back. */
import { expect, test } from 'vitest'
import {
  ageLease,
  endLease,
  grantLease,
  isHeld,
  leaseAtPowerUp,
  type Lease,
  type LeaseFault,
  type LeaseRequest,
} from '#sim/cabinet/lease.ts'

const CYCLE_MS = 90_000
const NEVER_HELD = leaseAtPowerUp(0)
const HELD: Lease = { epoch: 7, sequence: 20, remainingMs: 1_500, localCycles: 0, localCycleMs: 0 }
const RUN_OUT: Lease = { ...HELD, remainingMs: 0 }

const ask = (request: Partial<LeaseRequest>): LeaseRequest => ({ epoch: 7, sequence: 21, leaseMs: 2_000, ...request })

const verdict = (lease: Lease, request: LeaseRequest): LeaseFault | 'granted' => {
  const granted = grantLease(lease, request)
  return granted.ok ? 'granted' : granted.fault
}

test.each<readonly [string, Lease, Partial<LeaseRequest>, LeaseFault | 'granted']>([
  ['the first supervisor ever', NEVER_HELD, { epoch: 1, sequence: 0 }, 'granted'],
  ['an epoch of 0, which is no epoch', NEVER_HELD, { epoch: 0 }, 'staleEpoch'],
  ['a lease of 0', NEVER_HELD, { leaseMs: 0 }, 'leaseZeroOrTooLong'],
  ['a lease below 0', NEVER_HELD, { leaseMs: -1 }, 'leaseZeroOrTooLong'],
  ['a lease that is no number', NEVER_HELD, { leaseMs: Number.NaN }, 'leaseZeroOrTooLong'],
  ['the shortest lease', NEVER_HELD, { leaseMs: 1 }, 'granted'],
  ['the longest lease', NEVER_HELD, { leaseMs: 3_000 }, 'granted'],
  ['a lease of 1 ms too much', NEVER_HELD, { leaseMs: 3_001 }, 'leaseZeroOrTooLong'],
  ['a renewal by the next sequence', HELD, { sequence: 21 }, 'granted'],
  ['a renewal that skips sequences', HELD, { sequence: 400 }, 'granted'],
  ['a repeated sequence', HELD, { sequence: 20 }, 'staleSequence'],
  ['an older sequence', HELD, { sequence: 19 }, 'staleSequence'],
  ['a newer epoch that takes over', HELD, { epoch: 8, sequence: 0 }, 'granted'],
  ['an older epoch while another holds', HELD, { epoch: 6, sequence: 999 }, 'staleEpoch'],
  ['the epoch that has run out, with a newer sequence', RUN_OUT, { epoch: 7, sequence: 21 }, 'staleEpoch'],
  ['an epoch older than the one that has run out', RUN_OUT, { epoch: 6 }, 'staleEpoch'],
  ['an epoch newer than the one that has run out', RUN_OUT, { epoch: 8 }, 'granted'],
])('%s', (_, lease, request, expected) => {
  expect(verdict(lease, ask(request))).toBe(expected)
})

test('a supervisor that was taken over from stays out, also after the newer one has run out', () => {
  const old = grantLease(NEVER_HELD, ask({ epoch: 3 }))
  const taken = grantLease(old.ok ? old.value : NEVER_HELD, ask({ epoch: 5, sequence: 1 }))
  if (!taken.ok) throw new Error(taken.fault)
  expect(verdict(taken.value, ask({ epoch: 3, sequence: 99 }))).toBe('staleEpoch')
  const runOut = ageLease(taken.value, 2_000, CYCLE_MS)
  expect(isHeld(runOut)).toBe(false)
  expect(verdict(runOut, ask({ epoch: 3, sequence: 100 }))).toBe('staleEpoch')
  expect(verdict(runOut, ask({ epoch: 5, sequence: 2 }))).toBe('staleEpoch')
  expect(verdict(runOut, ask({ epoch: 6, sequence: 0 }))).toBe('granted')
})

test('a lease is held until its last millisecond and no longer', () => {
  expect(isHeld(ageLease(HELD, 1_499, CYCLE_MS))).toBe(true)
  expect(isHeld(ageLease(HELD, 1_500, CYCLE_MS))).toBe(false)
  expect(isHeld(ageLease(HELD, 1_501, CYCLE_MS))).toBe(false)
})

test('an epoch from before a power cut stays closed after it', () => {
  expect(verdict(leaseAtPowerUp(7), ask({ epoch: 7 }))).toBe('staleEpoch')
  expect(verdict(leaseAtPowerUp(7), ask({ epoch: 8 }))).toBe('granted')
})

test('the technician ends a lease for good', () => {
  expect(verdict(endLease(HELD), ask({ epoch: 7, sequence: 21 }))).toBe('staleEpoch')
})

test('whole local cycles are counted from the end of the lease, and at least one stands at start-up', () => {
  expect(NEVER_HELD.localCycles).toBe(1)
  let lease = ageLease(HELD, 1_500, CYCLE_MS)
  expect(lease.localCycles).toBe(0)
  for (let ms = 0; ms < CYCLE_MS - 100; ms += 100) lease = ageLease(lease, 100, CYCLE_MS)
  expect(lease.localCycles).toBe(0)
  lease = ageLease(lease, 100, CYCLE_MS)
  expect(lease.localCycles).toBe(1)
  for (let ms = 0; ms < CYCLE_MS; ms += 100) lease = ageLease(lease, 100, CYCLE_MS)
  expect(lease.localCycles).toBe(2)
})
