/** From the scan cycle over disk and broker into the store, over real sockets, while everything on the way is killed. */
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { intersectionId } from '#base/id.ts'
import { openInfluxStore } from '#central/store/influx.ts'
import type { EventStore, StoredEvent } from '#central/store/port.ts'
import type { ObservedEvent, Telemetry } from '#edge/telemetry/port.ts'
import { eventually, until } from '#test/support/eventually.ts'
import { influxdPath, startInfluxd } from '#test/support/influxd.ts'
import { mosquittoPath } from '#test/support/mosquitto.ts'
import { Path } from './path-kit.ts'

const here = intersectionId('IX-01')
const isNightly = process.env['NIGHTLY'] === '1'

let path: Path

beforeEach(async () => {
  if (mosquittoPath) path = await Path.open()
})

afterEach(async () => {
  if (mosquittoPath) await path.close()
})

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
    const store = path.embedded()
    const ingest = await path.central(store)
    const telemetry = await path.edge()
    const event: ObservedEvent = { ...observed(1), source: 'controller', deviceSequence: 42 }
    telemetry.record([event])
    await expectAllOnce(store, 1)
    expect(await stored(store)).toMatchObject([{ site: 'hamadan', edge: 'hamadan-1', sequence: 1, ...event }])
    expect(ingest.streams()).toMatchObject([{ edge: 'hamadan-1', upTo: 1, last: 1, missing: [], lost: [] }])
    expect(telemetry.pending()).toBe(0)
  })

  test('a broker that is not there at the start is said once, and joined when it comes', async () => {
    await path.broker.stop()
    const telemetry = await path.edge()
    const store = path.embedded()
    await path.central(store)
    telemetry.record([observed(1)])
    await until('the event on disk', () => telemetry.pending() === 0)
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect(path.codes.filter((code) => code === 'BROKER_UNREACHABLE')).toHaveLength(1)
    await path.broker.start()
    await expectAllOnce(store, 1)
  })

  test('a thread that is ended again and again loses and doubles nothing', async () => {
    const workers: Worker[] = []
    const store = path.embedded()
    await path.central(store)
    const telemetry = await path.edge({
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
    expect(path.codes.filter((code) => code === 'TELEMETRY_DIED')).toHaveLength(4)
    await until('all on disk', () => telemetry.pending() === 0)
    await expectAllOnce(store, 1_000)
  })

  test('a broker that is killed and comes back loses and doubles nothing', async () => {
    const store = path.embedded()
    await path.central(store)
    const telemetry = await path.edge()
    const recording = recordOverTime(telemetry, 1, 1_500)
    await until('some events stored', async () => (await stored(store)).length > 50)
    await path.broker.kill()
    await new Promise((resolve) => setTimeout(resolve, 300))
    await path.broker.start()
    await recording
    await expectAllOnce(store, 1_500)
  })

  test('an edge killed with -9 while it records loses nothing that was recorded and reads its log on without a double', async () => {
    const store = path.embedded()
    await path.central(store)
    const lastInLog = 4_000
    let script = path.edgeProcess(lastInLog)
    for (const killAt of [300, 1_500]) {
      const recorded = await eventually(`${killAt} recorded`, () => {
        const count = script.last('recorded') ?? 0
        return count >= killAt ? count : undefined
      })
      await script.kill()
      script = path.edgeProcess(lastInLog)
      const cursor = await eventually('the cursor', () => script.last('cursor'))
      expect(cursor).toBeGreaterThanOrEqual(recorded)
    }
    await expectAllOnce(store, lastInLog)
  })

  test('an ingest killed with -9 while it stores loses and doubles nothing', async () => {
    const telemetry = await path.edge()
    const store = path.embedded()
    let script = path.ingestProcess()
    const recording = recordOverTime(telemetry, 1, 2_000)
    for (const killAt of [200, 900]) {
      await until(`${killAt} stored`, async () => (await stored(store)).length >= killAt)
      await script.kill()
      script = path.ingestProcess()
    }
    await recording
    await expectAllOnce(store, 2_000)
  })

  test.runIf(influxdPath)('an InfluxDB that is killed and comes back loses and doubles nothing', async () => {
    const influxd = await startInfluxd()
    path.andThen(() => influxd.dispose())
    const store = openInfluxStore({ url: influxd.url, database: 'sabz' })
    path.andThen(() => store.close())
    const ingest = await path.central(store)
    const telemetry = await path.edge()
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
    const telemetry = await path.edge()
    await recordOverTime(telemetry, 1, 500)
    await telemetry.close()
    const store = path.embedded()
    await path.central(store)
    await path.edge()
    await expectAllOnce(store, 500)
  })

  test.runIf(isNightly)(
    'ten rounds of killing edge, broker and ingest at random moments lose and double nothing',
    async () => {
      const lastInLog = 15_000
      let [edgeScript, centralScript] = [path.edgeProcess(lastInLog), path.ingestProcess()]
      for (let round = 0; round < 10; round++) {
        const killAt = round * 1_200 + Math.random() * 1_200
        await until(`${killAt} recorded`, () => (edgeScript.last('recorded') ?? 0) >= killAt)
        await edgeScript.kill()
        edgeScript = path.edgeProcess(lastInLog)
        await path.broker.kill()
        await path.broker.start()
        await centralScript.kill()
        centralScript = path.ingestProcess()
      }
      const store = path.embedded()
      await expectAllOnce(store, lastInLog)
    },
    180_000,
  )
})
