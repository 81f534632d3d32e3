/**
 * One hour of backlog of twelve busy intersections drained beside live events, over a real broker into InfluxDB (or the
 * embedded store where there is none): how long it takes, and how late live events are meanwhile: `node bench/backlog.ts [hours]`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { edgeId } from '#base/id.ts'
import { openStore } from '#central/store/choice.ts'
import { startTelemetry } from '#edge/telemetry/telemetry.ts'
import { EVENT } from '#signal/events.ts'
import { influxdPath, startInfluxd } from '#test/support/influxd.ts'
import { startMosquitto } from '#test/support/mosquitto.ts'
import { startWorkers } from './data/central.ts'
import { EVENTS_PER_DAY, streetEvent } from './data/street-events.ts'

const INTERSECTIONS = 12
const DRAIN_BAR_MS = 600_000
const LIVE_BAR_MS = 2_000
const LIVE_EVERY_MS = 250
/** No event of the backlog has it. */
const LIVE_CODE = EVENT.clockUpdated

const hours = Number(process.argv[2] ?? 1)
const backlog = Math.round((EVENTS_PER_DAY * INTERSECTIONS * hours) / 24)
const directory = mkdtempSync(join(tmpdir(), 'sabz-backlog-'))
const broker = await startMosquitto()
const influxd = influxdPath ? await startInfluxd() : null
const influxUrl = influxd?.url ?? 'embedded'
const telemetry = await startTelemetry({
  site: 'bench',
  edge: edgeId('edge'),
  mqttUrl: broker.url,
  spoolDirectory: join(directory, 'spool'),
  log: () => undefined,
})
await recordBacklog()
console.log(`${whole(backlog)} events wait on disk: ${hours} h of ${INTERSECTIONS} busy intersections; central begins`)

const central = await startWorkers({ mqttUrl: broker.url, influxUrl, directory, workers: 1, edges: ['edge'] })
const store = openStore(
  influxd === null ? { kind: 'embedded' } : { kind: 'influx', url: influxd.url, database: 'bench' },
  join(directory, 'store'),
)
const begunMs = performance.now()
const sentAtMs: number[] = []
const latenciesMs: number[] = []
const drained = new AbortController()
await Promise.all([live(), watchLive(), watchBacklog()])
report(performance.now() - begunMs)
await store.close()
central.end()
await telemetry.close()
await broker.dispose()
await influxd?.dispose()
rmSync(directory, { recursive: true, force: true })

async function recordBacklog(): Promise<void> {
  const startEpochMs = Date.now() - hours * 3_600_000
  for (let number = 0; number < backlog; number += 1_000) {
    const count = Math.min(1_000, backlog - number)
    const at = (n: number): number => startEpochMs + Math.round(((number + n) * hours * 3_600_000) / backlog)
    telemetry.record(Array.from({ length: count }, (_, n) => streetEvent(number + n, INTERSECTIONS, at(n))))
    await sleep(5)
  }
  while (telemetry.pending() > 0) await sleep(50)
}

/** The street goes on: as many events a second as ever, and one of them known by its number. */
async function live(): Promise<void> {
  const perTurn = Math.round((backlog / hours / 3_600_000) * LIVE_EVERY_MS)
  while (!drained.signal.aborted) {
    const known = { ...streetEvent(1, INTERSECTIONS, Date.now()), code: LIVE_CODE, parameter: sentAtMs.length }
    sentAtMs.push(performance.now())
    const others = Array.from({ length: perTurn }, (_, n) => streetEvent(backlog + n + 1, INTERSECTIONS, Date.now()))
    telemetry.record([known, ...others])
    await sleep(LIVE_EVERY_MS)
  }
}

/** An event is there when a question finds it. */
async function watchLive(): Promise<void> {
  const seen = new Set<number>()
  while (!drained.signal.aborted || seen.size < sentAtMs.length) {
    const range = { fromEpochMs: Date.now() - 120_000, toEpochMs: Date.now() + 60_000 }
    const found = await store.query({ ...range, codes: [LIVE_CODE], limit: 10_000 })
    const nowMs = performance.now()
    for (const { parameter } of found.ok ? found.value : []) {
      if (seen.has(parameter)) continue
      seen.add(parameter)
      latenciesMs.push(nowMs - (sentAtMs[parameter] ?? nowMs))
    }
    await sleep(50)
  }
}

async function watchBacklog(): Promise<void> {
  const until = Date.now() - 1
  for (;;) {
    const count = await store.count({ fromEpochMs: 0, toEpochMs: until })
    if (count.ok && count.value >= backlog) break
    await sleep(200)
  }
  drained.abort()
}

function report(drainedMs: number): void {
  const sorted = latenciesMs.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
  const drain = drainedMs <= DRAIN_BAR_MS * hours ? 'within' : 'NOT within'
  const liveVerdict = at(0.95) <= LIVE_BAR_MS ? 'within' : 'NOT within'
  console.log(
    `drained in ${(drainedMs / 1_000).toFixed(1)} s into ${influxd === null ? 'the embedded store' : 'InfluxDB'}: ${drain} ${(DRAIN_BAR_MS * hours) / 60_000} min`,
  )
  console.log(
    `live meanwhile, from the street to a question's answer: p50 ${whole(at(0.5))} ms, p95 ${whole(at(0.95))} ms, most ${whole(at(1))} ms (${sorted.length} events): ${liveVerdict} ${whole(LIVE_BAR_MS)} ms`,
  )
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}
