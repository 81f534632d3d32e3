/** What an intersection tells its neighbours every second: who has left it, who will leave by its plan, and how full its streets are. */
import type { IntersectionId } from '#base/id.ts'
import type { Known } from '#base/known.ts'
import type { Feeder, Turn } from './intersection.ts'

/** Who left earlier has arrived, or stands in a queue that the neighbour sees itself. */
export const OUTLOOK_PAST_S = 60
/** Beyond a minute and a quarter nobody plans. */
export const OUTLOOK_PLANNED_S = 75

/** Vehicles of one way: eight lanes of saturation flow; more in a second are no street. */
export const OUTLOOK_PER_S_MAX = 5

/** Half a platoon has passed by then: what was said before that is another street. */
export const OUTLOOK_FRESH_MS_MAX = 5_000

export interface Outlook {
  /** By the sender's clock: the end of the last of the seconds that are past, and the beginning of the first planned one. */
  readonly atEpochMs: number
  readonly movements: readonly MovementOutlook[]
  readonly approaches: readonly ApproachRoom[]
}

export interface MovementOutlook {
  readonly approach: string
  readonly turn: Turn
  /** Vehicles that left in each of the last seconds (at most `OUTLOOK_PAST_S`), the latest last; not whole ones where ways share a lane. */
  readonly left: readonly number[]
  /** Vehicles that will leave in each of the next seconds (at most `OUTLOOK_PLANNED_S`); empty where nobody plans. */
  readonly planned: readonly number[]
}

/** Of an approach that others feed: who lets vehicles go there sees whether there is room for them. */
export interface ApproachRoom {
  readonly approach: string
  /** The ways of other intersections that lead here. */
  readonly feeders: readonly FeedingWay[]
  /** Vehicles that the street holds from the feeders to its stop line, and that it has room for now. */
  readonly storage: number
  readonly free: number
}

export type FeedingWay = Pick<Feeder, 'intersection' | 'approach' | 'turn'>

export const NO_NEIGHBOURS: ReadonlyMap<IntersectionId, Known<Outlook>> = new Map()
