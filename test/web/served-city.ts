/** Central with the real pages and the demo city, fed from pictures: the clock can be pushed and the feed cut. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AddressInfo } from 'node:net'
import { build } from 'vite'
import type { Clock } from '#base/clock.ts'
import { ok } from '#base/outcome.ts'
import { buildServer } from '#central/api/server.ts'
import type { AlarmsOfEdge } from '#central/alarm-lists.ts'
import { LiveCity } from '#central/live-city.ts'
import type { EventStore, StoredEvent } from '#central/store/port.ts'
import { loadSite } from '#config/load-site.ts'
import type { SiteConfig } from '#config/site.ts'
import type { EdgeGapsView } from '#contract/gaps-view.ts'
import type { LiveState } from '#contract/messages.ts'
import type { PlansView } from '#contract/plans-view.ts'
import { EVENT } from '#signal/events.ts'
import { pictureOf } from '#test/support/picture-of-street.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FEED_PERIOD_MS = 100

/** 2026-11-23, 12:35:09 in Tehran: 2 Azar 1405. */
export const MIDDAY = Date.UTC(2026, 10, 23, 9, 5, 9)

export interface ServedCity {
  readonly url: string
  readonly site: SiteConfig
  /** Changes what an intersection says from now on; null lets it fall silent. */
  say(id: string, changes: Partial<LiveState> | null): void
  presence(edge: string, online: boolean): void
  /** Pushes central's clock on: everything that is silent grows older by this at once. */
  pushClock(ms: number): void
  /** Ends or takes up the whole feed. */
  feed(on: boolean): void
  broker(up: boolean): void
  /** What is on record from now on; empty of all that is left out. */
  record(records: Partial<CityRecords>): void
  /** Everything as at the beginning: fed, online, and as the pictures have it. */
  reset(): void
  /** What the picture of an intersection shows now. */
  pictureOf(id: string): LiveState
  /** Folder of the pages, built for this city alone: the caller removes it. */
  readonly webRoot: string
  close(): Promise<void>
}

export interface CityRecords {
  readonly gaps: readonly EdgeGapsView[]
  readonly plans: readonly PlansView[]
  readonly alarms: readonly AlarmsOfEdge[]
  /** Of detectors, each: seconds before now, code, detector; at every intersection. */
  readonly flags: readonly (readonly [agoS: number, code: number, detector: number])[]
}

const NOTHING_RECORDED: CityRecords = { gaps: [], plans: [], alarms: [], flags: [] }

export async function serveCity({ simulated = false } = {}): Promise<ServedCity> {
  const webRoot = await buildPages()
  const loaded = await loadSite(`${ROOT}config/hamadan`)
  if (!loaded.ok) throw new Error(`config/hamadan has ${loaded.fault.length} faults`)
  const site = loaded.value
  const startedMs = performance.now()
  let pushedMs = 0
  const clock: Clock = {
    monoMs: () => performance.now() + pushedMs,
    epochMs: () => Math.round(MIDDAY + performance.now() - startedMs + pushedMs),
  }
  const edges = site.edges.map(({ id, intersections }) => ({ edge: id, intersections }))
  const city = new LiveCity(edges, clock)
  for (const { edge } of edges) city.acceptPresence(edge, true, clock.epochMs() - 3_600_000)

  const changes = new Map<string, Partial<LiveState> | null>()
  let feeding = true
  let brokerUp = true
  let records = NOTHING_RECORDED
  const feedAll = () => {
    if (!feeding) return
    for (const config of site.intersections) {
      const change = changes.get(config.database.intersection.id)
      if (change !== null) city.acceptState({ ...pictureOf(config, clock.epochMs()), ...change }, false)
    }
  }
  feedAll()
  const timer = setInterval(feedAll, FEED_PERIOD_MS)

  const up = { up: true, detail: 'there', sinceEpochMs: MIDDAY }
  const api = await buildServer({
    site,
    simulated,
    city,
    store: recordedBy(site, clock, () => records.flags),
    clock,
    log: () => undefined,
    webRoot,
    brokerState: () => ({ ...up, up: brokerUp }),
    storeState: () => up,
    ignoredMessages: () => 0,
    gaps: () => [...records.gaps],
    alarms: () => records.alarms,
    plans: () => records.plans,
  })
  await api.listen({ host: '127.0.0.1', port: 0 })
  return {
    url: `http://127.0.0.1:${(api.server.address() as AddressInfo).port}`,
    site,
    say: (id, change) => changes.set(id, change),
    presence: (edge, online) => city.acceptPresence(edge, online, clock.epochMs()),
    pushClock: (ms) => {
      pushedMs += ms
    },
    feed: (on) => {
      feeding = on
    },
    broker: (isUp) => {
      brokerUp = isUp
    },
    record: (changed) => {
      records = { ...NOTHING_RECORDED, ...changed }
    },
    reset: () => {
      changes.clear()
      records = NOTHING_RECORDED
      feeding = true
      brokerUp = true
      for (const { edge } of edges) city.acceptPresence(edge, true, clock.epochMs())
    },
    pictureOf: (id) => {
      const config = site.intersections.find(({ database }) => database.intersection.id === id)
      if (!config) throw new Error(`no ${id}`)
      return pictureOf(config, clock.epochMs())
    },
    webRoot,
    close: async () => {
      clearInterval(timer)
      await api.close()
    },
  }
}

