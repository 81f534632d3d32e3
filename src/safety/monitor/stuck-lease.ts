/** A lease that does not run out although nobody renews it: then a controller would go on doing what it was asked for last. */
import type { UnitStatus } from '#signal/status.ts'
import type { Moment } from './lasting.ts'

/** A lease is 3 s at most, and never stuck below; a cabinet is local within 4 s of its last renewal, and always stuck then. */
export const STUCK_LEASE_MS = 3_500

/** The numbers under which it was renewed last, and when they were seen first. */
export interface SeenLease {
  readonly epoch: number
  readonly sequence: number
  readonly sinceMonoMs: number
}

export type ReportedLease = Pick<UnitStatus, 'leaseEpoch' | 'leaseSequence' | 'leaseRemainingMs'>

/** null before, and while nobody holds it. */
export function seeLease(before: SeenLease | null, lease: ReportedLease, { answeredMonoMs }: Moment): SeenLease | null {
  if (lease.leaseRemainingMs === 0) return null
  const { leaseEpoch: epoch, leaseSequence: sequence } = lease
  if (before?.epoch === epoch && before.sequence === sequence) return before
  return { epoch, sequence, sinceMonoMs: answeredMonoMs }
}

export const isStuck = (seen: SeenLease | null, { askedMonoMs }: Moment): boolean =>
  seen !== null && askedMonoMs - seen.sinceMonoMs >= STUCK_LEASE_MS
