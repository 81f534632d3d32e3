/** OPC UA over a wire that spoils what passes, and a server whose sources have stopped: the edge outlives both, and hangs in neither. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeviceResult, PointSource } from '#devices/device.ts'
import { openOpcua } from '#devices/opcua/driver.ts'
import { POINTS, type PointName } from '#devices/points.ts'
import type { OpcuaProfile } from '#devices/profile/schema.ts'
import type { RunningServer } from '#sim/servers/modbus-server.ts'
import { serveOpcua } from '#sim/servers/opcua-server.ts'
import { WireFaults } from '#sim/servers/wire-faults.ts'
import { byteFaults } from '#test/support/byte-faults.ts'
import { opcuaProfile } from '#test/support/profiles.ts'
import { proxyTo, UNTOUCHED } from '#test/support/tcp-proxy.ts'
import { virtualDevice } from '#test/support/virtual-device.ts'

const NIGHTLY = process.env['NIGHTLY'] !== undefined
const SPOILT = NIGHTLY ? 20_000 : 60
const SEED = 20_261_123
const TIMEOUT_MS = 10_000
/** Where an answer is cut off, the rest never comes. */
const IMPATIENT_MS = 250

let profile: OpcuaProfile
let server: RunningServer
const device = virtualDevice()
/** What cannot be read of it. */
let broken: PointName | null = null
const source: PointSource = {
  ...device,
  readPoint(name) {
    if (name === broken) throw new Error('the detector rack does not answer')
    return device.readPoint(name)
  },
}
const faults = new WireFaults()

beforeAll(async () => {
  profile = await opcuaProfile('sabz-opcua-controller')
  server = await serveOpcua({ profile, source, host: '127.0.0.1', port: 0, faults })
})
afterAll(() => server.close())

const openAt = (port: number) => openOpcua(profile, { host: '127.0.0.1', port, unit: 0 }, null).device
const codeOf = (result: DeviceResult<unknown>) => (result.ok ? 'ok' : result.fault.code)

const KNOWN = [
  'ok',
  'BAD_REPLY',
  'TIMED_OUT',
  'CONNECTION_LOST',
  'NOT_CONNECTED',
  'CONNECT_FAILED',
  'REFUSED_BY_DEVICE',
]

test(
  'chunks that are cut, garbled, doubled or made longer end the session at worst, and it is read again on a sound wire',
  async () => {
    const proxy = await proxyTo(server.port)
    const opcua = openAt(proxy.port)
    const spoiling = byteFaults(SEED, 1 / 3, 'any')
    const seen = new Set<string>()
    while (spoiling.spoilt < SPOILT) {
      proxy.fromDevice = UNTOUCHED
      expect(codeOf(await opcua.connect(TIMEOUT_MS))).toBe('ok')
      proxy.fromDevice = { delayMs: 0, change: (piece) => spoiling.change(piece) }
      for (let code = 'ok'; code === 'ok'; seen.add(code)) code = codeOf(await opcua.scan(IMPATIENT_MS))
    }
    expect([...seen].filter((code) => !KNOWN.includes(code))).toEqual([])
    proxy.fromDevice = UNTOUCHED
    expect(codeOf(await opcua.connect(TIMEOUT_MS))).toBe('ok')
    const scanned = await opcua.scan(TIMEOUT_MS)
    const names = [...profile.points.keys()].filter((name) => POINTS[name].access === 'scan')
    expect(scanned.ok && [...scanned.value.keys()].toSorted()).toEqual(names.toSorted())
    await opcua.close()
    await proxy.close()
  },
  NIGHTLY ? 7_200_000 : 180_000,
)

test('a server whose stamps stand still is frozen, in this session and in the next, until they go on', async () => {
  const opcua = openAt(server.port)
  expect(codeOf(await opcua.connect(TIMEOUT_MS))).toBe('ok')
  const next = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    return codeOf(await opcua.scan(TIMEOUT_MS))
  }
  for (let reading = 0; reading < 30; reading++) expect(await next()).toBe('ok')
  faults.frozen = true
  let code = 'ok'
  while (code === 'ok') code = await next()
  expect(code).toBe('FROZEN')
  expect(await next()).toBe('NOT_CONNECTED')
  expect(codeOf(await opcua.connect(TIMEOUT_MS))).toBe('ok')
  expect(await next()).toBe('FROZEN')
  faults.frozen = false
  expect(codeOf(await opcua.connect(TIMEOUT_MS))).toBe('ok')
  expect(await next()).toBe('ok')
  await opcua.close()
})

test('what a server does not call good is known to nobody, and the rest is read', async () => {
  const opcua = openAt(server.port)
  expect(codeOf(await opcua.connect(TIMEOUT_MS))).toBe('ok')
  broken = 'detector.faults'
  const scanned = await opcua.scan(TIMEOUT_MS)
  broken = null
  const names = [...profile.points.keys()].filter(
    (name) => POINTS[name].access === 'scan' && name !== 'detector.faults',
  )
  expect(scanned.ok && [...scanned.value.keys()].toSorted()).toEqual(names.toSorted())
  await opcua.close()
})
