/** One edge and its cabinets over real Modbus and OPC UA: what must hold whatever the protocol and whatever dies. */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { hasBit } from '#base/bits.ts'
import { intersectionId } from '#base/id.ts'
import { actuated } from '#control/actuated.ts'
import { coordinated } from '#control/coordinated.ts'
import { queueCount } from '#control/queue-count.ts'
import type { LiveState } from '#contract/messages.ts'
import { openDevice } from '#devices/open.ts'
import { startEdge, type EdgeIntersection, type RunningEdge } from '#edge/edge.ts'
import { NO_LIMITS } from '#signal/adaptive-limits.ts'
import { CROSSING, DATABASE, LIMITS } from '#test/support/boulevard-crossing.ts'
import { serveCabinet, type CabinetOnWire } from '#test/support/cabinet-on-wire.ts'
import { until } from '#test/support/eventually.ts'
import { freePort } from '#test/support/free-port.ts'
import { profileNamed } from '#test/support/profiles.ts'
import { proxyTo } from '#test/support/tcp-proxy.ts'
import { testTelemetry, type TestTelemetry } from '#test/support/test-telemetry.ts'

const PROFILES = ['sabz-modbus-controller', 'generic-ntcip-modbus', 'sabz-opcua-controller']

let cabinets: CabinetOnWire[]
let telemetry: TestTelemetry
let edge: RunningEdge | null = null

beforeAll(async () => {
  cabinets = []
  for (const profile of PROFILES) cabinets.push(await serveCabinet(`IX-${profile}`, profile))
})

afterAll(async () => {
  await Promise.all(cabinets.map((cabinet) => cabinet.stop()))
})

afterEach(async () => {
  await edge?.stop()
  edge = null
  // Each test begins with cabinets that are as good as just switched on: nobody has ever held a lease.
  for (const { cabinet, vehicles } of cabinets) {
    vehicles.clear()
    cabinet.powerUp()
  }
})

function start(intersections: readonly EdgeIntersection[]): RunningEdge {
  telemetry = testTelemetry()
  edge = startEdge({
    intersections,
    telemetry,
    strategies: [coordinated, actuated],
    queues: queueCount,
    clock: { monoMs: () => performance.now(), epochMs: () => Date.now() },
    log: () => {},
  })
  return edge
}

const supervised = ({ cabinet }: CabinetOnWire) => cabinet.unit.controlStatus === 'supervised'
const stateOf = (id: string) => telemetry.states.findLast(({ intersection }) => intersection === id)
const allSupervised = () => until('supervision of every cabinet', () => cabinets.every(supervised))

/** Nobody can be reached there, or somebody who never answers. */
async function intersectionAt(id: string, port: number): Promise<EdgeIntersection> {
  const profile = await profileNamed('sabz-modbus-controller')
  const open = () => openDevice(profile, { host: '127.0.0.1', port, unit: 1 })
  const database = { ...DATABASE, intersection: { ...CROSSING, id: intersectionId(id) } }
  return { database, limits: LIMITS, adaptiveLimits: NO_LIMITS, controller: { name: 'controller', open }, cards: [] }
}

describe('the whole way', () => {
  test('supervision is gained, a vehicle on a card is called, and when the edge ends every cabinet is its own within 4 s', async () => {
    start(cabinets.map((cabinet) => cabinet.toEdge()))
    await allSupervised()
    for (const { vehicles } of cabinets) vehicles.add(12)
    await until('the calls of the cards', () =>
      cabinets.every(({ cabinet }) => hasBit(cabinet.asked?.vehicleCall ?? 0, 4)),
    )
    await until('pages that say so', () => cabinets.every(({ id }) => stateOf(id)?.mode === 'coordinated'))

    await edge?.stop()
    const endedMs = cabinets.map(({ uptimeMs }) => uptimeMs)
    const localMs = new Map<CabinetOnWire, number>()
    await until('cabinets of their own', () => {
      for (const each of cabinets) if (!supervised(each) && !localMs.has(each)) localMs.set(each, each.uptimeMs)
      return localMs.size === cabinets.length
    })
    for (const [i, each] of cabinets.entries()) {
      expect((localMs.get(each) ?? 0) - (endedMs[i] ?? 0)).toBeLessThanOrEqual(4_000)
      expect(each.cabinet.asked).toBeNull()
    }
  })

  test('cabinets that a person flashes or steers are shown with the cause, left alone, and local again when it is over', async () => {
    start(cabinets.map((cabinet) => cabinet.toEdge()))
    await allSupervised()
    const shows = (wanted: Partial<LiveState>) => () =>
      cabinets.every(({ id }) => {
        const { mode, flash } = stateOf(id) ?? {}
        return mode === wanted.mode && flash === wanted.flash
      })
    for (const { cabinet } of cabinets) cabinet.panels.policeFlash = true
    await until('flash by the police panel', shows({ mode: 'flash', flash: 'local' }))
    const sequences = cabinets.map(({ cabinet }) => cabinet.unit.leaseSequence)
    for (const { cabinet } of cabinets) cabinet.panels.policeFlash = false
    await until('the end of the flash', shows({ mode: 'local', flash: 'none' }))
    for (const { cabinet } of cabinets) cabinet.panels.manualControl = true
    await until('manual control', shows({ mode: 'manual', flash: 'none' }))
    for (const { cabinet } of cabinets) cabinet.panels.manualControl = false
    await until('local plans', shows({ mode: 'local', flash: 'none' }))
    expect(cabinets.map(({ cabinet }) => cabinet.asked)).toEqual(cabinets.map(() => null))
    expect(cabinets.map(({ cabinet }) => cabinet.unit.leaseSequence)).toEqual(sequences)
  })

  test('an epoch that has run out is refused by every controller, and changes nothing', async () => {
    start(cabinets.map((cabinet) => cabinet.toEdge()))
    await allSupervised()
    for (const each of cabinets) {
      const { leaseEpoch } = each.cabinet.unit
      const zombie = await each.open()
      const written = await zombie.commands?.write(
        new Map([
          ['control.epoch', leaseEpoch - 1],
          ['control.sequence', 1_000_000],
          ['control.leaseMs', 3_000],
          ['control.pattern', 254],
          ['control.hold', 2],
          ['control.forceOff', 0],
          ['control.phaseOmit', 0],
          ['control.pedestrianOmit', 0],
          ['control.vehicleCall', 0],
          ['control.pedestrianCall', 0],
          ['control.preempt', 0],
          ['control.priority', 0],
        ]),
        1_000,
      )
      expect(written).toMatchObject({ ok: false, fault: { code: 'REFUSED_BY_DEVICE' } })
      expect(each.cabinet.asked?.hold).toBe(0)
      expect(each.cabinet.unit.leaseEpoch).toBe(leaseEpoch)
      await zombie.device.close()
    }
    expect(cabinets.every(supervised)).toBe(true)
  })
})

