/**
 * Queues as somebody on the street would count them, once a second: vehicles that have come to a crawl before the stop line
 * and have not got going again, and how far back the last of them stands; and what queues do to their neighbours.
 */
import type { Entries } from '../flow/entries.ts'
import { LAMP, type Flow } from '../flow/flow.ts'
import { STANDING_MPS } from '../flow/move.ts'
import { NONE, type Slot } from '../flow/vehicles.ts'
import { Histogram } from './histogram.ts'
import type { Journeys } from './journeys.ts'
import type { TrackNumber } from '../streets/street-network.ts'
import type { PlaceNumber, Places } from './places.ts'

export const SAMPLE_MS = 1_000

/** A queue whose last vehicle leaves less room than a car needs reaches the upstream end. */
const FULL_M = 7.5
/** Who is further behind the one ahead is not in the same queue, but behind a bus, or something that blocks the street. */
const APART_M = 30
/** Who stands so near to the line is the first of its lane. */
const AT_THE_LINE_M = 8

export class Queues {
  /** By place: vehicles, metres from the stop line to the last tail, and vehicles that wait outside for room. */
  readonly vehicles: readonly Histogram[]
  readonly lengthM: readonly Histogram[]
  readonly outside: readonly Histogram[]
  /** By place: samples in which an approach was full to its upstream end. */
  readonly fullSamples: Float64Array
  /** By place: vehicles that had green and no room behind the junction. */
  readonly blockedStarts: Float64Array
  /** In the last sample. */
  readonly now: Uint32Array
  readonly #places: Places
  readonly #backM: Float64Array
  readonly #outsideNow: Uint32Array
  readonly #full: Uint8Array
  /** By slot: 1 while it is counted as blocked. */
  #blocked = new Uint8Array(256)

  constructor(places: Places) {
    const count = places.list.length
    const histograms = () => places.list.map(() => new Histogram())
    this.#places = places
    this.vehicles = histograms()
    this.lengthM = histograms()
    this.outside = histograms()
    this.fullSamples = new Float64Array(count)
    this.blockedStarts = new Float64Array(count)
    this.now = new Uint32Array(count)
    this.#backM = new Float64Array(count)
    this.#outsideNow = new Uint32Array(count)
    this.#full = new Uint8Array(count)
  }

  sample(flow: Flow, entries: Entries, journeys: Journeys): void {
    for (const column of [this.now, this.#backM, this.#outsideNow, this.#full]) column.fill(0)
    const { laneCount, count } = flow.tracks
    for (let lane = 0; lane < laneCount; lane++) this.#lookAlong(flow, lane, journeys)
    for (let way = laneCount; way < count; way++) this.#lookInJunction(flow, way, journeys)
    for (const [edge, waiting] of entries.queues)
      this.#addUpwards(this.#outsideNow, this.#places.approachOfEdge[edge]!, waiting.length)
    for (const [approach, lanes] of this.#places.firstLanes)
      if (lanes.some((lane) => isFull(flow, lane, journeys))) this.#noteFull(approach)
    for (let place = 0; place < this.now.length; place++) {
      this.vehicles[place]!.add(this.now[place]!)
      this.lengthM[place]!.add(Math.round(this.#backM[place]!))
      this.outside[place]!.add(this.#outsideNow[place]!)
      this.fullSamples[place]! += this.#full[place]!
    }
  }

  /** After each step: who could go and finds no room behind the junction is counted once for each time that he stands so. */
  countBlockedStarts(flow: Flow): void {
    const { cars, tracks } = flow
    if (this.#blocked.length < cars.track.length) this.#growBlocked(cars.track.length)
    for (let lane = 0; lane < tracks.laneCount; lane++) {
      const slot = tracks.first[lane]!
      if (slot === NONE) continue
      if (!isBlocked(flow, slot)) {
        this.#blocked[slot] = 0
        continue
      }
      if (this.#blocked[slot] === 1) continue
      this.#blocked[slot] = 1
      this.#addUpwards(this.blockedStarts, this.#places.movementOfWay[cars.nextWay[slot]!]!, 1)
    }
  }

  /** From the end of a lane backwards, as long as one follows the other. */
  #lookAlong({ cars, tracks }: Flow, lane: TrackNumber, journeys: Journeys): void {
    const lengthM = tracks.lengthM[lane]!
    const toLineM = this.#places.toLineM[lane]!
    let tailM = lengthM
    for (let slot = tracks.first[lane]!; slot !== NONE; slot = cars.behind[slot]!) {
      if (tailM - cars.positionM[slot]! > APART_M) return
      tailM = cars.positionM[slot]! - cars.lengthM[slot]!
      // Behind its line and on the street again it is in nobody's queue.
      if (journeys.queued[slot] === 1 && journeys.crossed[slot] === 0)
        this.#note(journeys.movement[slot]!, lengthM - tailM + toLineM)
    }
  }

  /** Who waits in the junction for oncoming traffic is in the queue still. */
  #lookInJunction({ cars, tracks }: Flow, way: TrackNumber, journeys: Journeys): void {
    for (let slot = tracks.first[way]!; slot !== NONE; slot = cars.behind[slot]!)
      if (journeys.queued[slot] === 1 && journeys.crossed[slot] === 1) this.#note(journeys.movement[slot]!, 0)
  }

  #note(movement: PlaceNumber, backM: number): void {
    for (let place = movement; place !== NONE; place = this.#places.parent[place]!) {
      this.now[place]!++
      if (backM > this.#backM[place]!) this.#backM[place] = backM
    }
  }

  #noteFull(approach: PlaceNumber): void {
    for (let place = approach; place !== NONE; place = this.#places.parent[place]!) this.#full[place] = 1
  }

  /** To a place and to all that it belongs to. */
  #addUpwards(column: Float64Array | Uint32Array, from: PlaceNumber, more: number): void {
    for (let place = from; place !== NONE; place = this.#places.parent[place]!) column[place]! += more
  }

  #growBlocked(capacity: number): void {
    const larger = new Uint8Array(capacity)
    larger.set(this.#blocked)
    this.#blocked = larger
  }
}

function isFull({ cars, tracks }: Flow, lane: number, { queued }: Journeys): boolean {
  const last = tracks.last[lane]!
  return last !== NONE && queued[last] === 1 && cars.positionM[last]! - cars.lengthM[last]! < FULL_M
}

/** First at a green light, standing, and the lane behind the junction has no room for it. */
function isBlocked({ cars, tracks, lamps }: Flow, slot: Slot): boolean {
  const way = cars.nextWay[slot]!
  if (way < 0 || lamps[way] !== LAMP.go || cars.speedMps[slot]! >= STANDING_MPS) return false
  const lane = cars.track[slot]!
  if (tracks.network.ways[way]!.turn === 'along' || tracks.lengthM[lane]! - cars.positionM[slot]! > AT_THE_LINE_M)
    return false
  const tail = tracks.last[tracks.wayTo[way]!]!
  if (tail === NONE || cars.speedMps[tail]! >= STANDING_MPS) return false
  return cars.positionM[tail]! - cars.lengthM[tail]! < cars.lengthM[slot]! + cars.standingGapM[slot]!
}
