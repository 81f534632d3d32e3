/** Modbus TCP with bad luck: late, foreign and torn answers, cut and silent wires. No value is ever taken for another's. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ServerTCP } from 'modbus-serial'
import type { DeviceResult, OpenDevice } from '#devices/device.ts'
import { openModbus } from '#devices/modbus/driver.ts'
import { modbusWire, readRegisters } from '#devices/modbus/wire.ts'
import type { PointImage } from '#devices/points.ts'
import type { ModbusProfile } from '#devices/profile/schema.ts'
import { type RunningServer, serveModbus } from '#sim/servers/modbus-server.ts'
import { modbusProfile } from '#test/support/profiles.ts'
import { proxyTo, SWALLOWED, type TcpProxy, UNTOUCHED } from '#test/support/tcp-proxy.ts'
import {
  logUpTo,
  recordOf,
  type VirtualDevice,
  virtualDevice,
  wholeControlGroup,
} from '#test/support/virtual-device.ts'

const TIMEOUT_MS = 3_000
/** Short, where the answer is meant to be missed. */
const IMPATIENT_MS = 60

let profile: ModbusProfile
let source: VirtualDevice
let server: RunningServer
let proxy: TcpProxy
let open: OpenDevice

beforeEach(async () => {
  profile = await modbusProfile('sabz-modbus-controller')
  source = virtualDevice()
  server = await serveModbus({ profile, source, host: '127.0.0.1', port: 0 })
  proxy = await proxyTo(server.port)
  open = openModbus(profile, { host: '127.0.0.1', port: proxy.port, unit: 1 })
})
afterEach(async () => {
  await open.device.close()
  await proxy.close()
  await server.close()
})

const connect = async () => expect(await open.device.connect(TIMEOUT_MS)).toEqual({ ok: true, value: undefined })
const scan = (timeoutMs = TIMEOUT_MS) => open.device.scan(timeoutMs)
const uptimeOf = (scanned: DeviceResult<PointImage>) => scanned.ok && scanned.value.get('unit.uptimeMs')
const codeOf = (result: DeviceResult<unknown>) => (result.ok ? 'ok' : result.fault.code)
const lost = { code: 'CONNECTION_LOST' }

test('an answer that comes late is never taken for a later one', async () => {
  await connect()
  source.shows.set('unit.uptimeMs', 1)
  proxy.fromDevice = { ...UNTOUCHED, delayMs: 2 * IMPATIENT_MS }
  expect(await scan(IMPATIENT_MS)).toEqual({ ok: false, fault: { code: 'TIMED_OUT', afterMs: IMPATIENT_MS } })
  source.shows.set('unit.uptimeMs', 2)
  expect(codeOf(await scan())).toBe('NOT_CONNECTED')
  await connect()
  expect(uptimeOf(await scan())).toBe(2)
  expect(proxy.accepted).toBe(2)
})

test('a device that accepts and says nothing is given up after the time-out, and again after the next', async () => {
  await connect()
  proxy.fromDevice = SWALLOWED
  for (let attempt = 0; attempt < 3; attempt++) {
    expect(codeOf(await scan(IMPATIENT_MS))).toBe('TIMED_OUT')
    await connect()
  }
  proxy.fromDevice = UNTOUCHED
  expect((await scan()).ok).toBe(true)
})

test('a cut wire fails the scan under way at once, and connecting again is enough', async () => {
  await connect()
  proxy.fromDevice = SWALLOWED
  const under = scan(60_000)
  const waiting = open.commands?.write(wholeControlGroup(profile), 60_000)
  await new Promise((resolve) => setTimeout(resolve, 20))
  proxy.cut()
  expect(await under).toMatchObject({ ok: false, fault: lost })
  expect(await waiting).toMatchObject({ ok: false, fault: lost })
  expect(source.received).toEqual([])
  proxy.fromDevice = UNTOUCHED
  await connect()
  expect((await scan()).ok).toBe(true)
})

