/** Everything that moves on the streets at one moment, and the numbers that all parts of a step share. */
import type { TrackNumber } from '../streets/street-network.ts'
import type { Weather } from '../weather.ts'
import type { Tracks } from './tracks.ts'
import type { Slot, Vehicles } from './vehicles.ts'

/** What a light says to the drivers of a way. */
export const LAMP = {
  go: 0,
  /** Yellow: stop if you can. */
  caution: 1,
  stop: 2,
  /** Flashing red, or dark: stop, then go when nobody comes. */
  stopAndGo: 3,
} as const

/** A stretch of lane that nobody may use for a while. */
export interface Blockage {
  readonly track: TrackNumber
  readonly fromM: number
  readonly toM: number
  readonly fromMs: number
  readonly untilMs: number
}

export interface Flow {
  readonly tracks: Tracks
  readonly cars: Vehicles
  readonly stepMs: number
  readonly stepS: number
  /** Of each way, one of `LAMP`. */
  readonly lamps: Uint8Array
  /** Of each junction, 1 where drivers keep out of a box that they cannot leave. */
  readonly keepsClear: Uint8Array
  /** Of each crossing, the lanes that people are on: bit field by place from the kerb at which vehicles leave. */
  readonly onFoot: Uint32Array
  readonly blockages: readonly Blockage[]
  weather: Weather
  /** Start of the step. */
  nowMs: number
  /** Who drove over a stop line in the last step: pairs of slot and way. */
  readonly crossed: number[]
  /** Who left the network in the last step; their slots are free from the next step on. */
  readonly left: Slot[]
}
