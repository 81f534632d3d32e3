/**
 * Who stands in a full street keeps others in the junction behind him, whom nobody counts here. Where he can leave it for a
 * street with room he counts for more: of a ring of full streets, in which each waits for the next, it is those who leave
 * the ring that undo it.
 */
import type { IntersectionView } from '#signal/view.ts'
import type { LaneFacts } from '../queues/lane-facts.ts'
import { ownRooms, type NeighbourMemory } from './neighbours.ts'
import { roomDownstream, type Room, type StreetSeen } from './rooms.ts'

/** By lane; 1 where nobody is held up. */
export type ReliefOf = (approach: string, open: LaneFacts) => number

/** From so full on, and in full from so full on: queues do not reach the end of a street all at once. */
const FULLNESS = { from: 0.7, to: 0.95 } as const

export interface ReliefBasis {
  /** What the estimator knows of our own. */
  readonly streets: ReadonlyMap<string, StreetSeen>
  /** So many times as much at most: one word, or one miscounted street, shall not decide alone. */
  readonly most: number
}

export function reliefIn(view: IntersectionView, memory: NeighbourMemory, { streets, most }: ReliefBasis): ReliefOf {
  const own = new Map(ownRooms(view, memory, streets).map((room) => [room.approach, fullness(room)]))
  return (approach, { ways }) => {
    const full = own.get(approach) ?? 0
    if (full <= FULLNESS.from) return 1
    const onward = ways
      .filter(({ phases }) => phases !== 0)
      .map(({ turn }) => fullness(roomDownstream(view.neighbours, view.intersection, { approach, turn })))
    const emptier = Math.max(0, full - Math.min(full, ...onward))
    return 1 + (most - 1) * emptier * Math.min(1, (full - FULLNESS.from) / (FULLNESS.to - FULLNESS.from))
  }
}

/** Where nobody says how full it is, as at the edge of the city, it is not. */
const fullness = (room: Room | null): number =>
  room === null || room.storage <= 0 ? 0 : Math.min(1, Math.max(0, 1 - room.free / room.storage))
