/** One contract for every driver: in memory, over Modbus and over OPC UA a device behaves the same, on real loopback sockets. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CommandPort, FieldDevice, OpenDevice, PointSource } from '#devices/device.ts'
import { openMemory } from '#devices/memory/driver.ts'
import { openDevice } from '#devices/open.ts'
import { POINTS, type PointName } from '#devices/points.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { serveModbus } from '#sim/servers/modbus-server.ts'
import { serveOpcua } from '#sim/servers/opcua-server.ts'
import { profileNamed } from '#test/support/profiles.ts'
import {
  expectedValue,
  logUpTo,
  recordOf,
  standIn,
  type VirtualDevice,
  virtualDevice,
  wholeControlGroup,
} from '#test/support/virtual-device.ts'

const TIMEOUT_MS = 5_000
/** What the log of a virtual device keeps. */
const LOG_CAPACITY = 4_096

interface Bench {
  open(): OpenDevice
  stop(): Promise<void>
}

const inMemory = async (profile: DeviceProfile, source: PointSource): Promise<Bench> => ({
  open: () => openMemory(profile, source),
  stop: async () => {},
})

async function overLoopback(profile: DeviceProfile, source: PointSource): Promise<Bench> {
  const place = { source, host: '127.0.0.1', port: 0 }
  const server =
    profile.protocol === 'opcua' ? await serveOpcua({ profile, ...place }) : await serveModbus({ profile, ...place })
  return {
    open: () => openDevice(profile, { host: '127.0.0.1', port: server.port, unit: 1 }),
    stop: () => server.close(),
  }
}

const BENCHES = [
  ['memory', 'sabz-modbus-controller', inMemory],
  ['memory', 'sabz-opcua-controller', inMemory],
  ['loopback', 'sabz-modbus-controller', overLoopback],
  ['loopback', 'generic-ntcip-modbus', overLoopback],
  ['loopback', 'sabz-opcua-controller', overLoopback],
] as const

const pointsOf = (profile: DeviceProfile, access: 'scan' | 'once' | 'control') =>
  [...profile.points.keys()].filter((name) => POINTS[name].access === access)

const shown = (profile: DeviceProfile, source: VirtualDevice, names: readonly PointName[]) =>
  Object.fromEntries(names.map((name) => [name, expectedValue(profile, source, name)]))

/** The image as an object, or the fault. */
const seen = (result: Awaited<ReturnType<OpenDevice['device']['scan']>>) =>
  result.ok ? Object.fromEntries(result.value) : result.fault

