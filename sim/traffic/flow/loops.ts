/**
 * What the asphalt and the cameras feel, at tenths of a second: within a step each vehicle is where it is on its way from its
 * old place to its new one.
 */
import { hashText, uniformFor } from '#base/random.ts'
import type { DetectorId } from '#base/id.ts'
import type { TrackNumber } from '../streets/street-network.ts'
import type { Flow } from './flow.ts'
import type { Tracks } from './tracks.ts'
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
/** A long vehicle, and what it drives in a step. */
const REACH_M = 25

/** A piece of track on which a vehicle can be over a place, wholly or with its tail. */
interface Sight {
  readonly place: DetectorPlace
  readonly track: TrackNumber
  /** From the beginning of the place's track to that of this one. */
  readonly beforeM: number
  /** The way by which those on this track must have come; `NONE` where all have. */
  readonly via: number
  /** Most vehicles of the track stand behind the place: it is looked for from the front. */
  readonly fromFront: boolean
}

/** All places of one junction, and how many vehicles each detector has had over it in the parts of the last step. */
export class DetectorField {
  readonly #sights: readonly Sight[]
  /** Those whose sight errs, and what their ghosts are drawn from. */
  readonly #cameras: ReadonlyMap<DetectorId, CameraErrors & { readonly ghosts: number }>
  readonly #parts: number
  /** Detector numbers and one. */
  readonly channels: number
  /** By part of the step, then detector. */
  readonly #vehicles: Uint16Array

  constructor(
    tracks: Tracks,
    {
      places,
      cameras,
    }: { readonly places: readonly DetectorPlace[]; readonly cameras: ReadonlyMap<DetectorId, CameraErrors> },
    parts: number,
  ) {
    this.#sights = places.flatMap((place) => sightsOf(tracks, place))
    this.#cameras = new Map(
      [...cameras].map(([detector, errors]) => [detector, { ...errors, ghosts: hashText(`ghost ${detector}`) }]),
    )
    this.#parts = parts
    this.channels = Math.max(0, ...places.map(({ detector }) => detector)) + 1
    this.#vehicles = new Uint16Array(parts * this.channels)
  }

  /** After a step of the vehicles. */
  feel(flow: Flow): void {
    this.#vehicles.fill(0)
    const { cars, tracks } = flow
    for (const sight of this.#sights) {
      const { track, beforeM, place, fromFront } = sight
      if (tracks.vehicles[track] === 0) continue
      const next = fromFront ? cars.behind : cars.ahead
      for (let slot = fromFront ? tracks.first[track]! : tracks.last[track]!; slot !== NONE; slot = next[slot]!) {
        const frontM = beforeM + cars.positionM[slot]!
        const isBehind = frontM <= place.fromM
        const isBeyond = frontM - cars.lengthM[slot]! - cars.movedM[slot]! >= place.toM
        if (fromFront ? isBehind : isBeyond) break
        if (!isBehind && !isBeyond) this.#feelVehicle(flow, slot, frontM, sight)
      }
    }
  }

  /** Writes what each detector felt in that part of the step, 0 the first. */
  read(part: number, nowMs: number, vehicles: Uint16Array): void {
    const from = part * this.channels
    for (let detector = 0; detector < this.channels; detector++) vehicles[detector] = this.#vehicles[from + detector]!
    for (const [detector, { ghostsPerHour, ghosts }] of this.#cameras)
      if (uniformFor(ghosts, Math.floor(nowMs / GHOST_MS)) < (ghostsPerHour * GHOST_MS) / 3_600_000)
        vehicles[detector]!++
  }

  #feelVehicle({ cars }: Flow, slot: Slot, frontM: number, { place, via }: Sight): void {
    const { detector, fromM, toM } = place
    const errors = this.#cameras.get(detector)
    if (via !== NONE && cars.lastWay[slot] !== via) return
    if (errors !== undefined && uniformFor(cars.persona[slot]!, detector) < errors.missedShare) return
    const movedM = cars.movedM[slot]!
    const lengthM = cars.lengthM[slot]!
    for (let part = 0; part < this.#parts; part++) {
      const nowM = frontM - movedM * (1 - (part + 1) / this.#parts)
      if (nowM > fromM && nowM - lengthM < toM) this.#vehicles[part * this.channels + detector]!++
    }
  }
}

/** The track of a place, and those behind it on which a tail, or a last moment, may still be over it. */
function sightsOf(tracks: Tracks, place: DetectorPlace): Sight[] {
  const lengthM = tracks.lengthM[place.track]!
  const own = { place, track: place.track, beforeM: 0, via: NONE, fromFront: place.fromM > lengthM / 2 }
  const lane = tracks.isLane(place.track) ? tracks.network.lanes[place.track] : undefined
  if (lane === undefined || lengthM - place.toM > REACH_M) return [own]
  const onward = lane.ways.flatMap((way): Sight[] => {
    const track = tracks.trackOf(way)
    const behindM = lengthM + tracks.lengthM[track]!
    const over = { place, track, beforeM: lengthM, via: NONE, fromFront: false }
    const beyond = { place, track: tracks.wayTo[way]!, beforeM: behindM, via: way, fromFront: false }
    return behindM - place.toM < REACH_M ? [over, beyond] : [over]
  })
  return [own, ...onward]
}
