/** Another timing over wires with bad luck: cut, late, noisy and repeated. It arrives whole, or nothing of it is left. */
import modbusSerial from 'modbus-serial'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TIMING_HEADER_REGISTERS } from '#devices/profile/registers.ts'
import { encodeTimingBlock } from '#devices/modbus/timing-block.ts'
import { modbusWire, writeRegisters } from '#devices/modbus/wire.ts'
import { openTiming } from '#devices/open-timing.ts'
import type { TimingDevice, TimingStep } from '#devices/timing.ts'
import type { VirtualCabinet } from '#sim/cabinet/virtual-cabinet.ts'
import { modbusProfile, profileNamed } from '#test/support/profiles.ts'
import { proxyTo, SWALLOWED, type TcpProxy, UNTOUCHED } from '#test/support/tcp-proxy.ts'
import {
  BETTER_HASH,
  BETTER_TEXT,
  BUILT_HASH,
  cabinetInFlash,
  overLoopback,
  pass,
  type TimingBench,
} from '#test/support/timing-bench.ts'

const TIMEOUT_MS = 5_000
/** Short, where the answer is meant to be missed. */
const IMPATIENT_MS = 60

describe.each(['sabz-modbus-controller', 'sabz-opcua-controller'])('%s', (name) => {
  let cabinet: VirtualCabinet
  let bench: TimingBench
  let proxy: TcpProxy
  let opened: TimingDevice

  beforeEach(async () => {
    cabinet = cabinetInFlash()
    cabinet.panels.timingAllowed = true
    const profile = await profileNamed(name)
    bench = await overLoopback(profile, () => cabinet.controller)
    proxy = await proxyTo(bench.port)
    opened = openTiming(profile, { host: '127.0.0.1', port: proxy.port, unit: 1 })
    await opened.device.connect(TIMEOUT_MS)
  })
  afterEach(async () => {
    await opened.device.close()
    await proxy.close()
    await bench.stop()
  })

  const stage = (timeoutMs = TIMEOUT_MS) => opened.timing.stage(BETTER_TEXT, 0, timeoutMs)

  /** Lets so many pieces of the master pass, and does something to the wire when the next one comes. */
  function spoilAfter(pieces: number, spoil: () => void): void {
    let left = pieces
    proxy.fromMaster = {
      delayMs: 0,
      change(piece) {
        if (left-- === 0) spoil()
        return [piece]
      },
    }
  }

  /** What was lost on the way is nothing to the street, and the same writer begins again at once. */
  async function recovers(): Promise<void> {
    pass(cabinet, 100)
    expect(cabinet.configurationHash).toBe(BUILT_HASH)
    proxy.fromDevice = UNTOUCHED
    proxy.fromMaster = UNTOUCHED
    expect(await opened.device.connect(TIMEOUT_MS)).toEqual({ ok: true, value: undefined })
    // What is open is still his own: he begins anew, and nothing of the old part is in the new text.
    expect(await stage()).toEqual({ ok: true, value: { hash: BETTER_HASH } })
    expect(cabinet.timing.transaction.text).toBe(BETTER_TEXT)
    expect((await opened.timing.activate(TIMEOUT_MS)).ok).toBe(true)
    pass(cabinet, 100)
    expect(cabinet.configurationHash).toBe(BETTER_HASH)
  }

  test.each([0, 1, 2, 3])('a wire that is cut at request %i leaves nothing half', async (request) => {
    spoilAfter(request, () => proxy.cut())
    expect(await stage()).toMatchObject({ ok: false, fault: { code: 'CONNECTION_LOST' } })
    await recovers()
  })

  test('a wire that falls silent in the middle is given up, and what was begun is begun anew', async () => {
    spoilAfter(2, () => (proxy.fromDevice = SWALLOWED))
    expect(await stage(IMPATIENT_MS * 5)).toMatchObject({ ok: false, fault: { code: 'TIMED_OUT' } })
    await recovers()
  })

  test('noise in the middle of it is no answer', async () => {
    spoilAfter(1, () => (proxy.fromDevice = { delayMs: 0, change: (piece) => [Buffer.alloc(piece.length, 0xa5)] }))
    const staged = await stage(IMPATIENT_MS * 5)
    expect(staged).toMatchObject({
      ok: false,
      fault: { code: expect.stringMatching(/BAD_REPLY|CONNECTION_LOST|TIMED_OUT/) },
    })
    await recovers()
  })

  test('an activation whose answer is lost has been followed, and the device tells so afterwards', async () => {
    await stage()
    proxy.fromDevice = SWALLOWED
    expect(await opened.timing.activate(IMPATIENT_MS)).toMatchObject({ ok: false, fault: { code: 'TIMED_OUT' } })
    proxy.fromDevice = UNTOUCHED
    await opened.device.connect(TIMEOUT_MS)
    expect(await opened.timing.status(TIMEOUT_MS)).toMatchObject({ ok: true, value: { state: 'armed' } })
    pass(cabinet, 100)
    expect(cabinet.configurationHash).toBe(BETTER_HASH)
  })

  test('what the device cannot mean is no status', async () => {
    const { controller } = cabinet
    const lies = (point: string, value: number) => ({
      ...controller,
      isUp: true,
      readPoint: (asked: Parameters<typeof controller.readPoint>[0]) =>
        asked === point ? value : controller.readPoint(asked),
    })
    for (const [point, value] of [
      ['database.state', 9],
      ['database.fault', 999],
    ] as const) {
      const liar = await overLoopback(await profileNamed(name), () => lies(point, value))
      const { device, timing } = liar.openTiming()
      await device.connect(TIMEOUT_MS)
      expect(await timing.status(TIMEOUT_MS)).toMatchObject({ ok: false, fault: { code: 'BAD_REPLY' } })
      expect(await timing.stage('x', 0, TIMEOUT_MS)).toMatchObject({ ok: false, fault: { code: 'BAD_REPLY' } })
      await device.close()
      await liar.stop()
    }
  })
})

