/** Who wants to drive: one vehicle, when, of what kind, and along which edges. */
import type { EdgeNumber } from './streets/street-network.ts'
import type { VehicleKindKey } from './vehicle-kind.ts'

export interface Trip {
  /** Unique in a run, from 0 in the order of departure. */
  readonly number: number
  /** Since the start of the run; a vehicle that finds no room waits at the entry. */
  readonly departMs: number
  readonly kind: VehicleKindKey
  /** A random word of its own: from it, and from nothing else, come its speed, its lane and its mood. */
  readonly persona: number
  /** Joined edges from an entry of the network to an exit. */
  readonly route: readonly EdgeNumber[]
  /** Of a bus, along its route. */
  readonly stops: readonly BusStop[]
}

export interface BusStop {
  readonly edge: EdgeNumber
  /** Where its front stands, on the lane at the kerb. */
  readonly atM: number
  readonly dwellMs: number
}

/** Trips in the order of departure, made while they are asked for: a day of them need not fit in memory. */
export interface TripSource {
  /** The next trip if it departs before `untilMs`, taken from the source; null while there is none. */
  take(untilMs: number): Trip | null
}
