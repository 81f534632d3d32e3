/**
 * The scan cycle of a whole city beside a bare timer: twelve intersections at 10 Hz over real Modbus and OPC UA sockets, the
 * latter signed and encrypted, the virtual city in a process of its own. `npm run bench:scan -- [seconds]`, 60 unless given.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { trustTowards } from '#app/device-trust.ts'
import { fieldOf } from '#app/field.ts'
import { freeOffset } from '#app/free-port.ts'
import { claimPriority } from '#app/priority.ts'
import { systemClock } from '#app/system-clock.ts'
import { edgeOf } from '#app/tls-folder.ts'
import { actuated } from '#control/actuated.ts'
import { coordinated } from '#control/coordinated.ts'
import { queueCount } from '#control/queue-count.ts'
import { startEdge, type EdgeIntersection } from '#edge/edge.ts'
import type { ScanStats } from '#edge/scan-cycle.ts'
import type { Telemetry } from '#edge/telemetry/port.ts'
import { childrensProcessorTimes, shareOfACore } from './data/processor.ts'
import { securedHamadan } from '#test/support/secured-city.ts'

/** The bar: no slot missed beyond what the machine costs a bare timer, and half of the period left over. */
const CYCLE_P99_MS_MAX = 50
/** Connecting, loading the OPC UA library and proving take this long; they are not what is measured. */
const WARM_UP_MS = 20_000

const SABZ = fileURLToPath(new URL('../src/app/sabz.js', import.meta.url))
const BARE_TIMER = fileURLToPath(new URL('bare-timer.ts', import.meta.url))
const CONFIG = 'config/hamadan'

claimPriority()
const seconds = Number(process.argv[2] ?? 60)
const bench = await measure(seconds * 1_000)
report(bench)
process.exit(bench.cycle.missed <= bench.timer.missed && bench.cycle.duration.p99Ms <= CYCLE_P99_MS_MAX ? 0 : 1)

type Secured = Awaited<ReturnType<typeof securedHamadan>>

interface Bench {
  readonly cycle: ScanStats
  readonly timer: Pick<ScanStats, 'ticks' | 'missed' | 'lateness'>
  readonly supervised: number
  readonly events: number
  /** Of the processor, in % of a core: the edge's and each other process's. */
  readonly busy: string
}

async function measure(durationMs: number): Promise<Bench> {
  const keys = mkdtempSync(join(tmpdir(), 'sabz-bench-scan-'))
  const secured = await securedHamadan(keys)
  const { site } = secured
  const devices = site.intersections.flatMap(({ controller, cards }) => [controller, ...cards])
  const portOffset = await freeOffset(devices.map(({ address }) => address.port))
  if (portOffset === null) throw new Error('no free ports for the virtual city')
  const city = await startCity(portOffset, keys)
  try {
    const telemetry = countingTelemetry()
    const edge = startEdge({
      intersections: inEdgeTerms(secured, portOffset, keys),
      telemetry,
      strategies: [coordinated, actuated],
      queues: queueCount,
      clock: systemClock,
      log: (level, code, message) => level !== 'info' && console.log(`${level} ${code} ${message}`),
    })
    await sleep(WARM_UP_MS)
    const timer = fork(BARE_TIMER)
    await once(timer, 'spawn')
    edge.resetStats()
    const [ours, others] = [process.cpuUsage(), childrensProcessorTimes()]
    await sleep(durationMs)
    const cycle = edge.stats()
    const { user, system } = process.cpuUsage(ours)
    const edgeShare = Math.round((user + system) / 10 / durationMs)
    const busy = `edge ${edgeShare} %, ${shareOfACore(others, childrensProcessorTimes(), durationMs)}`
    timer.send('stop')
    const [timerStats] = (await once(timer, 'message')) as [Bench['timer']]
    await edge.stop()
    return { cycle, timer: timerStats, supervised: telemetry.supervised(), events: telemetry.events(), busy }
  } finally {
    city.kill()
    rmSync(keys, { recursive: true, force: true })
  }
}

async function startCity(portOffset: number, keys: string): Promise<ChildProcess> {
  const city = fork(SABZ, ['sim', '--config', CONFIG, '--port-offset', String(portOffset), '--tls', keys], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await Promise.race([
    once(city, 'message'),
    once(city, 'exit').then(([code]) => Promise.reject(new Error(`the virtual city ended with exit code ${code}`))),
  ])
  return city
}

function inEdgeTerms({ site, profiles }: Secured, portOffset: number, keys: string): EdgeIntersection[] {
  const trust = (id: string, device: string) => trustTowards(keys, edgeOf(site, id), id, device)
  const field = fieldOf(site.intersections, profiles, { portOffset, trust })
  return site.intersections.map((intersection) => {
    const [controller, ...cards] = field.filter((device) => device.intersection === intersection)
    if (!controller) throw new Error('the controller comes first of the devices of an intersection')
    const { database, limits, adaptiveLimits } = intersection
    return { database, limits, adaptiveLimits, controller, cards }
  })
}

/** Takes everything and only counts: disk and broker have benches of their own. */
function countingTelemetry(): Telemetry & { supervised(): number; events(): number } {
  const modes = new Map<string, string>()
  let events = 0
  return {
    record: (added) => void (events += added.length),
    publishState: ({ intersection, mode }) => void modes.set(intersection, mode),
    pending: () => 0,
    cursor: () => 0,
    close: () => Promise.resolve(),
    supervised: () => [...modes.values()].filter((mode) => mode === 'coordinated' || mode === 'actuated').length,
    events: () => events,
  }
}

function report({ cycle, timer, supervised, events, busy }: Bench): void {
  const row = (name: string, { ticks, missed, lateness }: Bench['timer']) => ({
    '': name,
    ticks,
    missed,
    'late p50 ms': lateness.p50Ms,
    'late p99 ms': lateness.p99Ms,
    'late max ms': lateness.maxMs,
  })
  console.table([row('scan cycle', cycle), row('bare timer', timer)])
  const { p50Ms, p99Ms, maxMs } = cycle.duration
  console.log(`cycle: p50 ${p50Ms} ms, p99 ${p99Ms} ms, max ${maxMs} ms (bar: p99 ${CYCLE_P99_MS_MAX} ms)`)
  console.log(`of one core each: ${busy}; the city (sabz.js) is all its cabinets in one process`)
  console.log(`${supervised} intersections supervised at the end, ${events} events recorded`)
}
