/**
 * A thousand intersections with ten points a second each, from synthetic edges over a real broker into InfluxDB (or the
 * embedded store where there is none): `node bench/fleet.ts [intersections] [seconds] [workers]`. Prints what was borne.
 */
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStore } from '#central/store/choice.ts'
import { influxdPath, startInfluxd } from '#test/support/influxd.ts'
import { startMosquitto } from '#test/support/mosquitto.ts'
import { childrensProcessorTimes, shareOfACore } from './data/processor.ts'
import { startWorkers } from './data/central.ts'
import { runFleet, type FleetResult } from './data/fleet-edges.ts'

const LATENCY_BAR_MS = 3_000
const POINTS_PER_S = 10
const INTERSECTIONS_PER_EDGE = 12
/** Memory is bounded when the last third of a run needs no more than this beyond the middle third. */
const GROWTH_MAX = 1.2

const [first = '1000', second = '60', third = '1', role] = process.argv.slice(2)
if (role === undefined) await compare({ intersections: Number(first), seconds: Number(second), workers: Number(third) })
else {
  const result = await runFleet({
    mqttUrl: role,
    edges: Number(first),
    seconds: Number(second),
    intersections: Number(third),
  })
  process.send?.(result)
}

interface Run {
  readonly intersections: number
  readonly seconds: number
  readonly workers: number
}

async function compare({ intersections, seconds, workers }: Run): Promise<void> {
  const edges = Math.ceil(intersections / INTERSECTIONS_PER_EDGE)
  const directory = mkdtempSync(join(tmpdir(), 'sabz-fleet-'))
  const broker = await startMosquitto()
  const influxd = influxdPath ? await startInfluxd() : null
  const names = Array.from({ length: edges }, (_, index) => `edge-${index + 1}`)
  const place = { mqttUrl: broker.url, influxUrl: influxd?.url ?? 'embedded', directory, workers, edges: names }
  const central = await startWorkers(place)
  const wanted = intersections * POINTS_PER_S
  console.log(
    `${edges} edges × ${INTERSECTIONS_PER_EDGE} intersections × ${POINTS_PER_S} points/s for ${seconds} s, ${workers} ingest, ${influxd ? 'InfluxDB' : 'the embedded store'}`,
  )
  const [before, begunMs] = [childrensProcessorTimes(), performance.now()]
  let busy = ''
  const readBusy = () => (busy = shareOfACore(before, childrensProcessorTimes(), performance.now() - begunMs))
  setTimeout(readBusy, seconds * 1_000)
  const result = await fleetProcess({ mqttUrl: broker.url, edges, seconds, intersections: INTERSECTIONS_PER_EDGE })
  central.end()
  const store = openStore(
    influxd === null ? { kind: 'embedded' } : { kind: 'influx', url: influxd.url, database: 'bench' },
    join(directory, 'store'),
  )
  const count = await store.count({ fromEpochMs: 0, toEpochMs: Date.now() + 600_000 })
  report(result, { stored: count.ok ? count.value : Number.NaN, wanted, rssBytes: central.rssBytes })
  console.log(`of one core each: ${busy}; fleet.ts is the synthetic edges`)
  await store.close()
  await broker.dispose()
  await influxd?.dispose()
  rmSync(directory, { recursive: true, force: true })
}

function fleetProcess(run: {
  mqttUrl: string
  edges: number
  seconds: number
  intersections: number
}): Promise<FleetResult> {
  const { edges, seconds, intersections, mqttUrl } = run
  const child = fork(fileURLToPath(import.meta.url), [String(edges), String(seconds), String(intersections), mqttUrl])
  return new Promise((resolve, reject) => {
    child.on('message', (result: FleetResult) => {
      resolve(result)
      child.kill()
    })
    child.on('exit', (code) => reject(new Error(`the fleet ended with ${code}`)))
  })
}

interface Measured {
  readonly stored: number
  /** Points a second. */
  readonly wanted: number
  readonly rssBytes: readonly number[]
}

function report({ sent, seconds, latenciesMs }: FleetResult, { stored, wanted, rssBytes }: Measured): void {
  const sorted = latenciesMs.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
  const rate = sent / seconds
  const p99 = at(0.99)
  console.log(
    `sent ${whole(sent)} points (${whole(rate)}/s of ${whole(wanted)}/s wanted), stored ${whole(stored)}: ${whole(sent - stored)} lost`,
  )
  console.log(
    `from the source to queryable: p50 ${whole(at(0.5))} ms, p99 ${whole(p99)} ms, most ${whole(at(1))} ms: ${p99 <= LATENCY_BAR_MS ? 'within' : 'NOT within'} ${whole(LATENCY_BAR_MS)} ms`,
  )
  const isBorne = sent === stored && p99 <= LATENCY_BAR_MS
  console.log(
    `${(rate / POINTS_PER_S).toFixed(0)} intersections: ${isBorne ? 'borne' : 'NOT borne'} by this machine as it is loaded now`,
  )
  const part = Math.floor(rssBytes.length / 3)
  const [middle, last] = [most(rssBytes.slice(part, 2 * part)), most(rssBytes.slice(2 * part))]
  console.log(
    `memory of ingest: ${mega(middle)} MB at most in the middle third, ${mega(last)} MB in the last: ${last <= middle * GROWTH_MAX ? 'bounded' : 'GROWING'}`,
  )
}

function most(numbers: readonly number[]): number {
  return numbers.reduce((max, n) => Math.max(max, n), 0)
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}

function mega(bytes: number): string {
  return whole(bytes / 1024 ** 2)
}
