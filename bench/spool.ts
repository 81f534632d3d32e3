/**
 * What an outage costs on disk and at the restart after it: bytes an event, whether 72 hours of twelve busy intersections fit
 * into the spool, and how soon an edge with a gigabyte of spool ticks again: `node bench/spool.ts [bytes of spool]`.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { diskAt } from '#edge/telemetry/disk.ts'
import { Spool, SPOOL_BYTES_MAX } from '#edge/telemetry/spool.ts'
import { EVENTS_PER_DAY, streetEvent } from './data/street-events.ts'

const INTERSECTIONS = 12
const GROUP_EVENTS = 1_000
const OUTAGE_DAYS = 3
const RESTART_BAR_MS = 5_000
const LAUNCHER = fileURLToPath(new URL('../src/app/sabz.js', import.meta.url))

const bytesWanted = Number(process.argv[2] ?? 1024 ** 3)
const directory = mkdtempSync(join(tmpdir(), 'sabz-spool-'))
const full = join(directory, 'full')
try {
  const { events, bytes, ms } = fill(full, bytesWanted)
  sayBytes(events, bytes, ms)
  sayOpening(full, bytes)
  const empty = await edgeReadyMs(join(directory, 'empty'))
  const after = await edgeReadyMs(full)
  console.log(
    `sabz edge says ready after ${whole(empty)} ms without a spool, ${whole(after)} ms with ${mega(bytes)} MB of it`,
  )
  console.log(
    `restart with ${mega(bytes)} MB: ${after <= RESTART_BAR_MS ? 'within' : 'NOT within'} ${RESTART_BAR_MS} ms`,
  )
} finally {
  rmSync(directory, { recursive: true, force: true })
}

function fill(folder: string, bytesMax: number): { events: number; bytes: number; ms: number } {
  const disk = diskAt(folder)
  const spool = new Spool({
    disk,
    newEpoch: () => '00000000000000be',
    report: (fault) => console.log(fault),
    bytesMax: 2 * bytesMax,
  })
  const begunMs = performance.now()
  let events = 0
  let bytes = 0
  for (; bytes < bytesMax; events += GROUP_EVENTS) {
    const epochMs = Date.now()
    spool.append(Array.from({ length: GROUP_EVENTS }, (_, n) => streetEvent(events + n, INTERSECTIONS, epochMs)))
    spool.commit()
    if (events % 100_000 === 0) bytes = bytesIn(folder)
  }
  spool.close()
  return { events, bytes: bytesIn(folder), ms: performance.now() - begunMs }
}

function bytesIn(folder: string): number {
  const disk = diskAt(folder)
  return disk.list().reduce((sum, name) => sum + disk.sizeOf(name), 0)
}

function sayBytes(events: number, bytes: number, ms: number): void {
  const each = bytes / events
  const outageEvents = EVENTS_PER_DAY * INTERSECTIONS * OUTAGE_DAYS
  const outageBytes = outageEvents * each
  console.log(`${whole(events)} events on disk in ${whole(ms)} ms: ${each.toFixed(1)} bytes an event`)
  console.log(
    `72 h of ${INTERSECTIONS} busy intersections: ${whole(EVENTS_PER_DAY)} × ${INTERSECTIONS} × ${OUTAGE_DAYS} = ${whole(outageEvents)} events = ${mega(outageBytes)} MB`,
  )
  const verdict = outageBytes <= SPOOL_BYTES_MAX ? 'fit' : 'DO NOT fit'
  console.log(`they ${verdict} into ${mega(SPOOL_BYTES_MAX)} MB, ${(SPOOL_BYTES_MAX / outageBytes).toFixed(1)} times`)
}

function sayOpening(folder: string, bytes: number): void {
  const begunMs = performance.now()
  const spool = new Spool({ disk: diskAt(folder), newEpoch: () => '00000000000000bf', report: () => {} })
  console.log(
    `a spool of ${mega(bytes)} MB opens in ${whole(performance.now() - begunMs)} ms, at event ${whole(spool.last)}`,
  )
  spool.close()
}

/** From the start of the process until its scan cycle runs; there is neither a cabinet nor a broker, which changes nothing. */
function edgeReadyMs(folder: string): Promise<number> {
  const begunMs = performance.now()
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const args = [LAUNCHER, 'edge', '--data', folder, '--mqtt', 'mqtt://127.0.0.1:9', '--port-offset', '40000']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (!said.includes('EDGE_READY')) return
    resolve(performance.now() - begunMs)
    child.kill()
  })
  child.on('exit', (code) => reject(new Error(`sabz edge ended with ${code}:\n${said}`)))
  return promise
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}

function mega(bytes: number): string {
  return whole(bytes / 1024 ** 2)
}
