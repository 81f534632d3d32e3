/** An ingest with an embedded store for tests that kill it, in a process of its own. */
import { join } from 'node:path'
import { startIngest } from '#central/ingest.ts'
import { openEmbeddedStore } from '#central/store/embedded.ts'

const [mqttUrl = '', directory = ''] = process.argv.slice(2)

await startIngest({
  site: 'hamadan',
  mqttUrl,
  store: openEmbeddedStore({ path: join(directory, 'events.sqlite') }),
  ledgerPath: join(directory, 'ledger.sqlite'),
  log: (level, code) => console.log(level, code),
})
