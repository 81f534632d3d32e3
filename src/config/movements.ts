/** Which lanes a phase lets go, whether its own head stands there or that of an overlap. */
import type { PhaseId } from '#base/id.ts'
import type { Approach, Intersection, Lane } from '#signal/intersection.ts'

export interface ServedLane {
  readonly approach: Approach
  readonly lane: Lane
}

export function lanesOfPhase(intersection: Intersection, phase: PhaseId): ServedLane[] {
  return intersection.approaches.flatMap((approach) =>
    approach.lanes.filter((lane) => serves(intersection, phase, lane)).map((lane) => ({ approach, lane })),
  )
}

/** A flashing arrow belongs to the phase that protects it: beside the others its drivers only find gaps. */
function serves({ overlaps }: Intersection, phase: PhaseId, { head }: Lane): boolean {
  if (!('overlap' in head)) return head.phase === phase
  const overlap = overlaps.find(({ id }) => id === head.overlap)
  if (overlap?.kind === 'flashingYellowArrow') return overlap.modifiers.includes(phase)
  return overlap?.included.includes(phase) ?? false
}
