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

function serves({ overlaps }: Intersection, phase: PhaseId, { head }: Lane): boolean {
  if (!('overlap' in head)) return head.phase === phase
  return overlaps.some((overlap) => overlap.id === head.overlap && overlap.included.includes(phase))
}
