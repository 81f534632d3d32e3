/** What we tell our neighbours: who has left in the last minute, who will by the plan, and how much room our streets have. */
import type { Bits } from '#base/bits.ts'
import type { Turn } from '#signal/intersection.ts'
import { OUTLOOK_PLANNED_S, type ApproachRoom, type MovementOutlook, type Outlook } from '#signal/outlook.ts'
import type { IntersectionView } from '#signal/view.ts'
import { approachFacts } from '../queues/lane-facts.ts'
import { sharesOf, tellable, wayKey, type DepartureMemory } from './departures.ts'

/** Plain data. */
export interface PlannedDepartures {
  /** The beginning of the first of the seconds. */
  readonly atMonoMs: number
  /** Phases that are green in each of the next seconds, … */
  readonly greens: readonly Bits[]
  /** … and vehicles that leave in each of them, by lane. */
  readonly lanes: Readonly<Record<string, readonly number[]>>
}

export interface Told {
  readonly departures: DepartureMemory
  /** null where nobody plans. */
  readonly planned: PlannedDepartures | null
  readonly rooms: readonly ApproachRoom[]
}

export function outlookOf(view: IntersectionView, { departures, planned, rooms }: Told): Outlook {
  const countedMonoMs = departures.atMonoMs ?? view.nowMonoMs
  const stillPlanned = planned === null ? null : remaining(planned, countedMonoMs)
  return {
    atEpochMs: view.nowEpochMs - (view.nowMonoMs - countedMonoMs),
    movements: approachFacts(view.intersection).flatMap(({ id, lanes }) => {
      const turns = new Set(lanes.flatMap(({ ways }) => ways.map(({ turn }) => turn)))
      return [...turns].map((turn): MovementOutlook => ({
        approach: id,
        turn,
        left: departures.left[wayKey(id, turn)] ?? [],
        planned: stillPlanned === null ? [] : plannedBy(lanes, turn, stillPlanned),
      }))
    }),
    approaches: rooms,
  }
}

/** What was planned a while ago for the seconds that begin now. */
function remaining({ atMonoMs: madeAtMonoMs, greens, lanes }: PlannedDepartures, atMonoMs: number): PlannedDepartures {
  const over = Math.max(0, Math.round((atMonoMs - madeAtMonoMs) / SECOND_MS))
  const ahead = Object.entries(lanes).map(([lane, perS]) => [lane, perS.slice(over)] as const)
  return { atMonoMs, greens: greens.slice(over), lanes: Object.fromEntries(ahead) }
}

const SECOND_MS = 1_000

type Lanes = ReturnType<typeof approachFacts>[number]['lanes']

/** A lane's vehicles take those of its ways that are green, as they usually do. */
function plannedBy(lanes: Lanes, turn: Turn, { greens, lanes: leaving }: PlannedDepartures): readonly number[] {
  const seconds = greens.slice(0, OUTLOOK_PLANNED_S)
  const sum = new Float64Array(seconds.length)
  for (const { id, ways } of lanes) {
    const perS = leaving[id] ?? []
    let share = 0
    seconds.forEach((now, second) => {
      if (second === 0 || now !== seconds[second - 1]) share = shareOf(ways, turn, now)
      sum[second] = (sum[second] ?? 0) + share * (perS[second] ?? 0)
    })
  }
  return Array.from(sum, tellable)
}

const shareOf = (ways: Lanes[number]['ways'], turn: Turn, greens: Bits): number =>
  sharesOf(ways, greens).find((each) => each.turn === turn)?.share ?? 0
