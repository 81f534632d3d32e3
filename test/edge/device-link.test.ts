/** One device's connection: one request at a time, reconnecting by itself, and never an error for the tick. */
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { DeviceFault, DeviceResult, FieldDevice, LogRecord } from '#devices/device.ts'
import { asRow } from '#devices/point-row.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import type { PointImage } from '#devices/points.ts'
import { DeviceLink } from '#edge/device-link.ts'
import { profileNamed } from '#test/support/profiles.ts'

const IMAGE: PointImage = asRow(new Map([['eventLog.head', 7]]))
const TIMED_OUT: DeviceFault = { code: 'TIMED_OUT', afterMs: 200 }
const GONE: DeviceFault = { code: 'CONNECT_FAILED', detail: 'ECONNREFUSED' }

let profile: DeviceProfile
let nowMonoMs: number
let asked: string[]
let logged: string[]
/** The version of the map that the device says it has. */
let tells: number
/** What the device does next; each may be changed by a test. */
let answers: {
  connect: () => Promise<DeviceResult<void>>
  scan: () => Promise<DeviceResult<PointImage>>
  readLog: () => Promise<DeviceResult<readonly LogRecord[]>>
}

const ok = <T>(value: T) => Promise.resolve({ ok: true, value } as const)
const fail = (fault: DeviceFault) => Promise.resolve({ ok: false, fault } as const)

beforeEach(async () => {
  profile = await profileNamed('sabz-modbus-controller')
  nowMonoMs = 0
  asked = []
  logged = []
  tells = profile.version
  answers = { connect: () => ok(undefined), scan: () => ok(IMAGE), readLog: () => ok([]) }
})

function newLink(): DeviceLink {
  const note = <T>(what: string, answer: () => Promise<T>) => {
    asked.push(what)
    return answer()
  }
  const device: FieldDevice = {
    profile,
    connect: () => note('connect', answers.connect),
    scan: () => note('scan', answers.scan),
    read: () => ok(new Map([['identity.profileVersion', tells]])),
    readLog: (after, max) => note(`log after ${after}, at most ${max}`, answers.readLog),
    close: async () => void asked.push('close'),
  }
  return new DeviceLink({
    label: 'IX-T1 controller',
    device,
    clock: { monoMs: () => nowMonoMs, epochMs: () => nowMonoMs },
    log: (level, code) => void logged.push(`${level} ${code}`),
  })
}

/** A tick: polls, and lets what goes on by itself come to its end. */
async function tick(link: DeviceLink, logAfter: number | null = null, ms = 100): Promise<void> {
  nowMonoMs += ms
  await link.poll(logAfter)
  await new Promise(setImmediate)
}

test('the first tick connects, the next one reads', async () => {
  const link = newLink()
  await tick(link)
  expect(link.takeImage()).toEqual({ sample: null, link: 'starting', log: [] })
  await tick(link)
  expect(link.takeImage()).toEqual({
    sample: { points: IMAGE, readAtMonoMs: 200, answeredAtMonoMs: 200, readAtEpochMs: 200 },
    link: 'up',
    log: [],
  })
})

test('values are as old as the question', async () => {
  const link = newLink()
  await tick(link)
  answers.scan = () => {
    nowMonoMs += 55
    return ok(IMAGE)
  }
  await tick(link)
  expect(link.takeImage().sample?.readAtMonoMs).toBe(200)
})

test('a scan that is still under way is waited for by nobody, and no other is asked beside it', async () => {
  const link = newLink()
  await tick(link)
  const { promise: scanning, resolve: answer } = Promise.withResolvers<DeviceResult<PointImage>>()
  answers.scan = () => scanning
  void link.poll(null)
  await tick(link)
  expect(asked).toEqual(['connect', 'scan'])
  answer({ ok: true, value: IMAGE })
  await new Promise(setImmediate)
  expect(link.takeImage().sample?.readAtMonoMs).toBe(100)
})

test('nobody waits twice for a device that was late, and again once it has been prompt', async () => {
  const link = newLink()
  await tick(link)
  let answer: (scanned: DeviceResult<PointImage>) => void = () => {}
  answers.scan = () => new Promise((resolve) => (answer = resolve))
  /** Whether the tick waits for a scan that takes so long. */
  const isWaitedFor = async (tookMs: number): Promise<boolean> => {
    let waited = true
    const polled = link.poll(null).then(() => (waited = false))
    await new Promise(setImmediate)
    const wasWaitedFor = waited
    nowMonoMs += tookMs
    answer({ ok: true, value: IMAGE })
    await polled
    await new Promise(setImmediate)
    return wasWaitedFor
  }
  const took = [5, 31, 31, 30, 5]
  const waited: boolean[] = []
  for (const ms of took) waited.push(await isWaitedFor(ms))
  expect(waited).toEqual([true, true, false, false, true])
})

test('a device that is down at the start is tried again until it comes', async () => {
  const link = newLink()
  answers.connect = () => fail(GONE)
  for (let i = 0; i < 100; i++) await tick(link)
  expect(link.takeImage().link).toBe('down')
  expect(asked.length).toBeLessThanOrEqual(8)
  answers.connect = () => ok(undefined)
  for (let i = 0; i < 62; i++) await tick(link)
  expect(link.takeImage().link).toBe('up')
  expect(logged).toEqual(['warn DEVICE_LOST', 'info DEVICE_BACK'])
})

test('two lost answers cost two connections, the third the device', async () => {
  const link = newLink()
  await tick(link)
  await tick(link)
  answers.scan = () => fail(TIMED_OUT)
  await tick(link)
  await tick(link)
  expect(link.takeImage().link).toBe('up')
  await tick(link)
  expect(link.takeImage()).toMatchObject({ link: 'down', sample: { readAtMonoMs: 200 } })
  expect(logged).toEqual(['warn DEVICE_LOST'])
})

