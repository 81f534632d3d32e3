/** The controller's side of the lease: who may supervise it, until when, and how long it has been on its own since. */
import { LEASE_MS_MAX } from '#signal/command.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { LeaseRefusal } from '#devices/points.ts'

/** Plain data; every step returns a new one. */
export interface Lease {
  /** Newest epoch that ever held the lease, 0 = none. Closed for good when `remainingMs` is 0. */
  readonly epoch: number
  /** Sequence accepted last in that epoch. */
  readonly sequence: number
  /** 0 = nobody supervises. */
  readonly remainingMs: number
}

export interface LeaseRequest {
  readonly epoch: number
  readonly sequence: number
  readonly leaseMs: number
}

export type LeaseFault = Extract<LeaseRefusal, 'leaseZeroOrTooLong' | 'staleEpoch' | 'staleSequence'>

/** The lease after a power-up: the epoch is remembered through the cut, so that a supervisor from before it stays closed. */
export const unheldLease = (newestEpoch: number): Lease => ({ epoch: newestEpoch, sequence: 0, remainingMs: 0 })

export const isHeld = (lease: Lease): boolean => lease.remainingMs > 0

/** Gives or renews the lease. A newer epoch takes over at once; an epoch that has run out never comes back. */
export function grantLease(lease: Lease, request: LeaseRequest): Outcome<Lease, LeaseFault> {
  const { epoch, sequence, leaseMs } = request
  if (!(leaseMs >= 1 && leaseMs <= LEASE_MS_MAX)) return failed('leaseZeroOrTooLong')
  const renewal = isHeld(lease) && epoch === lease.epoch
  if (!renewal && !(epoch > lease.epoch)) return failed('staleEpoch')
  if (renewal && !(sequence > lease.sequence)) return failed('staleSequence')
  return ok({ epoch, sequence, remainingMs: leaseMs })
}

export const ageLease = (lease: Lease, elapsedMs: number): Lease =>
  isHeld(lease) ? { ...lease, remainingMs: Math.max(0, lease.remainingMs - elapsedMs) } : lease
