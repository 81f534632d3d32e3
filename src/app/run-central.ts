/** `sabz central`: wires broker, store, API and pages by what the command line says and runs them until asked to end. */
import { explainCentralFault, startCentral, type BrokerChoice, type StoreChoice } from '#central/central.ts'
import { brokerWords } from './demo-words.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { runUntilAsked, tellReady } from './lifetime.ts'
import { PAGES_DIRECTORY } from './pages.ts'
import { loadSiteOrExplain } from './site.ts'
import { logTo, type Terminal } from './terminal.ts'
import { explainBadUrl, HTTP_PROTOCOLS, isUrl, MQTT_PROTOCOLS } from './url.ts'

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
  readonly data: string
  readonly simulated?: true
}

export async function runCentral(options: CentralOptions, terminal: Terminal): Promise<ExitCode> {
  const site = await loadSiteOrExplain(options.config, terminal)
  if (site === null) return EXIT.invalidConfig
  if (options.store === 'influx' && !isUrl(options.influxUrl, HTTP_PROTOCOLS))
    return explainBadUrl(options.influxUrl, 'http://127.0.0.1:8086', terminal)
  if (options.mqtt !== 'embedded' && !isUrl(options.mqtt, MQTT_PROTOCOLS))
    return explainBadUrl(options.mqtt, 'mqtt://127.0.0.1:1883', terminal)

  const log = logTo(terminal, 'central')
  const started = await startCentral({
    site,
    host: options.host,
    port: options.port,
    broker: brokerOf(options),
    store: storeOf(options),
    dataDirectory: options.data,
    webRoot: PAGES_DIRECTORY,
    simulated: options.simulated === true,
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

const brokerOf = ({ mqtt, mqttPort }: CentralOptions): BrokerChoice =>
  mqtt === 'embedded' ? { kind: 'embedded', port: mqttPort } : { kind: 'external', url: mqtt }

const storeOf = ({ store, influxUrl, influxDatabase }: CentralOptions): StoreChoice =>
  store === 'embedded' ? { kind: 'embedded' } : { kind: 'influx', url: influxUrl, database: influxDatabase }
