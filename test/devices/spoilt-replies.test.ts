/**
 * Answers that a bad wire has spoilt: whatever it makes of them, no value is believed that the device did not show. Wrong is
 * a value of an accepted scan or log that differs from what the device held while it was asked; a time, beyond 150 ms.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { unreachable } from '#base/invariant.ts'
import { nextUniform, nextWord, randomStream, type RandomStream } from '#base/random.ts'
import type { DeviceResult, LogRecord, OpenDevice } from '#devices/device.ts'
import { RUN_MS_MAX, RUN_RECORDS_MAX, RUNNING } from '#devices/modbus/agreement.ts'
import { openModbus } from '#devices/modbus/driver.ts'
import { POINTS, type PointImage, type PointName, type PointValue } from '#devices/points.ts'
import type { ModbusPoint, ModbusProfile } from '#devices/profile/schema.ts'
import { serveModbus } from '#sim/servers/modbus-server.ts'
import { byteFaults, type ByteFaults } from '#test/support/byte-faults.ts'
import { ModbusLine } from '#test/support/modbus-line.ts'
import { modbusProfile } from '#test/support/profiles.ts'
import { proxyTo } from '#test/support/tcp-proxy.ts'
import {
  expectedValue,
  logUpTo,
  recordOf,
  virtualDevice,
  wholeControlGroup,
  type VirtualDevice,
} from '#test/support/virtual-device.ts'

const NIGHTLY = process.env['NIGHTLY'] !== undefined
const SPOILT_IN_MEMORY = NIGHTLY ? 1_000_000 : 6_000
const SPOILT_OVER_TCP = NIGHTLY ? 20_000 : 300
const TIME_OUT_MS = NIGHTLY ? 7_200_000 : 120_000
/** Of three answers one is spoilt: no wire in the street is so bad. */
const SHARE = 1 / 3
const SEED = 20_261_123
const ADDRESS = { host: '127.0.0.1', port: 502, unit: 1 }
const LOG_CAPACITY = 4_096

interface Tally {
  scans: number
  believed: number
  /** What was believed and was not so, such as `phase.greens 4 for 6`. */
  readonly wrong: string[]
  readonly faults: Record<string, number>
}

describe.each(['sabz-modbus-controller', 'generic-ntcip-modbus', 'sabz-modbus-loop-card'])('%s', (name) => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
  afterEach(() => void vi.useRealTimers())

  test(
    'a third of all answers is spoilt in memory, and no wrong value is believed',
    async () => {
      const profile = await modbusProfile(name)
      const device = virtualDevice()
      const faults = byteFaults(SEED, SHARE, 'modbus-tcp')
      const dial = async () => new ModbusLine(profile, device, (answer) => faults.change(answer))
      const open = openModbus(profile, ADDRESS, dial)
      const tally = await listen({ profile, device, open, faults }, { until: SPOILT_IN_MEMORY / 3, settled: inMemory })
      await settledBy(inMemory, open.device.close())
      tell(name, faults, tally)
      expect(tally.wrong).toEqual([])
      expect(tally.believed).toBeGreaterThan(0)
      expect(Object.keys(tally.faults).filter((code) => !KNOWN.has(code))).toEqual([])
    },
    TIME_OUT_MS,
  )
})

test(
  'a third of all answers is spoilt by a proxy on real sockets, and no wrong value is believed',
  async () => {
    const profile = await modbusProfile('sabz-modbus-controller')
    const device = virtualDevice()
    const server = await serveModbus({ profile, source: device, host: '127.0.0.1', port: 0 })
    const proxy = await proxyTo(server.port)
    const faults = byteFaults(SEED, SHARE, 'modbus-tcp')
    proxy.fromDevice = { delayMs: 0, change: (piece) => faults.change(piece) }
    const open = openModbus(profile, { ...ADDRESS, port: proxy.port })
    const tally = await listen({ profile, device, open, faults }, { until: SPOILT_OVER_TCP, settled: onSockets })
    tell('over TCP', faults, tally)
    expect(tally.wrong).toEqual([])
    expect(tally.believed).toBeGreaterThan(0)
    expect(Object.keys(tally.faults).filter((code) => !KNOWN.has(code))).toEqual([])
    await open.device.close()
    await proxy.close()
    await server.close()
  },
  TIME_OUT_MS,
)

interface Bench {
  readonly profile: ModbusProfile
  readonly device: VirtualDevice
  readonly open: OpenDevice
  readonly faults: ByteFaults
}

/** How a call comes to its end, and how long it is waited for. */
interface Waiting {
  readonly timeoutMs: number
  readonly turn: () => Promise<void>
}

const KNOWN = new Set([
  'BAD_REPLY',
  'WRONG_UNIT',
  'TIMED_OUT',
  'CONNECTION_LOST',
  'NOT_CONNECTED',
  'REFUSED_BY_DEVICE',
  'CONNECT_FAILED',
])

