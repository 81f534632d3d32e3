/** The vehicles that are on the streets, as columns of numbers: a vehicle is a place in each column, its slot. */
import { invariant } from '#base/invariant.ts'
import type { Trip } from '../trip.ts'

export type Slot = number

/** No vehicle, no way, no track. */
export const NONE = -1
/** Instead of a way: the vehicle's route ends with its lane. */
export const LEAVES = -2

const CAPACITY_AT_FIRST = 256

export class Vehicles {
  /** Slots that are in use lie below it. */
  #top = 0
  readonly #free: Slot[] = []
  #present = 0

  // What a driver and his vehicle are.
  /** Place in `KIND_KEYS`. */
  kind = new Uint8Array(CAPACITY_AT_FIRST)
  persona = new Uint32Array(CAPACITY_AT_FIRST)
  lengthM = new Float64Array(CAPACITY_AT_FIRST)
  standingGapM = new Float64Array(CAPACITY_AT_FIRST)
  accelerationMps2 = new Float64Array(CAPACITY_AT_FIRST)
  decelerationMps2 = new Float64Array(CAPACITY_AT_FIRST)
  headwayS = new Float64Array(CAPACITY_AT_FIRST)
  imperfection = new Float64Array(CAPACITY_AT_FIRST)
  /** Desired speed as a share of the street's. */
  speedFactor = new Float64Array(CAPACITY_AT_FIRST)

  // Where it is.
  track = new Int32Array(CAPACITY_AT_FIRST)
  /** Next vehicle in front, and behind, on the same track. */
  ahead = new Int32Array(CAPACITY_AT_FIRST)
  behind = new Int32Array(CAPACITY_AT_FIRST)
  /** Front bumper, from the beginning of the track. */
  positionM = new Float64Array(CAPACITY_AT_FIRST)
  speedMps = new Float64Array(CAPACITY_AT_FIRST)
  /** In the last step. */
  movedM = new Float64Array(CAPACITY_AT_FIRST)
  /** What it was decided to drive in this step. */
  nextMps = new Float64Array(CAPACITY_AT_FIRST)

  // Where it wants to go.
  /** Index of its edge in its route; on a way, of the edge behind it. */
  routeStep = new Int32Array(CAPACITY_AT_FIRST)
  /** The way at the end of its lane; `NONE` while its lane does not lead to its next edge, `LEAVES` where its route ends. */
  nextWay = new Int32Array(CAPACITY_AT_FIRST)
  /** The way that it came by. */
  lastWay = new Int32Array(CAPACITY_AT_FIRST)
  /** Lanes of its edge from which its route goes on well: bit field by place from the kerb. */
  wantedLanes = new Int32Array(CAPACITY_AT_FIRST)
  /** 1 while nothing but a red light keeps it from driving over the end of its lane. */
  passes = new Uint8Array(CAPACITY_AT_FIRST)
  /** Who is let into the lane in front of it; `NONE` otherwise. */
  letsIn = new Int32Array(CAPACITY_AT_FIRST)
  /** 1 once it goes on red after its stop. */
  goesOnRed = new Uint8Array(CAPACITY_AT_FIRST)
  changedLaneAtMs = new Float64Array(CAPACITY_AT_FIRST)
  /** Stops of its line that are behind it, and how long it has stood at the present one. */
  stopsServed = new Uint8Array(CAPACITY_AT_FIRST)
  stopsAhead = new Uint8Array(CAPACITY_AT_FIRST)
  stoodAtStopMs = new Float64Array(CAPACITY_AT_FIRST)

  // What it has gone through.
  departMs = new Float64Array(CAPACITY_AT_FIRST)
  enteredMs = new Float64Array(CAPACITY_AT_FIRST)
  /** Since when it stands; `NONE` while it moves. */
  standsSinceMs = new Float64Array(CAPACITY_AT_FIRST)
  /** Time lost against its own desired speed since it entered, stops of a bus not counted. */
  lostS = new Float64Array(CAPACITY_AT_FIRST)
  waitedS = new Float64Array(CAPACITY_AT_FIRST)
  stops = new Uint16Array(CAPACITY_AT_FIRST)
  drivenM = new Float64Array(CAPACITY_AT_FIRST)
  /** What it had waited when it came to the approach that it is on. */
  waitedBeforeS = new Float64Array(CAPACITY_AT_FIRST)

  #trips: (Trip | null)[] = []

  /** How many are on the streets. */
  get present(): number {
    return this.#present
  }

  /** All slots in use are below; free ones among them have track `NONE`. */
  get top(): number {
    return this.#top
  }

  tripOf(slot: Slot): Trip {
    const trip = this.#trips[slot]
    invariant(trip, 'a vehicle on the street has its trip')
    return trip
  }

  /** A slot whose columns hold whatever was there before. */
  take(trip: Trip): Slot {
    const slot = this.#free.pop() ?? this.#top++
    if (slot >= this.track.length) this.#grow()
    this.#trips[slot] = trip
    this.#present++
    return slot
  }

  release(slot: Slot): void {
    this.#trips[slot] = null
    this.track[slot] = NONE
    this.#free.push(slot)
    this.#present--
  }

  #grow(): void {
    for (const [name, column] of Object.entries(this)) {
      if (!ArrayBuffer.isView(column)) continue
      const old = column as Float64Array
      const larger = new (old.constructor as Float64ArrayConstructor)(old.length * 2)
      larger.set(old)
      Object.assign(this, { [name]: larger })
    }
  }
}
