/** The overlaps of a controller together: each follows its phases after its kind, and phases wait for those in their way. */
import type { EmitEvent } from '../events.ts'
import type { PhaseLayout } from '../layout.ts'
import { advanceFlash, followArrow } from './flashing-arrow.ts'
import { followPedestrians } from './pedestrian-overlap.ts'
import { advanceClearance, type OverlapRun } from './overlap-run.ts'
import { areRed, isClearing, type Around } from './standing.ts'
import { lookAtPhases } from './phases-now.ts'
import { followGreens } from './vehicle-overlap.ts'

/** Lets `elapsedMs` pass. */
export function advanceOverlap(overlap: OverlapRun, elapsedMs: number, emit: EmitEvent): void {
  overlap.elapsedMs += elapsedMs
  if (overlap.layout.kind === 'pedestrian') return
  advanceClearance(overlap, emit)
  advanceFlash(overlap, elapsedMs)
}

/** All follow the phases as they are now; whoever begins late sees those before him. */
export function followOverlaps(around: Around, emit: EmitEvent): void {
  const { overlaps, rings, phasesNow } = around
  if (overlaps.length === 0) return
  lookAtPhases(phasesNow, rings)
  for (const overlap of overlaps) {
    const { kind } = overlap.layout
    if (kind === 'pedestrian') followPedestrians(overlap, phasesNow, emit)
    else if (kind === 'flashingYellowArrow') followArrow(overlap, around, emit)
    else followGreens(overlap, around, emit)
  }
}

/**
 * A phase may begin when the overlaps that conflict with it are red, clearance included, and those that it lights may be
 * green again, so that no yellow turns green.
 */
export function overlapsPermit(overlaps: readonly OverlapRun[], phase: PhaseLayout): boolean {
  return areRed(overlaps, phase.conflictingOverlaps, phase.conflictingFlashes) && !areClearing(overlaps, phase)
}

function areClearing(overlaps: readonly OverlapRun[], { overlaps: lit }: PhaseLayout): boolean {
  for (const overlap of overlaps) if ((overlap.layout.bit & lit) !== 0 && isClearing(overlap)) return true
  return false
}
