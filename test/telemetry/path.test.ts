/** From the scan cycle over disk and broker into the store, over real sockets, while everything on the way is killed. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { connect } from 'mqtt'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { edgeId, intersectionId } from '#base/id.ts'
import { startIngest } from '#central/ingest.ts'
import { openEmbeddedStore } from '#central/store/embedded.ts'
import { openInfluxStore } from '#central/store/influx.ts'
import type { EventStore, StoredEvent } from '#central/store/port.ts'
import type { LiveState } from '#contract/messages.ts'
import type { ObservedEvent, Telemetry } from '#edge/telemetry/port.ts'
import { startTelemetry, type TelemetryOptions } from '#edge/telemetry/telemetry.ts'
import { eventually, until } from '#test/support/eventually.ts'
import { freePort } from '#test/support/free-port.ts'
import { influxdPath, startInfluxd } from '#test/support/influxd.ts'
import { mosquittoPath, startMosquitto, type Mosquitto } from '#test/support/mosquitto.ts'
import { Script } from '#test/support/script.ts'

const here = intersectionId('IX-01')
const isNightly = process.env['NIGHTLY'] === '1'
const scriptPath = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url))

let directory: string
let broker: Mosquitto
let leave: (() => Promise<unknown>)[]

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sabz-path-'))
  leave = []
  if (mosquittoPath) broker = await startMosquitto()
})

afterEach(async () => {
  for (const end of leave.toReversed()) await end()
  if (mosquittoPath) await broker.dispose()
  rmSync(directory, { recursive: true, force: true })
})

const codes: string[] = []

async function edge(options: Partial<TelemetryOptions> = {}): Promise<Telemetry> {
  codes.length = 0
  const telemetry = await startTelemetry({
    site: 'hamadan',
    edge: edgeId('hamadan-1'),
    mqttUrl: broker.url,
    spoolDirectory: join(directory, 'spool'),
    log: (_level, code) => codes.push(code),
    ...options,
  })
  leave.push(() => telemetry.close())
  return telemetry
}

async function central(store: EventStore = embedded()) {
  const ingest = await startIngest({
    site: 'hamadan',
    mqttUrl: broker.url,
    store,
    ledgerPath: join(directory, 'ledger.sqlite'),
    log: () => undefined,
  })
  leave.push(() => ingest.close())
  return ingest
}

function embedded(): EventStore {
  const store = openEmbeddedStore({ path: join(directory, 'events.sqlite') })
  leave.push(() => store.close())
  return store
}

const observed = (number: number): ObservedEvent => ({
  intersection: here,
  epochMs: Date.now(),
  code: 82,
  parameter: number,
  source: 'image',
  deviceSequence: 0,
})

async function stored(store: EventStore): Promise<readonly StoredEvent[]> {
  const outcome = await store.query({ fromEpochMs: 0, toEpochMs: Date.now() + 600_000, limit: 1_000_000 })
  return outcome.ok ? outcome.value : []
}

/** Numbers 1 to `last` are stored, each once. */
async function expectAllOnce(store: EventStore, last: number): Promise<void> {
  await until(`${last} events in the store`, async () => {
    const count = await store.count({ fromEpochMs: 0, toEpochMs: Date.now() + 600_000 })
    return count.ok && count.value >= last
  })
  const numbers = (await stored(store)).map(({ parameter }) => parameter).toSorted((a, b) => a - b)
  expect(numbers).toEqual(Array.from({ length: last }, (_, index) => index + 1))
}

