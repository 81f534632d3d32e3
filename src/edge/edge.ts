/** One edge service: the field side of its intersections, run ten times a second until it is stopped. */
import type { Clock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import type { QueueEstimator, Strategy } from '#control/strategy.ts'
import type { OpenDevice } from '#devices/device.ts'
import type { CommandLimits, ControllerDatabase } from '#signal/database.ts'
import type { ScanStats } from './scan-cycle.ts'
import type { Telemetry } from './telemetry/port.ts'

/** A device as the application hands it in: the driver is chosen there, the connection policy is here. */
export interface EdgeDevice {
  /** Name inside the intersection, as detectors refer to it: `controller`, or a card such as `loops`. */
  readonly name: string
  /** Makes the driver without touching the network; called once. */
  readonly open: () => OpenDevice
}

export interface EdgeIntersection {
  readonly database: ControllerDatabase
  readonly limits: CommandLimits
  readonly controller: EdgeDevice
  readonly cards: readonly EdgeDevice[]
}

export interface EdgeParts {
  readonly intersections: readonly EdgeIntersection[]
  readonly telemetry: Telemetry
  /** At most one for each rung; a rung without a strategy is never stood on. */
  readonly strategies: readonly Strategy<unknown>[]
  readonly queues: QueueEstimator<unknown>
  readonly clock: Clock
  readonly log: Log
}

export interface RunningEdge {
  /** Ends the cycle and every connection; leases run out by themselves. Does not close telemetry. */
  stop(): Promise<void>
  stats(): ScanStats
}
