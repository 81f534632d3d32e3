/** `sabz central`: wires broker, store, API and pages by what the command line says and runs them until asked to end. */
import { explainCentralFault, startCentral, type BrokerChoice } from '#central/central.ts'
import type { Log } from '#base/log.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { SiteKey } from '#config/keys-file.ts'
import type { SiteConfig } from '#config/site.ts'
import { ownFolder } from '#trust/layout.ts'
import { readWebKey, type WebKey } from '#trust/web-key.ts'
import { brokerFolder } from './broker-access.ts'
import { brokerWords } from './demo-words.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { watchKeys } from './key-checks.ts'
import { runUntilAsked, tellReady } from './lifetime.ts'
import { followSigners } from './orders/follow-signers.ts'
import { PAGES_DIRECTORY } from './pages.ts'
import { loadSiteOrExplain } from './site.ts'
import { storeChoice } from './chosen-store.ts'
import { logTo, type Terminal } from './terminal.ts'
import { failByTrust, tlsFolderOf } from './tls-folder.ts'

export interface CentralOptions {
  readonly config: string
  readonly port: number
  readonly host: string
  /** `embedded`, or a URL. */
  readonly mqtt: string
  readonly mqttPort: number
  readonly store: 'embedded' | 'influx'
  readonly influxUrl: string
  readonly influxDatabase: string
  readonly influxSecret?: string
  readonly data: string
  /** false leaves the events to workers. */
  readonly ingest: boolean
  readonly simulated?: true
  readonly tls?: string
  readonly plainMqtt?: true
  /** Pages and API under a certificate. */
  readonly https?: true
}

export async function runCentral(options: CentralOptions, terminal: Terminal): Promise<ExitCode> {
  const site = await loadSiteOrExplain(options.config, terminal)
  if (site === null) return EXIT.invalidConfig
  const store = storeChoice(options, terminal)
  if (!store.ok) return store.fault
  const roles = options.ingest ? ['ingest', 'live'] : ['live']
  const way = options.mqtt === 'embedded' ? ok(null) : brokerFolder(options, { holder: CENTRAL, roles }, site, terminal)
  if (!way.ok) return way.fault
  const web = options.https ? webKeyOrExplain(options, site, terminal) : ok(null)
  if (!web.ok) return web.fault
  const keys = way.value ?? web.value?.folder

  const log = logTo(terminal, 'central')
  if (keys !== undefined) watchKeys(keys, log)
  const started = await startCentral({
    site,
    host: options.host,
    port: options.port,
    broker: brokerOf(options),
    store: store.value,
    dataDirectory: options.data,
    ingests: options.ingest,
    webRoot: PAGES_DIRECTORY,
    simulated: options.simulated === true,
    holderOf: holdersIn(options.config, log),
    ...(keys !== undefined && { keys }),
    ...(web.value && { webKey: web.value.key }),
    log,
  })
  if (!started.ok) {
    terminal.fail(started.fault.code, explainCentralFault(started.fault))
    return EXIT.cannotReach
  }
  const { url, mqttUrl } = started.value
  log('info', 'CENTRAL_READY', `pages and API at ${url}/, broker ${mqttUrl}, store ${options.store}`)
  terminal.record({ type: 'ready', url, mqttUrl })
  tellReady({ url, mqttUrl })
  brokerWords((up) => void (up ? started.value.broker?.up() : started.value.broker?.down()))
  return runUntilAsked(() => started.value.close())
}

/** Names behind keys, of a list that may change; an unreadable one is named, and hides names at most. */
function holdersIn(config: string, log: Log): (key: string) => string | null {
  let holders: ReadonlyMap<string, string> = new Map()
  const follow = (keys: readonly SiteKey[]) => {
    holders = new Map(keys.map(({ id, holder }) => [id, holder]))
  }
  followSigners({ config, signers: [], follow, log })
  return (key) => holders.get(key) ?? null
}

const CENTRAL = { kind: 'service', name: 'central' } as const

function webKeyOrExplain(
  { tls }: CentralOptions,
  site: SiteConfig,
  terminal: Terminal,
): Outcome<{ readonly folder: string; readonly key: WebKey }, ExitCode> {
  const folder = ownFolder(tlsFolderOf(tls, site), CENTRAL)
  const key = readWebKey(folder)
  if (key.ok) return ok({ folder, key: key.value })
  failByTrust(key.fault, terminal)
  return failed(EXIT.invalidConfig)
}

const brokerOf = ({ mqtt, mqttPort }: CentralOptions): BrokerChoice =>
  mqtt === 'embedded' ? { kind: 'embedded', port: mqttPort } : { kind: 'external', url: mqtt }
