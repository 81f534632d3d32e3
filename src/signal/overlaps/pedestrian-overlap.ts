/** Pedestrian overlaps: a crossing that walks while any of its phases walks, and clears while the last of them clears. */
import { EVENT, type EmitEvent } from '../events.ts'
import { enter, type OverlapInterval, type OverlapRun } from './overlap-run.ts'
import type { PhasesNow } from './phases-now.ts'

const EVENTS = {
  green: EVENT.pedOverlapWalk,
  yellow: EVENT.pedOverlapClear,
  red: EVENT.pedOverlapDontWalk,
} as const satisfies Partial<Record<OverlapInterval, number>>

/** Each phase times walk and clearance of its own; whoever is still in the clearance of one is covered by the walk of another. */
export function followPedestrians(overlap: OverlapRun, { walks, pedClears }: PhasesNow, emit: EmitEvent): void {
  const { included, number } = overlap.layout
  const interval = (walks & included) !== 0 ? 'green' : (pedClears & included) !== 0 ? 'yellow' : 'red'
  if (interval === overlap.interval) return
  enter(overlap, interval)
  emit(EVENTS[interval], number)
}
