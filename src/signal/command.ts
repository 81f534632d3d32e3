/** What supervision may ask of a controller (NTCIP 1202 phase control group and pattern control), always with a lease. */
import type { Bits } from '#base/bits.ts'
import type { PatternId } from '#base/id.ts'

/** The lease of a command; the controller refuses more, and 0. Field contract: "at most 3 s". */
export const LEASE_MS_MAX = 3_000

export interface PhaseControl {
  /** Keeps a green phase green. */
  readonly hold: Bits
  /** Ends a green phase whose minimums are served. */
  readonly forceOff: Bits
  readonly phaseOmit: Bits
  readonly pedestrianOmit: Bits
  /** Acts as a detector of the phase: registers a call, and extends the green while set. */
  readonly vehicleCall: Bits
  readonly pedestrianCall: Bits
}

/** Calls to break in (NTCIP 1202 2.7, NTCIP 1211), by number; only those that the site lets supervision make. */
export interface PriorityRequests {
  readonly preempts: Bits
  readonly priorities: Bits
}

export interface SupervisoryCommand extends PhaseControl, PriorityRequests {
  readonly pattern: PatternId
}

export const NO_PHASE_CONTROL: PhaseControl = {
  hold: 0,
  forceOff: 0,
  phaseOmit: 0,
  pedestrianOmit: 0,
  vehicleCall: 0,
  pedestrianCall: 0,
}

export const NO_REQUESTS: PriorityRequests = { preempts: 0, priorities: 0 }
