/** An ingest with an embedded store for tests that kill it, in a process of its own; one of several where a worker is named. */
import { join } from 'node:path'
import { startIngest } from '#central/ingest.ts'
import { edgesOf, ledgersIn, shardName } from '#central/shard.ts'
import { openEmbeddedStore } from '#central/store/embedded.ts'

const [mqttUrl = '', directory = '', index, count, ...edges] = process.argv.slice(2)
const shard = index === undefined ? null : { index: Number(index), count: Number(count) }
const name = shard === null ? 'ledger.sqlite' : `ledger-${shardName(shard)}.db`

await startIngest({
  site: 'hamadan',
  mqttUrl,
  store: openEmbeddedStore({ path: join(directory, 'events.sqlite') }),
  ledgerPath: join(directory, name),
  ...(shard && { worker: { name: shardName(shard), edges: edgesOf(shard, edges), former: ledgersIn(directory) } }),
  log: (level, code) => console.log(level, code),
})