/** Scans, reads the log and writes, while the street changes between any two, until so many answers were spoilt. */
async function listen(bench: Bench, { until, settled }: { until: number; settled: Waiting }): Promise<Tally> {
  const { profile, device, open, faults } = bench
  const chance = randomStream(SEED, 'street')
  const tally: Tally = { scans: 0, believed: 0, wrong: [], faults: {} }
  const by = <T>(call: Promise<T>) => settledBy(settled, call)
  while (faults.spoilt < until) {
    await by(open.device.connect(settled.timeoutMs))
    changeStreet(profile, device, chance)
    note(tally, await by(open.device.scan(settled.timeoutMs)), (image) => wrongPoints(bench, image))
    if (tally.scans % 4 === 0 && profile.log) {
      const after = Math.max(0, Number(device.readPoint('eventLog.head')) - 20)
      note(tally, await by(open.device.readLog(after, 50, settled.timeoutMs)), (records) =>
        wrongRecords(after, records),
      )
    }
    if (tally.scans % 4 === 1 && open.commands) {
      const before = device.received.length
      const written = await by(open.commands.write(wholeControlGroup(profile), settled.timeoutMs))
      note(tally, written, () => (device.received.length === before ? ['a write that never came'] : []))
    }
  }
  return tally
}

function note<T>(tally: Tally, result: DeviceResult<T>, wrongIn: (value: T) => string[]): void {
  tally.scans++
  if (result.ok) {
    tally.believed++
    tally.wrong.push(...wrongIn(result.value))
  } else tally.faults[result.fault.code] = (tally.faults[result.fault.code] ?? 0) + 1
}

function wrongPoints({ profile, device }: Bench, image: PointImage): string[] {
  return [...image].flatMap(([name, value]) => {
    const shown = expectedValue(profile, device, name)
    return isSo(name, value, shown) ? [] : [`${name} ${JSON.stringify(value)} for ${JSON.stringify(shown)}`]
  })
}

function isSo(name: PointName, value: PointValue, shown: PointValue): boolean {
  const off = Math.abs(Number(value) - Number(shown))
  if (RUNNING.has(name)) return off <= RUN_MS_MAX
  return name === 'eventLog.head' ? off <= RUN_RECORDS_MAX : JSON.stringify(value) === JSON.stringify(shown)
}

function wrongRecords(after: number, records: readonly LogRecord[]): string[] {
  const sound = records.every(
    (record, i) =>
      record.sequence === (records[0]?.sequence ?? 0) + i &&
      record.sequence > after &&
      JSON.stringify(record) === JSON.stringify(recordOf(record.sequence)),
  )
  return sound ? [] : [`log after ${after}: ${JSON.stringify(records)}`]
}

/** A dozen points, and some records more in the log. */
function changeStreet(profile: ModbusProfile, device: VirtualDevice, chance: RandomStream): void {
  const scanned = [...profile.points].filter(([name]) => POINTS[name].access === 'scan' && name !== 'eventLog.head')
  for (let changes = 0; changes < 12; changes++) {
    const [name, point] = scanned[Math.floor(nextUniform(chance) * scanned.length)] ?? []
    if (name && point) device.shows.set(name, randomValue(point, chance))
  }
  if (profile.log) logUpTo(device, Number(device.readPoint('eventLog.head')) + (nextWord(chance) % 4), LOG_CAPACITY)
}

function randomValue({ type, length }: ModbusPoint, chance: RandomStream): PointValue {
  const list = (limit: number) => Array.from({ length }, () => nextWord(chance) % limit)
  switch (type) {
    case 'bitlist':
      return list(2)
    case 'u16list':
      return list(65_536)
    case 'ascii':
      return ''
    case 'u16':
      return nextWord(chance) % 65_536
    case 'u32':
      return nextWord(chance)
    case 'u64':
      return nextWord(chance) * 512
    default:
      return unreachable(type)
  }
}

/** Nothing moves but what is asked; a call that does not end in a few turns waits for an answer that never comes. */
const inMemory: Waiting = {
  timeoutMs: 1_000,
  turn: async () => {
    for (let turn = 0; turn < 4; turn++) await new Promise(setImmediate)
    vi.advanceTimersByTime(1_001)
  },
}

const onSockets: Waiting = { timeoutMs: 60, turn: () => new Promise((resolve) => setTimeout(resolve, 1)) }

async function settledBy<T>({ turn }: Waiting, call: Promise<T>): Promise<T> {
  let settled: { readonly value: T } | null = null
  void call.then((value) => (settled = { value }))
  await new Promise(setImmediate)
  for (;;) {
    if (settled !== null) return call
    await turn()
  }
}

function tell(name: string, { spoilt, pieces }: ByteFaults, { scans, believed, wrong, faults }: Tally): void {
  if (NIGHTLY)
    console.log(
      `${name}: ${spoilt} of ${pieces} answers spoilt, ${believed} of ${scans} calls believed, ${wrong.length} wrong values`,
      faults,
    )
}
