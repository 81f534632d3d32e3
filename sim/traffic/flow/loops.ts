/**
 * What the asphalt and the cameras feel, at tenths of a second: within a step each vehicle is where it is on its way from its
 * old place to its new one.
 */
import { hashText, uniformFor } from '#base/random.ts'
import type { DetectorId } from '#base/id.ts'
import type { TrackNumber } from '../streets/street-network.ts'
import type { Flow } from './flow.ts'
import { NONE, type Slot } from './vehicles.ts'

/** A stretch of lane that a detector feels; a detector may have several. */
export interface DetectorPlace {
  readonly detector: DetectorId
  readonly track: TrackNumber
  readonly fromM: number
  readonly toM: number
}

/** What a camera gets wrong. */
export interface CameraErrors {
  /** Share of vehicles that it never sees. */
  readonly missedShare: number
  /** Ghosts that it sees an hour, each for `GHOST_MS`. */
  readonly ghostsPerHour: number
}

const GHOST_MS = 2_000

/** All places of one junction, and how many vehicles each has had over it in the parts of the last step. */
export class DetectorField {
  readonly #places: readonly DetectorPlace[]
  /** Those whose sight errs. */
  readonly #cameras: ReadonlyMap<DetectorId, CameraErrors>
  readonly #parts: number
  /** By place, then part of the step. */
  readonly #vehicles: Uint8Array

  constructor(places: readonly DetectorPlace[], cameras: ReadonlyMap<DetectorId, CameraErrors>, parts: number) {
    this.#places = places
    this.#cameras = cameras
    this.#parts = parts
    this.#vehicles = new Uint8Array(places.length * parts)
  }

  /** After a step of the vehicles. */
  feel(flow: Flow): void {
    this.#vehicles.fill(0)
    this.#places.forEach((place, index) => {
      const { tracks } = flow
      const lengthM = tracks.lengthM[place.track]!
      this.#feelTrack(flow, { index, place, track: place.track, beforeM: 0, via: NONE })
      if (!tracks.isLane(place.track)) return
      // Whose tail, or whose last moment, is still on the lane behind him.
      for (const way of tracks.network.lanes[place.track]!.ways) {
        const on = tracks.trackOf(way)
        if (lengthM - place.toM > REACH_M) break
        this.#feelTrack(flow, { index, place, track: on, beforeM: lengthM, via: NONE })
        if (tracks.lengthM[on]! < REACH_M)
          this.#feelTrack(flow, {
            index,
            place,
            track: tracks.wayTo[way]!,
            beforeM: lengthM + tracks.lengthM[on]!,
            via: way,
          })
      }
    })
  }

  /** Adds up what each detector felt in that part of the step, 0 the first. */
  read(part: number, nowMs: number, vehicles: Uint16Array): void {
    vehicles.fill(0)
    this.#places.forEach(({ detector }, index) => {
      vehicles[detector]! += this.#vehicles[index * this.#parts + part]!
    })
    for (const [detector, { ghostsPerHour }] of this.#cameras)
      if (
        uniformFor(hashText(`ghost ${detector}`), Math.floor(nowMs / GHOST_MS)) <
        (ghostsPerHour * GHOST_MS) / 3_600_000
      )
        vehicles[detector]!++
  }

  #feelTrack(flow: Flow, { index, place, track, beforeM, via }: Felt): void {
    const { cars, tracks } = flow
    for (let slot = tracks.last[track]!; slot !== NONE; slot = cars.ahead[slot]!) {
      const frontM = beforeM + cars.positionM[slot]!
      const backM = frontM - cars.lengthM[slot]! - cars.movedM[slot]!
      if (backM >= place.toM) return
      if (frontM <= place.fromM || (via !== NONE && cars.lastWay[slot] !== via) || this.#isMissed(flow, slot, place))
        continue
      const movedM = cars.movedM[slot]!
      for (let part = 0; part < this.#parts; part++) {
        const nowM = frontM - movedM * (1 - (part + 1) / this.#parts)
        if (nowM > place.fromM && nowM - cars.lengthM[slot]! < place.toM) this.#vehicles[index * this.#parts + part]!++
      }
    }
  }

  #isMissed({ cars }: Flow, slot: Slot, { detector }: DetectorPlace): boolean {
    const errors = this.#cameras.get(detector)
    return errors !== undefined && uniformFor(cars.persona[slot]!, detector) < errors.missedShare
  }
}

/** A long vehicle, and what it drives in a step. */
const REACH_M = 25

interface Felt {
  readonly index: number
  readonly place: DetectorPlace
  readonly track: TrackNumber
  /** From the beginning of the place's track to that of this one. */
  readonly beforeM: number
  /** The way by which those on this track must have come; `NONE` where all have. */
  readonly via: number
}
