/** Two hours of an edge, faster than life: what its telemetry takes as a process, and what its scan keeps on the heap. */
import { spawnSync } from 'node:child_process'
import { startMosquitto } from '#test/support/mosquitto.ts'
import { PROJECT } from '#test/support/sabz.ts'
import { CentralLife } from './central-life.ts'
import { EdgeLife } from './edge-life.ts'
import type { Experiment, Setting } from './experiment.ts'
import { told, type Seen } from './figure.ts'
import { eventually } from './patience.ts'
import { onRig, type Rig } from './rig.ts'

/** Twelve busy intersections make 75,000 an hour. */
const EVENTS = 150_000
const EVENTS_QUICK = 20_000
const MEMORY_MB_MAX = 256
/** What a collector leaves standing from one time to the next. */
const GROWTH_MB_MAX = 16
const SEGMENT_BYTES = 4 * 1024 ** 2
const MB = 1024 ** 2

export const memory: Experiment = {
  name: 'memory',
  about: 'two hours of an edge at many times their pace',
  needs: ['mosquitto'],
  run: (setting) =>
    onRig(async (rig) => [...(await telemetryMemory(rig, setting)), ...(setting.isQuick ? [] : [scanHeap()])]),
}

async function telemetryMemory(rig: Rig, setting: Setting): Promise<Seen[]> {
  const broker = await startMosquitto()
  rig.andThen(() => broker.dispose())
  const [site, mqttUrl] = ['hamadan', broker.url]
  const lastInLog = setting.isQuick ? EVENTS_QUICK : EVENTS
  const central = new CentralLife({ site, mqttUrl, directory: rig.at('central'), influxUrl: null })
  const edge = new EdgeLife({
    ...{ site, edge: 'hamadan-1', mqttUrl, spoolDirectory: rig.at('spool'), segmentBytes: SEGMENT_BYTES, lastInLog },
    ...{ group: 50, pace: { kind: 'every', ms: 20 } },
  })
  rig.andThen(() => Promise.all([edge.kill(), central.kill()]))
  central.begin()
  edge.begin()
  await edge.awake()
  const passed = (share: number) =>
    eventually(`${share} of the log`, () => (edge.recorded >= share * lastInLog ? edge.memoryBytes / MB : undefined))
  const thirds = [await passed(1 / 3), await passed(2 / 3), await passed(1)]
  const [first = 0, , most = 0] = thirds
  const seen = `at most ${thirds.map((mb) => mb.toFixed(0)).join(', ')} MB by each third of ${lastInLog} events`
  return [
    told('memory of telemetry', `≤ ${MEMORY_MB_MAX} MB`, { seen, holds: most <= MEMORY_MB_MAX }),
    told('its growth from a third to the end', `≤ ${GROWTH_MB_MAX} MB`, {
      seen: `${(most - first).toFixed(0)} MB`,
      holds: most - first <= GROWTH_MB_MAX,
    }),
  ]
}

interface ClosedLoop {
  readonly figures: readonly { readonly what: string; readonly heapMb: readonly number[] }[]
}

/** The whole edge over the whole city on a virtual clock; its heap at each hour, after a collection. */
function scanHeap(): Seen {
  const args = ['--expose-gc', 'bench/closed-loop.ts', '--hours', '2', '--json']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: PROJECT, encoding: 'utf8' })
  if (status !== 0) throw new Error(`bench/closed-loop.ts: ${stderr}`)
  const { figures } = JSON.parse(stdout) as ClosedLoop
  const heapMb = figures.at(-1)?.heapMb ?? []
  const [, hour = 0, end = 0] = heapMb
  const seen = `${heapMb.map((mb) => mb.toFixed(1)).join(', ')} MB at each hour`
  return told('heap of city and scan over two hours', `grows ≤ ${GROWTH_MB_MAX} MB in the second`, {
    seen,
    holds: end - hour <= GROWTH_MB_MAX,
  })
}
