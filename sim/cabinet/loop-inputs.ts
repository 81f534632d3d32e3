/** The detector inputs of one device: which loops are wired to it, by channel, and the actuations that it has counted. */
import type { DetectorId } from '#base/id.ts'
import type { Detector } from '#signal/detector.ts'

/** Actuation counters are 16 bits wide. */
const COUNT_WRAP = 65_536

interface Wire {
  readonly channel: number
  readonly detector: DetectorId
}

/** What the loops give now, by detector id. */
export interface LoopReadings {
  readonly occupied: Uint8Array
  /** Vehicles in the detection area. */
  readonly vehicles: Uint16Array
}

export class LoopInputs {
  readonly #wires: readonly Wire[]
  readonly #occupied: number[]
  readonly #counts: number[]
  readonly #vehicles: number[]
  /** As the phase machine wants it: by detector id, 0 where a detector is wired elsewhere. */
  readonly occupiedByDetector: Uint8Array

  constructor(detectors: readonly Detector[], device: string) {
    const own = detectors.filter((detector) => detector.device === device)
    this.#wires = own.map(({ id, deviceChannel }) => ({ detector: id, channel: deviceChannel }))
    const channels = Math.max(0, ...this.#wires.map(({ channel }) => channel))
    this.#occupied = Array.from({ length: channels }, () => 0)
    this.#counts = this.#occupied.slice()
    this.#vehicles = this.#occupied.slice()
    this.occupiedByDetector = new Uint8Array(Math.max(0, ...own.map(({ id }) => id)) + 1)
  }

  /** One reading of the loops; an actuation is counted where a channel becomes occupied. */
  sense({ occupied, vehicles }: LoopReadings): void {
    for (const { channel, detector } of this.#wires) {
      const at = channel - 1
      const now = occupied[detector] ? 1 : 0
      if (now > (this.#occupied[at] ?? 0)) this.#counts[at] = ((this.#counts[at] ?? 0) + 1) % COUNT_WRAP
      this.#occupied[at] = now
      this.occupiedByDetector[detector] = now
      this.#vehicles[at] = vehicles[detector] ?? 0
    }
  }

  /** By channel, channel 1 first; the same for the others. */
  get occupied(): readonly number[] {
    return this.#occupied
  }

  get actuationCounts(): readonly number[] {
    return this.#counts
  }

  get zoneVehicles(): readonly number[] {
    return this.#vehicles
  }

  /** Nothing breaks here yet: every loop is sound. */
  get faults(): readonly number[] {
    return this.#occupied.map(() => 0)
  }

  /** Power-up: counters start at zero. */
  reset(): void {
    this.#counts.fill(0)
    this.#occupied.fill(0)
    this.#vehicles.fill(0)
    this.occupiedByDetector.fill(0)
  }
}
