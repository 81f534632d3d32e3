/** What a cabinet keeps through a power cut, and through the death of the process that plays it. */
import type { MonitorTrip } from './conflict-monitor/trip.ts'

export interface CabinetMemory {
  /** Sequence of the newest record of the log. */
  readonly logHead: number
  /** Newest epoch that ever held the lease. */
  readonly leaseEpoch: number
  /** What the conflict monitor has latched and nobody has reset. */
  readonly trip?: MonitorTrip
  /** The timing that was activated last, as its canonical text; without it the one that the cabinet was built with. */
  readonly timing?: string
}

/** A cabinet that has never been switched on. */
export const NEW_CABINET: CabinetMemory = { logHead: 0, leaseEpoch: 0 }
