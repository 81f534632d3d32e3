/**
 * The journey of each vehicle cut into stretches, one for each stop line: what it loses belongs to the movement ahead, and after
 * the line still to that movement, until it can be up to speed again or stands in the next queue. What it loses there at much
 * less than its own speed is control delay as HCM 6 (ch. 19) has it: slowing down, moving up, standing, speeding up again.
 */
import type { Flow } from '../flow/flow.ts'
import { NONE, type Slot } from '../flow/vehicles.ts'
import type { WayNumber } from '../streets/street-network.ts'
import { KIND_KEYS, VEHICLE_KINDS } from '../vehicle-kind.ts'
import { fuelMlps } from './fuel.ts'
import type { PlaceNumber, Places } from './places.ts'
import { KINDS, type Tally } from './tally.ts'

/** Who is slower has joined a queue, and who is quicker again has left it: 5 and 10 km/h, as queue counters do it. */
const JOINS_QUEUE_MPS = 5 / 3.6
const LEAVES_QUEUE_MPS = 10 / 3.6

/**
 * Who loses less than this share of a step dawdles, or drives behind somebody slower: that is time lost, and would be without a
 * signal too. Desired speeds spread by a tenth; a third is between hardly any two drivers.
 */
const HELD_SHARE = 1 / 3

const KINDS_IN_ORDER = KIND_KEYS.map((key) => VEHICLE_KINDS[key])
const CAPACITY_AT_FIRST = 256

export interface TalliedRun {
  /** A row for each movement and kind. */
  readonly movements: Tally
  /** A row for each kind: whole trips. */
  readonly trips: Tally
  /** What began before is left out. */
  readonly fromMs: number
}

export class Journeys {
  /** 1 while it is in a queue. */
  queued = new Uint8Array(CAPACITY_AT_FIRST)
  /** The movement of the stretch that it is on, `NONE` on the last leg outwards. */
  movement = new Int32Array(CAPACITY_AT_FIRST)
  /** 1 once it is over the stop line of that movement. */
  crossed = new Uint8Array(CAPACITY_AT_FIRST)
  /** What `drivenM` will be when it can be up to speed behind the line. */
  upToSpeedAtM = new Float64Array(CAPACITY_AT_FIRST)
  /** Since it entered: held up by signals, and the time lost until the last step. */
  heldS = new Float64Array(CAPACITY_AT_FIRST)
  lostBeforeS = new Float64Array(CAPACITY_AT_FIRST)
  fuelMl = new Float64Array(CAPACITY_AT_FIRST)
  speedBeforeMps = new Float64Array(CAPACITY_AT_FIRST)

  /** When the stretch began; of the first one, when the vehicle came in. */
  beganMs = new Float64Array(CAPACITY_AT_FIRST)
  /** By which it is counted or left out: the first one is counted from the wished departure. */
  countsFromMs = new Float64Array(CAPACITY_AT_FIRST)
  outsideS = new Float64Array(CAPACITY_AT_FIRST)
  heldFromS = new Float64Array(CAPACITY_AT_FIRST)
  lostFromS = new Float64Array(CAPACITY_AT_FIRST)
  drivenFromM = new Float64Array(CAPACITY_AT_FIRST)
  stopsFrom = new Uint16Array(CAPACITY_AT_FIRST)
  fuelFromMl = new Float64Array(CAPACITY_AT_FIRST)

  readonly #places: Places

  constructor(places: Places) {
    this.#places = places
  }

