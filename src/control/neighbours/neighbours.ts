/** Once a second: who left us is counted, who is announced to us is judged, and what the neighbours are told is made. */
import type { Approach } from '#signal/intersection.ts'
import type { Outlook } from '#signal/outlook.ts'
import type { IntersectionView } from '#signal/view.ts'
import { interrupted, learnArrivals, NO_ARRIVALS_LEARNT, type ArrivalLearning } from './arrival-learning.ts'
import { arrivalsFrom, type ArrivalForecast } from './arrivals.ts'
import { countDepartures, NOBODY_LEFT_YET, type DepartureMemory } from './departures.ts'
import { outlookOf, type PlannedDepartures } from './outlook-of.ts'
import { roomOf, type StreetSeen } from './rooms.ts'

/** Plain data. */
export interface NeighbourMemory {
  readonly departures: DepartureMemory
  /** By approach that others feed. */
  readonly approaches: Readonly<Record<string, ArrivalLearning>>
}

export const NO_NEIGHBOURS_YET: NeighbourMemory = { departures: NOBODY_LEFT_YET, approaches: {} }

/** The same memory until another second is over. */
export function stepNeighbours(view: IntersectionView, before: NeighbourMemory): NeighbourMemory {
  const departures = countDepartures(view, before.departures)
  if (departures === before.departures) return before
  // What was said second by second is compared only where each second has had its step.
  const isNext = departures.atMonoMs === (before.departures.atMonoMs ?? 0) + SECOND_MS
  const approaches = fedApproaches(view).map((approach) => {
    const learning = before.approaches[approach.id] ?? NO_ARRIVALS_LEARNT
    return [approach.id, learnArrivals(view, approach, isNext ? learning : interrupted(learning))] as const
  })
  return { departures, approaches: Object.fromEntries(approaches) }
}

const SECOND_MS = 1_000

const fedApproaches = ({ intersection }: IntersectionView): readonly Approach[] =>
  intersection.approaches.filter(({ upstream }) => (upstream?.feeders ?? []).length > 0)

/** By approach that others feed and of which they speak. */
export function arrivalForecasts(
  view: IntersectionView,
  memory: NeighbourMemory,
): ReadonlyMap<string, ArrivalForecast> {
  const { neighbours, nowEpochMs } = view
  return new Map(
    fedApproaches(view).flatMap((approach) => {
      const worth = memory.approaches[approach.id] ?? NO_ARRIVALS_LEARNT
      const forecast = arrivalsFrom(neighbours, approach, { nowEpochMs, worth })
      return forecast === null ? [] : [[approach.id, forecast] as const]
    }),
  )
}

export interface Telling {
  /** By approach; what is not known of a street is told to nobody. */
  readonly streets: ReadonlyMap<string, StreetSeen>
  readonly planned: PlannedDepartures
}

export function tellNeighbours(
  view: IntersectionView,
  memory: NeighbourMemory,
  { streets, planned }: Telling,
): Outlook {
  const { neighbours } = view
  const rooms = fedApproaches(view).flatMap((approach) => {
    const seen = streets.get(approach.id)
    const worth = (memory.approaches[approach.id] ?? NO_ARRIVALS_LEARNT).underWay
    return seen === undefined ? [] : (roomOf(approach, seen, { neighbours, worth }) ?? [])
  })
  return outlookOf(view, { departures: memory.departures, planned, rooms })
}
