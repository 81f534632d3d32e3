/** The floors of a site: times that no timing from outside may go below, whatever a check of the database would bear. */
import type { PhaseId } from '#base/id.ts'
import type { ControllerDatabase } from '../database.ts'
import type { PhaseTiming } from '../phase.ts'

/** Who is protected by a time: whoever is still on his way, or has just begun it. */
export const FLOOR_TIMES = ['minGreenMs', 'yellowMs', 'redClearMs', 'redRevertMs', 'walkMs', 'pedClearMs'] as const
export type FloorTime = (typeof FLOOR_TIMES)[number]

export type SiteFloors = ReadonlyMap<PhaseId, Readonly<Pick<PhaseTiming, FloorTime>>>

export interface FloorFault {
  readonly phase: PhaseId
  readonly time: FloorTime
  readonly ms: number
  readonly floorMs: number
}

/** A site's floors are the times that its cabinet was commissioned with: they have been measured and checked in the street. */
export const floorsOf = ({ intersection }: ControllerDatabase): SiteFloors =>
  new Map(intersection.phases.map(({ id, timing }) => [id, timing]))

export function checkFloors({ intersection }: ControllerDatabase, floors: SiteFloors): FloorFault[] {
  return intersection.phases.flatMap(({ id: phase, timing }) =>
    FLOOR_TIMES.flatMap((time) => {
      const floorMs = floors.get(phase)?.[time] ?? 0
      return timing[time] < floorMs ? [{ phase, time, ms: timing[time], floorMs }] : []
    }),
  )
}
