/** The unit status of a cabinet, as its wire has it. */
import { bit } from '#base/bits.ts'
import type { UnitStatus } from '#signal/status.ts'
import type { Alarms } from './alarms.ts'
import type { CabinetClock } from './cabinet-clock.ts'
import { checkNumber } from './conflict-monitor/trip.ts'
import type { Supervision } from './supervision.ts'
import { flashCauseOf, type CabinetState } from './who-decides.ts'

export interface UnitParts {
  readonly state: CabinetState
  readonly supervision: Supervision
  readonly clock: CabinetClock
  readonly alarms: Alarms
}

export function unitStatusOf({ state, supervision, clock, alarms }: UnitParts): UnitStatus {
  const { lease, controlStatus, refusedCode } = supervision
  const { trip, power, panels } = state
  return {
    controlStatus,
    flashCause: flashCauseOf(state),
    clockEpochMs: clock.epochMs,
    uptimeMs: clock.uptimeMs,
    alarmBits: (alarms.bits | (trip === null ? 0 : bit(checkNumber(trip.check)))) >>> 0,
    mainsPower: power.mains,
    doorOpen: panels.doorOpen,
    leaseEpoch: lease.epoch,
    leaseSequence: lease.sequence,
    leaseRemainingMs: lease.remainingMs,
    refusedCommandCode: refusedCode,
    localCyclesSinceLease: lease.localCycles,
  }
}
