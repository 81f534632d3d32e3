/** Pictures of the virtual city on its sockets: it is read like the street, keeps its ledgers, and says what is in its way. */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { DeviceConfig, IntersectionConfig, SiteConfig } from '#config/site.ts'
import { openDevice } from '#devices/open.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { startVirtualCity, virtualCityFaultText, type VirtualCity, type VirtualCityOptions } from '#sim/virtual-city.ts'
import { CATCH_UP_MS_MAX } from '#sim/pace.ts'
import { EVENT } from '#signal/events.ts'
import { freePort } from '#test/support/free-port.ts'
import { CONFIG, controlGroup } from './crossing-cabinet.ts'
import { loadProfiles } from './hamadan.ts'

const HOST = '127.0.0.1'
const READ_MS = 2_000

let profiles: Map<string, DeviceProfile>
let directory: string
let running: VirtualCity | null = null
beforeAll(async () => {
  profiles = await loadProfiles()
})
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'virtual-city-'))
})
afterEach(async () => {
  await running?.stop()
  running = null
  rmSync(directory, { recursive: true })
})

const at = (device: DeviceConfig, port: number): DeviceConfig => ({ ...device, address: { host: HOST, port, unit: 1 } })

/** The test crossing as a city of one; port 0 is any free one. */
function siteOf(changes: Partial<IntersectionConfig> = {}): SiteConfig {
  const config = { ...CONFIG, cards: CONFIG.cards.map((card) => at(card, 0)), ...changes }
  const name = { fa: 'آزمون', en: 'Test' }
  return {
    id: 'test',
    name,
    ladder: ['coordinated'] as const,
    timeZone: 'Asia/Tehran',
    edges: [],
    intersections: [config],
    warnings: [],
  }
}

const start = (site: SiteConfig, more: Partial<VirtualCityOptions> = {}) =>
  startVirtualCity({ site, profiles, seed: 1, portOffset: 0, log: () => {}, ...more })

async function startOrThrow(...given: Parameters<typeof start>): Promise<VirtualCity> {
  const started = await start(...given)
  if (!started.ok) throw new Error(started.fault.map(virtualCityFaultText).join('\n'))
  running = started.value
  return started.value
}

async function open({ devices }: VirtualCity, name: string) {
  const served = devices.find(({ device }) => device === name)
  const config = [CONFIG.controller, ...CONFIG.cards].find((device) => device.name === name)
  const profile = profiles.get(config?.profile ?? '')
  if (!served || !profile) throw new Error(`no device ${name}`)
  const opened = openDevice(profile, { host: served.host, port: served.port, unit: 1 })
  const connected = await opened.device.connect(READ_MS)
  if (!connected.ok) throw new Error(connected.fault.code)
  return opened
}

test('controller and card are read over their own ports, and a command with a lease arrives', async () => {
  const city = await startOrThrow(siteOf())
  expect(city.devices.map(({ device }) => device)).toEqual(['controller', 'loops'])
  const controller = await open(city, 'controller')
  const card = await open(city, 'loops')
  const written = await controller.commands?.write(controlGroup({ sequence: 1, pattern: 254 }), READ_MS)
  expect(written?.ok).toBe(true)
  const scan = await controller.device.scan(READ_MS)
  expect(scan.ok && scan.value.get('unit.controlStatus')).toBe(1)
  const loops = await card.device.scan(READ_MS)
  expect(loops.ok && loops.value.get('detector.occupied')).toHaveLength(32)
  expect(card.commands).toBeNull()
  await Promise.all([controller.device.close(), card.device.close()])
})