test('a wire that is cut while nothing is asked is seen by the next call', async () => {
  await connect()
  await scan()
  proxy.cut()
  const codes: string[] = []
  while (codes.length < 2) codes.push(codeOf(await scan(1_000)))
  expect(codes.filter((code) => code === 'ok')).toEqual([])
  expect(codes.at(-1)).toBe('NOT_CONNECTED')
})

test('a device that hangs up in order while nothing is asked is lost, and is read again over a new connection', async () => {
  await connect()
  await scan()
  proxy.hangUp()
  await expect.poll(async () => codeOf(await scan())).toBe('NOT_CONNECTED')
  await connect()
  expect((await scan()).ok).toBe(true)
  expect(proxy.accepted).toBe(2)
})

test('a device that hangs up in order while it is read fails that scan at once, not by its time-out', async () => {
  await connect()
  proxy.fromDevice = SWALLOWED
  const under = scan(60_000)
  await new Promise((resolve) => setTimeout(resolve, 20))
  proxy.hangUp()
  expect(await under).toMatchObject({ ok: false, fault: lost })
  proxy.fromDevice = UNTOUCHED
  await connect()
  expect((await scan()).ok).toBe(true)
})

test('a device that is down at the start is connected once it is up', async () => {
  const { port } = server
  await server.close()
  const direct = openModbus(profile, { host: '127.0.0.1', port, unit: 1 })
  expect(await direct.device.connect(TIMEOUT_MS)).toMatchObject({ ok: false, fault: { code: 'CONNECT_FAILED' } })
  server = await serveModbus({ profile, source, host: '127.0.0.1', port })
  expect(await direct.device.connect(TIMEOUT_MS)).toEqual({ ok: true, value: undefined })
  expect((await direct.device.scan(TIMEOUT_MS)).ok).toBe(true)
  await direct.device.close()
})

test('a device that is killed while it is read is a loss, and is read again after its restart', async () => {
  await connect()
  proxy.fromDevice = SWALLOWED
  const under = scan(60_000)
  await new Promise((resolve) => setTimeout(resolve, 20))
  await server.close()
  expect(await under).toMatchObject({ ok: false, fault: lost })
})

test('closing during a scan leaves no call pending', async () => {
  await connect()
  proxy.fromDevice = SWALLOWED
  const pending = [scan(60_000), scan(60_000), open.device.readLog(0, 10, 60_000)]
  await open.device.close()
  expect((await Promise.all(pending)).map(codeOf)).toEqual(['CONNECTION_LOST', 'CONNECTION_LOST', 'CONNECTION_LOST'])
})

test('another unit than the device has is refused by the device', async () => {
  const stranger = openModbus(profile, { host: '127.0.0.1', port: proxy.port, unit: 9 })
  await stranger.device.connect(TIMEOUT_MS)
  const refused = { ok: false, fault: { code: 'REFUSED_BY_DEVICE', protocolCode: 11 } }
  expect(await stranger.device.scan(TIMEOUT_MS)).toMatchObject(refused)
  expect(await stranger.commands?.write(wholeControlGroup(profile), TIMEOUT_MS)).toMatchObject(refused)
  expect(source.received).toEqual([])
  await stranger.device.close()
})

test('a register that the device does not have is an exception with its code, and the connection stands', async () => {
  const points = new Map([
    ...profile.points,
    ['unit.alarmBits', { table: 'input', address: 60_000, type: 'u32', length: 1 }] as const,
  ])
  const mistaken = openModbus({ ...profile, points }, { host: '127.0.0.1', port: proxy.port, unit: 1 })
  await mistaken.device.connect(TIMEOUT_MS)
  expect(await mistaken.device.scan(TIMEOUT_MS)).toMatchObject({
    fault: { code: 'REFUSED_BY_DEVICE', protocolCode: 2 },
  })
  expect((await mistaken.device.read(['unit.controlStatus'], TIMEOUT_MS)).ok).toBe(true)
  await mistaken.device.close()
})

