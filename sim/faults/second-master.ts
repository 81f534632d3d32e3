/** Somebody else's hand at a controller: another supervisor takes the lease, and lets the controller do what it does by itself. */
import type { PointSource } from '#devices/device.ts'
import { LEASE_MS_MAX } from '#signal/command.ts'
import { PATTERN_STANDBY } from '#signal/timing-plan.ts'

/** Well within the lease. */
const RENEW_MS = 500

export class SecondMaster {
  readonly #controller: PointSource
  #epoch = 0
  #sequence = 0
  #waitedMs = RENEW_MS

  constructor(controller: PointSource) {
    this.#controller = controller
  }

  /** Takes a lease that is newer than any, and renews it; where it is refused, or was taken from him, he begins anew. */
  step(elapsedMs: number): void {
    this.#waitedMs += elapsedMs
    if (this.#waitedMs < RENEW_MS || this.#controller.isUp === false) return
    this.#waitedMs = 0
    const shown = Number(this.#controller.readPoint('supervision.epoch'))
    const isOurs = shown === this.#epoch && Number(this.#controller.readPoint('supervision.leaseRemainingMs')) > 0
    this.#epoch = isOurs ? this.#epoch : shown + 1
    this.#sequence = isOurs ? this.#sequence + 1 : 1
    this.#controller.writeControl(
      new Map([
        ['control.epoch', this.#epoch],
        ['control.sequence', this.#sequence],
        ['control.leaseMs', LEASE_MS_MAX],
        ['control.pattern', PATTERN_STANDBY],
      ]),
    )
  }
}
