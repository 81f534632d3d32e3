/** Our side of the lease: when it may be taken, whether the controller still holds it for us, and the numbers of the next write. */
import type { Known } from '#base/known.ts'
import type { Reason } from '#control/strategy.ts'
import { LEASE_MS_MAX } from '#signal/command.ts'
import type { UnitStatus } from '#signal/status.ts'

/**
 * What we ask for with each write. Below the field contract's 3 s, so that a cabinet is local within 4 s of our last
 * breath even when it counts in halves of a second; above 2 s, so that a hiccup of the network does not end it.
 */
export const LEASE_MS = Math.min(2_500, LEASE_MS_MAX)
/** A controller that has not shown our lease after so many scans has refused it. */
const TAKE_MS_MAX = 1_500

export interface Lease {
  readonly state: 'none' | 'taking' | 'held'
  /** The last epoch that was ours, 0 = none yet. A lapsed epoch is never used again. */
  readonly epoch: number
  readonly sequence: number
  /** `taking`: when it was first asked for. */
  readonly sinceMonoMs: number
  /** When the last write that the device took was sent. */
  readonly renewedAtMonoMs: number
}

export const NO_LEASE: Lease = { state: 'none', epoch: 0, sequence: 0, sinceMonoMs: 0, renewedAtMonoMs: 0 }

export interface Judgement {
  readonly lease: Lease
  /** Why we may not command; null = we hold the lease, or may take one. */
  readonly blocker: Reason | null
}

/** Compares what we believe with what the controller reports; called every tick, before anything is decided. */
export function judgeLease(lease: Lease, unit: Known<UnitStatus>, nowMonoMs: number): Judgement {
  const lapsed = lease.state !== 'none' && nowMonoMs - lastSignOfLife(lease) > LEASE_MS
  if (lapsed) return lost(lease, 'LEASE_LOST', { epoch: lease.epoch })
  if (unit.quality !== 'good') return { lease, blocker: null }
  if (lease.state === 'none') return { lease, blocker: whyNotYet(lease, unit.value) }
  return lease.state === 'taking' ? judgeTaking(lease, unit.value, nowMonoMs) : judgeHeld(lease, unit.value)
}

/** The lease after a write is prepared: a new epoch from `none`, the next sequence otherwise. */
export function nextWrite(lease: Lease, unit: UnitStatus, now: { monoMs: number; epochMs: number }): Lease {
  if (lease.state !== 'none') return { ...lease, sequence: lease.sequence + 1 }
  // The second of the wall clock keeps two edges that see the same old epoch from choosing the same new one.
  const epoch = Math.max(unit.leaseEpoch + 1, lease.epoch + 1, Math.floor(now.epochMs / 1_000))
  return { state: 'taking', epoch, sequence: 1, sinceMonoMs: now.monoMs, renewedAtMonoMs: now.monoMs }
}

export const renewed = (lease: Lease, sentAtMonoMs: number): Lease => ({ ...lease, renewedAtMonoMs: sentAtMonoMs })

/** Lets it run out at the controller; we never use its epoch again. */
export const released = (lease: Lease): Lease => ({ ...lease, state: 'none' })

/**
 * Whether a refused write of ours says that another supervisor has our epoch: the numbers that we wrote have been used up, and not
 * by us. It is his then.
 */
export function isDoubled(refused: Lease, unit: UnitStatus): boolean {
  const { epoch, sequence } = refused
  return unit.leaseRemainingMs > 0 && unit.leaseEpoch === epoch && unit.leaseSequence >= sequence
}

/** Steps back from an epoch that turned out to be another's. */
export const steppedBack = (lease: Lease): Lease => ({ ...released(lease), epoch: 0 })

const lastSignOfLife = (lease: Lease): number => Math.max(lease.renewedAtMonoMs, lease.sinceMonoMs)

/** A running lease of our own last epoch will lapse within its time; anybody else's is respected until it does. */
function whyNotYet(lease: Lease, unit: UnitStatus): Reason | null {
  if (unit.leaseRemainingMs > 0 && unit.leaseEpoch !== lease.epoch) return heldByAnother(unit)
  if (unit.leaseRemainingMs > 0 || unit.localCyclesSinceLease < 1) return { code: 'LOCAL_CYCLE_FIRST', numbers: {} }
  return null
}

function judgeTaking(lease: Lease, unit: UnitStatus, nowMonoMs: number): Judgement {
  if (isOurs(lease, unit)) return { lease: { ...lease, state: 'held' }, blocker: null }
  if (nowMonoMs - lease.sinceMonoMs <= TAKE_MS_MAX) return { lease, blocker: null }
  return lost(lease, 'LEASE_REFUSED', { code: unit.refusedCommandCode })
}

function judgeHeld(lease: Lease, unit: UnitStatus): Judgement {
  if (isOurs(lease, unit)) return { lease, blocker: null }
  if (unit.leaseRemainingMs === 0) return lost(lease, 'LEASE_LOST', { epoch: lease.epoch })
  return { lease: released(lease), blocker: heldByAnother(unit) }
}

/** A sequence ahead of ours in our own epoch is another supervisor that chose the same number. */
function isOurs(lease: Lease, unit: UnitStatus): boolean {
  return unit.leaseEpoch === lease.epoch && unit.leaseRemainingMs > 0 && unit.leaseSequence <= lease.sequence
}

const heldByAnother = (unit: UnitStatus): Reason => ({
  code: 'LEASE_HELD_BY_ANOTHER',
  numbers: { epoch: unit.leaseEpoch },
})

const lost = (lease: Lease, code: Reason['code'], numbers: Reason['numbers']): Judgement => ({
  lease: released(lease),
  blocker: { code, numbers },
})
