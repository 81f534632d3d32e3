/** Once a second: who left us is counted, who is announced to us is judged, and what the neighbours are told is made. */
import type { Approach } from '#signal/intersection.ts'
import type { ApproachRoom, Outlook } from '#signal/outlook.ts'
import type { IntersectionView } from '#signal/view.ts'
import { interrupted, learnArrivals, NO_ARRIVALS_LEARNT, type ArrivalLearning } from './arrival-learning.ts'
import { arrivalsFrom, type ArrivalForecast } from './arrivals.ts'
import { countDepartures, NOBODY_LEFT_YET, type DepartureMemory } from './departures.ts'
import { outlookOf, type PlannedDepartures } from './outlook-of.ts'
import { roomOf, type StreetSeen } from './rooms.ts'
import { NO_LOAD_YET, stepLoad, type StreetLoad } from './street-load.ts'

/** Plain data. */
export interface NeighbourMemory {
  readonly departures: DepartureMemory
  /** By approach that others feed. */
  readonly approaches: Readonly<Record<string, ArrivalLearning>>
  /** Likewise. */
  readonly loads: Readonly<Record<string, StreetLoad>>
}

export const NO_NEIGHBOURS_YET: NeighbourMemory = { departures: NOBODY_LEFT_YET, approaches: {}, loads: {} }

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
  const loads = fedApproaches(view).map((approach) => {
    const load = before.loads[approach.id] ?? NO_LOAD_YET
    return [approach.id, stepLoad(view, approach, { before: load, worth: underWayWorth(before, approach) })] as const
  })
  return { departures, approaches: Object.fromEntries(approaches), loads: Object.fromEntries(loads) }
}

const SECOND_MS = 1_000

const underWayWorth = ({ approaches }: NeighbourMemory, { id }: Approach) =>
  (approaches[id] ?? NO_ARRIVALS_LEARNT).underWay

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
  /** null where nobody plans. */
  readonly planned: PlannedDepartures | null
}

export function tellNeighbours(
  view: IntersectionView,
  memory: NeighbourMemory,
  { streets, planned }: Telling,
): Outlook {
  return outlookOf(view, { departures: memory.departures, planned, rooms: ownRooms(view, memory, streets) })
}

/** How much room there is in our own streets, as far as others feed them. */
export function ownRooms(
  view: IntersectionView,
  memory: NeighbourMemory,
  streets: Telling['streets'],
): readonly ApproachRoom[] {
  const { neighbours } = view
  return fedApproaches(view).flatMap((approach) => {
    const seen = streets.get(approach.id)
    const { beyond } = memory.loads[approach.id] ?? NO_LOAD_YET
    const worth = underWayWorth(memory, approach)
    return seen === undefined ? [] : (roomOf(approach, { ...seen, beyond }, { neighbours, worth }) ?? [])
  })
}
