/** Central: wires broker, ingest, store, live city, API and pages into one running service. */
import { mkdirSync } from 'node:fs'
import type { Server as SecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { connect } from 'mqtt'
import type { Clock } from '#base/clock.ts'
import { unreachable } from '#base/invariant.ts'
import type { Log } from '#base/log.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { SiteConfig } from '#config/site.ts'
import type { ServiceName } from '#contract/access.ts'
import { connectWithCertificate, type MqttConnect } from '#trust/mqtt-connect.ts'
import { followWebKey, type WebKey } from '#trust/web-key.ts'
import type { Api } from './api/parts.ts'
import { buildServer } from './api/server.ts'
import { AlarmLists } from './alarm-lists.ts'
import { startBroker } from './embedded-broker.ts'
import { GapWatch } from './gap-watch.ts'
import { SwitchedBroker } from './switched-broker.ts'
import { startIngest, type Ingest } from './ingest.ts'
import { readLedger } from './ledger.ts'
import { PlanReports, type HolderOf } from './plan-reports.ts'
import { LiveCity } from './live-city.ts'
import { openLiveFeed } from './live-feed.ts'
import { ledgerPath, ledgersIn } from './shard.ts'
import { watchStore } from './store-watch.ts'
import { openStore, type StoreChoice } from './store/choice.ts'
import type { EventStore } from './store/port.ts'

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
  /** false where workers bring the events into the store (`sabz ingest`); their ledgers are looked for in the data folder. */
  readonly ingests?: boolean
  /** Folder of the built pages; they may be built later. */
  readonly webRoot: string
  /** True when the street is a simulation: every page says so. */
  readonly simulated: boolean
  /** Who has a key that plans are signed with; nobody is known unless given. */
  readonly holderOf?: HolderOf
  /** Central's own folder of keys: the broker is shown them; plain connections without. */
  readonly keys?: string
  /** Pages and API are served under this key, which is in that folder too. */
  readonly webKey?: WebKey
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
    () => ingest?.close(),
  )

  const clock: Clock = { epochMs: () => Date.now(), monoMs: () => performance.now() }
  const edges = site.edges.map(({ id }) => id)
  const told = boardsFor(settings, clock)
  const { city, alarms, plans } = told
  const feed = openLiveFeed({ site: site.id, mqttUrl, ...told, clock, log, connect: connectAs('live', settings) })
  closing.push(() => feed.close())
  const isOnline = (edge: string) => city.edges().some((one) => one.edge === edge && one.online)
  const records = () => ledgersIn(settings.dataDirectory).flatMap(readLedger)
  const gaps = new GapWatch({ edges, isOnline, records, clock })
  closing.push(() => gaps.close())
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
    gaps: () => gaps.view(),
    alarms: () => alarms.all(),
    plans: () => plans.all(),
    ...(settings.webKey && { key: settings.webKey }),
  })
  closing.push(() => api.close())
  if (settings.webKey && settings.keys !== undefined)
    closing.push(followWebKey(settings.keys, api.server as unknown as SecureServer, log))
  const url = await listen(api, settings)
  return url.ok ? ok({ url: url.value, mqttUrl, broker: broker.value.own }) : url
}

/** What the edges say of themselves, as the last of it is known. */
function boardsFor({ site, holderOf = () => null }: CentralSettings, clock: Clock) {
  const duties = site.edges.map(({ id, intersections }) => ({ edge: id, intersections }))
  const edges = duties.map(({ edge }) => edge)
  return { city: new LiveCity(duties, clock), alarms: new AlarmLists(edges), plans: new PlanReports(edges, holderOf) }
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
  settings: CentralSettings,
  mqttUrl: string,
): Promise<Outcome<{ readonly store: EventStore; readonly ingest: Ingest | null }, CentralFault>> {
  const { site, store: choice, dataDirectory: directory, ingests = true, log } = settings
  let store: EventStore | undefined
  try {
    mkdirSync(directory, { recursive: true })
    store = openStore(choice, directory)
    const places = { site: site.id, mqttUrl, store, ledgerPath: ledgerPath(directory, null) }
    return ok({
      store,
      ingest: ingests ? await startIngest({ ...places, log, connect: connectAs('ingest', settings) }) : null,
    })
  } catch (error) {
    await store?.close()
    return failed({ code: 'DATA_DIRECTORY_UNUSABLE', directory, detail: detailOf(error) })
  }
}

const connectAs = (role: ServiceName, { keys, log }: CentralSettings): MqttConnect =>
  keys === undefined ? connect : connectWithCertificate({ folder: keys, role }, connect, log)

/** For the operator, without a password. */
function placeOf(choice: StoreChoice): string {
  if (choice.kind === 'embedded') return 'embedded store'
  return `InfluxDB ${new URL(choice.url).host}, database ${choice.database}`
}

async function listen(
  api: Api,
  { host = LOOPBACK, port, webKey }: CentralSettings,
): Promise<Outcome<string, CentralFault>> {
  try {
    await api.listen({ host, port })
  } catch (error) {
    const cause = error instanceof Error && 'code' in error ? String(error.code) : detailOf(error)
    return failed({ code: 'CENTRAL_PORT_UNAVAILABLE', host, port, cause })
  }
  const { address, family, port: taken } = api.server.address() as AddressInfo
  return ok(`${webKey ? 'https' : 'http'}://${family === 'IPv6' ? `[${address}]` : address}:${taken}`)
}

const detailOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