describe('what is wrong with one intersection is its own affair', () => {
  let blackHole: Server

  beforeAll(async () => {
    blackHole = createServer(() => {})
    blackHole.listen(0, '127.0.0.1')
    await once(blackHole, 'listening')
  })

  afterAll(() => void blackHole.close())

  test('a device that accepts and never answers, and one that is not there, do not slow the others', async () => {
    const dead = await intersectionAt('IX-dead', (blackHole.address() as AddressInfo).port)
    const gone = await intersectionAt('IX-gone', await freePort())
    const running = start([dead, gone, ...cabinets.map((cabinet) => cabinet.toEdge())])
    await allSupervised()
    const before = {
      ticks: running.stats().ticks,
      sequences: cabinets.map(({ cabinet }) => cabinet.unit.leaseSequence),
    }
    await until('thirty more ticks', () => running.stats().ticks >= before.ticks + 30)
    const ticks = running.stats().ticks - before.ticks
    for (const [i, { cabinet }] of cabinets.entries()) {
      const writes = cabinet.unit.leaseSequence - (before.sequences[i] ?? 0)
      expect(writes).toBeGreaterThanOrEqual(ticks * 0.8)
    }
    expect(stateOf('IX-dead')).toMatchObject({ mode: 'unknown', signal: null, sampledAtEpochMs: 0 })
    expect(stateOf('IX-gone')).toMatchObject({ mode: 'unknown', signal: null, sampledAtEpochMs: 0 })
  })

  test('other timing than the approved is never supervised', async () => {
    const [first, ...others] = cabinets.map((cabinet) => cabinet.toEdge())
    if (!first) throw new Error('there are cabinets')
    start([{ ...first, limits: { ...LIMITS, configurationHash: 1 } }, ...others])
    await until('the others', () => cabinets.slice(1).every(supervised))
    expect(cabinets[0]?.cabinet.asked).toBeNull()
    expect(stateOf(cabinets[0]?.id ?? '')?.ladder?.code).toBe('TIMING_NOT_APPROVED')
  })
})

test('a controller that is switched on after the edge is found by itself', async () => {
  const port = await freePort()
  start([await intersectionAt('IX-late', port)])
  await until('a device that is not there', () => stateOf('IX-late')?.ladder?.code === 'IMAGE_NOT_FRESH')
  const late = await serveCabinet('IX-late', 'sabz-modbus-controller')
  const wire = await proxyTo(late.ports.controller, port)
  await until('supervision', () => supervised(late))
  await edge?.stop()
  await wire.close()
  await late.stop()
})

test('cabinets whose power fails are unknown, and supervised again when it is back', async () => {
  start(cabinets.map((cabinet) => cabinet.toEdge()))
  await allSupervised()
  for (const { cabinet } of cabinets) cabinet.power.mains = false
  await until('nothing known', () => cabinets.every(({ id }) => stateOf(id)?.mode === 'unknown'))
  for (const { cabinet } of cabinets) cabinet.power.mains = true
  await allSupervised()
  await until('pages that say so', () => cabinets.every(({ id }) => stateOf(id)?.mode === 'coordinated'))
})

test("every record of a controller's log is recorded once, in its order, over cuts of the wire", async () => {
  const [modbus] = cabinets
  if (!modbus) throw new Error('there are cabinets')
  const wire = await proxyTo(modbus.ports.controller)
  start([modbus.toEdge({ controller: wire.port })])
  const recorded = () => telemetry.events.flatMap((each) => (each.source === 'controller' ? [each.deviceSequence] : []))
  const everything = () => modbus.cabinet.readLog(0, 10_000).map(({ sequence }) => sequence)
  for (let cut = 0; cut < 4; cut++) {
    const before = recorded().length
    for (const id of [2, 4]) if (!modbus.vehicles.delete(id)) modbus.vehicles.add(id)
    await until('new records', () => recorded().length > before)
    wire.cut()
  }
  await until('the newest record', () => recorded().at(-1) === everything().at(-1))
  expect(recorded()).toEqual(everything().slice(0, recorded().length))
  await edge?.stop()
  await wire.close()
})
