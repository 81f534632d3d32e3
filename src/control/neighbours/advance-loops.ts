/** The advance loops of an approach, and who has come over them. */
import type { DetectorId } from '#base/id.ts'
import type { Approach } from '#signal/intersection.ts'
import type { IntersectionView } from '#signal/view.ts'
import { passedSince } from '../queues/counter.ts'

export interface AdvanceLoops {
  readonly ids: readonly DetectorId[]
  readonly setbackM: number
}

/** Actuations, by number of the loop. */
export type LoopCounts = Readonly<Record<number, number>>

/** Null where there are none, or one of them counts for other streets too. */
export function loopsOf({ intersection }: IntersectionView, approach: Approach): AdvanceLoops | null {
  const own = new Set(approach.lanes.map(({ id }) => id))
  const loops = intersection.detectors.filter(
    ({ kind, lanes }) => kind === 'advance' && lanes.some((lane) => own.has(lane)),
  )
  if (loops.length === 0 || !loops.every(({ lanes }) => lanes.every((lane) => own.has(lane)))) return null
  return { ids: loops.map(({ id }) => id), setbackM: Math.max(...loops.map(({ setbackM }) => setbackM)) }
}

/** Null where one of them is not trusted. */
export function countsOf({ detectors }: IntersectionView, ids: readonly DetectorId[]): LoopCounts | null {
  const counts: Record<number, number> = {}
  for (const id of ids) {
    const reading = detectors.get(id)
    if (reading?.quality !== 'good') return null
    counts[id] = reading.value.actuationCount
  }
  return counts
}

export const passed = (before: LoopCounts, now: LoopCounts): number =>
  Object.entries(now).reduce((sum, [id, count]) => sum + passedSince(before[Number(id)] ?? null, count), 0)
