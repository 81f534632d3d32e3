/** Central: wires broker, ingest, store, live city, API and pages into one running service. */
import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Clock } from '#base/clock.ts'
import { unreachable } from '#base/invariant.ts'
import type { Log } from '#base/log.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { SiteConfig } from '#config/site.ts'
import type { Api } from './api/parts.ts'
import { buildServer } from './api/server.ts'
import { startBroker } from './embedded-broker.ts'
import { SwitchedBroker } from './switched-broker.ts'
import { startIngest, type Ingest } from './ingest.ts'
import { LiveCity } from './live-city.ts'
import { openLiveFeed } from './live-feed.ts'
import { watchStore } from './store-watch.ts'
import { openEmbeddedStore } from './store/embedded.ts'
import { openInfluxStore } from './store/influx.ts'
import type { EventStore } from './store/port.ts'

export type StoreChoice =
  /** A SQLite file in the data directory. */
  | { readonly kind: 'embedded' }
  /** InfluxDB 1.x; it may come later than central. */
  | { readonly kind: 'influx'; readonly url: string; readonly database: string }

export type BrokerChoice =
  /** In this process, on loopback; port 0 takes a free one. */
  | { readonly kind: 'embedded'; readonly port: number }
  /** It may come later than central. */
  | { readonly kind: 'external'; readonly url: string }

export interface CentralSettings {
  readonly site: SiteConfig
  /** Loopback when absent; anything else is open to the network, without a log-in. */
  readonly host?: string
  /** 0 takes a free one. */
  readonly port: number
  readonly broker: BrokerChoice
  readonly store: StoreChoice
  /** Folder of ledger and embedded store; made when missing. */
  readonly dataDirectory: string
  /** Folder of the built pages; they may be built later. */
  readonly webRoot: string
  /** True when the street is a simulation: every page says so. */
  readonly simulated: boolean
  readonly log: Log
}

export interface RunningCentral {
  /** Of pages and API, such as `http://127.0.0.1:8080`. */
  readonly url: string
  readonly mqttUrl: string
  /** Its own broker, to be taken away and given back; null where it is somebody else's. */
  readonly broker: SwitchedBroker | null
  /** Answers what is under way, then ends every part. */
  close(): Promise<void>
}

/** What keeps central from starting; everything else is retried while it runs. */
export type CentralFault =
  | { readonly code: 'CENTRAL_PORT_UNAVAILABLE'; readonly host: string; readonly port: number; readonly cause: string }
  | { readonly code: 'BROKER_PORT_UNAVAILABLE'; readonly detail: string }
  | { readonly code: 'DATA_DIRECTORY_UNUSABLE'; readonly directory: string; readonly detail: string }

/** Place, rule and remedy on one line. */
export function explainCentralFault(fault: CentralFault): string {
  switch (fault.code) {
    case 'CENTRAL_PORT_UNAVAILABLE':
      return fault.cause === 'EADDRINUSE'
        ? `${fault.host}:${fault.port} is in use by another program. Stop it, or choose another port with --port.`
        : `${fault.host}:${fault.port} cannot be opened (${fault.cause}). Choose an address of this machine, and a port above 1023.`
    case 'BROKER_PORT_UNAVAILABLE':
      return fault.detail
    case 'DATA_DIRECTORY_UNUSABLE':
      return `${fault.directory} cannot hold the data (${fault.detail}). Check its rights and the disk, or choose another with --data.`
    default:
      return unreachable(fault)
  }
}

const LOOPBACK = '127.0.0.1'

/** Resolves when pages and API are served; broker and store may come later. */
export async function startCentral(settings: CentralSettings): Promise<Outcome<RunningCentral, CentralFault>> {
  const closing: (() => unknown)[] = []
  const close = async () => {
    for (const end of closing.splice(0).toReversed()) await end()
  }
  const started = await startParts(settings, closing)
  if (!started.ok) {
    await close()
    return started
  }
  return ok({ ...started.value, close })
}

