/** What a controller says of itself (NTCIP 1202 status groups): produced by the phase machine, read back by the edge. */
import type { Bits } from '#base/bits.ts'

/** Interval of a ring's active phase; the order is the wire's. */
export const INTERVALS = ['rest', 'redAmber', 'green', 'yellow', 'redClear', 'leadingPed'] as const
export type Interval = (typeof INTERVALS)[number]

/** Why the last green of a ring ended; the order is the wire's. */
export const TERMINATIONS = ['none', 'gapOut', 'maxOut', 'forceOff', 'preempt', 'priority'] as const
export type Termination = (typeof TERMINATIONS)[number]

/** How the coordinator moves towards its offset; the order is the wire's. */
export const TRANSITIONS = ['free', 'inStep', 'add', 'subtract', 'dwell'] as const
export type Transition = (typeof TRANSITIONS)[number]

/** What the preempt in service does; the order is the wire's. NTCIP 1202 preemptState. */
export const PREEMPT_STATES = ['none', 'delay', 'entry', 'track', 'dwell', 'exit'] as const
export type PreemptState = (typeof PREEMPT_STATES)[number]

export interface PreemptStatus {
  /** Number of the preempt in service, 0 = none. */
  readonly number: number
  readonly state: PreemptState
  /** Inputs that call, by number. */
  readonly calls: Bits
  /** Priority calls checked in, and those that are being served, by number. */
  readonly priorityCalls: Bits
  readonly priorityActive: Bits
}

export interface RingStatus {
  /** Phase number, 0 = none. */
  readonly phase: number
  readonly interval: Interval
  readonly elapsedMs: number
  readonly termination: Termination
}

export interface CoordinationStatus {
  /** Pattern in effect; 254 = free. */
  readonly pattern: number
  readonly cycleMs: number
  readonly localCycleMs: number
  readonly offsetMs: number
  readonly transition: Transition
}

/** Each phase is in one of reds, redAmbers, greens, yellows. Each overlap that is no arrow that flashes likewise; a pedestrian overlap walks as green and clears as yellow. Channels are lamps: red-amber is red and yellow together. */
export interface SignalStatus {
  readonly reds: Bits
  readonly yellows: Bits
  readonly greens: Bits
  readonly redAmbers: Bits
  readonly walks: Bits
  readonly pedClears: Bits
  readonly dontWalks: Bits
  /** Vehicles (and held calls) that wait for a phase that is not green; recalls are not among them. */
  readonly vehicleCalls: Bits
  readonly pedestrianCalls: Bits
  /** From red-amber or green to the end of red clearance. */
  readonly phaseOns: Bits
  /** The decision: what each ring has committed itself to serve next. */
  readonly phaseNexts: Bits
  readonly overlapReds: Bits
  readonly overlapYellows: Bits
  readonly overlapGreens: Bits
  /** Yellow arrows that flash: among reds, yellows and greens they are in none. */
  readonly overlapFlashes: Bits
  readonly channelReds: Bits
  readonly channelYellows: Bits
  readonly channelGreens: Bits
  readonly rings: readonly RingStatus[]
  readonly coordination: CoordinationStatus
  readonly preempt: PreemptStatus
  /** The controller wants its lamps to flash: the flasher has them, whatever the channels say. */
  readonly flash: FlashCause
}

/** Who decides at the cabinet; the order is the wire's. */
export const CONTROL_STATUSES = ['local', 'supervised', 'manual', 'backup', 'preempt', 'flash', 'fault'] as const
export type ControlStatus = (typeof CONTROL_STATUSES)[number]

/** Why it flashes; the order is the wire's. */
export const FLASH_CAUSES = [
  'none',
  'startup',
  'automatic',
  'local',
  'conflictMonitor',
  'preempt',
  'technician',
] as const
export type FlashCause = (typeof FLASH_CAUSES)[number]

export interface UnitStatus {
  readonly controlStatus: ControlStatus
  readonly flashCause: FlashCause
  readonly clockEpochMs: number
  readonly uptimeMs: number
  readonly alarmBits: Bits
  readonly mainsPower: boolean
  readonly doorOpen: boolean
  /** Lease as the controller holds it. */
  readonly leaseEpoch: number
  readonly leaseSequence: number
  readonly leaseRemainingMs: number
  readonly refusedCommandCode: number
  /** Whole local cycles since the last lease ended; at least 1 when none was ever held since start-up. */
  readonly localCyclesSinceLease: number
}
