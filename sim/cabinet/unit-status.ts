/** The unit status of a cabinet, as its wire has it. */
import { bit, type Bits } from '#base/bits.ts'
import type { ControlStatus, FlashCause, UnitStatus } from '#signal/status.ts'
import type { Alarms } from './alarms.ts'
import type { CabinetClock } from './cabinet-clock.ts'
import { checkNumber } from './conflict-monitor/trip.ts'
import type { Supervision } from './supervision.ts'
import { flashCauseOf, type CabinetState } from './who-decides.ts'

/** What is looked at; each as it is at the moment. */
export interface UnitParts {
  readonly state: CabinetState
  readonly supervision: Supervision
  readonly clock: CabinetClock
  readonly alarms: Alarms
}

/** Each group of the status as it is when it is asked for; a scan asks for them one by one, ten times a second. */
export class UnitNow implements UnitStatus {
  readonly #parts: UnitParts

  constructor(parts: UnitParts) {
    this.#parts = parts
  }

  get controlStatus(): ControlStatus {
    return this.#parts.supervision.controlStatus
  }

  get flashCause(): FlashCause {
    return flashCauseOf(this.#parts.state)
  }

  get clockEpochMs(): number {
    return this.#parts.clock.epochMs
  }

  get uptimeMs(): number {
    return this.#parts.clock.uptimeMs
  }

  get alarmBits(): Bits {
    const { alarms, state } = this.#parts
    return (alarms.bits | (state.trip === null ? 0 : bit(checkNumber(state.trip.check)))) >>> 0
  }

  get mainsPower(): boolean {
    return this.#parts.state.power.mains
  }

  get doorOpen(): boolean {
    return this.#parts.state.panels.doorOpen
  }

  get leaseEpoch(): number {
    return this.#parts.supervision.lease.epoch
  }

  get leaseSequence(): number {
    return this.#parts.supervision.lease.sequence
  }

  get leaseRemainingMs(): number {
    return this.#parts.supervision.lease.remainingMs
  }

  get refusedCommandCode(): number {
    return this.#parts.supervision.refusedCode
  }

  get localCyclesSinceLease(): number {
    return this.#parts.supervision.lease.localCycles
  }
}
