/** Who leaves by the plan, lane by lane: what the neighbours are told before it happens. */
import type { Circumstances } from '../max-pressure/choose-stage.ts'
import type { PlannedDepartures } from '../neighbours/outlook-of.ts'
import { departuresBy, type Way, type WayStreet } from './way.ts'

/** The first streams of the forecast are the lanes of the demand. */
export function plannedDepartures({ demand }: Circumstances, way: Way, street: WayStreet): PlannedDepartures {
  const { greens, left } = departuresBy(way, street)
  const lanes = demand.lanes.map(({ facts }, stream) => [facts.id, left[stream] ?? []] as const)
  return { atMonoMs: demand.nowMonoMs, greens, lanes: Object.fromEntries(lanes) }
}
