/** Another timing comes into a real cabinet over every wire alike: it runs whole, or what runs is as it was. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { OpenDevice } from '#devices/device.ts'
import { TIMING_FAULTS, TIMING_STATES, type TimingDevice, type TimingPort } from '#devices/timing.ts'
import { TIMING_REFUSALS } from '#signal/transaction/refusal.ts'
import { TIMING_TEXT_MAX, TRANSACTION_STATES } from '#signal/transaction/transaction.ts'
import type { VirtualCabinet } from '#sim/cabinet/virtual-cabinet.ts'
import { controlGroup } from '#test/sim/crossing-cabinet.ts'
import { profileNamed } from '#test/support/profiles.ts'
import {
  BETTER_HASH,
  BETTER_TEXT,
  BUILT_HASH,
  cabinetInFlash,
  inMemory,
  overLoopback,
  pass,
  type TimingBench,
} from '#test/support/timing-bench.ts'

const TIMEOUT_MS = 5_000

const BENCHES = [
  ['memory', 'sabz-modbus-controller', inMemory],
  ['memory', 'sabz-opcua-controller', inMemory],
  ['loopback', 'sabz-modbus-controller', overLoopback],
  ['loopback', 'sabz-opcua-controller', overLoopback],
] as const

test('the wire and the controller number their refusals and their states alike', () => {
  expect(TIMING_FAULTS).toEqual(TIMING_REFUSALS)
  expect(TIMING_STATES).toEqual(TRANSACTION_STATES)
})

describe.each(BENCHES)('over %s, %s', (_wire, name, build) => {
  let bench: TimingBench
  let cabinet: VirtualCabinet
  let supervisor: OpenDevice
  let opened: TimingDevice
  let timing: TimingPort

  beforeAll(async () => {
    bench = await build(await profileNamed(name), () => cabinet.controller)
  })
  afterAll(() => bench.stop())

  beforeEach(async () => {
    cabinet = cabinetInFlash()
    cabinet.panels.timingAllowed = true
    supervisor = bench.open()
    opened = bench.openTiming()
    timing = opened.timing
    await opened.device.connect(TIMEOUT_MS)
  })
  afterEach(() => Promise.all([opened.device.close(), supervisor.device.close()]))

  const stage = (text = BETTER_TEXT, leaseEpoch = 0) => timing.stage(text, leaseEpoch, TIMEOUT_MS)
  const status = async () => {
    const read = await timing.status(TIMEOUT_MS)
    return read.ok ? read.value : read.fault
  }
  const refused = (refusal: string) => ({ ok: false, fault: { code: 'TIMING_REFUSED', refusal } })
  const running = async () => {
    const read = await opened.device.read(['identity.configurationHash'], TIMEOUT_MS)
    return read.ok && read.value.get('identity.configurationHash')
  }
  /** Keeps a lease of the epoch, as a supervisor does while it stages. */
  async function supervise(epoch: number) {
    cabinet.panels.timingAllowed = false
    cabinet.panels.technicianFlash = false
    pass(cabinet, 120_000)
    await supervisor.device.connect(TIMEOUT_MS)
    const renewed = await supervisor.commands?.write(controlGroup({ epoch, sequence: 1, leaseMs: 3_000 }), TIMEOUT_MS)
    expect(renewed).toEqual({ ok: true, value: undefined })
  }

  test('it is staged, verified and activated, and its hash is what runs', async () => {
    expect(await stage()).toEqual({ ok: true, value: { hash: BETTER_HASH } })
    expect(await status()).toMatchObject({ state: 'verified', length: BETTER_TEXT.length, stagedHash: BETTER_HASH })
    expect(await running()).toBe(BUILT_HASH)
    expect(await timing.activate(TIMEOUT_MS)).toEqual({ ok: true, value: undefined })
    expect(await status()).toMatchObject({ state: 'armed' })
    pass(cabinet, 100)
    expect(await running()).toBe(BETTER_HASH)
    expect(await status()).toMatchObject({ state: 'idle', refusal: 'none', owner: 0, length: 0, stagedHash: 0 })
  })

  test('nothing can be brought before the device is connected', async () => {
    await opened.device.close()
    const expected = { ok: false, fault: { code: 'NOT_CONNECTED' } }
    expect(await stage()).toEqual(expected)
    expect(await timing.activate(TIMEOUT_MS)).toEqual(expected)
    expect(await timing.status(TIMEOUT_MS)).toEqual(expected)
    expect(cabinet.timing.asker).toBe(0)
  })

  test.each([
    ['garbled', 'no timing at all'],
    ['garbled', ''],
    ['garbled', BETTER_TEXT.slice(0, -1)],
    ['tooLong', 'x'.repeat(TIMING_TEXT_MAX + 1)],
    ['otherStreet', BETTER_TEXT.replace(/"intersection":"[^"]*"/, '"intersection":"IX-سبز"')],
    ['minimum', BETTER_TEXT.replaceAll('"max1Ms":30000', '"max1Ms":8000')],
    ['floor', BETTER_TEXT.replaceAll('"redClearMs":1500', '"redClearMs":1400')],
  ])('it is refused as %s, and what runs is as it was', async (refusal, text) => {
    // The wire carries ASCII; JSON says everything in it.
    const ascii = text.replaceAll(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    expect(await stage(ascii)).toMatchObject(refused(refusal))
    expect(await timing.activate(TIMEOUT_MS)).toMatchObject(refused('outOfOrder'))
    await timing.abandon(TIMEOUT_MS)
    pass(cabinet, 1_000)
    expect(await status()).toMatchObject({ state: 'idle', stagedHash: 0 })
    expect(await running()).toBe(BUILT_HASH)
  })

  test('a refusal says in words what is wrong, as far as the wire carries it', async () => {
    const fault = await stage(BETTER_TEXT.replaceAll('"redClearMs":1500', '"redClearMs":1400'))
    expect(fault).toMatchObject({ fault: { detail: 'redClearMs of phase 2 is 1400, the floor of the site is 1500' } })
    const street = await stage(
      BETTER_TEXT.replace(/"intersection":"[^"]*"/, `"intersection":"${'\\u0633'.repeat(300)}"`),
    )
    expect(street).toMatchObject(refused('otherStreet'))
    expect(street).toMatchObject({ fault: { detail: `the text is of ${'?'.repeat(177)}` } })
  })

  test('a text that no wire carries is not sent', async () => {
    expect(await stage('{"name":"سبز"}')).toMatchObject({ ok: false, fault: { code: 'NOT_IN_PROFILE' } })
    expect(cabinet.timing.asker).toBe(0)
  })

  test('nobody brings one whom neither a technician nor a lease stands behind', async () => {
    cabinet.panels.timingAllowed = false
    expect(await stage()).toMatchObject(refused('notPermitted'))
    expect(await stage(BETTER_TEXT, 7)).toMatchObject(refused('notPermitted'))
    expect(cabinet.timing.transaction).toMatchObject({ state: 'idle', text: '' })
  })

  test('the holder of the lease brings one while he holds it', async () => {
    await supervise(7)
    expect(await stage(BETTER_TEXT, 6)).toMatchObject(refused('notPermitted'))
    expect(await stage(BETTER_TEXT, 7)).toEqual({ ok: true, value: { hash: BETTER_HASH } })
    cabinet.panels.technicianFlash = true
    expect((await timing.activate(TIMEOUT_MS)).ok).toBe(true)
    pass(cabinet, 100)
    expect(await running()).toBe(BETTER_HASH)
  })

  test('a lease that is lost takes what was staged under it away', async () => {
    await supervise(7)
    expect((await stage(BETTER_TEXT, 7)).ok).toBe(true)
    pass(cabinet, 3_100)
    expect(await status()).toMatchObject({ state: 'idle', refusal: 'leaseLost', stagedHash: 0 })
    expect(await timing.activate(TIMEOUT_MS)).toMatchObject(refused('notPermitted'))
    cabinet.panels.technicianFlash = true
    pass(cabinet, 1_000)
    expect(await running()).toBe(BUILT_HASH)
  })

  test('a second writer is turned away, and the first goes on', async () => {
    const second = bench.openTiming()
    await second.device.connect(TIMEOUT_MS)
    expect((await stage()).ok).toBe(true)
    expect(await second.timing.stage(BETTER_TEXT, 0, TIMEOUT_MS)).toMatchObject(refused('inUse'))
    expect(await second.timing.activate(TIMEOUT_MS)).toMatchObject(refused('inUse'))
    expect(await second.timing.abandon(TIMEOUT_MS)).toMatchObject(refused('inUse'))
    expect((await timing.activate(TIMEOUT_MS)).ok).toBe(true)
    pass(cabinet, 100)
    expect(await running()).toBe(BETTER_HASH)
    await second.device.close()
  })

  test('two writers at once: one of them is served, and its text is its own', async () => {
    const second = bench.openTiming()
    await second.device.connect(TIMEOUT_MS)
    const answers = await Promise.all([stage(), second.timing.stage(BETTER_TEXT, 0, TIMEOUT_MS)])
    expect(answers.filter(({ ok }) => ok)).toEqual([{ ok: true, value: { hash: BETTER_HASH } }])
    expect(cabinet.timing.transaction.text).toBe(BETTER_TEXT)
    await second.device.close()
  })

  test('two texts that one writer brings at once come one after the other', async () => {
    const [first, second] = await Promise.all([stage(), stage(BETTER_TEXT.replaceAll('9000,"pass', '8000,"pass'))])
    expect(first).toEqual({ ok: true, value: { hash: BETTER_HASH } })
    expect(second.ok && second.value.hash).toBe(cabinet.timing.stagedHash)
    expect(cabinet.timing.stagedHash).not.toBe(BETTER_HASH)
  })

  test('it can be taken back, and brought again', async () => {
    await stage()
    expect((await timing.abandon(TIMEOUT_MS)).ok).toBe(true)
    expect(await status()).toMatchObject({ state: 'idle', owner: 0, length: 0, stagedHash: 0 })
    expect(await timing.activate(TIMEOUT_MS)).toMatchObject(refused('outOfOrder'))
    expect((await stage()).ok).toBe(true)
  })

  test('whoever falls silent keeps nobody out', async () => {
    await stage()
    pass(cabinet, 31_000)
    expect(await status()).toMatchObject({ state: 'idle', refusal: 'timedOut' })
    const second = bench.openTiming()
    await second.device.connect(TIMEOUT_MS)
    expect((await second.timing.stage(BETTER_TEXT, 0, TIMEOUT_MS)).ok).toBe(true)
    await second.device.close()
  })

  test.each(['staged', 'armed'])(
    'a power cut while it is %s leaves what ran, and the device is found again',
    async (when) => {
      await stage()
      if (when === 'armed') await timing.activate(TIMEOUT_MS)
      cabinet.power.mains = false
      cabinet.step(1_000, { occupied: new Uint8Array(64), vehicles: new Uint16Array(64), pedestrianButtons: 0 })
      expect((await timing.abandon(TIMEOUT_MS)).ok).toBe(false)
      expect(await status()).toEqual({ code: 'NOT_CONNECTED' })
      cabinet.power.mains = true
      pass(cabinet, 1_000)
      expect(await opened.device.connect(TIMEOUT_MS)).toEqual({ ok: true, value: undefined })
      expect(await status()).toMatchObject({ state: 'idle', refusal: 'none', length: 0 })
      expect(await running()).toBe(BUILT_HASH)
      expect((await stage()).ok).toBe(true)
    },
  )

  test('the port that commands has no way to it', async () => {
    await stage()
    await supervisor.device.connect(TIMEOUT_MS)
    expect(Object.keys(supervisor).toSorted()).toEqual(['commands', 'device'])
    const group = controlGroup({ sequence: 1 })
    for (const point of ['database.state', 'database.owner', 'database.stagedHash'] as const) {
      const written = await supervisor.commands?.write(new Map([...group, [point, 3]]), TIMEOUT_MS)
      expect(written).toMatchObject({ ok: false, fault: { code: 'NOT_IN_PROFILE' } })
    }
    expect(await status()).toMatchObject({ state: 'verified' })
    const scanned = await supervisor.device.scan(TIMEOUT_MS)
    expect(scanned.ok && [...scanned.value.keys()].filter((point) => point.startsWith('database.'))).toEqual([])
  })
})

test.each([inMemory, overLoopback])(
  'a controller that takes no timing from outside says so, whatever is asked',
  async (build) => {
    const cabinet = cabinetInFlash()
    const bench = await build(await profileNamed('generic-ntcip-modbus'), () => cabinet.controller)
    const { device, timing } = bench.openTiming()
    await device.connect(TIMEOUT_MS)
    const answers = await Promise.all([
      timing.stage(BETTER_TEXT, 0, TIMEOUT_MS),
      timing.activate(TIMEOUT_MS),
      timing.abandon(TIMEOUT_MS),
      timing.status(TIMEOUT_MS),
    ])
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, fault: { code: 'NOT_IN_PROFILE' } })
    await device.close()
    await bench.stop()
  },
)
