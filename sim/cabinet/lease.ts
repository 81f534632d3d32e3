/** The controller's side of the lease: who may supervise it, until when, and how long it has been on its own since. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { LeaseRefusal } from '#devices/points.ts'
import { LEASE_MS_MAX } from '#signal/command.ts'

/** Plain data; every step returns a new one. */
export interface Lease {
  /** Newest epoch that ever held the lease, 0 = none. It is closed for good once `remainingMs` is 0. */
  readonly epoch: number
  /** Sequence accepted last in that epoch. */
  readonly sequence: number
  /** 0 = nobody supervises. */
  readonly remainingMs: number
  /** Whole local cycles since the lease ended; 0 while it is held. */
  readonly localCycles: number
  /** Time in the local cycle that runs. */
  readonly localCycleMs: number
}

export interface LeaseRequest {
  readonly epoch: number
  readonly sequence: number
  readonly leaseMs: number
}

export type LeaseFault = Extract<LeaseRefusal, 'leaseZeroOrTooLong' | 'staleEpoch' | 'staleSequence'>

/**
 * After a power-up. The epoch is remembered through the power cut, so that a supervisor from before it stays closed;
 * the first lease since start-up need not wait for a local cycle.
 */
export const leaseAtPowerUp = (newestEpoch: number): Lease => ({
  epoch: newestEpoch,
  sequence: 0,
  remainingMs: 0,
  localCycles: 1,
  localCycleMs: 0,
})

export const isHeld = (lease: Lease): boolean => lease.remainingMs > 0

/** Gives or renews the lease. A newer epoch takes over at once; an epoch that has run out never comes back. */
export function grantLease(lease: Lease, { epoch, sequence, leaseMs }: LeaseRequest): Outcome<Lease, LeaseFault> {
  if (!(leaseMs >= 1 && leaseMs <= LEASE_MS_MAX)) return failed('leaseZeroOrTooLong')
  const renewal = isHeld(lease) && epoch === lease.epoch
  if (!renewal && !(epoch > lease.epoch)) return failed('staleEpoch')
  if (renewal && !(sequence > lease.sequence)) return failed('staleSequence')
  return ok({ epoch, sequence, remainingMs: leaseMs, localCycles: 0, localCycleMs: 0 })
}

/** Ends the lease before its time: the technician's key. */
export const endLease = (lease: Lease): Lease => ({ ...lease, remainingMs: 0 })

/** Ends the lease, and gives none before the controller has run a whole cycle on its own again: after a fault. */
export const revokeLease = (lease: Lease): Lease => ({ ...endLease(lease), localCycles: 0, localCycleMs: 0 })

/** Lets the lease run down; without one, counts the cycles that the controller runs on its own, `cycleMs` long. */
export function ageLease(lease: Lease, elapsedMs: number, cycleMs: number): Lease {
  if (isHeld(lease)) return { ...lease, remainingMs: Math.max(0, lease.remainingMs - elapsedMs) }
  const runMs = lease.localCycleMs + elapsedMs
  const cycles = Math.floor(runMs / cycleMs)
  return { ...lease, localCycles: lease.localCycles + cycles, localCycleMs: runMs - cycles * cycleMs }
}
