/** What the words of the neighbours mean for our own stop lines: who is announced to each approach, and which ways lead into a full street. */
import type { IntersectionView } from '#signal/view.ts'
import type { LaneFacts } from '../queues/lane-facts.ts'
import type { QueuesMemory } from '../queues/lane-queues.ts'
import { arrivalForecasts, type NeighbourMemory } from './neighbours.ts'
import { reliefIn, type ReliefOf } from './relief.ts'
import { roomDownstream, type Room } from './rooms.ts'
import { streetsSeen } from './streets-seen.ts'

export interface Heard {
  /** Vehicles in each of the next seconds, by approach; only where words have been held against who came. */
  readonly arrivals: ReadonlyMap<string, Float64Array>
  /** The lane, but that its ways into full streets are red in every stage. */
  open(approach: string, facts: LaneFacts): LaneFacts
  /** How much more its vehicles count, because their street is full and they can leave it. */
  readonly relief: ReliefOf
}

export const NOTHING_HEARD: Heard = { arrivals: new Map(), open: (_, facts) => facts, relief: () => 1 }

export interface Listening {
  readonly queues: QueuesMemory
  /** See `ReliefBasis`. */
  readonly reliefMost: number
}

export function heardOf(view: IntersectionView, memory: NeighbourMemory, { queues, reliefMost }: Listening): Heard {
  if (view.neighbours.size === 0) return NOTHING_HEARD
  const compared = [...arrivalForecasts(view, memory)].filter(
    ([approach]) => (memory.approaches[approach]?.underWay.bins ?? 0) > 0,
  )
  return {
    arrivals: new Map(compared.map(([approach, { expected }]) => [approach, expected])),
    open: (approach, facts) => openFor(view, approach, facts),
    relief: reliefIn(view, memory, { streets: streetsSeen(view, queues), most: reliefMost }),
  }
}

function openFor({ neighbours, intersection }: IntersectionView, approach: string, facts: LaneFacts): LaneFacts {
  const full = facts.ways.filter(({ turn }) => isFull(roomDownstream(neighbours, intersection, { approach, turn })))
  if (full.length === 0) return facts
  return { ...facts, ways: facts.ways.map((way) => (full.includes(way) ? { turn: way.turn, phases: 0 } : way)) }
}

/** Those who go in the shortest green, or a quarter of a street that holds hardly more: the junction has to stay clear of them. */
const ROOM_LEAST = { vehicles: 3, share: 0.25 } as const

export const isFull = (room: Room | null): boolean =>
  room !== null && room.free < Math.min(ROOM_LEAST.vehicles, ROOM_LEAST.share * room.storage)
