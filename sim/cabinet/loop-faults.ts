/** What is wrong with the loops of a cabinet, to be planted by detector: loops that lie, and loops whose card says so. */
import type { DetectorId } from '#base/id.ts'
import { DETECTOR_FAULT } from '#signal/detector.ts'

/**
 * `stuckOn`, `stuckOff` and `chatter` are for the controller to find. Of the others the card says what it is, and its
 * output calls: a detector unit fails so that nobody is left waiting (NEMA TS 2 6.5.2).
 */
export type LoopFault = 'stuckOn' | 'stuckOff' | 'chatter' | keyof typeof REPORTS

const REPORTS = {
  other: DETECTOR_FAULT.other,
  watchdog: DETECTOR_FAULT.watchdog,
  openLoop: DETECTOR_FAULT.openLoop,
  shortedLoop: DETECTOR_FAULT.shortedLoop,
  excessiveChange: DETECTOR_FAULT.excessiveChange,
} as const

export class LoopFaults {
  readonly #planted = new Map<DetectorId, LoopFault>()
  readonly #wiredTo = new Map<DetectorId, DetectorId>()

  /** From the next reading on, until it is planted anew or mended. */
  plant(detector: DetectorId, fault: LoopFault): void {
    this.#planted.set(detector, fault)
  }

  mend(detector: DetectorId): void {
    this.#planted.delete(detector)
  }

  /** The wires of two loops are exchanged, until they are put right again. */
  swap(a: DetectorId, b: DetectorId): void {
    this.#wiredTo.set(a, b)
    this.#wiredTo.set(b, a)
  }

  putRight(a: DetectorId, b: DetectorId): void {
    this.#wiredTo.delete(a)
    this.#wiredTo.delete(b)
  }

  /** The loop whose wire ends at the input of a detector: its own, unless wires are exchanged. */
  wiredTo(detector: DetectorId): DetectorId {
    return this.#wiredTo.get(detector) ?? detector
  }

  /** Every loop, and every wire, is sound. */
  get none(): boolean {
    return this.#planted.size === 0 && this.#wiredTo.size === 0
  }

  /** What the input is now, `before` being the last reading of it. */
  sense(detector: DetectorId, occupied: 0 | 1, before: 0 | 1): 0 | 1 {
    const fault = this.#planted.get(detector)
    if (fault === undefined) return occupied
    if (fault === 'chatter') return before === 0 ? 1 : 0
    return fault === 'stuckOff' ? 0 : 1
  }

  /** What the card reports of it, as bits of `DETECTOR_FAULT`. */
  report(detector: DetectorId): number {
    const fault = this.#planted.get(detector)
    return fault !== undefined && fault in REPORTS ? REPORTS[fault as keyof typeof REPORTS] : 0
  }
}
