/** Ingest, to be killed: with its ledger, and either store. */
import { join } from 'node:path'
import { startIngest } from '#central/ingest.ts'
import { openEmbeddedStore } from '#central/store/embedded.ts'
import { openInfluxStore } from '#central/store/influx.ts'
import type { CentralSettings } from './central-life.ts'

const { site, mqttUrl, directory, influxUrl } = JSON.parse(process.argv[2] ?? '{}') as CentralSettings

const store =
  influxUrl === null
    ? openEmbeddedStore({ path: join(directory, 'events.sqlite') })
    : openInfluxStore({ url: influxUrl, database: site })
const ingest = await startIngest({
  site,
  mqttUrl,
  store,
  ledgerPath: join(directory, 'ledger.sqlite'),
  log: (level, code, message) => console.log(`log ${level} ${code} ${message}`),
})
process.on('SIGTERM', () => {
  void ingest
    .close()
    .then(() => store.close())
    .then(() => process.exit(0))
})
