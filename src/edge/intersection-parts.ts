/** What one supervised intersection is put together of, and the moment at which it is asked to decide. */
import type { Log } from '#base/log.ts'
import type { Learnt } from '#control/learnt.ts'
import type { QueueEstimator, Strategy } from '#control/strategy.ts'
import type { LimitsByPlan } from '#signal/adaptive-limits.ts'
import type { CommandLimits, ControllerDatabase } from '#signal/database.ts'
import type { DetectorWatch } from '#signal/detector-watch.ts'
import type { CommandLease } from './command-lease.ts'
import type { EventRecorder } from './event-recorder.ts'
import type { LinkHealth } from './link-record.ts'
import type { Neighbourhood } from './neighbourhood.ts'
import type { OrderDesk } from './orders/order-desk.ts'
import type { DeviceImage } from './process-image.ts'
import type { Telemetry } from './telemetry/port.ts'

/** A device as the step sees it, however it is reached: it has been asked already. */
export interface AskedDevice {
  /** The newest values, and the log records that have come since the last call. */
  takeImage(): DeviceImage
  /** How it has done since the last call. */
  takeHealth(): LinkHealth
}

export interface IntersectionParts {
  readonly database: ControllerDatabase
  readonly limits: CommandLimits
  readonly adaptiveLimits: LimitsByPlan
  /** By device name; `controller` first, then the cards in the order of the configuration. */
  readonly devices: ReadonlyMap<string, AskedDevice>
  /** null where the controller takes no commands at all. */
  readonly gate: CommandLease | null
  readonly recorder: EventRecorder
  readonly telemetry: Telemetry
  /** The ladder, best rung first. */
  readonly strategies: readonly Strategy<unknown>[]
  /** Whether rungs that choose stages are held against simpler ones, which takes minutes of each; not, if left out. */
  readonly comparing?: boolean | undefined
  /** When detectors are not believed any more; the usual limits, if left out. */
  readonly detectorWatch?: DetectorWatch | undefined
  /** Ends of the edge in a row before this start that nobody had asked for; 0, if left out. */
  readonly crashes?: number | undefined
  /** What decisions cost is measured by it, in ms. */
  readonly stopwatch: () => number
  readonly queues: QueueEstimator<unknown>
  /** Where what is said to the neighbours goes, and theirs comes from; null where each decides for itself. */
  readonly neighbourhood?: Neighbourhood | null
  /** What was learnt before a restart. */
  readonly learnt?: Learnt | undefined
  /** What people have ordered here; nothing unless given. */
  readonly orders?: OrderDesk | undefined
  readonly log: Log
}

/** The moment of a tick; `stalledMs` is the time since the last one when that was longer than a lease. */
export interface Tick {
  readonly monoMs: number
  readonly epochMs: number
  readonly stalledMs: number | null
}
