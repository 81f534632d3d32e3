/** A broker and a directory of their own, in which edge and central are started; closing ends all of them in turn. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { edgeId } from '#base/id.ts'
import { startIngest, type Ingest } from '#central/ingest.ts'
import type { Shard } from '#central/shard.ts'
import { openEmbeddedStore } from '#central/store/embedded.ts'
import type { EventStore } from '#central/store/port.ts'
import type { Telemetry } from '#edge/telemetry/port.ts'
import { startTelemetry, type TelemetryOptions } from '#edge/telemetry/telemetry.ts'
import { startMosquitto, type Mosquitto } from '#test/support/mosquitto.ts'
import { Script } from '#test/support/script.ts'

export class Path {
  readonly broker: Mosquitto
  /** Codes that the edge has logged. */
  readonly codes: string[] = []
  readonly #directory = mkdtempSync(join(tmpdir(), 'sabz-path-'))
  readonly #endings: (() => Promise<unknown>)[] = []

  private constructor(broker: Mosquitto) {
    this.broker = broker
  }

  static async open(): Promise<Path> {
    return new Path(await startMosquitto())
  }

  /** Something that `close` ends, the last one first. */
  andThen(end: () => Promise<unknown>): void {
    this.#endings.push(end)
  }

  async close(): Promise<void> {
    for (const end of this.#endings.toReversed()) await end()
    await this.broker.dispose()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  /** For the spool of one more edge. */
  directory(name: string): string {
    return join(this.#directory, name)
  }

  async edge(options: Partial<TelemetryOptions> = {}): Promise<Telemetry> {
    const telemetry = await startTelemetry({
      site: 'hamadan',
      edge: edgeId('hamadan-1'),
      mqttUrl: this.broker.url,
      spoolDirectory: join(this.#directory, 'spool'),
      log: (_level, code) => this.codes.push(code),
      ...options,
    })
    this.andThen(() => telemetry.close())
    return telemetry
  }

  async central(store: EventStore): Promise<Ingest> {
    const ingest = await startIngest({
      site: 'hamadan',
      mqttUrl: this.broker.url,
      store,
      ledgerPath: join(this.#directory, 'ledger.sqlite'),
      log: () => undefined,
    })
    this.andThen(() => ingest.close())
    return ingest
  }

  embedded(file = 'events.sqlite'): EventStore {
    const store = openEmbeddedStore({ path: join(this.#directory, file) })
    this.andThen(() => store.close())
    return store
  }

  /** The same edge as a process, that reads a controller's log up to `lastInLog`. */
  edgeProcess(lastInLog: number): Script {
    return this.#script('edge-process.ts', [this.broker.url, join(this.#directory, 'spool'), String(lastInLog)])
  }

  /** Ingest and embedded store as a process. */
  ingestProcess(): Script {
    return this.#script('ingest-process.ts', [this.broker.url, this.#directory])
  }

  /** One of `count` ingests that share these edges, each with its own ledger and the same store. */
  workerProcess({ index, count }: Shard, edges: readonly string[]): Script {
    return this.#script('ingest-process.ts', [this.broker.url, this.#directory, String(index), String(count), ...edges])
  }

  #script(name: string, args: readonly string[]): Script {
    const script = new Script(fileURLToPath(new URL(`./${name}`, import.meta.url)), args)
    this.andThen(() => script.kill())
    return script
  }
}
