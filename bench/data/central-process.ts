/** Ingest in a process of its own for the benches of the data side, as it runs in a city; says what memory it has. */
import { join } from 'node:path'
import { startIngest } from '#central/ingest.ts'
import { edgesOf, ledgerPath, shardName } from '#central/shard.ts'
import { openStore } from '#central/store/choice.ts'

const MEMORY_EVERY_MS = 500

const [mqttUrl = '', influxUrl = '', directory = '', index = '1', count = '1', ...edges] = process.argv.slice(2)
const shard = { index: Number(index), count: Number(count) }
const name = shardName(shard)
const store = openStore(
  influxUrl === 'embedded' ? { kind: 'embedded' } : { kind: 'influx', url: influxUrl, database: 'bench' },
  join(directory, 'store'),
)
await startIngest({
  site: 'bench',
  mqttUrl,
  store,
  ledgerPath: ledgerPath(directory, shard),
  worker: { name, edges: edgesOf(shard, edges), former: [] },
  log: (_level, code) => void process.send?.({ code }),
})
setInterval(() => process.send?.({ rssBytes: process.memoryUsage.rss() }), MEMORY_EVERY_MS)