/** Byte 0–1 transaction, 2–3 protocol, 4–5 length, 6 unit, 7 function, 8 count of bytes. */
const spoilt = (at: number, by: number) => (piece: Buffer) => {
  const changed = Buffer.from(piece)
  changed[at] = (changed[at] ?? 0) ^ by
  return [changed]
}

describe('an answer whose', () => {
  test.each<[string, (piece: Buffer) => readonly Buffer[], string]>([
    ['transaction is another', spoilt(0, 0x80), 'BAD_REPLY'],
    ['protocol is not 0', spoilt(3, 1), 'BAD_REPLY'],
    ['length is beyond the largest', spoilt(4, 0xff), 'BAD_REPLY'],
    [
      'length is 0',
      (piece) => [Buffer.concat([piece.subarray(0, 4), Buffer.from([0, 0]), piece.subarray(6)])],
      'BAD_REPLY',
    ],
    ['unit is another', spoilt(6, 2), 'WRONG_UNIT'],
    ['function is another', spoilt(7, 1), 'BAD_REPLY'],
    ['count of bytes is less than it has', spoilt(8, 0x02), 'BAD_REPLY'],
    ['count of bytes is more than it has', spoilt(8, 0x01), 'BAD_REPLY'],
    ['end is missing', (piece) => [piece.subarray(0, -3)], 'TIMED_OUT'],
    ['bytes are noise', (piece) => [Buffer.alloc(piece.length, 0xa5)], 'BAD_REPLY'],
  ])('%s gives no values, and the wire is not used again', async (_what, change, code) => {
    await connect()
    proxy.fromDevice = { delayMs: 0, change }
    const scanned = await scan(code === 'TIMED_OUT' ? IMPATIENT_MS : TIMEOUT_MS)
    expect(codeOf(scanned)).toBe(code)
    expect(codeOf(await scan())).toBe('NOT_CONNECTED')
    proxy.fromDevice = UNTOUCHED
    await connect()
    expect((await scan()).ok).toBe(true)
  })
})

test('an answer that comes twice spoils the wire rather than the next value', async () => {
  await connect()
  proxy.fromDevice = { delayMs: 0, change: (piece) => [Buffer.concat([piece, piece])] }
  const codes = [codeOf(await scan()), codeOf(await scan())]
  expect(codes).not.toContain('ok')
})

test('an answer in many small pieces is an answer', async () => {
  await connect()
  source.shows.set('unit.uptimeMs', 77)
  proxy.fromDevice = { delayMs: 0, change: (piece) => [piece.subarray(0, 3), piece.subarray(3, 8), piece.subarray(8)] }
  expect(uptimeOf(await scan())).toBe(77)
})

test('a write whose echo is of another block is no success', async () => {
  await connect()
  proxy.fromDevice = { delayMs: 0, change: spoilt(9, 1) }
  expect(codeOf((await open.commands?.write(wholeControlGroup(profile), TIMEOUT_MS))!)).toBe('BAD_REPLY')
})

test('a log that turns while it is read gives one unbroken run of true records', async () => {
  const capacity = profile.log?.capacity ?? 0
  logUpTo(source, 9_000, capacity)
  await connect()
  // Each piece that passes lets the ring go on by two records, which is some hundred times as fast as a busy controller.
  proxy.fromMaster = {
    delayMs: 0,
    change(piece) {
      logUpTo(source, (source.log.at(-1)?.sequence ?? 0) + 2, capacity)
      return [piece]
    },
  }
  let after = 0
  for (let call = 0; call < 5; call++) {
    const log = await open.device.readLog(after, 200, TIMEOUT_MS)
    const records = log.ok ? log.value : []
    const first = records[0]?.sequence ?? 0
    expect(first).toBeGreaterThan(after)
    expect(records).toEqual(records.map((_, i) => recordOf(first + i)))
    expect(first).toBeGreaterThan(9_000 - capacity)
    after = records.at(-1)?.sequence ?? after
  }
})

