/** The one place that knows the insides of the adaptive strategy: what it takes for true when it plans, lane by lane. */
import { adaptive } from '#control/adaptive/adaptive.ts'
import { stageGraph } from '#control/adaptive/stage-graph.ts'
import { forecastStreet } from '#control/adaptive/street-forecast.ts'
import { demandOf } from '#control/max-pressure/demand.ts'
import { PRESSURE_OPTIONS } from '#control/max-pressure/max-pressure.ts'
import { FREE_LIMITS } from '#signal/adaptive-limits.ts'
import type { IntersectionView } from '#signal/view.ts'
import { overhearing } from '../street/overhear.ts'

/** What is believed of one lane at one moment. */
export interface LaneBelief {
  readonly lane: string
  /** Vehicles that wait. */
  readonly waiting: number
  /** Vehicles that have come by the end of each second from now. */
  readonly come: (second: number) => number
}

/** The strategy itself; every tenth of a second `hear` is told the view, and whoever wants may ask what was believed. */
export const believing = (hear: (view: IntersectionView, beliefs: () => readonly LaneBelief[]) => void) =>
  overhearing(adaptive, (view, { queues }) => {
    hear(view, () => {
      const { signal } = view
      if (signal.quality !== 'good') return []
      const calls = { vehiclesSince: {}, walksSince: {} }
      const demand = demandOf(view, queues, { ...calls, ...FREE_LIMITS })
      const circumstances = { view, signal: signal.value, omitted: 0, demand, maximum: 1, limits: FREE_LIMITS } as const
      const graph = stageGraph(view.intersection, 0)
      const forecast = forecastStreet({ ...circumstances, starts: {}, options: PRESSURE_OPTIONS }, graph)
      const { come, secondsMost } = forecast
      return demand.lanes.map(({ facts }, stream) => ({
        lane: facts.id,
        waiting: forecast.waiting[stream] ?? 0,
        come: (second) => come[stream * (secondsMost + 1) + Math.min(secondsMost, second)] ?? 0,
      }))
    })
  })