  /** After each step of the vehicles; `run` gets what has come to its end in it. */
  step(flow: Flow, run: TalliedRun): void {
    const { cars, left } = flow
    while (this.movement.length < cars.track.length) this.#grow()
    for (const slot of left) this.#drive(flow, slot)
    for (let slot = 0; slot < cars.top; slot++) {
      if (cars.track[slot] === NONE) continue
      this.#drive(flow, slot)
      if (this.crossed[slot] === 1 && this.#isPastJunction(flow, slot)) this.#begin(flow, slot, run)
    }
    for (let i = 0; i < flow.crossed.length; i += 2) this.#cross(flow, flow.crossed[i]!, flow.crossed[i + 1]!, run)
    for (const slot of left) this.#leave(flow, slot, run)
  }

  /** Adds everybody who is still on the streets, with what they have gone through until now. */
  addUnfinished(flow: Flow, { movements, trips, fromMs }: TalliedRun): void {
    const { cars } = flow
    for (let slot = 0; slot < cars.top; slot++) {
      if (cars.track[slot] === NONE) continue
      this.#tallyStretch(flow, slot, { movements, trips, fromMs })
      const row = this.movement[slot]! * KINDS + cars.kind[slot]!
      if (this.movement[slot] !== NONE && this.countsFromMs[slot]! >= fromMs) movements.unfinished[row]!++
      this.#tallyTrip(flow, slot, { movements, trips, fromMs })
      if (cars.departMs[slot]! >= fromMs) trips.unfinished[cars.kind[slot]!]!++
    }
  }

  #drive(flow: Flow, slot: Slot): void {
    const { cars, stepS } = flow
    const speedMps = cars.speedMps[slot]!
    if (cars.enteredMs[slot] === flow.nowMs) this.#enter(flow, slot)
    const lostS = cars.lostS[slot]! - this.lostBeforeS[slot]!
    if (lostS > HELD_SHARE * stepS) this.heldS[slot]! += lostS
    this.lostBeforeS[slot] = cars.lostS[slot]!
    const accelerationMps2 = (speedMps - this.speedBeforeMps[slot]!) / stepS
    this.fuelMl[slot]! += stepS * fuelMlps(KINDS_IN_ORDER[cars.kind[slot]!]!, speedMps, accelerationMps2)
    this.speedBeforeMps[slot] = speedMps
    if (speedMps >= LEAVES_QUEUE_MPS || cars.stoodAtStopMs[slot]! > 0) this.queued[slot] = 0
    else if (speedMps < JOINS_QUEUE_MPS) this.queued[slot] = 1
  }