test('after a restart of the simulator the log goes on, and the ledger holds what was read, each record once', async () => {
  const first = await startOrThrow(siteOf(), { ledgerDirectory: directory })
  const seen = await readLog(first, 0)
  await first.stop()
  const second = await startOrThrow(siteOf(), { ledgerDirectory: directory })
  const since = await readLog(second, seen.at(-1)?.sequence ?? 0)
  await second.stop()
  running = null
  const ledger = readFileSync(join(directory, 'IX-T1.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(ledger.map(({ sequence }) => sequence)).toEqual(ledger.map((_, i) => i + 1))
  expect(ledger.slice(0, seen.length)).toEqual(seen)
  expect(ledger).toEqual(expect.arrayContaining([...since]))
  expect(since.map(({ code }) => code)).toContain(EVENT.powerRestored)
})

test('a supervisor from before a restart of the simulator stays out of the cabinet', async () => {
  const first = await startOrThrow(siteOf(), { ledgerDirectory: directory })
  const before = await open(first, 'controller')
  expect((await before.commands?.write(controlGroup({ epoch: 5, sequence: 1 }), READ_MS))?.ok).toBe(true)
  await expect.poll(() => readFileSync(join(directory, 'IX-T1.memory.json'), 'utf8')).toBe('{"leaseEpoch":5}')
  await before.device.close()
  await first.stop()
  const second = await startOrThrow(siteOf(), { ledgerDirectory: directory })
  const after = await open(second, 'controller')
  expect((await after.commands?.write(controlGroup({ epoch: 5, sequence: 2 }), READ_MS))?.ok).toBe(false)
  expect((await after.commands?.write(controlGroup({ epoch: 6, sequence: 1 }), READ_MS))?.ok).toBe(true)
  await after.device.close()
})

test('ports that are in use are all named, with their devices, and nothing is left listening', async () => {
  const holder = createServer().listen(0, HOST)
  await once(holder, 'listening')
  const { port } = holder.address() as AddressInfo
  const free = await freePort()
  const opcua = at({ ...CONFIG.controller, profile: 'sabz-opcua-controller' }, port)
  const cards = [...CONFIG.cards.map((card) => at(card, port)), at({ ...CONFIG.controller, name: 'free' }, free)]
  const started = await start(siteOf({ controller: opcua, cards }))
  holder.close()
  const again = createServer().listen(free, HOST)
  await once(again, 'listening') // The device that could listen has let go of its port.
  again.close()
  expect(started.ok ? [] : started.fault.map(virtualCityFaultText)).toEqual([
    `IX-T1 controller: port ${port} of ${HOST} is in use. End the program that uses it, or move all ports with --port-offset.`,
    `IX-T1 loops: port ${port} of ${HOST} is in use. End the program that uses it, or move all ports with --port-offset.`,
  ])
})

test('a profile that is not there, and a folder that cannot be written, are said before anything runs', async () => {
  const unknown = await start(siteOf({ cards: [at({ ...CONFIG.controller, name: 'radar', profile: 'none-such' }, 0)] }))
  expect(unknown.ok ? [] : unknown.fault.map(({ code }) => code)).toEqual(['DEVICE_NOT_SERVED'])
  writeFileSync(join(directory, 'file'), '')
  const unwritable = await start(siteOf(), { ledgerDirectory: join(directory, 'file') })
  expect(unwritable.ok ? [] : unwritable.fault.map(({ code }) => code)).toEqual(['LEDGER_NOT_KEPT'])
})

test('a machine that stops for longer than can be made up for is spoken of, and the cabinets keep to true time', async () => {
  const said: string[] = []
  const city = await startOrThrow(siteOf(), { log: (_, code) => said.push(code) })
  const stopped = performance.now()
  while (performance.now() - stopped < CATCH_UP_MS_MAX + 300); // Nothing else runs meanwhile, as in a stopped process.
  await expect.poll(() => city.lostMs).toBeGreaterThan(CATCH_UP_MS_MAX)
  expect(said).toEqual(['SIM_BEHIND_REAL_TIME'])
  const [junction] = city.city.junctions.values()
  const offMs = () => Math.abs(Date.now() - (junction?.cabinet.clock.epochMs ?? 0))
  await expect.poll(offMs).toBeLessThan(CATCH_UP_MS_MAX)
})

async function readLog(city: VirtualCity, after: number) {
  const { device } = await open(city, 'controller')
  const read = await device.readLog(after, 1_000, READ_MS)
  await device.close()
  if (!read.ok) throw new Error(read.fault.code)
  return read.value
}

test('however long the servers take to come up, the clocks of the cabinets show true time from the first moment on', async () => {
  const trueEpochMs = Date.now.bind(Date)
  vi.spyOn(Date, 'now').mockImplementationOnce(() => trueEpochMs() - 4_000) // When the city was built.
  const { city } = await startOrThrow(siteOf())
  vi.restoreAllMocks()
  for (const { cabinet } of city.junctions.values())
    expect(Math.abs(cabinet.clock.epochMs - trueEpochMs())).toBeLessThan(2_000)
})
