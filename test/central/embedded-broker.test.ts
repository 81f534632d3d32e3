/** The demo's broker carries the whole path, and says plainly when its port is taken. */
import { createServer, type AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startBroker } from '#central/embedded-broker.ts'
import { startIngest } from '#central/ingest.ts'
import { openEmbeddedStore } from '#central/store/embedded.ts'
import { batch, HandMadeEdge } from './ingest-kit.ts'

test('batches go through the embedded broker into the store and are answered', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sabz-demo-'))
  const broker = await startBroker({ port: 0 })
  const store = openEmbeddedStore({ path: join(directory, 'events.sqlite') })
  const ledgerPath = join(directory, 'ledger.sqlite')
  const { promise: connected, resolve } = Promise.withResolvers<void>()
  const log = (_level: string, code: string) => code === 'BROKER_CONNECTED' && resolve()
  const ingest = await startIngest({ site: 'hamadan', mqttUrl: broker.url, store, ledgerPath, log })
  await connected
  const edge = await HandMadeEdge.at(broker.url)
  for (let first = 1; first <= 91; first += 10) await edge.say(batch(first, first + 9))
  await edge.heard(100)
  const count = await store.count({ fromEpochMs: 0, toEpochMs: Number.MAX_SAFE_INTEGER })
  expect(count).toEqual({ ok: true, value: 100 })
  await edge.leave()
  await ingest.close()
  await broker.close()
  await store.close()
  rmSync(directory, { recursive: true })
})

test('a port that another program has is named', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await expect(startBroker({ port })).rejects.toThrow(`port ${port} of 127.0.0.1 is in use by another program`)
  server.close()
})
