/**
 * How many are between the feeders of a street and its advance loops: counted in where they leave the feeders, and out where
 * they come over the loops. In a jam nobody has left the feeders for minutes, and the street is full all the same.
 */
import type { IntersectionId } from '#base/id.ts'
import type { Approach } from '#signal/intersection.ts'
import type { IntersectionView } from '#signal/view.ts'
import { countsOf, loopsOf, passed, type AdvanceLoops, type LoopCounts } from './advance-loops.ts'
import { leftSince, leftWithin } from './announced.ts'
import { fromLoopS, storageOf, travelS } from './feeding-street.ts'
import { shareOf, type LeadSkill } from './lead.ts'

/** Plain data. */
export interface StreetLoad {
  /** Vehicles, not whole ones. */
  readonly beyond: number
  /** Of the loops; null while one of them is not trusted. */
  readonly counts: LoopCounts | null
  /** By feeder, until when who left it has been counted in, by its own clock. */
  readonly heardToEpochMs: Readonly<Record<IntersectionId, number>>
  /** Since when nobody has been over any of the loops; null while somebody is. */
  readonly emptySinceMonoMs: number | null
}

export const NO_LOAD_YET: StreetLoad = { beyond: 0, counts: null, heardToEpochMs: {}, emptySinceMonoMs: null }

/** A queue that moves over the loops leaves no such gap in all lanes at once: nobody stands behind them. */
const DRAINED_MS = 3_000

export interface LoadBefore {
  readonly before: StreetLoad
  /** Of words about vehicles under way: which share of them comes. */
  readonly worth: LeadSkill
}

/** One second more. */
export function stepLoad(view: IntersectionView, approach: Approach, { before, worth }: LoadBefore): StreetLoad {
  const { neighbours, nowMonoMs } = view
  const loops = loopsOf(view, approach)
  const counts = loops === null ? null : countsOf(view, loops.ids)
  const { vehicles, heardToEpochMs } = leftSince(approach, neighbours, before.heardToEpochMs)
  if (loops === null || counts === null) return { ...NO_LOAD_YET, heardToEpochMs }
  const came = before.counts === null ? 0 : passed(before.counts, counts)
  const isEmpty = came === 0 && !isCovered(view, loops)
  const emptySinceMonoMs = isEmpty ? (before.emptySinceMonoMs ?? nowMonoMs) : null
  const share = shareOf(worth)
  const counted = Math.min(storageOf(approach), Math.max(0, before.beyond + share * vehicles - came))
  const isDrained = emptySinceMonoMs !== null && nowMonoMs - emptySinceMonoMs >= DRAINED_MS
  const loopS = fromLoopS(approach, loops.setbackM)
  const beyond = isDrained
    ? Math.min(counted, share * leftWithin(approach, neighbours, (feeder) => travelS(approach, feeder) - loopS))
    : counted
  return { beyond, counts, heardToEpochMs, emptySinceMonoMs }
}

const isCovered = ({ detectors }: IntersectionView, { ids }: AdvanceLoops): boolean =>
  ids.some((id) => {
    const reading = detectors.get(id)
    return reading?.quality === 'good' && reading.value.occupied
  })