/** Puts the end of each part that stands into `closing`, in the order of their start. */
async function startParts(
  settings: CentralSettings,
  closing: (() => unknown)[],
): Promise<Outcome<Omit<RunningCentral, 'close'>, CentralFault>> {
  const { site, log } = settings
  const broker = await openBroker(settings)
  if (!broker.ok) return broker
  closing.push(broker.value.close)
  const mqttUrl = broker.value.url
  const kept = await openStoreAndIngest(settings, mqttUrl)
  if (!kept.ok) return kept
  const { store, ingest } = kept.value
  closing.push(
    () => store.close(),
    () => ingest.close(),
  )

  const clock: Clock = { epochMs: () => Date.now(), monoMs: () => performance.now() }
  const duties = site.edges.map(({ id, intersections }) => ({ edge: id, intersections }))
  const city = new LiveCity(duties, clock)
  const feed = openLiveFeed({ site: site.id, mqttUrl, city, clock, log })
  closing.push(() => feed.close())
  const watch = watchStore(store, placeOf(settings.store), { clock, log })
  closing.push(() => watch.close())

  const api = await buildServer({
    site,
    simulated: settings.simulated,
    city,
    store,
    clock,
    log,
    webRoot: settings.webRoot,
    brokerState: () => feed.broker,
    storeState: () => watch.state,
    ignoredMessages: () => feed.ignoredMessages,
  })
  closing.push(() => api.close())
  const url = await listen(api, settings.host ?? LOOPBACK, settings.port)
  return url.ok ? ok({ url: url.value, mqttUrl, broker: broker.value.own }) : url
}

interface OpenBroker {
  readonly url: string
  readonly close: () => Promise<void>
  /** null where it is somebody else's. */
  readonly own: SwitchedBroker | null
}

async function openBroker({
  broker: choice,
  log,
}: Pick<CentralSettings, 'broker' | 'log'>): Promise<Outcome<OpenBroker, CentralFault>> {
  if (choice.kind === 'external') return ok({ url: choice.url, close: async () => undefined, own: null })
  try {
    const own = new SwitchedBroker(await startBroker({ port: choice.port }), (detail) =>
      log('error', 'BROKER_PORT_UNAVAILABLE', `the broker does not come back: ${detail}`),
    )
    return ok({ url: own.url, close: () => own.down(), own })
  } catch (error) {
    return failed({ code: 'BROKER_PORT_UNAVAILABLE', detail: detailOf(error) })
  }
}

async function openStoreAndIngest(
  { site, store: choice, dataDirectory: directory, log }: CentralSettings,
  mqttUrl: string,
): Promise<Outcome<{ readonly store: EventStore; readonly ingest: Ingest }, CentralFault>> {
  let store: EventStore | undefined
  try {
    mkdirSync(directory, { recursive: true })
    store =
      choice.kind === 'influx' ? openInfluxStore(choice) : openEmbeddedStore({ path: join(directory, 'events.db') })
    const ingest = await startIngest({ site: site.id, mqttUrl, store, ledgerPath: join(directory, 'ledger.db'), log })
    return ok({ store, ingest })
  } catch (error) {
    await store?.close()
    return failed({ code: 'DATA_DIRECTORY_UNUSABLE', directory, detail: detailOf(error) })
  }
}

/** For the operator, without a password. */
function placeOf(choice: StoreChoice): string {
  if (choice.kind === 'embedded') return 'embedded store'
  return `InfluxDB ${new URL(choice.url).host}, database ${choice.database}`
}

async function listen(api: Api, host: string, port: number): Promise<Outcome<string, CentralFault>> {
  try {
    await api.listen({ host, port })
  } catch (error) {
    const cause = error instanceof Error && 'code' in error ? String(error.code) : detailOf(error)
    return failed({ code: 'CENTRAL_PORT_UNAVAILABLE', host, port, cause })
  }
  const { address, family, port: taken } = api.server.address() as AddressInfo
  return ok(`http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`)
}

const detailOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
