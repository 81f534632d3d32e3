/** Ingest with its ledger and store over its deaths, and what the store holds, asked past it. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openInfluxStore } from '#central/store/influx.ts'
import { Child, type Ended } from './child.ts'

export interface CentralSettings {
  readonly site: string
  readonly mqttUrl: string
  /** Of ledger and embedded store. */
  readonly directory: string
  /** null: the embedded store. */
  readonly influxUrl: string | null
}

/** One event as the store has it. */
export interface Held {
  readonly edge: string
  readonly epoch: string
  readonly sequence: number
  readonly code: number
  /** In the controller's log; of the record of a gap, how many events it stands for. */
  readonly number: number
}

/** Greater than any run. */
const ALL = 10_000_000

export class CentralLife {
  readonly settings: CentralSettings
  #child: Child | null = null

  constructor(settings: CentralSettings) {
    mkdirSync(settings.directory, { recursive: true })
    this.settings = settings
  }

  get isOver(): boolean {
    return this.#child?.isOver ?? true
  }

  get words(): string {
    return this.#child?.words ?? ''
  }

  get log(): readonly string[] {
    return this.#child?.lines ?? []
  }

  begin(before: readonly string[] = []): void {
    this.#child = new Child('./ingest-process.ts', this.settings, before)
  }

  async kill(): Promise<void> {
    await this.#child?.kill()
  }

  async stop(): Promise<void> {
    await this.#child?.stop()
  }

  /** How it ended, by itself or by a tracer's hand. */
  async over(): Promise<Ended> {
    return (await this.#child?.ended) ?? { code: null, signal: null }
  }

  /** Everything that the store holds of the site, or of one edge of it; empty while it does not answer. */
  async held(edge?: string): Promise<readonly Held[]> {
    const { influxUrl, site, directory } = this.settings
    if (influxUrl === null) return heldInFile(join(directory, 'events.sqlite'), edge)
    const all = await heldInInflux(influxUrl, site)
    return edge === undefined ? all : all.filter((event) => event.edge === edge)
  }

  /** How many sequences the ledger says will never come, and how many it waits for. */
  gaps(): { readonly lost: number; readonly settled: number } {
    const path = join(this.settings.directory, 'ledger.sqlite')
    return reading(path, { lost: 0, settled: 0 }, (ledger) => {
      const rows = ledger.prepare('SELECT kind, SUM(last - first + 1) AS n FROM range GROUP BY kind').all()
      const countOf = (kind: string) => Number(rows.find((row) => row['kind'] === kind)?.['n'] ?? 0)
      return { lost: countOf('lost'), settled: countOf('settled') }
    })
  }

  /** Messages and events that were put aside. */
  deadLetters(): number {
    const path = join(this.settings.directory, 'ledger.sqlite')
    return reading(path, 0, (ledger) => Number(ledger.prepare('SELECT COUNT(*) AS n FROM dead_letter').get()?.['n']))
  }
}

function heldInFile(path: string, edge: string | undefined): readonly Held[] {
  return reading(path, [], (store) => {
    const columns = 'SELECT edge, epoch, sequence, code, parameter FROM event'
    const rows =
      edge === undefined ? store.prepare(columns).all() : store.prepare(`${columns} WHERE edge = ?`).all(edge)
    return rows.map((row) => ({
      edge: String(row['edge']),
      epoch: String(row['epoch']),
      sequence: Number(row['sequence']),
      code: Number(row['code']),
      number: Number(row['parameter']),
    }))
  })
}

/** `otherwise` before the file is there, and while somebody begins it. */
function reading<T>(path: string, otherwise: T, read: (database: DatabaseSync) => T): T {
  if (!existsSync(path)) return otherwise
  const database = new DatabaseSync(path, { readOnly: true, timeout: 1_000 })
  try {
    return read(database)
  } catch (error) {
    if (error instanceof Error && /no such table|locked|busy/i.test(error.message)) return otherwise
    throw error
  } finally {
    database.close()
  }
}

async function heldInInflux(url: string, database: string): Promise<readonly Held[]> {
  const store = openInfluxStore({ url, database })
  const answer = await store.query({ fromEpochMs: 0, toEpochMs: Date.now() + 600_000, limit: ALL })
  await store.close()
  return answer.ok
    ? answer.value.map(({ edge, epoch, sequence, code, parameter }) => ({
        edge,
        epoch,
        sequence,
        code,
        number: parameter,
      }))
    : []
}
