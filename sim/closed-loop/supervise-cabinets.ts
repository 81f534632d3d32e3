/** Virtual cabinets under the edge's own scan step, in one memory and on one virtual clock, whatever moves the traffic. */
import type { Clock } from '#base/clock.ts'
import type { IntersectionId } from '#base/id.ts'
import type { Log } from '#base/log.ts'
import { actuated } from '#control/actuated.ts'
import { coordinated } from '#control/coordinated.ts'
import { queueCount } from '#control/queue-count.ts'
import type { Learnt } from '#control/learnt.ts'
import type { Strategy } from '#control/strategy.ts'
import type { PointSource } from '#devices/device.ts'
import { openDirect } from '#devices/memory/direct.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { CommandLease } from '#edge/command-lease.ts'
import { EventRecorder } from '#edge/event-recorder.ts'
import { Neighbourhood } from '#edge/neighbourhood.ts'
import { OrderDesk, type OrderExchange } from '#edge/orders/order-desk.ts'
import { ScanStep } from '#edge/scan-step.ts'
import type { Telemetry } from '#edge/telemetry/port.ts'
import { CONTROLLER } from '#edge/wiring.ts'
import type { DetectorWatch } from '#signal/detector-watch.ts'
import type { VirtualCabinet } from '#sim/cabinet/virtual-cabinet.ts'
import { DirectCourier } from './direct-courier.ts'
import { DirectIntersection } from './direct-intersection.ts'
import { DirectLink } from './direct-link.ts'

/** To measure what the exchange between neighbours is worth. */
export const NEIGHBOUR_SWITCHES = ['on', 'off'] as const
export type NeighbourSwitch = (typeof NEIGHBOUR_SWITCHES)[number]

export interface SupervisionStart {
  readonly cabinets: Iterable<VirtualCabinet>
  /** Every profile that their devices name. */
  readonly profiles: ReadonlyMap<string, DeviceProfile>
  /** Virtual; moved on by whoever steps the street. */
  readonly clock: Clock
  readonly telemetry: Telemetry
  /** As an edge does, for whole days; false unless given, for in an hour the minutes that it takes would be a fifth. */
  readonly comparing?: boolean | undefined
  /** At most one for each rung; the plan of the day, and free operation below it, unless given. */
  readonly strategies?: readonly Strategy<unknown>[] | undefined
  /** When detectors are not believed any more; the usual limits unless given. */
  readonly detectorWatch?: DetectorWatch | undefined
  /** What was learnt before; nothing unless given. */
  readonly learnt?: ((id: IntersectionId) => Learnt | undefined) | undefined
  /** Whether intersections tell each other what they do; they do unless it is `off`. */
  readonly neighbours?: NeighbourSwitch | undefined
  /** What people order; nobody does unless given. */
  readonly orders?: OrderExchange | undefined
  readonly log?: Log | undefined
}

export interface CabinetSupervision {
  /** What has been learnt of an intersection by now; undefined where nothing has. */
  learnt(id: IntersectionId): Learnt | undefined
  /** One tick of the scan cycle: all are read, all decide, all are written. Due every 100 ms of the clock. */
  tick(): void
}

export function superviseCabinets(start: SupervisionStart): CabinetSupervision {
  const neighbourhood = start.neighbours === 'off' ? null : new Neighbourhood()
  const step = new ScanStep(start.clock, neighbourhood)
  const intersections = [...start.cabinets].map((cabinet) => supervise(cabinet, start, neighbourhood))
  start.orders?.listenToOrders((orders) =>
    intersections.find(({ id }) => id === orders.plans.intersection)?.takeOrders(orders),
  )
  return {
    learnt: (id) => intersections.find((each) => each.id === id)?.learnt(),
    tick() {
      for (const each of intersections) each.read()
      for (const each of step.decide(intersections)) each.write()
    },
  }
}

/** What the edge asks a cabinet for where nobody says otherwise. */
const OWN_STRATEGIES: readonly Strategy<unknown>[] = [coordinated, actuated]

function supervise(
  cabinet: VirtualCabinet,
  start: SupervisionStart,
  neighbourhood: Neighbourhood | null,
): DirectIntersection {
  const { database, limits, adaptiveLimits, controller, cards } = cabinet.config
  const { intersection } = database
  const { clock, telemetry, strategies = OWN_STRATEGIES, comparing, detectorWatch, log = () => {} } = start
  const open = ({ name, profile }: { name: string; profile: string }, source: PointSource | undefined) => {
    const device = openDirect(profileOf(profile, start), sourceOf(source, name))
    return { device, link: new DirectLink({ label: `${intersection.id} ${name}`, device, clock, log }) }
  }
  const { device, link } = open(controller, cabinet.controller)
  return new DirectIntersection({
    database,
    limits,
    adaptiveLimits,
    devices: new Map([
      [CONTROLLER, link],
      ...cards.map((card) => [card.name, open(card, cabinet.cards.get(card.name)).link] as const),
    ]),
    gate: device.write && new CommandLease(limits),
    recorder: new EventRecorder({ intersection, telemetry, hasLog: device.hasLog }),
    telemetry,
    strategies,
    comparing,
    detectorWatch,
    learnt: start.learnt?.(intersection.id),
    // Decisions take no time of the street.
    stopwatch: () => 0,
    queues: queueCount,
    neighbourhood,
    orders: start.orders && deskOf(cabinet, start.orders),
    log,
  })
}

/** One writer in each cabinet. */
const WRITER = 1

function deskOf({ config, controller }: VirtualCabinet, orders: OrderExchange): OrderDesk {
  return new OrderDesk({
    intersection: config.database.intersection.id,
    base: config,
    courier: new DirectCourier(controller, WRITER),
    report: (progress) => orders.reportPlan(progress),
  })
}

function profileOf(name: string, { profiles }: SupervisionStart): DeviceProfile {
  const profile = profiles.get(name)
  if (profile === undefined) throw new Error(`there is no profile ${name}`)
  return profile
}

function sourceOf(source: PointSource | undefined, name: string): PointSource {
  if (source === undefined) throw new Error(`the cabinet has no device ${name}`)
  return source
}
