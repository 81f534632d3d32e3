/** One intersection from its configuration: links, gate, recorder and the step that uses them, wired together. */
import type { Clock } from '#base/clock.ts'
import type { CommandPort, FieldDevice } from '#devices/device.ts'
import type { CommandLimits } from '#signal/database.ts'
import { CommandGate } from './command-gate.ts'
import { DeviceLink } from './device-link.ts'
import type { EdgeIntersection, EdgeParts } from './edge.ts'
import { EventRecorder } from './event-recorder.ts'
import type { Neighbourhood } from './neighbourhood.ts'
import { OrderDesk } from './orders/order-desk.ts'
import { WireCourier } from './orders/timing-courier.ts'
import { WiredIntersection } from './wired-intersection.ts'
import { CONTROLLER } from './wiring.ts'

/** Opens its drivers, which touches no network yet. The gate alone is given the port for commands. */
export function assembleIntersection(
  config: EdgeIntersection,
  parts: Omit<EdgeParts, 'intersections'>,
  neighbourhood: Neighbourhood | null = null,
): WiredIntersection {
  const { database, limits, adaptiveLimits, learnt } = config
  const { intersection } = database
  const {
    clock,
    log,
    telemetry,
    strategies,
    comparing,
    detectorWatch,
    crashes,
    queues,
    stopwatch = () => clock.monoMs(),
  } = parts
  const linkTo = (device: FieldDevice, name: string) =>
    new DeviceLink({ label: `${intersection.id} ${name}`, device, clock, log })
  const { device, commands } = config.controller.open()
  const controller = linkTo(device, config.controller.name)
  const cards = config.cards.map(({ name, open }) => [name, linkTo(open().device, name)] as const)
  return new WiredIntersection({
    database,
    limits,
    adaptiveLimits,
    devices: new Map([[CONTROLLER, controller], ...cards]),
    gate: commands && gateOf(limits, commands, { controller, clock }),
    recorder: new EventRecorder({ intersection, telemetry, hasLog: controller.hasLog }),
    telemetry,
    strategies,
    comparing,
    detectorWatch,
    crashes,
    stopwatch,
    queues,
    neighbourhood,
    learnt,
    orders: deskOf(config, parts),
    log,
  })
}

function deskOf(config: EdgeIntersection, { orders }: Pick<EdgeParts, 'orders'>): OrderDesk | undefined {
  if (orders === undefined) return undefined
  const { database, openTiming } = config
  return new OrderDesk({
    intersection: database.intersection.id,
    base: config,
    courier: openTiming === undefined ? null : new WireCourier(openTiming),
    report: (progress) => orders.reportPlan(progress),
  })
}

const gateOf = (limits: CommandLimits, port: CommandPort, way: { controller: DeviceLink; clock: Clock }) =>
  new CommandGate({
    limits,
    port,
    send: (latestMonoMs, request) => way.controller.write(latestMonoMs, request),
    monoMs: () => way.clock.monoMs(),
  })