describe('a write', () => {
  /** A link whose scan is under way since 100 ms, and what ends it. */
  async function scanningLink() {
    const link = newLink()
    await tick(link)
    const { promise: scanning, resolve: answer } = Promise.withResolvers<DeviceResult<PointImage>>()
    answers.scan = () => scanning
    void link.poll(null)
    return { link, endScan: () => answer({ ok: true, value: IMAGE }) }
  }

  test.each([
    [300, { ok: true, value: undefined }],
    [301, { ok: false, fault: { code: 'TOO_LATE' } }],
  ])('that may be sent until 300 ms waits for the scan, which ends at %d ms', async (endedMs, result) => {
    const { link, endScan } = await scanningLink()
    const written = link.write(300, () => ok(undefined))
    nowMonoMs = endedMs
    endScan()
    expect(await written).toEqual(result)
  })

  test('does not queue behind another one', async () => {
    const { link, endScan } = await scanningLink()
    const first = link.write(Infinity, () => ok(undefined))
    expect(await link.write(Infinity, () => ok(undefined))).toEqual({ ok: false, fault: { code: 'BUSY' } })
    endScan()
    expect((await first).ok).toBe(true)
  })

  test('to a device that is not connected is not sent', async () => {
    const result = await newLink().write(Infinity, () => ok(undefined))
    expect(result).toEqual({ ok: false, fault: { code: 'NOT_CONNECTED' } })
  })

  test('that the device refuses has been answered', async () => {
    const link = newLink()
    await tick(link)
    const refused: DeviceFault = { code: 'REFUSED_BY_DEVICE', protocolCode: 3, detail: 'lease' }
    expect(await link.write(Infinity, () => fail(refused))).toEqual({ ok: false, fault: refused })
    expect(asked).toEqual(['connect'])
  })

  test('whose answer is lost renews the connection, and the scan judges the device', async () => {
    const link = newLink()
    await tick(link)
    for (let i = 0; i < 5; i++) {
      await link.write(Infinity, () => fail(TIMED_OUT))
      await new Promise(setImmediate)
    }
    await tick(link)
    expect(asked.filter((what) => what === 'connect')).toHaveLength(6)
    expect(link.takeImage().link).toBe('up')
  })
})

describe("the device's log", () => {
  const record: LogRecord = { sequence: 6, epochMs: 1, code: 1, parameter: 2 }

  test('is read behind the last record, and its records are given out once', async () => {
    const link = newLink()
    await tick(link)
    answers.readLog = () => ok([record])
    await tick(link, 5)
    expect(asked.at(-1)).toBe('log after 5, at most 100')
    expect(link.takeImage().log).toEqual([record])
    expect(link.takeImage().log).toEqual([])
  })

  test.each([
    ['there is nothing newer', 7],
    ['it is to be left alone', null],
  ])('is not read when %s', async (_, after) => {
    const link = newLink()
    await tick(link)
    await tick(link, after)
    expect(asked).toEqual(['connect', 'scan'])
  })

  test('that is refused does not take the values with it', async () => {
    const link = newLink()
    await tick(link)
    answers.readLog = () => fail({ code: 'REFUSED_BY_DEVICE', protocolCode: 2, detail: 'no log' })
    for (let i = 0; i < 5; i++) await tick(link, 5)
    expect(link.takeImage()).toMatchObject({ link: 'up', sample: { readAtMonoMs: 600 } })
  })
})

test('a device that repeats itself is left, connected anew, and its values grow old; it is back with its clock', async () => {
  const link = newLink()
  let clock = 0
  answers.scan = () => ok(new Map([['unit.clockEpochMs', clock]]))
  for (let i = 0; i < 10; i++) await tick(link)
  expect(link.takeImage().link).toBe('up')
  const asIs = asked.length
  for (let i = 0; i < 30; i++) await tick(link)
  const { link: state, sample } = link.takeImage()
  expect([state, (sample?.readAtMonoMs ?? 0) < 2_000]).toEqual(['down', true])
  expect(asked.slice(asIs).filter((what) => what === 'close').length).toBeGreaterThanOrEqual(3)
  for (clock = 1; clock < 70; clock++) await tick(link)
  expect(link.takeImage().link).toBe('up')
})

test('a driver that throws is a lost connection, not a broken tick', async () => {
  const link = newLink()
  await tick(link)
  answers.scan = () => Promise.reject(new Error('a bug of the driver'))
  for (let i = 0; i < 3; i++) await tick(link)
  expect(link.takeImage().link).toBe('down')
})

test.each(['connect', 'scan'] as const)(
  'a driver whose %s never returns is cut off, and the device is tried again',
  async (call) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const link = newLink()
    if (call === 'scan') await tick(link)
    const sound = answers
    answers = { ...answers, [call]: () => new Promise(() => {}) }
    void link.poll(null)
    await vi.advanceTimersByTimeAsync(20_001)
    expect(asked.at(-1)).toBe(call === 'scan' ? 'connect' : 'close')
    answers = sound
    vi.useRealTimers()
    for (let i = 0; i < 3; i++) await tick(link)
    expect(link.takeImage().link).toBe('up')
  },
)

test('closing ends an attempt that is under way, and nothing is tried again', async () => {
  const link = newLink()
  const { promise: connecting, resolve: connected } = Promise.withResolvers<DeviceResult<void>>()
  answers.connect = () => connecting
  await tick(link)
  await link.close()
  connected({ ok: true, value: undefined })
  await tick(link, null, 60_000)
  expect(asked).toEqual(['connect', 'close', 'close'])
})