test('five hundred scans each bring their own values, also where the transaction numbers of the library start anew', async () => {
  const card = await modbusProfile('sabz-modbus-loop-card')
  const cardServer = await serveModbus({ profile: card, source, host: '127.0.0.1', port: 0 })
  const loops = openModbus(card, { host: '127.0.0.1', port: cardServer.port, unit: 1 })
  await loops.device.connect(TIMEOUT_MS)
  for (let i = 0; i < 500; i++) {
    source.shows.set('unit.uptimeMs', i)
    expect(uptimeOf(await loops.device.scan(TIMEOUT_MS))).toBe(i)
  }
  await loops.device.close()
  await cardServer.close()
})

test('finished requests leave nothing behind in the library', async () => {
  const wire = modbusWire({ host: '127.0.0.1', port: server.port, unit: 1 })
  const session = await wire.open(AbortSignal.timeout(TIMEOUT_MS), () => {})
  for (let i = 0; i < 20; i++) await readRegisters(session, 1, { table: 'input', address: 300, length: 2 })
  expect(Object.keys(Reflect.get(session.client, '_transactions') as object)).toHaveLength(1)
  await wire.drop(session)
})

describe('a stranger that is no Modbus device', () => {
  let stranger: Server
  const listen = async (greeting: Buffer | null) => {
    stranger = createServer((socket) => {
      if (greeting) socket.write(greeting)
      socket.on('error', () => {}).resume()
    })
    stranger.listen(0, '127.0.0.1')
    await once(stranger, 'listening')
    return openModbus(profile, { host: '127.0.0.1', port: (stranger.address() as AddressInfo).port, unit: 1 })
  }
  afterEach(() => new Promise((resolve) => stranger.close(resolve)))

  test('and greets first is left, as nothing was asked', async () => {
    const guest = await listen(Buffer.from('SSH-2.0-OpenSSH_9.9\r\n'))
    await guest.device.connect(TIMEOUT_MS)
    const code = codeOf(await guest.device.scan(TIMEOUT_MS))
    expect(['BAD_REPLY', 'CONNECTION_LOST', 'NOT_CONNECTED']).toContain(code)
    await guest.device.close()
  })

  test('and never speaks is left after the time-out', async () => {
    const guest = await listen(null)
    await guest.device.connect(TIMEOUT_MS)
    expect(codeOf(await guest.device.scan(IMPATIENT_MS))).toBe('TIMED_OUT')
    await guest.device.close()
  })
})

test('another maker’s server, with framing that is not ours, is read and written all the same', async () => {
  const card = await modbusProfile('generic-ntcip-modbus')
  const written: [number, number[]][] = []
  const registers = { getHoldingRegister: (address: number) => address % 2, getInputRegister: () => 1 }
  const vector = {
    ...registers,
    setRegisterArray: (address: number, words: number[]) => void written.push([address, words]),
  }
  // Its port cannot be 0: one that was free a moment ago.
  const { port } = server
  await server.close()
  const other = new ServerTCP(vector, { host: '127.0.0.1', port, unitID: 1 })
  await once(other, 'initialized')
  const controller = openModbus(card, { host: '127.0.0.1', port, unit: 1 })
  await controller.device.connect(TIMEOUT_MS)
  const scanned = await controller.device.scan(TIMEOUT_MS)
  expect(scanned.ok && scanned.value.get('phase.yellows')).toBe(1)
  expect((await controller.commands?.write(wholeControlGroup(card), TIMEOUT_MS))?.ok).toBe(true)
  expect(written.map(([address, words]) => [address, words.length])).toEqual([[12_288, 14]])
  await controller.device.close()
  await new Promise<void>((resolve) => other.close(() => resolve()))
})
