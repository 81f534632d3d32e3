/** Overlaps: signal groups that are green with any of their phases, and from one of them to the next without a yellow. */
import type { Bits } from '#base/bits.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import type { OverlapLayout } from '../layout.ts'
import { phasesIn, RED_REVERT_MS, type Ring } from '../rings/ring.ts'

export interface OverlapRun {
  readonly layout: OverlapLayout
  interval: 'red' | 'redAmber' | 'green' | 'yellow' | 'redClear'
  elapsedMs: number
  /** Change times of the phase that it ended with. */
  yellowMs: number
  redClearMs: number
}

export function createOverlap(layout: OverlapLayout): OverlapRun {
  return { layout, interval: 'red', elapsedMs: RED_REVERT_MS, yellowMs: 0, redClearMs: 0 }
}

/** Lets `elapsedMs` pass: yellow gives way to red clearance, red clearance to red. */
export function advanceOverlap(overlap: OverlapRun, elapsedMs: number, emit: EmitEvent): void {
  const { number } = overlap.layout
  overlap.elapsedMs += elapsedMs
  if (overlap.interval === 'yellow' && overlap.elapsedMs >= overlap.yellowMs) {
    enter(overlap, 'redClear')
    emit(EVENT.overlapRedClear, number)
  }
  if (overlap.interval === 'redClear' && overlap.elapsedMs >= overlap.redClearMs) {
    overlap.interval = 'red'
    emit(EVENT.overlapOff, number)
  }
}

/** Follows the phases of the rings as they are now. */
export function followPhases(overlap: OverlapRun, rings: readonly Ring[], emit: EmitEvent): void {
  const { included, number } = overlap.layout
  const greens = phasesIn(rings, 'green') & included
  const redAmbers = phasesIn(rings, 'redAmber') & included
  if (overlap.interval === 'green') {
    if ((greens | redAmbers) === 0 && !bridges(rings, included)) endOverlap(overlap, rings, emit)
    return
  }
  if (overlap.interval !== 'red' && overlap.interval !== 'redAmber') return
  if (greens !== 0) {
    enter(overlap, 'green')
    emit(EVENT.overlapGreen, number)
  } else if (overlap.interval === 'red' && redAmbers !== 0) enter(overlap, 'redAmber')
}

/** Overlaps that are not red: phases that conflict with all they include must wait. */
export function activeOverlaps(overlaps: readonly OverlapRun[]): Bits {
  let bits = 0
  for (const { layout, interval } of overlaps) if (interval !== 'red') bits |= layout.bit
  return bits
}

/** Overlaps that have just ended: a phase of theirs waits until they may be green again, so that no yellow turns green. */
export function clearingOverlaps(overlaps: readonly OverlapRun[]): Bits {
  let bits = 0
  for (const { layout, interval, elapsedMs } of overlaps)
    if (interval === 'yellow' || interval === 'redClear' || (interval === 'red' && elapsedMs < RED_REVERT_MS))
      bits |= layout.bit
  return bits
}

function enter(overlap: OverlapRun, interval: OverlapRun['interval']): void {
  overlap.interval = interval
  overlap.elapsedMs = 0
}

/** A ring that has ended one of the phases goes on to another of them. */
function bridges(rings: readonly Ring[], included: Bits): boolean {
  for (const { phase, previous, next } of rings) {
    const ended = phase ?? previous
    if (ended !== null && next !== null && (ended.bit & included) !== 0 && (next.bit & included) !== 0) return true
  }
  return false
}

/** Clears as long as the phases that it ends with; where two end together, as the longer. */
function endOverlap(overlap: OverlapRun, rings: readonly Ring[], emit: EmitEvent): void {
  overlap.yellowMs = 0
  overlap.redClearMs = 0
  for (const { phase, interval } of rings) {
    if (phase === null || interval !== 'yellow' || (phase.bit & overlap.layout.included) === 0) continue
    overlap.yellowMs = Math.max(overlap.yellowMs, phase.timing.yellowMs)
    overlap.redClearMs = Math.max(overlap.redClearMs, phase.timing.redClearMs)
  }
  enter(overlap, 'yellow')
  emit(EVENT.overlapYellow, overlap.layout.number)
}
