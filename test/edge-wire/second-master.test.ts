/** A second master over real Modbus and OPC UA: whatever he writes to the points that we lease, it is alarmed within ten scans. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { actuated } from '#control/actuated.ts'
import { coordinated } from '#control/coordinated.ts'
import { queueCount } from '#control/queue-count.ts'
import type { PointName } from '#devices/points.ts'
import { startEdge, type RunningEdge } from '#edge/edge.ts'
import type { UnitStatus } from '#signal/status.ts'
import { serveCabinet, type CabinetOnWire } from '#test/support/cabinet-on-wire.ts'
import { until } from '#test/support/eventually.ts'
import { testTelemetry, type TestTelemetry } from '#test/support/test-telemetry.ts'

const PROFILES = ['sabz-modbus-controller', 'generic-ntcip-modbus', 'sabz-opcua-controller']
/** A second. */
const TICKS_MOST = 10

let cabinets: CabinetOnWire[]
let telemetry: TestTelemetry
let edge: RunningEdge

beforeAll(async () => {
  cabinets = []
  for (const profile of PROFILES) cabinets.push(await serveCabinet(`IX-${profile}`, profile))
})
afterAll(() => Promise.all(cabinets.map((cabinet) => cabinet.stop())))
afterEach(async () => {
  await edge.stop()
  for (const { cabinet } of cabinets) cabinet.powerUp()
})

function start(): void {
  telemetry = testTelemetry()
  edge = startEdge({
    intersections: cabinets.map((cabinet) => cabinet.toEdge()),
    telemetry,
    strategies: [coordinated, actuated],
    queues: queueCount,
    clock: { monoMs: () => performance.now(), epochMs: () => Date.now() },
    log: () => {},
  })
}

const isSupervised = ({ cabinet }: CabinetOnWire) => cabinet.unit.controlStatus === 'supervised'

const isAlarmed = ({ id }: CabinetOnWire) =>
  telemetry.states
    .findLast(({ intersection }) => intersection === id)
    ?.fieldAlarms?.some(({ alarm }) => alarm === 'secondSupervisor') === true

const lease = (epoch: number, sequence: number, pattern = 254): ReadonlyMap<PointName, number> =>
  new Map([
    ['control.epoch', epoch],
    ['control.sequence', sequence],
    ['control.leaseMs', 3_000],
    ['control.pattern', pattern],
    ['control.hold', 0],
    ['control.forceOff', 0],
    ['control.phaseOmit', 0],
    ['control.pedestrianOmit', 0],
    ['control.vehicleCall', 0],
    ['control.pedestrianCall', 0],
    ['control.preempt', 0],
    ['control.priority', 0],
  ])

test.each<[string, (unit: UnitStatus) => ReadonlyMap<PointName, number>]>([
  ['takes the lease once and is gone', ({ leaseEpoch }) => lease(leaseEpoch + 1, 1)],
  ['writes in our own epoch, ahead of us', ({ leaseEpoch, leaseSequence }) => lease(leaseEpoch, leaseSequence + 1_000)],
  ['asks for a lease that is over, and is refused', ({ leaseEpoch }) => lease(leaseEpoch - 1, 1)],
  ['asks for a plan that there is not, and is refused', ({ leaseEpoch }) => lease(leaseEpoch + 1, 1, 99)],
])('a second master who %s is alarmed within a second, at each kind of controller', async (_what, write) => {
  start()
  await until('supervision of every cabinet', () => cabinets.every(isSupervised))
  expect(cabinets.filter(isAlarmed)).toEqual([])
  for (const cabinet of cabinets) {
    const stranger = await cabinet.open()
    const { ticks } = edge.stats()
    // A refusal stands until our own next write: he tries for as long as it takes.
    await until('the alarm', async () => {
      await stranger.commands?.write(write(cabinet.cabinet.unit), 1_000)
      return isAlarmed(cabinet)
    })
    expect(edge.stats().ticks - ticks).toBeLessThanOrEqual(TICKS_MOST)
    await stranger.device.close()
  }
})