describe.each(BENCHES)('over %s, %s', (_wire, name, build) => {
  let profile: DeviceProfile
  let source: VirtualDevice
  let bench: Bench
  let device: FieldDevice
  let commands: CommandPort

  beforeAll(async () => {
    profile = await profileNamed(name)
    bench = await build(
      profile,
      standIn(() => source),
    )
  })
  afterAll(() => bench.stop())

  beforeEach(() => {
    source = virtualDevice()
    const open = bench.open()
    device = open.device
    if (!open.commands) throw new Error('a controller takes commands')
    commands = open.commands
  })
  afterEach(() => device.close())

  const connect = async () => expect(await device.connect(TIMEOUT_MS)).toEqual({ ok: true, value: undefined })

  test('nothing can be asked before the device is connected', async () => {
    const expected = { ok: false, fault: { code: 'NOT_CONNECTED' } }
    expect(await device.scan(TIMEOUT_MS)).toEqual(expected)
    expect(await device.read(['unit.controlStatus'], TIMEOUT_MS)).toEqual(expected)
    expect(await commands.write(wholeControlGroup(profile), TIMEOUT_MS)).toEqual(expected)
    if (profile.log) expect(await device.readLog(0, 1, TIMEOUT_MS)).toEqual(expected)
    expect(source.received).toEqual([])
  })

  test('a scan brings all scanned points, as the device shows them at that moment', async () => {
    await connect()
    const names = pointsOf(profile, 'scan')
    expect(seen(await device.scan(TIMEOUT_MS))).toEqual(shown(profile, source, names))
    source.shows.set('phase.greens', 0b1001_0001)
    source.shows.set('detector.occupied', [0, 1])
    expect(seen(await device.scan(TIMEOUT_MS))).toEqual(shown(profile, source, names))
  })

  test('the named points are read, and no others', async () => {
    await connect()
    const names = pointsOf(profile, 'once')
    expect(seen(await device.read(names, TIMEOUT_MS))).toEqual(shown(profile, source, names))
    expect(seen(await device.read(['unit.clockEpochMs'], TIMEOUT_MS))).toEqual({
      'unit.clockEpochMs': 1_790_000_000_123,
    })
    expect(seen(await device.read([], TIMEOUT_MS))).toEqual({})
  })

  test('points of control, and points that the device does not have, are not read', async () => {
    await connect()
    const expected = { ok: false, fault: { code: 'NOT_IN_PROFILE' } }
    expect(await device.read(['control.hold'], TIMEOUT_MS)).toMatchObject(expected)
    expect(await device.read(['detector.zoneVehicles'], TIMEOUT_MS)).toMatchObject(expected)
  })

  test('a control write arrives whole, at once, and exactly', async () => {
    await connect()
    const group = wholeControlGroup(profile)
    group.set('control.epoch', 1_790_000_000_123)
    expect(await commands.write(group, TIMEOUT_MS)).toEqual({ ok: true, value: undefined })
    expect(source.received).toHaveLength(1)
    expect(Object.fromEntries(source.received[0] ?? [])).toEqual(Object.fromEntries(group))
  })

  test('a device that refuses a control write says so, and is still connected', async () => {
    await connect()
    source.takes = false
    const written = await commands.write(wholeControlGroup(profile), TIMEOUT_MS)
    expect(written).toMatchObject({ ok: false, fault: { code: 'REFUSED_BY_DEVICE' } })
    expect((await device.scan(TIMEOUT_MS)).ok).toBe(true)
  })

  test.each<[string, (group: Map<PointName, number>) => unknown]>([
    ['lacks a point', (group) => group.delete('control.forceOff')],
    ['has a value that does not fit', (group) => group.set('control.hold', -1)],
    ['has a value that is not whole', (group) => group.set('control.leaseMs', 0.5)],
    ['asks for what the device does not have', (group) => group.set('detector.faults', 1)],
  ])('a control write that %s is not sent', async (_what, spoil) => {
    await connect()
    const group = wholeControlGroup(profile)
    spoil(group)
    expect(await commands.write(group, TIMEOUT_MS)).toMatchObject({ ok: false, fault: { code: 'NOT_IN_PROFILE' } })
    expect(source.received).toEqual([])
  })

  test('a device that cannot answer for one point refuses, or answers for the others: it is no loss', async () => {
    await connect()
    source.shows.set('phase.reds', -1)
    const scanned = await device.scan(TIMEOUT_MS)
    const reds = scanned.ok ? scanned.value.get('phase.reds') : scanned.fault.code
    expect([undefined, 'REFUSED_BY_DEVICE']).toContain(reds)
    source.shows.set('phase.reds', 1)
    expect((await device.scan(TIMEOUT_MS)).ok).toBe(true)
  })

  test('calls at the same time are all answered, each with its own', async () => {
    await connect()
    const [scan, read, written, again] = await Promise.all([
      device.scan(TIMEOUT_MS),
      device.read(['unit.controlStatus'], TIMEOUT_MS),
      commands.write(wholeControlGroup(profile), TIMEOUT_MS),
      device.scan(TIMEOUT_MS),
    ])
    const all = shown(profile, source, pointsOf(profile, 'scan'))
    expect([seen(scan), seen(again), written.ok]).toEqual([all, all, true])
    expect(seen(read)).toEqual(shown(profile, source, ['unit.controlStatus']))
  })

  test('the log is read from where one knows it, oldest first, at most as many as wanted', async () => {
    await connect()
    const read = async (after: number, max: number) => {
      const log = await device.readLog(after, max, TIMEOUT_MS)
      return log.ok ? log.value : log.fault.code
    }
    if (!profile.log) return expect(await read(0, 10)).toBe('NOT_IN_PROFILE')
    expect(await read(0, 10)).toEqual([])
    logUpTo(source, 40, LOG_CAPACITY)
    expect(await read(0, 100)).toEqual(Array.from({ length: 40 }, (_, i) => recordOf(i + 1)))
    expect(await read(38, 100)).toEqual([recordOf(39), recordOf(40)])
    expect(await read(3, 2)).toEqual([recordOf(4), recordOf(5)])
    expect(await read(40, 100)).toEqual([])
    expect(await read(99, 100)).toEqual([])
  })

  test('of a log that has overrun, the oldest records that are left are read', async () => {
    await connect()
    logUpTo(source, 10_000, LOG_CAPACITY)
    const log = await device.readLog(17, 50, TIMEOUT_MS)
    if (!profile.log) return expect(log.ok).toBe(false)
    const records = log.ok ? log.value : []
    const first = records[0]?.sequence ?? 0
    // A driver may leave out the few that the ring is about to overwrite.
    expect(first).toBeGreaterThan(10_000 - LOG_CAPACITY)
    expect(first).toBeLessThanOrEqual(10_000 - LOG_CAPACITY + 2)
    expect(records).toEqual(records.map((_, i) => recordOf(first + i)))
    expect(records.length).toBeGreaterThanOrEqual(49)
  })

  test.each([
    ['fewer than are asked for', 9_000, 9_020],
    ['one only', 9_020, 9_020],
    ['more than are asked for', 5_000, 9_020],
  ])(
    'of a log that was lost with the power, all but %s, the oldest that is left is read',
    async (_what, first, head) => {
      await connect()
      for (let sequence = first; sequence <= head; sequence++) source.log.push(recordOf(sequence))
      const log = await device.readLog(17, 50, TIMEOUT_MS)
      if (!profile.log) return expect(log.ok).toBe(false)
      const least = Math.max(first, head - LOG_CAPACITY + 1)
      const records = log.ok ? log.value : []
      expect(records[0]?.sequence).toBeGreaterThanOrEqual(first)
      expect(records[0]?.sequence).toBeLessThanOrEqual(least + 2)
      expect(records).toEqual(records.map((_, i) => recordOf((records[0]?.sequence ?? 0) + i)))
    },
  )

  test('a closed device is not connected, may be closed again, and connected again', async () => {
    await connect()
    await device.close()
    expect(await device.scan(TIMEOUT_MS)).toEqual({ ok: false, fault: { code: 'NOT_CONNECTED' } })
    await device.close()
    await connect()
    expect((await device.scan(TIMEOUT_MS)).ok).toBe(true)
    await connect()
  })
})

describe.each([
  ['memory', 'sabz-modbus-loop-card', inMemory],
  ['loopback', 'sabz-modbus-loop-card', overLoopback],
  ['memory', 'sabz-modbus-camera', inMemory],
  ['loopback', 'sabz-modbus-camera', overLoopback],
  ['memory', 'sabz-modbus-cell-camera', inMemory],
  ['loopback', 'sabz-modbus-cell-camera', overLoopback],
] as const)('over %s, %s', (_wire, name, build) => {
  test('shows its detectors, takes no commands, and keeps no log', async () => {
    const profile = await profileNamed(name)
    const source = virtualDevice()
    const bench = await build(profile, source)
    const { device, commands } = bench.open()
    await device.connect(TIMEOUT_MS)
    const scanned = seen(await device.scan(TIMEOUT_MS))
    expect(scanned).toEqual(shown(profile, source, pointsOf(profile, 'scan')))
    expect(commands).toBeNull()
    expect(await device.readLog(0, 1, TIMEOUT_MS)).toMatchObject({ fault: { code: 'NOT_IN_PROFILE' } })
    await device.close()
    await bench.stop()
  })
})