/** Into a folder of its own, so that pages in use are left alone. */
async function buildPages(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'sabz-pages-'))
  await build({ root: `${ROOT}src/web`, configFile: `${ROOT}vite.config.ts`, logLevel: 'warn', build: { outDir } })
  return outDir
}

/** The past as the pictures would have been recorded: the changes of each phase, second by second. */
function recordedBy(site: SiteConfig, clock: Clock, flags: () => CityRecords['flags']): EventStore {
  const eventsOf = (id: string, fromEpochMs: number, toEpochMs: number): StoredEvent[] => {
    const config = site.intersections.find((each) => each.database.intersection.id === id)
    if (!config) return []
    const events: StoredEvent[] = []
    let before = pictureOf(config, fromEpochMs).signal
    for (let epochMs = fromEpochMs + 500; epochMs < toEpochMs; epochMs += 500) {
      const { signal } = pictureOf(config, epochMs)
      for (const [code, bits] of changesOf(before, signal))
        for (const { id: phase } of config.database.intersection.phases)
          if ((bits & (1 << (phase - 1))) !== 0) events.push(recorded(site.id, id, { epochMs, code, parameter: phase }))
      before = signal
    }
    return events.toReversed()
  }
  const flagsAt = (id: string) =>
    flags().map(([agoS, code, parameter]) =>
      recorded(site.id, id, { epochMs: clock.epochMs() - 1_000 * agoS, code, parameter }),
    )
  return {
    kind: 'embedded',
    write: async () => ok(undefined),
    query: async ({ intersection = '', fromEpochMs, toEpochMs, limit, codes }) =>
      codes?.includes(EVENT.detectorRestored)
        ? ok(flagsAt(intersection))
        : ok(eventsOf(intersection, fromEpochMs, Math.min(toEpochMs, clock.epochMs())).slice(0, limit)),
    count: async () => ok(0),
    close: async () => undefined,
  }
}

type Lamps = LiveState['signal']

function changesOf(before: Lamps, after: Lamps): [number, number][] {
  if (!before || !after) return []
  return [
    [EVENT.beginGreen, after.greens & ~before.greens],
    [EVENT.beginYellow, after.yellows & ~before.yellows],
    [EVENT.beginRedClear, before.yellows & ~after.yellows],
  ]
}

function recorded(
  site: string,
  intersection: string,
  { epochMs, code, parameter }: { epochMs: number; code: number; parameter: number },
): StoredEvent {
  const source = 'controller'
  return {
    site,
    edge: 'e',
    epoch: '0'.repeat(16),
    sequence: 1,
    intersection,
    epochMs,
    code,
    parameter,
    source,
    deviceSequence: 0,
  }
}
