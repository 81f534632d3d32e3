/**
 * Lanes as point queues: whoever comes waits at the stop line until all before him have gone. What loops and a camera would see
 * of it is made up from where he would stand.
 */
import type { DetectorReading, ZoneCell } from '#signal/view.ts'
import { ZONE_CELL_M, ZONE_CELLS } from '#signal/view.ts'
import { ADVANCE_M } from './crossings.ts'
import type { Comer } from './demand.ts'

/** 1,900 an hour (HCM 6 ch. 19). */
export const HEADWAY_MS = Math.round(3_600_000 / 1_900)
export const START_UP_MS = 2_000
/** Of the yellow, that is still driven through. */
export const YELLOW_USED_MS = 2_000

/** Room of a standing vehicle and the gap before it. */
const SPACE_M = 7.5
/** Who moves up in a discharging queue: a space each headway. */
const MOVING_UP_MPS = (SPACE_M * 1_000) / HEADWAY_MS
/** The tail of one is off the stop-bar loop, and the nose of the next is on it, so long after the one crossed. */
const OFF_MS = 200
const NEXT_ON_MS = 900
const LOOP_AND_CAR_M = 7

export type Lamp = 'green' | 'yellow' | 'red'

export class PointQueue {
  readonly #comers: readonly Comer[]
  #gone = 0
  #cameOver = 0
  #onStopBar = 0
  #lastCrossedMs = -Infinity
  #goesFromMs = -Infinity
  #goesUntilMs = -Infinity
  /** Whoever is green at the beginning has been so for long. */
  #lamp: Lamp = 'yellow'
  delayMs = 0
  longestMs = 0
  stops = 0

  constructor(comers: readonly Comer[]) {
    this.#comers = comers
  }

  get isEmpty(): boolean {
    return this.#gone === this.#comers.length
  }

  /** Who has come by now and has not gone. */
  waitingAt(nowMs: number): number {
    let n = this.#gone
    while (n < this.#comers.length && this.#comers[n]!.atMs <= nowMs) n++
    return n - this.#gone
  }

  /** Times from now at which the next ones come, within so long. */
  comingAt(nowMs: number, withinMs: number): number[] {
    const times: number[] = []
    for (let n = this.#gone + this.waitingAt(nowMs); n < this.#comers.length; n++) {
      const inMs = this.#comers[n]!.atMs - nowMs
      if (inMs > withinMs) break
      times.push(inMs)
    }
    return times
  }

  /** Whoever crosses from now until so much later. */
  step(nowMs: number, elapsedMs: number, lamp: Lamp): void {
    if (lamp === 'green' && this.#lamp !== 'green') {
      if (this.#lamp === 'red') this.#goesFromMs = nowMs + START_UP_MS
      this.#goesUntilMs = Infinity
    } else if (lamp !== 'green' && this.#lamp === 'green') this.#goesUntilMs = nowMs + YELLOW_USED_MS
    this.#lamp = lamp
    for (let next = this.#comers[this.#gone]; next !== undefined; next = this.#comers[this.#gone]) {
      const atMs = Math.max(next.atMs, this.#lastCrossedMs + HEADWAY_MS, this.#goesFromMs)
      if (atMs >= nowMs + elapsedMs || atMs >= this.#goesUntilMs) return
      this.#cross(next, atMs)
    }
  }

  #cross({ atMs }: Comer, crossedMs: number): void {
    const waitedMs = crossedMs - atMs
    this.delayMs += waitedMs
    this.longestMs = Math.max(this.longestMs, waitedMs)
    if (waitedMs > 0) this.stops++
    this.#lastCrossedMs = crossedMs
    this.#gone++
    this.#onStopBar = Math.max(this.#onStopBar, this.#gone)
    this.#cameOver = Math.max(this.#cameOver, this.#gone)
  }

  stopBarAt(nowMs: number): DetectorReading {
    const next = this.#comers[this.#gone]
    const isOn = next !== undefined && Math.max(next.atMs, this.#lastCrossedMs + NEXT_ON_MS) <= nowMs
    if (isOn) this.#onStopBar = Math.max(this.#onStopBar, this.#gone + 1)
    return { occupied: isOn || nowMs < this.#lastCrossedMs + OFF_MS, actuationCount: this.#onStopBar }
  }

  advanceAt(nowMs: number): DetectorReading {
    const near = this.#placesAt(nowMs)
    this.#cameOver = Math.max(this.#cameOver, this.#gone + near.length)
    return {
      occupied: near.some(({ fromLineM }) => fromLineM > ADVANCE_M - LOOP_AND_CAR_M),
      actuationCount: this.#cameOver,
    }
  }

  zoneAt(nowMs: number): DetectorReading {
    const vehicles = Array.from({ length: ZONE_CELLS }, () => 0)
    const speeds = Array.from({ length: ZONE_CELLS }, () => 0)
    for (const { fromLineM, speedMps } of this.#placesAt(nowMs)) {
      const cell = Math.floor(fromLineM / ZONE_CELL_M)
      if (cell >= ZONE_CELLS) continue
      vehicles[cell]!++
      speeds[cell]! += speedMps
    }
    const cells = vehicles.map((count, cell): ZoneCell => ({
      vehicles: count,
      speedMps: count === 0 ? 0 : speeds[cell]! / count,
    }))
    const seen = vehicles.reduce((sum, count) => sum + count, 0)
    return { occupied: seen > 0, actuationCount: this.#cameOver, cells }
  }

  /** Whoever is past the advance loops, foremost first. */
  #placesAt(nowMs: number): { fromLineM: number; speedMps: number }[] {
    const places: { fromLineM: number; speedMps: number }[] = []
    const discharges = nowMs >= this.#goesFromMs && nowMs < this.#goesUntilMs
    let roomM = 0
    for (let n = this.#gone; n < this.#comers.length; n++) {
      const { atMs, speedMps } = this.#comers[n]!
      const freeM = ((atMs - nowMs) / 1_000) * speedMps
      const fromLineM = Math.max(roomM, freeM)
      if (fromLineM > ADVANCE_M) break
      places.push({ fromLineM, speedMps: freeM > roomM ? speedMps : discharges ? MOVING_UP_MPS : 0 })
      roomM = fromLineM + SPACE_M
    }
    return places
  }
}
