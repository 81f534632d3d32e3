/**
 * The streets of a city as vehicles use them: edges of parallel lanes, and the ways over the junctions that join them.
 *
 * Everything is known by its number, its place in the list here. A vehicle's front is always on one *track*: a lane, or a
 * way. Tracks are numbered through, lanes first: way `w` is track `lanes.length + w`. Metres along a track count from its
 * beginning. The plane is that of the map: x to the east, y to the north, metres.
 */
import type { IntersectionId } from '#base/id.ts'
import type { HeadSource } from '#signal/heads.ts'
import type { Turn } from '#signal/intersection.ts'

export type EdgeNumber = number
export type LaneNumber = number
export type WayNumber = number
export type TrackNumber = number
export type JunctionNumber = number
export type Place = readonly [x: number, y: number]

export interface StreetNetwork {
  readonly edges: readonly Edge[]
  readonly lanes: readonly Lane[]
  readonly ways: readonly Way[]
  readonly crossings: readonly Crossing[]
  readonly junctions: readonly Junction[]
}

/** A stretch of street in one direction, with the same lanes all along; an approach with pockets is two of them in a row. */
export interface Edge {
  /** `IX-03.S` is what leads to that approach, `IX-03.S.pockets` its last stretch, `IX-03.S.exit` the leg outwards. */
  readonly id: string
  /** From the kerb. */
  readonly lanes: readonly LaneNumber[]
  readonly lengthM: number
  readonly speedMps: number
  /** null where vehicles come into the network, or leave it. */
  readonly from: JunctionNumber | null
  readonly to: JunctionNumber | null
  /** Whose drivers it brings to the stop line, also as the first of the two stretches; null for a leg outwards. */
  readonly approach: { readonly intersection: IntersectionId; readonly approach: string } | null
  /** Its middle line, at least two places. */
  readonly shape: readonly Place[]
}

export interface Lane {
  /** Of the edge and the lane, unique: `IX-03.S/S1`. */
  readonly id: string
  readonly edge: EdgeNumber
  /** 0 at the kerb. */
  readonly fromKerb: number
  /** That begin at its end; none where vehicles leave the network. */
  readonly ways: readonly WayNumber[]
}

/** From a lane over a junction into a lane behind it. */
export interface Way {
  readonly from: LaneNumber
  readonly to: LaneNumber
  readonly junction: JunctionNumber
  /** `along` where the street only widens into its pockets. */
  readonly turn: Turn | 'along'
  readonly lengthM: number
  /** What the bend allows, or the street. */
  readonly speedMps: number
  /** null where no light stands. */
  readonly head: HeadSource | null
  /** A right turn that may go on red after it has stopped, while nobody comes. */
  readonly onRed: boolean
  /** Whom its drivers let go first while both may go: oncoming traffic before a left turn. */
  readonly yieldsTo: readonly WayNumber[]
  /** All ways whose paths cross or meet it, those of `yieldsTo` among them, and where. */
  readonly conflicts: readonly Conflict[]
  /** Where turning drivers stand for oncoming traffic; 0 is the stop line. */
  readonly waitsAtM: number
  /** Crosswalks that it goes over behind the junction, and where along it: people on them go first. */
  readonly crosses: readonly { readonly crossing: number; readonly atM: number }[]
  readonly shape: readonly Place[]
}

/** Where two ways cross or meet, in metres along each of them. */
export interface Conflict {
  readonly way: WayNumber
  readonly ownM: number
  readonly otherM: number
  /** They end in the same lane. */
  readonly merges: boolean
}

/** A crosswalk over one leg. */
export interface Crossing {
  readonly junction: JunctionNumber
  readonly approach: string
  readonly lengthM: number
  /** Its push button calls the phase. */
  readonly head: HeadSource
  readonly phase: number
}

export interface Junction {
  /** null where a street only widens. */
  readonly intersection: IntersectionId | null
  readonly place: Place
  readonly ways: readonly WayNumber[]
  readonly crossings: readonly number[]
}
