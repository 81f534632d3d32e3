/** How another timing is brought to a controller: a transaction of its own, apart from what is scanned and what is commanded. */
import type { DeviceFault, FieldDevice } from './device.ts'
import type { PointName } from './points.ts'

/** What is asked, one after the other (NTCIP 1201 `dbCreateTransaction`); its number on the wire is its place, from 1. */
export const TIMING_STEPS = ['begin', 'write', 'verify', 'activate', 'abandon'] as const

export type TimingStep =
  | { readonly do: Exclude<(typeof TIMING_STEPS)[number], 'write'> }
  /** Parts follow each other without a gap; `offset` counts the characters before it. */
  | { readonly do: 'write'; readonly offset: number; readonly part: string }

export interface TimingAsker {
  /** A number of his own choice, from 1 to 2^32 - 1: it tells his transaction from another's. */
  readonly writer: number
  /** Epoch of the lease that he holds; 0 = he relies on the technician at the cabinet. */
  readonly leaseEpoch: number
}

export interface TimingRequest {
  readonly asker: TimingAsker
  readonly step: TimingStep
}

export const WRITER_MAX = 0xffff_ffff

/** `database.state`: index into this list. `armed`: it runs from the next moment on at which the street is clear. */
export const TIMING_STATES = ['idle', 'open', 'verified', 'armed'] as const
export type TimingState = (typeof TIMING_STATES)[number]

/** `database.fault`: index into this list. */
export const TIMING_FAULTS = [
  'none',
  'notPermitted', // Neither the lease that is held nor a technician at the cabinet stands behind the asker.
  'outOfOrder', // begin, write, verify, activate: each in its turn, each part behind the one before.
  'tooLong',
  'garbled', // Not the text of a timing.
  'otherStreet',
  'number',
  'concurrency',
  'sequence',
  'minimum',
  'clearance',
  'pedestrian',
  'timing',
  'cycle',
  'offset',
  'split',
  'coordination',
  'overlap',
  'channel',
  'detector',
  'schedule',
  'preempt',
  'priority',
  'unit',
  'floor', // Below what the site has been built for.
  'leaseLost',
  'timedOut',
  'noLegalMoment', // The street was not clear as long as an activation may wait.
  'inUse', // Another writer has a transaction open.
] as const
export type TimingFaultName = (typeof TIMING_FAULTS)[number]

/** Characters of `database.faultDetail`: all facts of a transaction fit one read of 125 registers. */
export const FAULT_DETAIL_MAX = 192

/** What is read of a transaction, together. */
export const TIMING_POINTS = [
  'database.state',
  'database.fault',
  'database.faultDetail',
  'database.asker',
  'database.owner',
  'database.length',
  'database.stagedHash',
] as const satisfies readonly PointName[]

export interface TimingStatus {
  readonly state: TimingState
  /** Of the last request, or why the transaction has ended by itself. */
  readonly refusal: TimingFaultName
  readonly detail: string
  /** Writer of the last request. */
  readonly asker: number
  /** Writer whose transaction it is; 0 = there is none. */
  readonly owner: number
  /** Characters that are written: where the next part begins. */
  readonly length: number
  /** Configuration hash of what is staged and verified; 0 = nothing. */
  readonly stagedHash: number
}

/** The controller itself refused, and says why; what runs is as it was. */
export interface TimingRefused {
  readonly code: 'TIMING_REFUSED'
  readonly refusal: TimingFaultName
  readonly detail: string
}

export type TimingResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: DeviceFault | TimingRefused }

/** A connection that may bring a timing, and commands nothing. */
export interface TimingDevice {
  readonly device: FieldDevice
  readonly timing: TimingPort
}

/**
 * The transaction of one writer. `timeoutMs` is for each of its requests. Nothing is retried: after a fault of the wire one may
 * connect again and stage anew, which begins from nothing; a controller drops what nobody goes on with.
 */
export interface TimingPort {
  /** Brings the whole text (ASCII) and has it verified; resolves with the hash of what would run. */
  stage(text: string, leaseEpoch: number, timeoutMs: number): Promise<TimingResult<{ readonly hash: number }>>
  /** What this port has staged is to run; after a fault of the wire only `status` and the running hash tell whether it will. */
  activate(timeoutMs: number): Promise<TimingResult<void>>
  /** Drops what this port has staged, unless it runs already. */
  abandon(timeoutMs: number): Promise<TimingResult<void>>
  status(timeoutMs: number): Promise<TimingResult<TimingStatus>>
}
