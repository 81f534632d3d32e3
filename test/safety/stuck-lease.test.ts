/** A lease that goes on although nobody renews it. */
import { expect, test } from 'vitest'
import { isStuck, seeLease, STUCK_LEASE_MS, type SeenLease } from '#safety/monitor/stuck-lease.ts'

const lease = (leaseSequence: number, leaseRemainingMs = 1_000, leaseEpoch = 7) => ({
  leaseEpoch,
  leaseSequence,
  leaseRemainingMs,
})
const at = (ms: number) => ({ askedMonoMs: ms, answeredMonoMs: ms + 20 })

test.each([
  [20 + STUCK_LEASE_MS - 1, false],
  [20 + STUCK_LEASE_MS, true],
])('whose numbers stand from the first answer to the question %i ms later is stuck: %s', (ms, stuck) => {
  const seen = seeLease(seeLease(null, lease(3), at(0)), lease(3), at(ms))
  expect(isStuck(seen, at(ms))).toBe(stuck)
})

test.each<[string, SeenLease | null]>([
  ['is renewed', seeLease(seeLease(null, lease(3), at(0)), lease(4), at(3_000))],
  ['is taken anew', seeLease(seeLease(null, lease(3), at(0)), lease(3, 1_000, 8), at(3_000))],
  ['has run out', seeLease(seeLease(null, lease(3), at(0)), lease(3, 0), at(3_000))],
])('one that %s is not', (_, seen) => {
  expect(isStuck(seen, at(4_000))).toBe(false)
})

test('it lies between the longest lease and the time in which a cabinet is local', () => {
  expect([STUCK_LEASE_MS > 3_000, STUCK_LEASE_MS < 4_000]).toEqual([true, true])
})
