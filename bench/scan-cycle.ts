/**
 * The scan cycle of a whole city beside a bare timer: twelve intersections at 10 Hz over real Modbus and OPC UA sockets,
 * the virtual city in a process of its own. `npm run bench:scan -- [seconds]`, 60 unless given.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { fieldOf } from '#app/field.ts'
import { freeOffset } from '#app/free-port.ts'
import { claimPriority } from '#app/priority.ts'
import { systemClock } from '#app/system-clock.ts'
import type { SiteConfig } from '#config/site.ts'
import { actuated } from '#control/actuated.ts'
import { coordinated } from '#control/coordinated.ts'
import { queueCount } from '#control/queue-count.ts'
import { startEdge, type EdgeIntersection } from '#edge/edge.ts'
import type { ScanStats } from '#edge/scan-cycle.ts'
import type { Telemetry } from '#edge/telemetry/port.ts'
import { loadHamadan, loadProfiles } from '#test/sim/hamadan.ts'

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

interface Bench {
  readonly cycle: ScanStats
  readonly timer: Pick<ScanStats, 'ticks' | 'missed' | 'lateness'>
  readonly supervised: number
  readonly events: number
}

async function measure(durationMs: number): Promise<Bench> {
  const site = await loadHamadan()
  const devices = site.intersections.flatMap(({ controller, cards }) => [controller, ...cards])
  const portOffset = await freeOffset(devices.map(({ address }) => address.port))
  if (portOffset === null) throw new Error('no free ports for the virtual city')
  const city = await startCity(portOffset)
  try {
    const telemetry = countingTelemetry()
    const edge = startEdge({
      intersections: await inEdgeTerms(site, portOffset),
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
    await sleep(durationMs)
    const cycle = edge.stats()
    timer.send('stop')
    const [timerStats] = (await once(timer, 'message')) as [Bench['timer']]
    await edge.stop()
    return { cycle, timer: timerStats, supervised: telemetry.supervised(), events: telemetry.events() }
  } finally {
    city.kill()
  }
}

async function startCity(portOffset: number): Promise<ChildProcess> {
  const city = fork(SABZ, ['sim', '--config', CONFIG, '--port-offset', String(portOffset)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await Promise.race([
    once(city, 'message'),
    once(city, 'exit').then(([code]) => Promise.reject(new Error(`the virtual city ended with exit code ${code}`))),
  ])
  return city
}

async function inEdgeTerms(site: SiteConfig, portOffset: number): Promise<EdgeIntersection[]> {
  const field = fieldOf(site.intersections, await loadProfiles(), portOffset)
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

function report({ cycle, timer, supervised, events }: Bench): void {
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
  console.log(`${supervised} intersections supervised at the end, ${events} events recorded`)
}
