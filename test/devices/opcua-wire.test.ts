/** OPC UA with bad luck: silent, cut and restarted servers, and strangers. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { DeviceResult, OpenDevice } from '#devices/device.ts'
import { openOpcua } from '#devices/opcua/driver.ts'
import type { PointImage } from '#devices/points.ts'
import type { OpcuaProfile } from '#devices/profile/schema.ts'
import type { RunningServer } from '#sim/servers/modbus-server.ts'
import { serveOpcua } from '#sim/servers/opcua-server.ts'
import { opcuaProfile } from '#test/support/profiles.ts'
import { proxyTo, SWALLOWED, type TcpProxy, UNTOUCHED } from '#test/support/tcp-proxy.ts'
import { standIn, type VirtualDevice, virtualDevice, wholeControlGroup } from '#test/support/virtual-device.ts'

const TIMEOUT_MS = 10_000
const ENCRYPTED = { policy: 'Basic256Sha256', user: 'certificate', because: null } as const
/** Short, where the answer is meant to be missed. */
const IMPATIENT_MS = 100

let profile: OpcuaProfile
let source: VirtualDevice
let server: RunningServer
let proxy: TcpProxy
let open: OpenDevice

const serve = (port: number) => serveOpcua({ profile, source: standIn(() => source), host: '127.0.0.1', port })

beforeAll(async () => {
  profile = await opcuaProfile('sabz-opcua-controller')
  server = await serve(0)
})
afterAll(() => server.close())

beforeEach(async () => {
  source = virtualDevice()
  proxy = await proxyTo(server.port)
  open = openOpcua(profile, { host: '127.0.0.1', port: proxy.port, unit: 0 }, null)
})
afterEach(async () => {
  await open.device.close()
  await proxy.close()
})

const connect = async () => expect(await open.device.connect(TIMEOUT_MS)).toEqual({ ok: true, value: undefined })
const scan = (timeoutMs = TIMEOUT_MS) => open.device.scan(timeoutMs)
const uptimeOf = (scanned: DeviceResult<PointImage>) => scanned.ok && scanned.value.get('unit.uptimeMs')
const codeOf = (result: DeviceResult<unknown>) => (result.ok ? 'ok' : result.fault.code)

test('an answer that comes late is never taken for a later one', async () => {
  await connect()
  source.shows.set('unit.uptimeMs', 1)
  proxy.fromDevice = { ...UNTOUCHED, delayMs: 3 * IMPATIENT_MS }
  expect(await scan(IMPATIENT_MS)).toEqual({ ok: false, fault: { code: 'TIMED_OUT', afterMs: IMPATIENT_MS } })
  proxy.fromDevice = UNTOUCHED
  source.shows.set('unit.uptimeMs', 2)
  expect(codeOf(await scan())).toBe('NOT_CONNECTED')
  await connect()
  expect(uptimeOf(await scan())).toBe(2)
})

test('a device that falls silent is given up after the time-out, and connecting to it fails in time', async () => {
  await connect()
  proxy.fromDevice = SWALLOWED
  expect(codeOf(await scan(IMPATIENT_MS))).toBe('TIMED_OUT')
  expect(codeOf(await open.device.connect(5 * IMPATIENT_MS))).toBe('TIMED_OUT')
  proxy.fromDevice = UNTOUCHED
  await connect()
  expect((await scan()).ok).toBe(true)
})

test('a cut wire fails what is under way at once, nothing reconnects by itself, and connecting again is enough', async () => {
  await connect()
  const before = proxy.accepted
  proxy.fromDevice = SWALLOWED
  const under = scan(60_000)
  const waiting = open.commands?.write(wholeControlGroup(profile), 60_000)
  await new Promise((resolve) => setTimeout(resolve, 50))
  proxy.cut()
  expect(codeOf(await under)).toBe('CONNECTION_LOST')
  expect(waiting && codeOf(await waiting)).toBe('CONNECTION_LOST')
  proxy.fromDevice = UNTOUCHED
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(proxy.accepted).toBe(before)
  expect(source.received).toEqual([])
  await connect()
  expect((await scan()).ok).toBe(true)
})