/** Records numbers in small groups over some time, as the scan cycle does. */
async function recordOverTime(telemetry: Telemetry, first: number, last: number): Promise<void> {
  for (let number = first; number <= last; number += 5) {
    telemetry.record(Array.from({ length: Math.min(5, last - number + 1) }, (_, index) => observed(number + index)))
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

describe.runIf(mosquittoPath)('the durable path', () => {
  test('an event reaches the store as it was observed, and the edge is told so', async () => {
    const store = embedded()
    const ingest = await central(store)
    const telemetry = await edge()
    const event: ObservedEvent = { ...observed(1), source: 'controller', deviceSequence: 42 }
    telemetry.record([event])
    await expectAllOnce(store, 1)
    expect(await stored(store)).toMatchObject([{ site: 'hamadan', edge: 'hamadan-1', sequence: 1, ...event }])
    expect(ingest.streams()).toMatchObject([{ edge: 'hamadan-1', upTo: 1, last: 1, missing: [], lost: [] }])
    expect(telemetry.pending()).toBe(0)
  })

  test('a broker that is not there at the start is said once, and joined when it comes', async () => {
    await broker.stop()
    const telemetry = await edge()
    const store = embedded()
    await central(store)
    telemetry.record([observed(1)])
    await until('the event on disk', () => telemetry.pending() === 0)
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect(codes.filter((code) => code === 'BROKER_UNREACHABLE')).toHaveLength(1)
    await broker.start()
    await expectAllOnce(store, 1)
  })

  test('a thread that is ended again and again loses and doubles nothing', async () => {
    const workers: Worker[] = []
    const store = embedded()
    await central(store)
    const telemetry = await edge({
      startWorker: (settings) => {
        const url = new URL('../../src/edge/telemetry/worker.ts', import.meta.url)
        const worker = new Worker(url, { workerData: settings })
        workers.push(worker)
        return worker
      },
    })
    for (let round = 0; round < 4; round++) {
      await recordOverTime(telemetry, round * 250 + 1, round * 250 + 250)
      await workers.at(-1)?.terminate()
      await until('a new thread', () => workers.length === round + 2)
    }
    expect(codes.filter((code) => code === 'TELEMETRY_DIED')).toHaveLength(4)
    await until('all on disk', () => telemetry.pending() === 0)
    await expectAllOnce(store, 1_000)
  })

  test('a broker that is killed and comes back loses and doubles nothing', async () => {
    const store = embedded()
    await central(store)
    const telemetry = await edge()
    const recording = recordOverTime(telemetry, 1, 1_500)
    await until('some events stored', async () => (await stored(store)).length > 50)
    await broker.kill()
    await new Promise((resolve) => setTimeout(resolve, 300))
    await broker.start()
    await recording
    await expectAllOnce(store, 1_500)
  })

  test('an edge killed with -9 while it records loses nothing that was recorded and reads its log on without a double', async () => {
    const store = embedded()
    await central(store)
    const lastInLog = 4_000
    const start = (): Script => {
      const script = new Script(scriptPath('edge-process.ts'), [
        broker.url,
        join(directory, 'spool'),
        String(lastInLog),
      ])
      leave.push(() => script.kill())
      return script
    }
    let script = start()
    for (const killAt of [300, 1_500]) {
      const recorded = await eventually(`${killAt} recorded`, () => {
        const count = script.last('recorded') ?? 0
        return count >= killAt ? count : undefined
      })
      await script.kill()
      script = start()
      const cursor = await eventually('the cursor', () => script.last('cursor'))
      expect(cursor).toBeGreaterThanOrEqual(recorded)
    }
    await expectAllOnce(store, lastInLog)
  })

  test('an ingest killed with -9 while it stores loses and doubles nothing', async () => {
    const start = (): Script => {
      const script = new Script(scriptPath('ingest-process.ts'), [broker.url, directory])
      leave.push(() => script.kill())
      return script
    }
    const telemetry = await edge()
    const store = embedded()
    let script = start()
    const recording = recordOverTime(telemetry, 1, 2_000)
    for (const killAt of [200, 900]) {
      await until(`${killAt} stored`, async () => (await stored(store)).length >= killAt)
      await script.kill()
      script = start()
    }
    await recording
    await expectAllOnce(store, 2_000)
  })

  test.runIf(influxdPath)('an InfluxDB that is killed and comes back loses and doubles nothing', async () => {
    const influxd = await startInfluxd()
    leave.push(() => influxd.dispose())
    const store = openInfluxStore({ url: influxd.url, database: 'sabz' })
    leave.push(() => store.close())
    const ingest = await central(store)
    const telemetry = await edge()
    const recording = recordOverTime(telemetry, 1, 1_500)
    await until('some events stored', async () => (await stored(store)).length > 50)
    await influxd.kill()
    await until('the store missed', () => ingest.status().isStoreDown)
    await influxd.start()
    await recording
    await expectAllOnce(store, 1_500)
    expect(ingest.status().isStoreDown).toBe(false)
  })

  test('what an edge recorded while central was away is stored after both have begun anew', async () => {
    const telemetry = await edge()
    await recordOverTime(telemetry, 1, 500)
    await telemetry.close()
    const store = embedded()
    await central(store)
    await edge()
    await expectAllOnce(store, 500)
  })

  test.runIf(isNightly)(
    'ten rounds of killing edge, broker and ingest at random moments lose and double nothing',
    async () => {
      const lastInLog = 60_000
      const start = (name: string, args: string[]): Script => {
        const script = new Script(scriptPath(name), args)
        leave.push(() => script.kill())
        return script
      }
      const startEdge = (): Script =>
        start('edge-process.ts', [broker.url, join(directory, 'spool'), String(lastInLog)])
      const startCentral = (): Script => start('ingest-process.ts', [broker.url, directory])
      let [edgeScript, centralScript] = [startEdge(), startCentral()]
      for (let round = 0; round < 10; round++) {
        await new Promise((resolve) => setTimeout(resolve, 1_000 + Math.random() * 2_000))
        await edgeScript.kill()
        edgeScript = startEdge()
        await broker.kill()
        await broker.start()
        await centralScript.kill()
        centralScript = startCentral()
      }
      const store = embedded()
      await expectAllOnce(store, lastInLog)
    },
    180_000,
  )
})

describe.runIf(mosquittoPath)('presence and live states', () => {
  /** The retained messages of the edge, by topic without its root. */
  async function retained(): Promise<Map<string, { readonly state?: string; readonly sampledAtEpochMs?: number }>> {
    const seen = new Map<string, { state?: string; sampledAtEpochMs?: number }>()
    const client = connect(broker.url, { reconnectPeriod: 0 })
    client.on('message', (topic, payload) =>
      seen.set(topic.replace('sabz/v1/hamadan/hamadan-1/', ''), JSON.parse(payload.toString()) as object),
    )
    await new Promise<void>((resolve) => client.on('connect', () => client.subscribe('sabz/v1/#', () => resolve())))
    await new Promise((resolve) => setTimeout(resolve, 150))
    await new Promise<void>((resolve) => client.end(true, () => resolve()))
    return seen
  }

  const liveState = (sampledAtEpochMs: number): LiveState => ({
    v: 1,
    intersection: 'IX-01',
    sampledAtEpochMs,
    mode: 'coordinated',
    plan: 'am_peak',
    why: null,
    ladder: null,
    signal: null,
    detectors: [],
    queues: [],
    doorOpen: false,
    mainsPower: true,
    clockDriftMs: 0,
  })

  test('the newest state is retained, and stands again after a broker that forgot it', async () => {
    const telemetry = await edge()
    for (let at = 1; at <= 50; at++) telemetry.publishState(liveState(at))
    await until('state 50', async () => (await retained()).get('state/IX-01')?.sampledAtEpochMs === 50)
    await broker.kill()
    telemetry.publishState(liveState(51))
    telemetry.publishState(liveState(52))
    await broker.start()
    await until('state 52', async () => (await retained()).get('state/IX-01')?.sampledAtEpochMs === 52)
  })

  test('an edge that ends says shutdown, one that is killed is said to be offline by its will', async () => {
    const telemetry = await edge()
    await until('online', async () => (await retained()).get('presence')?.state === 'online')
    await telemetry.close()
    expect((await retained()).get('presence')?.state).toBe('shutdown')
    const script = new Script(scriptPath('edge-process.ts'), [broker.url, join(directory, 'spool'), '0'])
    await until('online again', async () => (await retained()).get('presence')?.state === 'online')
    await script.kill()
    await until('offline', async () => (await retained()).get('presence')?.state === 'offline')
  })
})

test('a spool directory that cannot be used stops the edge at its start, with the place and the reason', async () => {
  const options = {
    site: 'hamadan',
    edge: edgeId('hamadan-1'),
    mqttUrl: `mqtt://127.0.0.1:${await freePort()}`,
    spoolDirectory: '/dev/null/spool',
    log: () => undefined,
  }
  await expect(startTelemetry(options)).rejects.toThrow(/\/dev\/null\/spool cannot be used: ENOTDIR/)
})
