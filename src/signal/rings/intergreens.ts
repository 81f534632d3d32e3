/** Intergreens at work: how long ago each head lost its right of way, and who still has to wait for that. */
import { at } from '#base/at.ts'
import type { PhaseLayout } from '../layout.ts'
import type { OverlapRun } from '../overlaps/overlap-run.ts'
import type { EndingHead, IntergreenLayout, Wait } from './intergreen-layout.ts'
import { phasesIn, type Ring } from './ring.ts'

export interface Intergreens {
  readonly layout: IntergreenLayout
  /** By head: it has right of way, as at the end of the last step. */
  readonly on: number[]
  /** By head: since the end of its right of way; at power-up nobody has had any. */
  readonly sinceMs: number[]
}

export function createIntergreens(layout: IntergreenLayout): Intergreens {
  const { length } = layout.heads
  const all = (value: number) => Array.from({ length }, () => value)
  return { layout, on: all(0), sinceMs: all(Infinity) }
}

/** Lets `elapsedMs` pass. */
export function advanceIntergreens({ on, sinceMs }: Intergreens, elapsedMs: number): void {
  for (let head = 0; head < on.length; head++) if (on[head] === 0) sinceMs[head] = at(sinceMs, head) + elapsedMs
}

/** After the lamps of the step are known: who has right of way, and to which overlaps an intergreen still runs. */
export function noteRightsOfWay(
  intergreens: Intergreens,
  { rings, overlaps }: { readonly rings: readonly Ring[]; readonly overlaps: readonly OverlapRun[] },
): void {
  const { layout, on, sinceMs } = intergreens
  for (let index = 0; index < on.length; index++) {
    const has = hasRightOfWay(at(layout.heads, index), rings, overlaps)
    on[index] = has ? 1 : 0
    if (has) sinceMs[index] = 0
  }
}

/** True when the vehicle head of the phase, and every overlap that is green with it, may have right of way after it. */
export function mayFollow(intergreens: Intergreens, overlaps: readonly OverlapRun[], phase: PhaseLayout): boolean {
  const { layout } = intergreens
  if (layout.heads.length === 0) return true
  if (!areOver(intergreens, at(layout.vehicles, phase.number))) return false
  for (const overlap of overlaps) {
    const begins = (overlap.layout.bit & phase.overlaps) !== 0 && !goesOn(overlap)
    if (begins && !mayFollowOn(intergreens, overlap)) return false
  }
  return true
}

/** Green already, or about to be: it has had its wait. An arrow that flashes has not. */
export const goesOn = ({ interval }: OverlapRun): boolean =>
  interval === 'green' || interval === 'trailing' || interval === 'redAmber'

/** True when an overlap may show green. */
export function mayFollowOn(intergreens: Intergreens, { layout: { number } }: OverlapRun): boolean {
  const { heads, overlaps } = intergreens.layout
  return heads.length === 0 || areOver(intergreens, at(overlaps, number))
}

/** True when the arrow of an overlap may begin to flash. */
export function mayFlashAfter(intergreens: Intergreens, { layout: { number } }: OverlapRun): boolean {
  const { heads, flashes } = intergreens.layout
  return heads.length === 0 || areOver(intergreens, at(flashes, number))
}

/** True when the pedestrians of the phase may walk. */
export function mayWalkAfter(intergreens: Intergreens, { number }: PhaseLayout): boolean {
  const { heads, walks } = intergreens.layout
  return heads.length === 0 || areOver(intergreens, at(walks, number))
}

/** A head that has right of way is not waited for: whoever may not run beside it does not begin before it has ended. */
function areOver({ on, sinceMs }: Intergreens, waits: readonly Wait[]): boolean {
  for (const { from, ms } of waits) if (on[from] === 0 && at(sinceMs, from) < ms) return false
  return true
}

/** Green, walk and pedestrian clearance, and an arrow that flashes; of overlaps also the green that trails their phases. */
function hasRightOfWay({ kind, bit }: EndingHead, rings: readonly Ring[], overlaps: readonly OverlapRun[]): boolean {
  if (kind === 'vehicle') return (phasesIn(rings, 'green') & bit) !== 0
  if (kind === 'pedestrian') {
    for (const { phase, pedestrians } of rings) if (phase?.bit === bit && pedestrians !== 'none') return true
    return false
  }
  for (const { layout, interval } of overlaps)
    if (layout.bit === bit && isOn(kind, layout.kind === 'pedestrian', interval)) return true
  return false
}

function isOn(kind: 'overlap' | 'flashingArrow', isCrossing: boolean, interval: OverlapRun['interval']): boolean {
  if (kind === 'flashingArrow') return interval === 'flash'
  return interval === 'green' || interval === 'trailing' || (isCrossing && interval === 'yellow')
}
