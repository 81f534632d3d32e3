/** One edge service: the field side of its intersections, run ten times a second until it is stopped. */
import type { Clock } from '#base/clock.ts'
import type { IntersectionId } from '#base/id.ts'
import type { Log } from '#base/log.ts'
import type { Learnt } from '#control/learnt.ts'
import type { QueueEstimator, Strategy } from '#control/strategy.ts'
import type { OpenDevice } from '#devices/device.ts'
import type { TimingDevice } from '#devices/timing.ts'
import type { LimitsByPlan } from '#signal/adaptive-limits.ts'
import type { CommandLimits, ControllerDatabase } from '#signal/database.ts'
import type { DetectorWatch } from '#signal/detector-watch.ts'
import { assembleIntersection } from './assemble.ts'
import { Neighbourhood } from './neighbourhood.ts'
import type { OrderExchange } from './orders/order-desk.ts'
import { ScanCycle, type ScanStats } from './scan-cycle.ts'
import type { OutlookCounts } from './telemetry/outlook-inbox.ts'
import type { OutlookExchange, Telemetry } from './telemetry/port.ts'

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
  readonly adaptiveLimits: LimitsByPlan
  readonly controller: EdgeDevice
  readonly cards: readonly EdgeDevice[]
  /** The controller's other door, by which a signed plan is brought to it; none where it takes no timing. */
  readonly openTiming?: () => TimingDevice
  /** What was learnt of it before a restart. */
  readonly learnt?: Learnt | undefined
}

export interface EdgeParts {
  readonly intersections: readonly EdgeIntersection[]
  readonly telemetry: Telemetry
  /** The ladder, best rung first: at most one for each rung; a rung without a strategy is never stood on. */
  readonly strategies: readonly Strategy<unknown>[]
  /** See `IntersectionParts`. */
  readonly comparing?: boolean
  /** When detectors are not believed any more; the usual limits unless given. */
  readonly detectorWatch?: DetectorWatch | undefined
  /** Ends in a row before this start that nobody had asked for; 0 unless given. */
  readonly crashes?: number
  readonly queues: QueueEstimator<unknown>
  /** What people order; nobody does unless given. */
  readonly orders?: OrderExchange
  /** To neighbours on other edges; none unless given. */
  readonly outlooks?: OutlookExchange
  readonly clock: Clock
  /** What decisions cost is measured by it, in ms: of the processor, where that can be told; else the clock. */
  readonly stopwatch?: () => number
  readonly log: Log
}

export interface RunningEdge {
  /** Ends the cycle and every connection; leases run out by themselves. Does not close telemetry. */
  stop(): Promise<void>
  stats(): ScanStats
  /** Messages of neighbours on other edges by what became of them; null where there is no exchange. */
  outlookCounts(): OutlookCounts | null
  /** What strategies have learnt of an intersection by now, after the stop too; undefined where they have not. */
  learnt(id: IntersectionId): Learnt | undefined
  /** Begins the measurements anew, such as after the start. */
  resetStats(): void
}

/** Begins to scan at once; devices that are down are waited for, each by itself. Never throws for what the street does. */
export function startEdge(parts: EdgeParts): RunningEdge {
  const clock = inWholeMs(parts.clock)
  const { outlooks } = parts
  const neighbourhood = new Neighbourhood((intersection, outlook) => outlooks?.tell(intersection, outlook))
  outlooks?.listen((intersection, outlook) => neighbourhood.hear(intersection, outlook))
  const intersections = parts.intersections.map((each) =>
    assembleIntersection(each, { ...parts, clock }, neighbourhood),
  )
  parts.orders?.listenToOrders((orders) =>
    intersections.find(({ id }) => id === orders.plans.intersection)?.takeOrders(orders),
  )
  const cycle = new ScanCycle(clock, intersections, neighbourhood)
  const running = cycle.run()
  return {
    async stop() {
      cycle.stop()
      await running
      await Promise.all(intersections.map((each) => each.close()))
    },
    stats: () => cycle.stats(),
    outlookCounts: () => outlooks?.counts() ?? null,
    learnt: (id) => intersections.find((each) => each.id === id)?.learnt(),
    resetStats: () => cycle.resetStats(),
  }
}

/** Inside, times are whole milliseconds; a clock may be finer. */
const inWholeMs = (clock: Clock): Clock => ({
  ...clock,
  monoMs: () => Math.floor(clock.monoMs()),
  epochMs: () => Math.floor(clock.epochMs()),
})
