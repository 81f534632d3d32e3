/** Ingest over a real broker and into a store of its own, with a hand-made edge before it: put up for each test, taken down after it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startIngest, type Ingest } from '#central/ingest.ts'
import { openEmbeddedStore } from '#central/store/embedded.ts'
import type { EventStore, StoredEvent } from '#central/store/port.ts'
import { until } from '#test/support/eventually.ts'
import { startMosquitto, type Mosquitto } from '#test/support/mosquitto.ts'
import { HandMadeEdge } from './ingest-kit.ts'

export class IngestStand {
  /** Of ledgers and store. */
  readonly directory: string
  readonly broker: Mosquitto
  readonly store: EventStore
  readonly edge: HandMadeEdge
  readonly #endings: (() => Promise<unknown>)[] = []

  private constructor(directory: string, broker: Mosquitto, edge: HandMadeEdge) {
    this.directory = directory
    this.broker = broker
    this.edge = edge
    this.store = openEmbeddedStore({ path: join(directory, 'events.db') })
  }

  static async putUp(): Promise<IngestStand> {
    const broker = await startMosquitto()
    const directory = mkdtempSync(join(tmpdir(), 'sabz-ingest-'))
    return new IngestStand(directory, broker, await HandMadeEdge.at(broker.url))
  }

  /** Something that ends with the test, the last one first. */
  andThen(end: () => Promise<unknown>): void {
    this.#endings.push(end)
  }

  /** Ingest that listens, into the store unless through another one. */
  async central(through: EventStore = this.store, ledger = 'ledger.db'): Promise<Ingest> {
    const codes: string[] = []
    const ingest = await startIngest({
      site: 'hamadan',
      mqttUrl: this.broker.url,
      store: through,
      ledgerPath: join(this.directory, ledger),
      log: (_level, code) => codes.push(code),
    })
    this.andThen(() => ingest.close())
    await until('ingest listens', () => codes.includes('BROKER_CONNECTED'))
    return ingest
  }

  /** A store that takes what it is told to take, and is asked as ever. */
  storeThat(write: EventStore['write']): EventStore {
    const { store } = this
    return {
      kind: 'embedded',
      write,
      query: (query) => store.query(query),
      count: (query) => store.count(query),
      close: async () => undefined,
    }
  }

  /** In order of their sequences. */
  async stored(): Promise<readonly StoredEvent[]> {
    const found = await this.store.query({ fromEpochMs: 0, toEpochMs: Number.MAX_SAFE_INTEGER, limit: 2_000_000 })
    return found.ok ? found.value.toSorted((a, b) => a.sequence - b.sequence) : []
  }

  async sequences(): Promise<number[]> {
    return (await this.stored()).map(({ sequence }) => sequence)
  }

  async takeDown(): Promise<void> {
    for (const end of this.#endings.toReversed()) await end()
    await this.edge.leave()
    await this.store.close()
    await this.broker.dispose()
    rmSync(this.directory, { recursive: true, force: true })
  }
}
