/** The telemetry of an edge, to be killed: reads a controller's log from where its spool knows it to be, and says what is recorded. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { edgeId, intersectionId } from '#base/id.ts'
import { startTelemetry, THREAD } from '#edge/telemetry/telemetry.ts'
import type { EdgeSettings } from './edge-life.ts'

const settings = JSON.parse(process.argv[2] ?? '{}') as EdgeSettings
const { site, edge, mqttUrl, spoolDirectory, spoolBytesMax, lastInLog, group, pace, segmentBytes } = settings
const here = intersectionId('IX-01')
/** An event of this very moment: whatever is old is put aside by central. */
const eventOf = (number: number) => ({
  intersection: here,
  epochMs: Date.now(),
  code: 82,
  parameter: number,
  source: 'controller' as const,
  deviceSequence: number,
})

const telemetry = await startTelemetry({
  site,
  edge: edgeId(edge),
  mqttUrl,
  spoolDirectory,
  ...(spoolBytesMax === undefined ? {} : { spoolBytesMax }),
  log: (level, code, message) => console.log(`log ${level} ${code} ${message}`),
  startWorker: (given) => {
    const url = new URL('../../src/edge/telemetry/worker.ts', import.meta.url)
    return new Worker(url, { workerData: { ...given, segmentBytes }, ...THREAD })
  },
})

let read = telemetry.cursor(here)
const asked = new AbortController()
process.on('SIGTERM', () => asked.abort())
console.log(`cursor ${read}`)
while (!asked.signal.aborted) {
  const first = read + 1
  read = Math.min(lastInLog, read + group)
  if (read >= first) telemetry.record(Array.from({ length: read - first + 1 }, (_, index) => eventOf(first + index)))
  if (pace.kind === 'every') await sleep(pace.ms)
  else while (telemetry.pending() > 0 && !asked.signal.aborted) await sleep(1)
  console.log(`recorded ${read - telemetry.pending()}`)
  console.log(`memory ${process.memoryUsage.rss()}`)
  if (read === lastInLog && telemetry.pending() === 0) await sleep(20)
}
await telemetry.close()
console.log('closed 1')
process.exit(0)
