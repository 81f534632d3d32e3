/** The detector inputs of one device: which loops are wired to it, by channel, and the actuations that it has counted. */
import type { DetectorId } from '#base/id.ts'
import { DETECTOR } from '#devices/point-numbers.ts'
import type { FilledRow } from '#devices/point-row.ts'
import { DETECTOR_MOST, type Detector } from '#signal/detector.ts'
import { ZONE_CELLS } from '#signal/view.ts'
import type { LoopFaults } from './loop-faults.ts'

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
  /** Of camera zones: vehicles and speed by cell, as `detector.zoneCells` has them. */
  readonly cells?: ReadonlyMap<DetectorId, Uint16Array>
}

export class LoopInputs {
  readonly #wires: readonly Wire[]
  readonly #loopFaults: LoopFaults
  readonly #occupied: (0 | 1)[]
  readonly #counts: number[]
  readonly #vehicles: number[]
  readonly #faults: number[]
  readonly #cells: number[]
  /** As the phase machine wants it: by detector id, 0 where a detector is wired elsewhere. */
  readonly occupiedByDetector = new Uint8Array(DETECTOR_MOST + 1)
  /** What the card reports of each, likewise. */
  readonly faultsByDetector = new Uint8Array(DETECTOR_MOST + 1)

  /** `loopFaults`: what is wrong in this cabinet. */
  constructor(detectors: readonly Detector[], device: string, loopFaults: LoopFaults) {
    this.#loopFaults = loopFaults
    const own = detectors.filter((detector) => detector.device === device)
    this.#wires = own.map(({ id, deviceChannel }) => ({ detector: id, channel: deviceChannel }))
    const channels = Math.max(0, ...this.#wires.map(({ channel }) => channel))
    this.#occupied = Array.from({ length: channels }, () => 0)
    this.#counts = Array.from({ length: channels }, () => 0)
    this.#vehicles = this.#counts.slice()
    this.#faults = this.#counts.slice()
    this.#cells = Array.from({ length: channels * ZONE_CELLS }, () => 0)
  }

  /** One reading of the loops; an actuation is counted where a channel becomes occupied. */
  sense({ occupied, vehicles, cells }: LoopReadings): void {
    const faults = this.#loopFaults.none ? null : this.#loopFaults
    for (const { channel, detector } of this.#wires) {
      const at = channel - 1
      const before = this.#occupied[at] ?? 0
      const loop = faults?.wiredTo(detector) ?? detector
      const over = occupied[loop] ? 1 : 0
      const now = faults?.sense(detector, over, before) ?? over
      if (now > before) this.#counts[at] = ((this.#counts[at] ?? 0) + 1) % COUNT_WRAP
      this.#occupied[at] = now
      this.occupiedByDetector[detector] = now
      this.#vehicles[at] = vehicles[loop] ?? 0
      if (cells)
        for (const [cell, word] of cells.get(detector)?.entries() ?? []) this.#cells[at * ZONE_CELLS + cell] = word
      this.#faults[at] = this.faultsByDetector[detector] = faults?.report(detector) ?? 0
    }
  }

  /**
   * What is read of it: by channel, channel 1 first; ten cells to a channel; faults as bits of `DETECTOR_FAULT`, with what the
   * controller has found beside what the card reports. The lists are its own, and written over.
   */
  fill(row: FilledRow): void {
    row[DETECTOR.occupied] = this.#occupied
    row[DETECTOR.actuationCounts] = this.#counts
    row[DETECTOR.faults] = this.#faults
    row[DETECTOR.zoneVehicles] = this.#vehicles
    row[DETECTOR.zoneCells] = this.#cells
  }

  /** What the controller says of its detectors, by number, after it has looked at them. */
  noteFound(faultsByDetector: readonly number[]): void {
    for (const { channel, detector } of this.#wires) {
      const reported = this.faultsByDetector[detector] ?? 0
      this.#faults[channel - 1] = reported | (faultsByDetector[detector] ?? 0)
    }
  }

  /** Power-up: counters start at zero. */
  reset(): void {
    this.#counts.fill(0)
    this.#occupied.fill(0)
    this.#vehicles.fill(0)
    this.#faults.fill(0)
    this.#cells.fill(0)
    this.occupiedByDetector.fill(0)
    this.faultsByDetector.fill(0)
  }
}
