/** One overlap: its interval, the phases whose change times are its own, and the yellow and red that end a right of way. */
import type { Bits } from '#base/bits.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import type { PhaseLayout } from '../layout.ts'
import type { OverlapLayout } from './overlap-layout.ts'

/** Of a pedestrian overlap `green` is walk, `yellow` its clearance and `red` don't walk. */
export type OverlapInterval = 'red' | 'redAmber' | 'green' | 'trailing' | 'flash' | 'yellow' | 'redClear'

export interface OverlapRun {
  readonly layout: OverlapLayout
  interval: OverlapInterval
  /** In the interval; of red, since the end of the yellow. */
  elapsedMs: number
  /** The phases that carried it last: it ends with their change times. */
  carriers: Bits
  redAmberMs: number
  yellowMs: number
  redClearMs: number
  /** Its right of way is, or was, that of an arrow that flashes: the yellow after it still goes beside the oncoming street. */
  flashed: boolean
  /** The flashing section is lit. */
  lit: boolean
}

export function createOverlap(layout: OverlapLayout): OverlapRun {
  return {
    layout,
    interval: 'red',
    elapsedMs: layout.redRevertMs,
    carriers: 0,
    redAmberMs: 0,
    yellowMs: 0,
    redClearMs: 0,
    flashed: false,
    lit: false,
  }
}

export function enter(overlap: OverlapRun, interval: OverlapInterval): void {
  overlap.interval = interval
  overlap.elapsedMs = 0
}

/** Remembers who carries it; who carried it last, when nobody does. */
export function noteCarriers(overlap: OverlapRun, phases: Bits): void {
  if (phases !== 0) overlap.carriers = phases
}

/** Red and amber first, as long as the phases that begin it show theirs; a phase that comes with it is waited for. */
export function beginGreen(overlap: OverlapRun, greens: Bits, emit: EmitEvent): void {
  overlap.flashed = false
  overlap.redAmberMs = longestMs(overlap.layout, greens, redAmberOf)
  if (greens !== 0 && overlap.redAmberMs === 0) showGreen(overlap, emit)
  else enter(overlap, 'redAmber')
}

export function showGreen(overlap: OverlapRun, emit: EmitEvent): void {
  enter(overlap, 'green')
  emit(EVENT.overlapGreen, overlap.layout.number)
}

/** Clears with its own times, where it has them, else with those of the phases that it ends with: where two, the longer. */
export function beginYellow(overlap: OverlapRun, emit: EmitEvent): void {
  overlap.yellowMs = yellowToBeMs(overlap)
  overlap.redClearMs = redClearToBeMs(overlap)
  enter(overlap, 'yellow')
  emit(EVENT.overlapYellow, overlap.layout.number)
}

/** Yellow gives way to red clearance, red clearance to red. */
export function advanceClearance(overlap: OverlapRun, emit: EmitEvent): void {
  const { number } = overlap.layout
  if (overlap.interval === 'yellow' && overlap.elapsedMs >= overlap.yellowMs) {
    enter(overlap, 'redClear')
    emit(EVENT.overlapRedClear, number)
  }
  if (overlap.interval === 'redClear' && overlap.elapsedMs >= overlap.redClearMs) {
    overlap.interval = 'red'
    emit(EVENT.overlapOff, number)
  }
}

/** Until it is red, if its phases end now; 0 where it is. Of a crossing its phases say it. */
export function untilRedMs(overlap: OverlapRun): number {
  const { layout, interval, elapsedMs } = overlap
  if (interval === 'red' || layout.kind === 'pedestrian') return 0
  if (interval === 'redClear') return overlap.redClearMs - elapsedMs
  if (interval === 'yellow') return overlap.yellowMs + overlap.redClearMs - elapsedMs
  const trailedMs = interval === 'trailing' ? elapsedMs : 0
  return layout.trailingGreenMs - trailedMs + yellowToBeMs(overlap) + redClearToBeMs(overlap)
}

const yellowToBeMs = ({ layout, carriers }: OverlapRun): number =>
  layout.trailingYellowMs || longestMs(layout, carriers, yellowOf)
const redClearToBeMs = ({ layout, carriers }: OverlapRun): number =>
  layout.trailingRedMs || longestMs(layout, carriers, redClearOf)

const redAmberOf = ({ timing }: PhaseLayout): number => timing.redAmberMs
const yellowOf = ({ timing }: PhaseLayout): number => timing.yellowMs
const redClearOf = ({ timing }: PhaseLayout): number => timing.redClearMs

function longestMs(layout: OverlapLayout, phases: Bits, timeOf: (phase: PhaseLayout) => number): number {
  let longest = 0
  for (const phase of layout.phases) if ((phase.bit & phases) !== 0) longest = Math.max(longest, timeOf(phase))
  return longest
}
