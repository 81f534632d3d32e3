/** `sabz ingest`: brings events from the broker into the store, alone or as one of several workers that share the edges. */
import { mkdirSync } from 'node:fs'
import { connect } from 'mqtt'
import { startIngest, type Ingest, type IngestWorker } from '#central/ingest.ts'
import { edgesOf, ledgerPath, ledgersIn, shardName, type Shard } from '#central/shard.ts'
import type { EventStore } from '#central/store/port.ts'
import type { Log } from '#base/log.ts'
import type { SiteConfig } from '#config/site.ts'
import type { Holder } from '#trust/layout.ts'
import { connectWithCertificate } from '#trust/mqtt-connect.ts'
import { brokerFolder } from './broker-access.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { runUntilAsked, tellReady } from './lifetime.ts'
import { loadSiteOrExplain } from './site.ts'
import { openStoreOrExplain } from './chosen-store.ts'
import type { StoreOptions } from './store-options.ts'
import { logTo, type Terminal } from './terminal.ts'

export interface IngestOptions extends StoreOptions {
  readonly config: string
  readonly mqtt: string
  readonly tls?: string
  readonly plainMqtt?: true
  /** The only one unless given. */
  readonly worker?: Shard
}

export async function runIngest(options: IngestOptions, terminal: Terminal): Promise<ExitCode> {
  const { config, mqtt } = options
  const site = await loadSiteOrExplain(config, terminal)
  if (site === null) return EXIT.invalidConfig
  const shard = options.worker ?? null
  const way = brokerFolder(options, { holder: holderOf(shard), roles: ['ingest'] }, site, terminal)
  if (!way.ok) return way.fault
  const edges =
    shard === null
      ? site.edges.map(({ id }) => id)
      : edgesOf(
          shard,
          site.edges.map(({ id }) => id),
        )
  if (edges.length === 0 && shard !== null) return explainIdle(shard, site, terminal)
  const ingest = await startOrExplain({ ...options, keys: way.value }, site, terminal)
  if (ingest === null) return EXIT.cannotReach
  logTo(terminal, 'ingest')(
    'info',
    'INGEST_READY',
    `takes the events of ${edges.join(', ')} from ${new URL(mqtt).host}`,
  )
  terminal.record({ type: 'ready', edges })
  tellReady({ edges })
  return runUntilAsked(async () => {
    await ingest.ingest.close()
    await ingest.store.close()
  })
}

async function startOrExplain(
  options: IngestOptions & { readonly keys: string | null },
  site: SiteConfig,
  terminal: Terminal,
): Promise<{ readonly ingest: Ingest; readonly store: EventStore } | null> {
  const { data, mqtt, keys, worker: shard = null } = options
  try {
    mkdirSync(data, { recursive: true })
    const store = openStoreOrExplain(options, terminal)
    if (!store.ok) return null
    const log = logTo(terminal, shard === null ? 'ingest' : `ingest-${shardName(shard)}`)
    const worker = shard === null ? {} : { worker: workerOf(shard, site, data) }
    const places = { site: site.id, mqttUrl: mqtt, store: store.value, ledgerPath: ledgerPath(data, shard) }
    return { ingest: await startIngest({ ...places, ...worker, ...connectBy(keys, log), log }), store: store.value }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    terminal.fail(
      'DATA_DIRECTORY_UNUSABLE',
      `${data} cannot hold the ledger (${detail}).`,
      'Name another folder: --data',
    )
    return null
  }
}

/** Each worker has a name of its own on the broker. */
const holderOf = (shard: Shard | null): Holder => ({
  kind: 'service',
  name: shard === null ? 'central' : `ingest-${shardName(shard)}`,
})

const connectBy = (keys: string | null, log: Log) =>
  keys === null ? {} : { connect: connectWithCertificate({ folder: keys, role: 'ingest' }, connect, log) }

function workerOf(shard: Shard, site: SiteConfig, data: string): IngestWorker {
  const edges = edgesOf(
    shard,
    site.edges.map(({ id }) => id),
  )
  return { name: shardName(shard), edges, former: ledgersIn(data) }
}

function explainIdle(shard: Shard, { edges }: SiteConfig, terminal: Terminal): ExitCode {
  const message = `worker ${shard.index} of ${shard.count} has no edge to serve: the site has ${edges.length}.`
  terminal.fail('WORKER_IDLE', message, 'Run fewer workers; each edge belongs to one of them.')
  return EXIT.usage
}
