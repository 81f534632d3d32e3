/** Writes down who decides at the cabinet, whenever that has changed: codes 155, 257 and 258. */
import { EVENT, type EmitEvent } from '#signal/events.ts'
import type { Supervision } from './supervision.ts'

/** Parameters of events have 16 bits. */
export const PARAMETER_WRAP = 65_536

export class DecisionLog {
  /** What the log said last: epoch of the lease (0 = none) and unit control. */
  #epoch = 0
  #unitControl = 0

  /** An epoch is named by its last 16 bits. */
  note({ lease, command, unitControl }: Supervision, emit: EmitEvent): void {
    const epoch = command === null ? 0 : lease.epoch
    const before = { epoch: this.#epoch, unitControl: this.#unitControl }
    this.#epoch = epoch
    this.#unitControl = unitControl
    if (before.epoch !== epoch && before.epoch !== 0) emit(EVENT.supervisionLost, before.epoch % PARAMETER_WRAP)
    if (before.epoch !== epoch && epoch !== 0) emit(EVENT.supervisionGained, epoch % PARAMETER_WRAP)
    if (before.unitControl !== unitControl) emit(EVENT.unitControl, unitControl)
  }
}