describe('by the registers alone', () => {
  const AT = 1000
  const PART = 100
  let cabinet: VirtualCabinet
  let bench: TimingBench
  let master: InstanceType<typeof modbusSerial.default>

  beforeEach(async () => {
    cabinet = cabinetInFlash()
    cabinet.panels.timingAllowed = true
    bench = await overLoopback(await profileNamed('sabz-modbus-controller'), () => cabinet.controller)
    master = new modbusSerial.default()
    await master.connectTCP('127.0.0.1', { port: bench.port })
    master.setID(1)
    master.setTimeout(TIMEOUT_MS)
  })
  afterEach(async () => {
    master.destroy(() => {})
    await bench.stop()
  })

  /** The exception code; 0 = it was followed. */
  const exceptionOf = (asking: Promise<unknown>) =>
    asking.then(
      () => 0,
      (error: { modbusCode?: number }) => error.modbusCode ?? -1,
    )
  const wordsOf = (step: TimingStep, writer = 5) => [
    ...encodeTimingBlock({ address: AT, partRegisters: PART }, { asker: { writer, leaseEpoch: 0 }, step }).words,
  ]
  const ask = (step: TimingStep, writer = 5) => exceptionOf(master.writeRegisters(AT, wordsOf(step, writer)))
  const part = (from: number, to = from + 200): TimingStep => ({
    do: 'write',
    offset: from,
    part: BETTER_TEXT.slice(from, to),
  })
  const fault = async () => (await master.readInputRegisters(501, 1)).data[0]

  test('parts come in their order, one that is repeated counts once, and one of another text is refused', async () => {
    expect(await ask(part(0))).toBe(3)
    expect(await fault()).toBe(2)
    await ask({ do: 'begin' })
    expect(await ask(part(200))).toBe(3)
    expect(await ask(part(0))).toBe(0)
    expect(await ask(part(0))).toBe(0)
    expect(await ask(part(400))).toBe(3)
    expect(await ask(part(200))).toBe(0)
    expect(await ask({ ...part(100, 300), part: '?'.repeat(200) } as TimingStep)).toBe(3)
    expect(cabinet.timing.transaction.text).toBe(BETTER_TEXT.slice(0, 400))
    for (let from = 400; from < BETTER_TEXT.length; from += 200) expect(await ask(part(from))).toBe(0)
    expect(await ask({ do: 'verify' })).toBe(0)
    expect(cabinet.timing.stagedHash).toBe(BETTER_HASH)
  })

  test.each<[string, number, () => Promise<unknown>]>([
    ['half a request', 2, () => master.writeRegisters(AT, wordsOf({ do: 'begin' }).slice(0, 50))],
    ['a request and a half', 2, () => master.writeRegisters(AT, [...wordsOf({ do: 'begin' }), 0])],
    [
      'a request that begins one register late',
      2,
      () => master.writeRegisters(AT + 1, wordsOf({ do: 'begin' }).slice(1)),
    ],
    ['a step that there is not', 2, () => master.writeRegisters(AT, [6, ...wordsOf({ do: 'begin' }).slice(1)])],
    ['step 0', 2, () => master.writeRegisters(AT, [0, ...wordsOf({ do: 'begin' }).slice(1)])],
    ['a writer without a number', 2, () => master.writeRegisters(AT, wordsOf({ do: 'begin' }, 0))],
    ['an epoch beyond 2^53', 2, () => master.writeRegisters(AT, wordsOf({ do: 'begin' }).fill(0xffff, 3, 7))],
    ['more characters than there are', 2, () => master.writeRegisters(AT, wordsOf(part(0)).fill(201, 9, 10))],
    ['a single register', 1, () => master.writeRegister(AT, 1)],
    ['a read of the window', 2, () => master.readHoldingRegisters(AT, 1)],
    [
      'noise',
      2,
      () =>
        master.writeRegisters(
          AT,
          Array.from({ length: TIMING_HEADER_REGISTERS + PART }, () => 0xa5a5),
        ),
    ],
  ])('%s is answered with exception %i, and nothing has begun', async (_what, code, asking) => {
    expect(await exceptionOf(asking())).toBe(code)
    expect(cabinet.timing).toMatchObject({ owner: 0, asker: 0 })
  })

  test('two writers that take turns never mix their texts', async () => {
    await ask({ do: 'begin' })
    await ask(part(0))
    expect(await ask({ do: 'begin' }, 6)).toBe(3)
    expect(await fault()).toBe(28)
    expect(await ask(part(200), 6)).toBe(3)
    expect(await ask(part(200))).toBe(0)
    expect(cabinet.timing.transaction.text).toBe(BETTER_TEXT.slice(0, 400))
  })

  test('the driver sends no write that leaves its window', async () => {
    const profile = await modbusProfile('sabz-modbus-controller')
    const wire = modbusWire({ host: '127.0.0.1', port: bench.port, unit: 1 })
    const session = await wire.open(AbortSignal.timeout(TIMEOUT_MS), () => {})
    const window = { unit: 1, address: 0, length: 22 }
    const { words } = encodeTimingBlock(profile.timing!, { asker: { writer: 5, leaseEpoch: 0 }, step: { do: 'begin' } })
    for (const block of [
      { address: AT, words },
      { address: 21, words: [0, 0] },
      { address: 0, words },
    ])
      expect(await writeRegisters(session, window, block)).toMatchObject({ fault: { code: 'NOT_IN_PROFILE' } })
    expect(cabinet.timing).toMatchObject({ owner: 0, asker: 0 })
    await wire.drop(session)
  })
})
