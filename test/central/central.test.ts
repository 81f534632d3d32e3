/** Central whole: from an edge's messages to its own answers, and what it does when something is not there. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import mqtt from 'mqtt'
import { afterEach, expect, test } from 'vitest'
import { explainCentralFault, startCentral, type CentralSettings } from '#central/central.ts'
import type { Batch, EventRow } from '#contract/messages.ts'
import { edgeTopics } from '#contract/topics.ts'
import { freePort } from '#test/support/free-port.ts'
import { SITE, stateOf } from './city-of-two.ts'

const toClose: (() => unknown)[] = []
afterEach(async () => {
  for (const close of toClose.splice(0).toReversed()) await close()
})

async function start(changes: Partial<CentralSettings> = {}) {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'sabz-central-'))
  toClose.push(() => rmSync(dataDirectory, { recursive: true, force: true }))
  const lines: string[] = []
  const started = await startCentral({
    site: SITE,
    port: 0,
    broker: { kind: 'embedded', port: 0 },
    store: { kind: 'embedded' },
    dataDirectory,
    webRoot: join(dataDirectory, 'no-pages'),
    simulated: true,
    log: (_level, code, message) => lines.push(`${code} ${message}`),
    ...changes,
  })
  if (started.ok) toClose.push(() => started.value.close())
  return { started, lines }
}

async function running(changes: Partial<CentralSettings> = {}) {
  const { started, lines } = await start(changes)
  if (!started.ok) throw new Error(explainCentralFault(started.fault))
  const get = async (path: string) => (await fetch(started.value.url + path)).json() as Promise<never>
  return { ...started.value, lines, get }
}

function batchOf(rows: EventRow[]): Batch {
  const digest = crc32(JSON.stringify(rows)).toString(16).padStart(8, '0')
  return { v: 1, epoch: '00000000deadbeef', first: rows[0]![0], last: rows.at(-1)![0], digest, rows }
}

test('what an edge says is live at once, and what it recorded is in the history', async () => {
  const { mqttUrl, get } = await running()
  const edge = await mqtt.connectAsync(mqttUrl)
  toClose.push(() => edge.endAsync(true))
  const topics = edgeTopics(SITE.id, 'north')
  const now = Date.now()
  await edge.publishAsync(topics.presence, JSON.stringify({ v: 1, state: 'online', atEpochMs: now }), {
    qos: 1,
    retain: true,
  })
  await edge.publishAsync(topics.state('IX-01'), JSON.stringify(stateOf('IX-01', now)), { qos: 1, retain: true })
  const rows: EventRow[] = [
    [1, now - 2_000, 'IX-01', 1, 2, 0, 11],
    [2, now - 1_000, 'IX-01', 8, 2, 0, 12],
  ]
  await edge.publishAsync(topics.batch, JSON.stringify(batchOf(rows)), { qos: 1 })
  await expect
    .poll(() => get('/api/v1/intersections/IX-01'))
    .toMatchObject({ freshness: 'live', edgeOnline: true, mode: 'coordinated' })
  await expect
    .poll(() => get('/api/v1/intersections/IX-01/events'))
    .toMatchObject([
      { sequence: 2, code: 8 },
      { sequence: 1, code: 1, parameter: 2 },
    ])
  await expect.poll(() => get('/api/v1/health'), { timeout: 5_000 }).toMatchObject({ status: 'ok' })
  expect(await get('/api/v1/site')).toMatchObject({ simulated: true })
})

test('without broker and store central serves, says what is missing, and takes them when they come', async () => {
  const brokerPort = await freePort()
  const storePort = await freePort()
  const { get, lines } = await running({
    broker: { kind: 'external', url: `mqtt://127.0.0.1:${brokerPort}` },
    store: { kind: 'influx', url: `http://127.0.0.1:${storePort}`, database: 'sabz_test' },
  })
  await expect
    .poll(() => get('/api/v1/health'), { timeout: 10_000 })
    .toMatchObject({
      status: 'degraded',
      parts: { broker: { state: 'down' }, store: { state: 'down' } },
    })
  expect(await get('/api/v1/intersections')).toHaveLength(2)
  expect(await get('/api/v1/events')).toMatchObject({ code: 'HISTORY_UNAVAILABLE' })
  expect(lines.filter((line) => line.startsWith('STORE_UNREACHABLE'))).toHaveLength(1)
  const later = await running({ broker: { kind: 'embedded', port: brokerPort } })
  expect(later.mqttUrl).toContain(String(brokerPort))
  await expect
    .poll(() => get('/api/v1/health'), { timeout: 10_000 })
    .toMatchObject({ parts: { broker: { state: 'up' } } })
})

test('a port in use is a fault that names the port and what to do, and leaves nothing running', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  toClose.push(() => new Promise((resolve) => other.close(resolve)))
  const { port } = other.address() as AddressInfo
  const brokerPort = await freePort()
  const { started } = await start({ port, broker: { kind: 'embedded', port: brokerPort } })
  expect(started).toEqual({
    ok: false,
    fault: { code: 'CENTRAL_PORT_UNAVAILABLE', host: '127.0.0.1', port, cause: 'EADDRINUSE' },
  })
  if (!started.ok) expect(explainCentralFault(started.fault)).toMatch(new RegExp(`127.0.0.1:${port} is in use.*--port`))
  // The embedded broker that had been started for it is gone again.
  expect((await start({ broker: { kind: 'embedded', port: brokerPort } })).started.ok).toBe(true)
})

test('a broker port in use is a fault of its own', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  toClose.push(() => new Promise((resolve) => other.close(resolve)))
  const { started } = await start({ broker: { kind: 'embedded', port: (other.address() as AddressInfo).port } })
  expect(started).toMatchObject({ ok: false, fault: { code: 'BROKER_PORT_UNAVAILABLE' } })
})

test('a data directory that is a file is a fault that names it', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'sabz-central-')), 'file')
  writeFileSync(file, '')
  const { started } = await start({ dataDirectory: file })
  expect(started).toMatchObject({ ok: false, fault: { code: 'DATA_DIRECTORY_UNUSABLE', directory: file } })
})

test('an address that is not of this machine is a fault', async () => {
  const { started } = await start({ host: '192.0.2.1' })
  expect(started).toMatchObject({ ok: false, fault: { code: 'CENTRAL_PORT_UNAVAILABLE', cause: 'EADDRNOTAVAIL' } })
})
