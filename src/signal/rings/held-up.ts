/** How long a phase still has to wait for others than the greens that give way to it: intergreens, and overlaps in its way. */
import { at } from '#base/at.ts'
import type { PhaseLayout } from '../layout.ts'
import { untilRedMs, type OverlapRun } from '../overlaps/overlap-run.ts'
import { goesOn, type Intergreens } from './intergreens.ts'
import type { Wait } from './intergreen-layout.ts'

interface Others {
  readonly intergreens: Intergreens
  readonly overlaps: readonly OverlapRun[]
}

/** Until it could begin, if everything in its way ended now; with people or without. */
export function heldUpMs({ intergreens, overlaps }: Others, phase: PhaseLayout, onFoot: boolean): number {
  let leftMs = intergreens.layout.heads.length === 0 ? 0 : intergreensLeftMs({ intergreens, overlaps }, phase, onFoot)
  const inTheWay = phase.conflictingOverlaps | phase.conflictingFlashes
  for (const overlap of overlaps)
    if ((overlap.layout.bit & inTheWay) !== 0) leftMs = Math.max(leftMs, untilRedMs(overlap))
  return leftMs
}

function intergreensLeftMs({ intergreens, overlaps }: Others, phase: PhaseLayout, onFoot: boolean): number {
  const { layout } = intergreens
  let leftMs = waitsLeftMs(intergreens, at(layout.vehicles, phase.number))
  if (onFoot) leftMs = Math.max(leftMs, waitsLeftMs(intergreens, at(layout.walks, phase.number)))
  for (const overlap of overlaps)
    if ((overlap.layout.bit & phase.overlaps) !== 0 && !goesOn(overlap))
      leftMs = Math.max(leftMs, waitsLeftMs(intergreens, at(layout.overlaps, overlap.layout.number)))
  return leftMs
}

function waitsLeftMs({ layout, on, sinceMs }: Intergreens, waits: readonly Wait[]): number {
  let leftMs = 0
  for (const { from, ms } of waits)
    leftMs = Math.max(leftMs, on[from] === 0 ? ms - at(sinceMs, from) : at(layout.heads, from).outlastsMs + ms)
  return leftMs
}