  #enter({ cars }: Flow, slot: Slot): void {
    const enteredMs = cars.enteredMs[slot]!
    this.queued[slot] = 0
    this.speedBeforeMps[slot] = cars.speedMps[slot]!
    this.crossed[slot] = 0
    this.movement[slot] = this.#places.movementAhead(cars.tripOf(slot).route, cars.routeStep[slot]!)
    this.beganMs[slot] = enteredMs
    this.countsFromMs[slot] = cars.departMs[slot]!
    this.outsideS[slot] = (enteredMs - cars.departMs[slot]!) / 1_000
    for (const column of [this.fuelMl, this.heldS, this.lostBeforeS, this.heldFromS, this.lostFromS]) column[slot] = 0
    for (const column of [this.drivenFromM, this.stopsFrom, this.fuelFromMl]) column[slot] = 0
  }

  /** Up to speed again, or in the queue of the next junction. */
  #isPastJunction({ cars, tracks }: Flow, slot: Slot): boolean {
    if (cars.drivenM[slot]! >= this.upToSpeedAtM[slot]!) return true
    return this.queued[slot] === 1 && tracks.isLane(cars.track[slot]!) && cars.speedMps[slot]! < JOINS_QUEUE_MPS
  }

  #cross(flow: Flow, slot: Slot, way: WayNumber, run: TalliedRun): void {
    const movement = this.#places.movementOfWay[way]!
    if (movement === NONE) return
    if (this.crossed[slot] === 1) this.#begin(flow, slot, run)
    this.movement[slot] = movement
    this.crossed[slot] = 1
    const { cars, tracks, weather } = flow
    const wishedMps = tracks.limitMps[tracks.wayTo[way]!]! * cars.speedFactor[slot]! * weather.speed
    // A driver leaves some of his acceleration unused, half of his imperfection on average (Krauss).
    const gainMps2 = cars.accelerationMps2[slot]! * weather.grip * (1 - cars.imperfection[slot]! / 2)
    this.upToSpeedAtM[slot] = cars.drivenM[slot]! + (wishedMps * wishedMps) / (2 * gainMps2)
    if (flow.nowMs >= run.fromMs) run.movements.crossed[movement * KINDS + cars.kind[slot]!]!++
  }

  #leave(flow: Flow, slot: Slot, run: TalliedRun): void {
    if (this.crossed[slot] === 1) this.#tallyStretch(flow, slot, run)
    this.#tallyTrip(flow, slot, run)
  }

  /** Ends a stretch, and begins the next. */
  #begin(flow: Flow, slot: Slot, run: TalliedRun): void {
    const { cars, nowMs, stepMs } = flow
    this.#tallyStretch(flow, slot, run)
    this.movement[slot] = this.#places.movementAhead(cars.tripOf(slot).route, cars.routeStep[slot]!)
    this.crossed[slot] = 0
    this.beganMs[slot] = nowMs + stepMs
    this.countsFromMs[slot] = nowMs + stepMs
    this.outsideS[slot] = 0
    this.heldFromS[slot] = this.heldS[slot]!
    this.lostFromS[slot] = cars.lostS[slot]!
    this.drivenFromM[slot] = cars.drivenM[slot]!
    this.stopsFrom[slot] = cars.stops[slot]!
    this.fuelFromMl[slot] = this.fuelMl[slot]!
  }

  #tallyStretch({ cars, nowMs, stepMs }: Flow, slot: Slot, { movements, fromMs }: TalliedRun): void {
    const movement = this.movement[slot]!
    if (movement === NONE || this.countsFromMs[slot]! < fromMs) return
    const row = movement * KINDS + cars.kind[slot]!
    movements.vehicles[row]!++
    movements.lostS[row]! += cars.lostS[slot]! - this.lostFromS[slot]!
    movements.heldS[row]! += this.heldS[slot]! - this.heldFromS[slot]!
    movements.outsideS[row]! += this.outsideS[slot]!
    movements.travelS[row]! += (nowMs + stepMs - this.beganMs[slot]!) / 1_000
    movements.drivenM[row]! += cars.drivenM[slot]! - this.drivenFromM[slot]!
    movements.stops[row]! += cars.stops[slot]! - this.stopsFrom[slot]!
    movements.fuelMl[row]! += this.fuelMl[slot]! - this.fuelFromMl[slot]!
  }

  #tallyTrip({ cars, nowMs, stepMs }: Flow, slot: Slot, { trips, fromMs }: TalliedRun): void {
    if (cars.departMs[slot]! < fromMs) return
    const row = cars.kind[slot]!
    trips.vehicles[row]!++
    trips.lostS[row]! += cars.lostS[slot]!
    trips.outsideS[row]! += (cars.enteredMs[slot]! - cars.departMs[slot]!) / 1_000
    trips.travelS[row]! += (nowMs + stepMs - cars.enteredMs[slot]!) / 1_000
    trips.drivenM[row]! += cars.drivenM[slot]!
    trips.stops[row]! += cars.stops[slot]!
    trips.fuelMl[row]! += this.fuelMl[slot]!
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

/** Adds whoever waits outside: all that he has of his trip is the wait. */
export function addOutside(
  run: TalliedRun,
  place: PlaceNumber,
  waiting: { kind: number; departMs: number; nowMs: number },
): void {
  const { kind, departMs, nowMs } = waiting
  if (departMs < run.fromMs) return
  const rows: [Tally, number][] = [[run.trips, kind]]
  if (place !== NONE) rows.push([run.movements, place * KINDS + kind])
  for (const [tally, row] of rows) {
    tally.vehicles[row]!++
    tally.unfinished[row]!++
    tally.neverIn[row]!++
    tally.outsideS[row]! += (nowMs - departMs) / 1_000
  }
}
