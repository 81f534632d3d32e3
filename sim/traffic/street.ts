/** The streets as the traffic model sees them, and what moves on them; positions are metres from an approach's entry. */
import type { DetectorId, PhaseId } from '#base/id.ts'
import type { RandomStream } from '#base/random.ts'
import type { HeadSource } from '#signal/heads.ts'
import type { Turn } from '#signal/intersection.ts'

/** What a lamp says to a driver. */
export type Lamp = 'go' | 'caution' | 'stop'

export interface Vehicle {
  /** A random word of its own, from which it makes up its mind at each junction (`uniformFor`). */
  readonly persona: number
  readonly lengthM: number
  /** Its desired speed as a share of the speed of the street. */
  readonly speedFactor: number
  /** Junctions behind it. */
  passed: number
  /** Front bumper. */
  positionM: number
  speedMps: number
  movement: Movement
  /** Where it will cross the stop line: until a pocket opens it drives on the pocket's feeder. */
  lane: Lane
  /** Time slower than walking on this approach, waiting to enter it included. */
  waitedMs: number
  crossed: boolean
  /** The lamp that it has decided by, and whether it stops for it. */
  seen: Lamp
  stops: boolean
  /** The link whose space it takes, from the stop line upstream until it has entered the next approach. */
  link: Link | null
}

/** A loop in one lane, or one lane's part of a camera zone. */
export interface Loop {
  readonly detector: DetectorId
  readonly upstreamM: number
  readonly downstreamM: number
}

export interface Lane {
  readonly id: string
  readonly approach: Approach
  readonly turns: readonly Turn[]
  readonly head: HeadSource
  /** The full lane that leads to a turning pocket; null for a full lane. */
  readonly feeder: Lane | null
  /** Where the lane begins; 0 for a full lane. */
  readonly opensM: number
  readonly loops: readonly Loop[]
  /** Foremost first. */
  readonly vehicles: Vehicle[]
  /** At the entry, first come first; they stand outside until there is room. */
  readonly atEntry: Vehicle[]
  /** Vehicles that will cross this lane's stop line, wherever they are on the approach. */
  bound: number
  lamp: Lamp
  /** How long the lamp has let them go; 0 while it does not. */
  goForMs: number
}

/** Drivers that came through one approach by one turn. */
export interface Movement {
  readonly turn: Turn
  /** Share of the approach's vehicles. */
  readonly share: number
  /** Null where the vehicle leaves the network. */
  exit: Link | null
  crossed: number
  waitedMs: number
  longestWaitMs: number
}

export interface Approach {
  readonly id: string
  readonly bearingDeg: number
  readonly lengthM: number
  readonly speedMps: number
  /** Pockets before full lanes: their tails move before those who follow them. */
  readonly lanes: readonly Lane[]
  readonly movements: readonly Movement[]
  /** Word that stands for the place when a driver makes up its mind. */
  readonly place: number
  readonly arrivals: Arrivals
  readonly crossing: Crossing | null
}

/** Vehicles or pedestrians that come at random, by the key of the plan that the clock asks for. */
export interface Arrivals {
  readonly stream: RandomStream
  readonly perHour: (demandKey: string) => number
  /** Expected arrivals until the next one. */
  debt: number
}

export interface Crossing {
  readonly head: HeadSource
  readonly phase: PhaseId
  readonly arrivals: Arrivals
  /** When each who waits at the kerb came, ms of the traffic's clock. */
  readonly waitingSinceMs: number[]
  /** The button is held down until then, ms of the traffic's clock. */
  pushedUntilMs: number
  crossed: number
  longestWaitMs: number
}

/** The stretch between the junction upstream and the entry of an approach. */
export interface Link {
  readonly to: Approach
  readonly travelMs: number
  readonly capacity: number
  readonly travelling: { readonly vehicle: Vehicle; readonly dueMs: number }[]
  /** Vehicles that have a place on it: travelling, or waiting at the entry of the approach. */
  occupied: number
}

export interface Junction {
  readonly approaches: readonly Approach[]
  readonly incoming: readonly Link[]
  readonly readings: StreetReadings
}

/** What the cabinet's wires bring, by detector id (index 0 unused). */
export interface StreetReadings {
  readonly occupied: Uint8Array
  /** Vehicles in the detection area. */
  readonly vehicles: Uint16Array
  /** Push buttons held down: bit field by the phase that they call. */
  pedestrianButtons: number
}
