/** Twelve devices on real sockets, and one of them is sick: whatever ails it, the other eleven are read in every tick. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PointSource } from '#devices/device.ts'
import { openModbus } from '#devices/modbus/driver.ts'
import type { ModbusProfile } from '#devices/profile/schema.ts'
import { DeviceLink } from '#edge/device-link.ts'
import { ScanCycle } from '#edge/scan-cycle.ts'
import { serveModbus, type RunningServer } from '#sim/servers/modbus-server.ts'
import { until } from '#test/support/eventually.ts'
import { modbusProfile } from '#test/support/profiles.ts'
import { proxyTo, SWALLOWED, UNTOUCHED, type Passage, type TcpProxy } from '#test/support/tcp-proxy.ts'
import { virtualDevice } from '#test/support/virtual-device.ts'

const DEVICES = 12
/** Tenths of a second, whether or not a tick could begin in them. */
const SLOTS = 40
/** Of what they were read before: a machine may have other work, but a device that held the others up would cost them nearly all. */
const SHARE_LEAST = 0.5
/** A machine that stands still does so by chance; a device that held the others up would do so each time. */
const WINDOWS = 3

const clock = { monoMs: () => performance.now(), epochMs: () => Date.now() }

let profile: ModbusProfile
let servers: RunningServer[]
let proxy: TcpProxy
let links: DeviceLink[]
let cycle: ScanCycle
let running: Promise<void>

beforeEach(async () => {
  profile = await modbusProfile('sabz-modbus-loop-card')
  const startedMs = performance.now()
  const device = virtualDevice()
  device.shows.set('identity.profileVersion', profile.version)
  const source: PointSource = {
    ...device,
    // Its clock goes on, as that of a device does.
    readPoint: (name) =>
      name === 'unit.uptimeMs' ? Math.floor(performance.now() - startedMs) : device.readPoint(name),
  }
  servers = []
  for (let i = 0; i < DEVICES; i++) servers.push(await serveModbus({ profile, source, host: '127.0.0.1', port: 0 }))
  proxy = await proxyTo(servers[0]?.port ?? 0)
  links = servers.map(({ port }, i) => linkTo(i === 0 ? proxy.port : port, `card ${i}`))
  cycle = new ScanCycle(
    clock,
    links.map((link) => ({
      read: () => link.poll(null),
      decide: () => void link.takeImage(),
      write: () => Promise.resolve(),
      abandon: () => {},
    })),
  )
  running = cycle.run()
  await until('twelve devices that answer', () => links.every((link) => link.takeImage().link === 'up'))
})
afterEach(async () => {
  cycle.stop()
  await running
  await Promise.all(links.map((link) => link.close()))
  await proxy.close()
  await Promise.all(servers.map((server) => server.close()))
})

function linkTo(port: number, label: string): DeviceLink {
  const { device } = openModbus(profile, { host: '127.0.0.1', port, unit: 1 })
  return new DeviceLink({ label, device, clock, log: () => {} })
}

/** In how many of the next tenths of a second each device was read in time. */
async function readsOf(): Promise<number[]> {
  cycle.resetStats()
  for (const link of links) link.takeHealth()
  await until('some ticks more', () => cycle.stats().ticks + cycle.stats().missed >= SLOTS)
  return links.map((link) => link.takeHealth().timely)
}

const late = (delayMs: number): Passage => ({ ...UNTOUCHED, delayMs })
/** A byte at a time, some milliseconds apart. */
const dribble: Passage = { delayMs: 0, change: (piece) => Array.from(piece, (byte) => Buffer.from([byte])) }

test.each<[string, () => void | Promise<void>]>([
  ['says nothing', () => void (proxy.fromDevice = SWALLOWED)],
  ['answers after 90 ms', () => void (proxy.fromDevice = late(90))],
  ['answers after 400 ms', () => void (proxy.fromDevice = late(400))],
  ['dribbles a byte every few milliseconds', () => void (proxy.fromDevice = dribble)],
  [
    'answers with noise',
    () => void (proxy.fromDevice = { delayMs: 0, change: (piece) => [Buffer.alloc(piece.length)] }),
  ],
  ['is gone', () => proxy.close()],
])('one device that %s costs the other eleven no reading', async (_what, fallIll) => {
  const [, ...before] = await readsOf()
  await fallIll()
  let heldUp: number[] = []
  for (let window = 0; window < WINDOWS; window++) {
    const [, ...after] = await readsOf()
    expect(after).toHaveLength(DEVICES - 1)
    heldUp = after.filter((reads, i) => reads < SHARE_LEAST * (before[i] ?? 0))
    if (heldUp.length === 0) break
  }
  expect(heldUp).toEqual([])
})
