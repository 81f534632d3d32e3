/** How much room there is: in the streets of others into which our ways lead, and in our own into which theirs lead. */
import type { Approach, Intersection, Turn } from '#signal/intersection.ts'
import type { ApproachRoom } from '#signal/outlook.ts'
import { leftWithin, type Neighbours } from './announced.ts'
import { fromLoopS, storageOf, travelS } from './feeding-street.ts'
import { shareOf, type LeadSkill } from './lead.ts'

export interface Room {
  /** Vehicles that the street holds, and that it has room for. */
  readonly storage: number
  readonly free: number
}

/** Of the street that a way leads into; null where nobody says. Where it forks, the branch with the least room holds all up. */
export function roomDownstream(
  neighbours: Neighbours,
  { id }: Pick<Intersection, 'id'>,
  way: { readonly approach: string; readonly turn: Turn },
): Room | null {
  let least: Room | null = null
  for (const known of neighbours.values()) {
    if (known.quality !== 'good') continue
    for (const { feeders, storage, free } of known.value.approaches) {
      const leadsHere = feeders.some(
        ({ intersection, approach, turn }) => intersection === id && approach === way.approach && turn === way.turn,
      )
      if (leadsHere && free < (least?.free ?? Infinity)) least = { storage, free }
    }
  }
  return least
}

/** What the estimator knows of the street of an approach. */
export interface StreetSeen {
  /** Vehicles from its advance loops on, and those who wait beyond them as far as it knows. */
  readonly vehicles: number
  /** For how long the queue has stood over all of its advance loops; 0 where it does not. */
  readonly coveredS: number
  /** How far upstream the loops lie; 0 where there are none that are trusted. */
  readonly seenFromM: number
}

/** For the neighbours that feed the approach; null where none does. `beyond`: who has left the feeders and not come over the loops yet. */
export function roomOf(
  approach: Approach,
  { beyond, ...seen }: StreetSeen & { readonly beyond: number },
  { neighbours, worth }: { readonly neighbours: Neighbours; readonly worth: LeadSkill },
): ApproachRoom | null {
  const feeders = approach.upstream?.feeders ?? []
  if (feeders.length === 0) return null
  // Who left the feeders since then is between them and the loops, or stands in a queue that has reached the loops.
  const loopS = fromLoopS(approach, seen.seenFromM)
  const left = leftWithin(approach, neighbours, (feeder) => travelS(approach, feeder) - loopS + seen.coveredS)
  const storage = storageOf(approach)
  const free = Math.floor(storage - seen.vehicles - Math.max(shareOf(worth) * left, beyond))
  return {
    approach: approach.id,
    feeders: feeders.map(({ intersection, approach: from, turn }) => ({ intersection, approach: from, turn })),
    storage,
    free: Math.max(0, free),
  }
}
