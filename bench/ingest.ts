/**
 * Events per second from the broker into InfluxDB, end to end and acknowledged, beside what InfluxDB itself takes of the
 * same points in the same run: `node bench/ingest.ts [events per round]`. Needs mosquitto and influxd.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32 } from 'node:zlib'
import { connectAsync } from 'mqtt'
import { startIngest } from '#central/ingest.ts'
import { openInfluxStore } from '#central/store/influx.ts'
import { InfluxWriter } from '#central/store/influx-writer.ts'
import { toLines } from '#central/store/line-protocol.ts'
import type { StoredEvent } from '#central/store/port.ts'
import { EVENT_SOURCES, type Acknowledgement } from '#contract/messages.ts'
import { edgeTopics } from '#contract/topics.ts'
import { startInfluxd } from '#test/support/influxd.ts'
import { startMosquitto } from '#test/support/mosquitto.ts'

const ROUNDS = 3
const RAW_GROUP = 5_000
const BATCH_EVENTS = 1_000
/** As an edge: so many batches are under way at once. */
const WINDOW = 64

const [first = '200000', role, ...args] = process.argv.slice(2)
if (role === 'central') await runCentral(args)
else await compare(Number(first))

/** The part that is measured runs in a process of its own, as it does in a city. */
async function runCentral([mqttUrl = '', influxUrl = '', directory = '', database = '']: string[]): Promise<void> {
  const store = openInfluxStore({ url: influxUrl, database })
  const log = (_level: string, code: string) => void process.send?.(code)
  await startIngest({ site: 'bench', mqttUrl, store, ledgerPath: join(directory, `${database}.sqlite`), log })
}

async function compare(events: number): Promise<void> {
  const [broker, influxd] = [await startMosquitto(), await startInfluxd()]
  const directory = mkdtempSync(join(tmpdir(), 'sabz-bench-'))
  const ratios: number[] = []
  console.log(`${ROUNDS} rounds of ${events} events: InfluxDB alone, then broker → ingest → InfluxDB, acknowledged`)
  for (let round = 1; round <= ROUNDS; round++) {
    const raw = await rawRate(influxd.url, pointsOf(events, `raw${round}`))
    const path = await pathRate(
      { mqttUrl: broker.url, influxUrl: influxd.url, directory, database: `path${round}` },
      events,
    )
    ratios.push(path / raw)
    console.log(
      `round ${round}: InfluxDB alone ${whole(raw)}/s · end to end ${whole(path)}/s · ratio ${(path / raw).toFixed(2)}`,
    )
  }
  const median = ratios.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? 0
  console.log(`median ratio ${median.toFixed(2)} (to hold: 0.60, aim: 0.80)`)
  await broker.dispose()
  await influxd.dispose()
  rmSync(directory, { recursive: true, force: true })
}

function whole(rate: number): string {
  return Math.round(rate).toLocaleString('en')
}

function pointsOf(count: number, edge: string): StoredEvent[] {
  const startEpochMs = Date.now() - count
  return Array.from({ length: count }, (_, index) => ({
    site: 'bench',
    edge,
    epoch: '00000000000000aa',
    sequence: index + 1,
    intersection: `IX-${String(1 + (index % 12)).padStart(2, '0')}`,
    epochMs: startEpochMs + index,
    code: 81 + (index % 2),
    parameter: index % 64,
    source: EVENT_SOURCES[index % 2] ?? 'edge',
    deviceSequence: index + 1,
  }))
}

/** Lines are made beforehand: this is InfluxDB and nothing of ours. */
async function rawRate(url: string, points: readonly StoredEvent[]): Promise<number> {
  const groups: string[] = []
  for (let at = 0; at < points.length; at += RAW_GROUP) groups.push(toLines(points.slice(at, at + RAW_GROUP)))
  await fetch(`${url}/query?q=CREATE+DATABASE+raw`, { method: 'POST' }).then((answer) => answer.text())
  const writer = new InfluxWriter({ url: new URL(url), database: 'raw', retentionPolicy: 'autogen' })
  const begunMs = performance.now()
  for (const group of groups) {
    const outcome = await writer.write(group)
    if (!outcome.ok) throw new Error(outcome.fault.detail)
  }
  const rate = (points.length * 1_000) / (performance.now() - begunMs)
  writer.close()
  return rate
}

interface Place {
  readonly mqttUrl: string
  readonly influxUrl: string
  readonly directory: string
  readonly database: string
}

async function pathRate({ mqttUrl, influxUrl, directory, database }: Place, events: number): Promise<number> {
  const central = fork(fileURLToPath(import.meta.url), ['0', 'central', mqttUrl, influxUrl, directory, database])
  await connected(central)
  const payloads = payloadsOf(pointsOf(events, database))
  const rate = await sendAll({ mqttUrl, edge: database, payloads, events })
  central.kill()
  const store = openInfluxStore({ url: influxUrl, database })
  const count = await store.count({ fromEpochMs: 0, toEpochMs: Date.now() + 1_000 })
  await store.close()
  if (!count.ok || count.value !== events) throw new Error(`stored ${JSON.stringify(count)} of ${events}`)
  return rate
}

function connected(central: ChildProcess): Promise<void> {
  return new Promise((resolve) => central.on('message', (code) => code === 'BROKER_CONNECTED' && resolve()))
}

/** What an edge's spool gives: rows as text, made when the event was recorded. */
function payloadsOf(points: readonly StoredEvent[]): string[] {
  const payloads: string[] = []
  for (let at = 0; at < points.length; at += BATCH_EVENTS) {
    const rows = points
      .slice(at, at + BATCH_EVENTS)
      .map((p) => [
        p.sequence,
        p.epochMs,
        p.intersection,
        p.code,
        p.parameter,
        EVENT_SOURCES.indexOf(p.source),
        p.deviceSequence,
      ])
    const text = JSON.stringify(rows)
    const digest = crc32(text).toString(16).padStart(8, '0')
    const last = at + rows.length
    payloads.push(
      `{"v":1,"epoch":"00000000000000aa","first":${at + 1},"last":${last},"digest":"${digest}","rows":${text}}`,
    )
  }
  return payloads
}

interface Sending {
  readonly mqttUrl: string
  readonly edge: string
  readonly payloads: readonly string[]
  readonly events: number
}

async function sendAll({ mqttUrl, edge, payloads, events }: Sending): Promise<number> {
  const client = await connectAsync(mqttUrl)
  const topics = edgeTopics('bench', edge)
  await client.subscribeAsync(topics.ack)
  const { promise, resolve } = Promise.withResolvers<number>()
  let sent = 0
  const begunMs = performance.now()
  const fill = (upTo: number): void => {
    for (; sent < payloads.length && sent * BATCH_EVENTS - upTo < WINDOW * BATCH_EVENTS; sent++)
      client.publish(topics.batch, payloads[sent] ?? '', { qos: 1 })
    if (upTo === events) resolve((events * 1_000) / (performance.now() - begunMs))
  }
  client.on('message', (_topic, payload) => fill((JSON.parse(payload.toString()) as Acknowledgement).upTo))
  fill(0)
  const rate = await promise
  await client.endAsync()
  return rate
}
