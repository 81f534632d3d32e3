/** The event store of a small site or a demo: one SQLite file, nothing to install. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { EVENT_SOURCES } from '#contract/messages.ts'
import { firstRefusal, RETENTION_DAYS } from './admission.ts'
import type { EventQuery, EventStore, StoredEvent, StoreFault } from './port.ts'

const SWEEP_EVERY_MS = 3_600_000
const DAY_MS = 86_400_000
/** Workers that share the file wait for each other this long: a group is written in some 50 ms. */
const BUSY_MS = 5_000

export interface EmbeddedStoreOptions {
  /** A file, made when missing. */
  readonly path: string
  readonly retentionDays?: number
  readonly nowEpochMs?: () => number
}

/** @throws when the file cannot be opened or is not a database. */
export function openEmbeddedStore(options: EmbeddedStoreOptions): EventStore {
  mkdirSync(dirname(options.path), { recursive: true })
  return new EmbeddedStore(options)
}

// FULL: a commit in WAL mode is on the medium before it returns; NORMAL may roll back acknowledged events at a power cut.
const SCHEMA = `
  PRAGMA busy_timeout = ${BUSY_MS};
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS event (
    site TEXT NOT NULL, edge TEXT NOT NULL, epoch TEXT NOT NULL, sequence INTEGER NOT NULL,
    intersection TEXT NOT NULL, epoch_ms INTEGER NOT NULL, code INTEGER NOT NULL, parameter INTEGER NOT NULL,
    source INTEGER NOT NULL, device_sequence INTEGER NOT NULL,
    PRIMARY KEY (site, edge, epoch, sequence)
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX IF NOT EXISTS event_by_time ON event (epoch_ms, intersection);
  CREATE INDEX IF NOT EXISTS event_by_intersection ON event (intersection, epoch_ms);
`

class EmbeddedStore implements EventStore {
  readonly kind = 'embedded'
  readonly #database: DatabaseSync
  readonly #insert: StatementSync
  readonly #retentionDays: number
  readonly #nowEpochMs: () => number
  #sweptAtEpochMs = 0

  constructor({ path, retentionDays = RETENTION_DAYS, nowEpochMs = Date.now }: EmbeddedStoreOptions) {
    this.#database = new DatabaseSync(path)
    this.#database.exec(SCHEMA)
    this.#insert = this.#database.prepare('INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.#retentionDays = retentionDays
    this.#nowEpochMs = nowEpochMs
  }

  async write(events: readonly StoredEvent[]): Promise<Outcome<void, StoreFault>> {
    const window = { nowEpochMs: this.#nowEpochMs(), retentionDays: this.#retentionDays }
    const detail = firstRefusal(events, window)
    if (detail !== null) return failed({ code: 'STORE_REFUSED', detail })
    return this.#attempt(() => {
      this.#inTransaction(() => {
        for (const event of events) this.#insert.run(...rowOf(event))
        this.#sweep(window.nowEpochMs)
      })
    })
  }

  async query(query: EventQuery): Promise<Outcome<readonly StoredEvent[], StoreFault>> {
    return this.#attempt(() => {
      const { where, values } = condition(query)
      const order = 'ORDER BY epoch_ms DESC, sequence DESC LIMIT ?'
      return this.#database
        .prepare(`SELECT * FROM event WHERE ${where} ${order}`)
        .all(...values, query.limit)
        .map(eventOf)
    })
  }

  async count(query: Omit<EventQuery, 'limit'>): Promise<Outcome<number, StoreFault>> {
    return this.#attempt(() => {
      const { where, values } = condition(query)
      const row = this.#database.prepare(`SELECT COUNT(*) AS n FROM event WHERE ${where}`).get(...values)
      return Number(row?.['n'])
    })
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close()
  }

  #attempt<T>(act: () => T): Outcome<T, StoreFault> {
    try {
      return ok(act())
    } catch (error) {
      return failed({ code: 'STORE_UNAVAILABLE', detail: error instanceof Error ? error.message : String(error) })
    }
  }

  #inTransaction(act: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      act()
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  #sweep(nowEpochMs: number): void {
    if (nowEpochMs - this.#sweptAtEpochMs < SWEEP_EVERY_MS) return
    this.#sweptAtEpochMs = nowEpochMs
    this.#database.prepare('DELETE FROM event WHERE epoch_ms <= ?').run(nowEpochMs - this.#retentionDays * DAY_MS)
  }
}

function condition(query: Omit<EventQuery, 'limit'>): { where: string; values: SQLInputValue[] } {
  const terms = ['epoch_ms >= ?', 'epoch_ms < ?']
  const values: SQLInputValue[] = [query.fromEpochMs, query.toEpochMs]
  if (query.intersection !== undefined) {
    terms.push('intersection = ?')
    values.push(query.intersection)
  }
  if (query.codes) {
    terms.push(`code IN (${query.codes.map(() => '?').join(', ')})`)
    values.push(...query.codes)
  }
  return { where: terms.join(' AND '), values }
}

const rowOf = (event: StoredEvent): SQLInputValue[] => [
  event.site,
  event.edge,
  event.epoch,
  event.sequence,
  event.intersection,
  event.epochMs,
  event.code,
  event.parameter,
  EVENT_SOURCES.indexOf(event.source),
  event.deviceSequence,
]

const eventOf = (row: Record<string, SQLOutputValue>): StoredEvent => ({
  site: String(row['site']),
  edge: String(row['edge']),
  epoch: String(row['epoch']),
  sequence: Number(row['sequence']),
  intersection: String(row['intersection']),
  epochMs: Number(row['epoch_ms']),
  code: Number(row['code']),
  parameter: Number(row['parameter']),
  source: EVENT_SOURCES[Number(row['source'])] ?? 'edge',
  deviceSequence: Number(row['device_sequence']),
})
