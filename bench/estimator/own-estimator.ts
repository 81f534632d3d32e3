/** The one place that knows the insides of the adaptive strategy: what it takes for true when it plans, lane by lane. */
import { at } from '#base/at.ts'
import { adaptive } from '#control/adaptive/adaptive.ts'
import { stageGraph } from '#control/adaptive/stage-graph.ts'
import { forecastStreet } from '#control/adaptive/street-forecast.ts'
import { demandOf } from '#control/max-pressure/demand.ts'
import { PRESSURE_OPTIONS } from '#control/max-pressure/max-pressure.ts'
import { HEADWAY, NO_DISCHARGE_YET } from '#control/queues/discharge.ts'
import { approachFacts } from '#control/queues/lane-facts.ts'
import type { QueuesMemory } from '#control/queues/lane-queues.ts'
import { NO_TRAVEL_YET, TRAVEL } from '#control/queues/travel.ts'
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
  /** What is learnt of it, and of its approach. */
  readonly learnt: Learnt
}

export interface Learnt {
  readonly headwayMs: number
  readonly headways: number
  readonly startUpMs: number
  /** Vehicles that find a gap, for one that is assumed to. */
  readonly yielding: number
  /** Of the time that is assumed from the loops to the stop line, and from how many drivers it is learnt. */
  readonly travel: number
  readonly travels: number
}

/** Before anything is learnt. */
export const ASSUMED = { headwayMs: HEADWAY.assumed, travel: TRAVEL.assumed } as const

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
      const forecast = forecastStreet(
        { ...circumstances, starts: {}, servedAnyway: 0, vainTurns: 0, options: PRESSURE_OPTIONS },
        graph,
      )
      const { come, secondsMost } = forecast
      const learnt = learntIn(view, queues)
      return demand.lanes.map(({ facts }, stream) => ({
        lane: facts.id,
        learnt: at(learnt, stream),
        waiting: forecast.waiting[stream] ?? 0,
        come: (second) => come[stream * (secondsMost + 1) + Math.min(secondsMost, second)] ?? 0,
      }))
    })
  })

/** In the order of the lanes. */
const learntIn = ({ intersection }: IntersectionView, { lanes, approaches }: QueuesMemory): readonly Learnt[] =>
  approachFacts(intersection).flatMap(({ id, lanes: facts }) =>
    facts.map((lane) => {
      const { headway, startUp, yielding } = lanes[lane.id]?.discharge ?? NO_DISCHARGE_YET
      const { ratio } = approaches[id]?.travel ?? NO_TRAVEL_YET
      return {
        ...{ headwayMs: headway.value, headways: headway.seen, startUpMs: startUp.value, yielding: yielding.value },
        ...{ travel: ratio.value, travels: ratio.seen },
      }
    }),
  )
