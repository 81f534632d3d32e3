/** Somebody else's hand at the controller's leased points: another edge, or a master that nobody told us of. */
import type { Known } from '#base/known.ts'
import type { UnitStatus } from '#signal/status.ts'

/** Who renews ten times a second and is not heard for so long has gone. */
const GONE_MS = 10_000

export interface OtherSupervisor {
  /** The lease that was shown last, whosever it is; null before the first look. */
  readonly shown: { readonly epoch: number; readonly sequence: number } | null
  /** When somebody else was seen to write last; null = not yet. */
  readonly wroteAtMonoMs: number | null
}

export const NOBODY_ELSE: OtherSupervisor = { shown: null, wroteAtMonoMs: null }

/** What of the lease is our own doing. */
export interface OwnWrites {
  /** The last that was ours, 0 = none. */
  readonly epoch: number
  /** The highest that we have used in it. */
  readonly sequence: number
  /** When our last write was sent, if the controller has taken it and no other of ours can still be on its way; else null. */
  readonly takenAtMonoMs: number | null
}

export const NO_WRITES: OwnWrites = { epoch: 0, sequence: 0, takenAtMonoMs: null }

interface Look {
  readonly unit: Known<UnitStatus>
  readonly own: OwnWrites
  readonly nowMonoMs: number
}

/** One tick. A lease that we left behind in a former life stands there at the first look, and is never renewed. */
export function watchOthers(before: OtherSupervisor, { unit, own, nowMonoMs }: Look): OtherSupervisor {
  const { wroteAtMonoMs } = before
  const isGone = wroteAtMonoMs !== null && nowMonoMs - wroteAtMonoMs >= GONE_MS
  const known = isGone ? { ...before, wroteAtMonoMs: null } : before
  if (unit.quality !== 'good') return known
  const { leaseEpoch: epoch, leaseSequence: sequence } = unit.value
  const hasWritten = isTaken(known, unit.value, own) || isRefused(unit.value, own, nowMonoMs - unit.ageMs)
  if (!hasWritten && epoch === known.shown?.epoch && sequence === known.shown.sequence) return known
  return { shown: { epoch, sequence }, wroteAtMonoMs: hasWritten ? nowMonoMs : known.wroteAtMonoMs }
}

/** A lease that has come or been renewed since the last look, and not by us; nor is one ours that is ahead of us in our own epoch. */
function isTaken({ shown }: OtherSupervisor, now: UnitStatus, own: OwnWrites): boolean {
  const { leaseEpoch: epoch, leaseSequence: sequence, leaseRemainingMs } = now
  if (shown === null || leaseRemainingMs === 0) return false
  if (epoch === own.epoch && sequence <= own.sequence) return false
  return epoch !== shown.epoch || sequence > shown.sequence
}

/** The last write was refused, and our own last one was taken before this was read. */
const isRefused = (now: UnitStatus, { takenAtMonoMs }: OwnWrites, readAtMonoMs: number): boolean =>
  now.refusedCommandCode !== 0 && takenAtMonoMs !== null && readAtMonoMs > takenAtMonoMs
