/** What we tell our neighbours: who has left in the last minute, who will by the plan, and how much room our streets have. */
import type { Turn } from '#signal/intersection.ts'
import { OUTLOOK_PLANNED_S, type ApproachRoom, type MovementOutlook, type Outlook } from '#signal/outlook.ts'
import type { IntersectionView } from '#signal/view.ts'
import { approachFacts } from '../queues/lane-facts.ts'
import { sharesOf, tellable, wayKey, type DepartureMemory } from './departures.ts'

/** By lane: vehicles that will leave in each of the next seconds; empty where nothing is planned. */
export type PlannedDepartures = ReadonlyMap<string, readonly number[]>

export interface Told {
  readonly departures: DepartureMemory
  readonly planned: PlannedDepartures
  readonly rooms: readonly ApproachRoom[]
}

export function outlookOf(view: IntersectionView, { departures, planned, rooms }: Told): Outlook {
  const sinceMs = view.nowMonoMs - (departures.atMonoMs ?? view.nowMonoMs)
  return {
    atEpochMs: view.nowEpochMs - sinceMs,
    movements: approachFacts(view.intersection).flatMap(({ id, lanes }) => {
      const turns = new Set(lanes.flatMap(({ ways }) => ways.map(({ turn }) => turn)))
      return [...turns].map((turn): MovementOutlook => ({
        approach: id,
        turn,
        left: departures.left[wayKey(id, turn)] ?? [],
        planned: plannedBy(lanes, turn, planned),
      }))
    }),
    approaches: rooms,
  }
}

type Lanes = ReturnType<typeof approachFacts>[number]['lanes']

/** No greens are known of the future: a lane's vehicles take its ways as they usually do. */
function plannedBy(lanes: Lanes, turn: Turn, planned: PlannedDepartures): readonly number[] {
  const parts = lanes.flatMap(({ id, ways }) => {
    const share = sharesOf(ways, 0).find((each) => each.turn === turn)?.share ?? 0
    const perS = planned.get(id) ?? []
    return share > 0 && perS.length > 0 ? [{ share, perS }] : []
  })
  const seconds = Math.min(OUTLOOK_PLANNED_S, Math.max(0, ...parts.map(({ perS }) => perS.length)))
  return Array.from({ length: seconds }, (_, second) =>
    tellable(parts.reduce((sum, { share, perS }) => sum + share * (perS[second] ?? 0), 0)),
  )
}