test('a server that restarts is read again, and shows what it shows now', async () => {
  await connect()
  await scan()
  const { port } = server
  await server.close()
  const codes = [codeOf(await scan(1_000)), codeOf(await scan(1_000))]
  expect(codes).not.toContain('ok')
  expect(codeOf(await open.device.connect(TIMEOUT_MS))).not.toBe('ok')
  server = await serve(port)
  source.shows.set('unit.uptimeMs', 5)
  await connect()
  expect(uptimeOf(await scan())).toBe(5)
})

test('closing during a scan leaves no call pending', async () => {
  await connect()
  proxy.fromDevice = SWALLOWED
  const pending = [scan(60_000), scan(60_000)]
  await open.device.close()
  expect((await Promise.all(pending)).map(codeOf)).toEqual(['CONNECTION_LOST', 'CONNECTION_LOST'])
})

test('noise on the wire gives no values', async () => {
  await connect()
  proxy.fromDevice = { delayMs: 0, change: (piece) => [Buffer.alloc(piece.length, 0xa5)] }
  expect(['BAD_REPLY', 'CONNECTION_LOST', 'TIMED_OUT']).toContain(codeOf(await scan(1_000)))
  proxy.fromDevice = UNTOUCHED
  await connect()
  expect((await scan()).ok).toBe(true)
})

test('many losses in a row do not use up the sessions of the server', async () => {
  for (let attempt = 0; attempt < 15; attempt++) {
    await connect()
    proxy.cut()
    while ((await scan(1_000)).ok);
  }
  await connect()
  expect((await scan()).ok).toBe(true)
})

test.each<[string, Partial<OpcuaProfile>, object]>([
  ['namespace', { namespaceUri: 'urn:other' }, { code: 'CONNECT_FAILED' }],
  ['security', { security: ENCRYPTED }, { code: 'NOT_TRUSTED' }],
])('a server of another %s than the profile says is not taken', async (_what, other, fault) => {
  const stranger = openOpcua({ ...profile, ...other }, { host: '127.0.0.1', port: server.port, unit: 0 }, null)
  expect(await stranger.device.connect(TIMEOUT_MS)).toMatchObject({ ok: false, fault })
  expect(codeOf(await stranger.device.scan(TIMEOUT_MS))).toBe('NOT_CONNECTED')
  await stranger.device.close()
})

test('a node that the server does not have is a refusal with its status', async () => {
  const point = { node: 's=Nowhere', index: null, type: 'UInt32', length: 1 } as const
  const points = new Map([...profile.points, ['unit.alarmBits', point] as const])
  const mistaken = openOpcua({ ...profile, points }, { host: '127.0.0.1', port: server.port, unit: 0 }, null)
  await mistaken.device.connect(TIMEOUT_MS)
  const scanned = await mistaken.device.scan(TIMEOUT_MS)
  expect(scanned).toMatchObject({ fault: { code: 'REFUSED_BY_DEVICE', detail: 's=Nowhere: BadNodeIdUnknown' } })
  expect((await mistaken.device.read(['unit.controlStatus'], TIMEOUT_MS)).ok).toBe(true)
  await mistaken.device.close()
})

test.each<[string, (device: VirtualDevice) => unknown]>([
  [
    'has a hole',
    (device) => (device.readLog = () => [1, 3].map((sequence) => ({ sequence, epochMs: 1, code: 1, parameter: 1 }))),
  ],
  ['is older than asked', (device) => (device.readLog = () => [{ sequence: 1, epochMs: 1, code: 1, parameter: 1 }])],
  [
    'is longer than asked',
    (device) =>
      (device.readLog = (after) =>
        Array.from({ length: 9 }, (_, i) => ({ sequence: after + 1 + i, epochMs: 1, code: 1, parameter: 1 }))),
  ],
])('a log that %s is not believed', async (_what, spoil) => {
  spoil(source)
  await connect()
  expect(codeOf(await open.device.readLog(1, 5, TIMEOUT_MS))).toBe('BAD_REPLY')
})
