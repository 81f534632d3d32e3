/** The event store on InfluxDB 1.x: our own writes, of which 204 alone is an acknowledgement, and the library's queries. */
import { InfluxDB, type IResults } from 'influx'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { EVENT_SOURCES } from '#contract/messages.ts'
import { firstRefusal, RETENTION_DAYS } from './admission.ts'
import { InfluxWriter } from './influx-writer.ts'
import { MEASUREMENT, toLines } from './line-protocol.ts'
import type { EventQuery, EventStore, StoredEvent, StoreFault } from './port.ts'

const RETENTION_POLICY = 'raw'
/** A query that takes longer is given up: the page that asked has long been left. */
const QUERY_TIMEOUT_MS = 10_000

export interface InfluxStoreOptions {
  /** Such as `http://127.0.0.1:8086`; user and password in it when authentication is on. */
  readonly url: string
  /** One for each site; made when missing. */
  readonly database: string
  readonly retentionDays?: number
  readonly nowEpochMs?: () => number
}

/** Returns at once; database and retention are made with the first use, again after the database was dropped. */
export function openInfluxStore(options: InfluxStoreOptions): EventStore {
  return new InfluxStore(options)
}

class InfluxStore implements EventStore {
  readonly kind = 'influx'
  readonly #influx: InfluxDB
  readonly #writer: InfluxWriter
  readonly #database: string
  readonly #retentionDays: number
  readonly #nowEpochMs: () => number
  #prepared: Promise<void> | null = null

  constructor({ url, database, retentionDays = RETENTION_DAYS, nowEpochMs = Date.now }: InfluxStoreOptions) {
    this.#influx = libraryFor(new URL(url), database)
    this.#writer = new InfluxWriter({ url: new URL(url), database, retentionPolicy: RETENTION_POLICY })
    this.#database = database
    this.#retentionDays = retentionDays
    this.#nowEpochMs = nowEpochMs
  }

  async write(events: readonly StoredEvent[]): Promise<Outcome<void, StoreFault>> {
    if (events.length === 0) return ok(undefined)
    const window = { nowEpochMs: this.#nowEpochMs(), retentionDays: this.#retentionDays }
    const detail = firstRefusal(events, window)
    if (detail !== null) return failed({ code: 'STORE_REFUSED', detail })
    const prepared = await this.#attempt(() => this.#prepare())
    if (!prepared.ok) return prepared
    const written = await this.#writer.write(toLines(events))
    // Whatever went wrong may be a database that was dropped: it is looked after before the next use.
    if (!written.ok) this.#prepared = null
    return written
  }

  async query(query: EventQuery): Promise<Outcome<readonly StoredEvent[], StoreFault>> {
    const { where, placeholders } = condition(query)
    const columns = 'code, parameter, sequence, deviceSequence, site, edge, epoch, intersection, kind'
    const text = `SELECT ${columns} FROM "${MEASUREMENT}" WHERE ${where} ORDER BY time DESC LIMIT ${Math.trunc(query.limit)}`
    return this.#attempt(async () => (await this.#rows<Row>(text, placeholders)).map(eventOf))
  }

  async count(query: Omit<EventQuery, 'limit'>): Promise<Outcome<number, StoreFault>> {
    const { where, placeholders } = condition(query)
    const text = `SELECT COUNT(code) AS n FROM "${MEASUREMENT}" WHERE ${where}`
    return this.#attempt(async () => (await this.#rows<{ n: number }>(text, placeholders))[0]?.n ?? 0)
  }

  async close(): Promise<void> {
    this.#writer.close()
  }

  async #rows<T>(text: string, placeholders: Record<string, string | number>): Promise<IResults<T & { time: Date }>> {
    await this.#prepare()
    return this.#influx.query<T>(text, { placeholders, precision: 'ms' })
  }

  #prepare(): Promise<void> {
    this.#prepared ??= this.#makeDatabase()
    return this.#prepared
  }

  async #makeDatabase(): Promise<void> {
    const retention = { database: this.#database, duration: `${this.#retentionDays}d`, replication: 1, isDefault: true }
    try {
      await this.#influx.createDatabase(this.#database)
      // A policy that stands with another duration is refused by `create` and brought to ours by `alter`.
      await this.#influx
        .createRetentionPolicy(RETENTION_POLICY, retention)
        .catch(() => this.#influx.alterRetentionPolicy(RETENTION_POLICY, retention))
    } catch (error) {
      // A user who may only read and write finds both made by the operator; where they are not, the write says so.
      if (!isForbidden(error)) throw error
    }
  }

  async #attempt<T>(act: () => Promise<T>): Promise<Outcome<T, StoreFault>> {
    try {
      return ok(await act())
    } catch (error) {
      this.#prepared = null
      return failed({ code: 'STORE_UNAVAILABLE', detail: reasonOf(error) })
    }
  }
}

/** The library puts its one host aside for up to 10 s after an error, and says "No host available" till then: not ours. */
const NO_BACKOFF = {
  getDelay: () => 0,
  next: () => NO_BACKOFF,
  reset: () => NO_BACKOFF,
}

function libraryFor(url: URL, database: string): InfluxDB {
  return new InfluxDB({
    database,
    protocol: url.protocol === 'https:' ? 'https' : 'http',
    host: url.hostname,
    port: Number(url.port || '8086'),
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    pool: { backoff: NO_BACKOFF, maxRetries: 0, requestTimeout: QUERY_TIMEOUT_MS },
  })
}

/** Values travel as bound parameters; times as ISO text, since a number of nanoseconds would not survive JSON. */
function condition(query: Omit<EventQuery, 'limit'>): {
  where: string
  placeholders: Record<string, string | number>
} {
  const terms = ['time >= $from', 'time < $to']
  const placeholders: Record<string, string | number> = {
    from: instant(query.fromEpochMs),
    to: instant(query.toEpochMs),
  }
  if (query.intersection !== undefined) {
    terms.push('intersection = $intersection')
    placeholders['intersection'] = query.intersection
  }
  if (query.codes) {
    query.codes.forEach((code, index) => {
      placeholders[`code${index}`] = code
    })
    // An empty list asks for nothing; a code is never negative.
    const either = query.codes.map((_code, index) => `code = $code${index}`).join(' OR ')
    terms.push(`(${either || 'code < 0'})`)
  }
  return { where: terms.join(' AND '), placeholders }
}

/** InfluxDB's time is a signed 64-bit count of nanoseconds: the years 1677 to 2262. */
const INSTANT_MAX_EPOCH_MS = 9_223_372_036_854
const instant = (epochMs: number): string =>
  new Date(Math.max(0, Math.min(epochMs, INSTANT_MAX_EPOCH_MS))).toISOString()

interface Row {
  readonly code: number
  readonly parameter: number
  readonly sequence: number
  readonly deviceSequence: number
  readonly site: string
  readonly edge: string
  readonly epoch: string
  readonly intersection: string
  readonly kind: string
}

function eventOf({ time, kind, ...row }: Row & { time: Date }): StoredEvent {
  const { site, edge, epoch, sequence, intersection, code, parameter, deviceSequence } = row
  const source = EVENT_SOURCES.find((name) => name === kind) ?? 'edge'
  return { site, edge, epoch, sequence, intersection, epochMs: time.getTime(), code, parameter, source, deviceSequence }
}

/** The library keeps the answer of a server that was reached in `res`. */
function isForbidden(error: unknown): boolean {
  if (!(error instanceof Error) || !('res' in error)) return false
  const { res } = error
  return typeof res === 'object' && res !== null && 'statusCode' in res && res.statusCode === 403
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? ` (${String(error.code)})` : ''
  return `${error.message || error.name}${code}`
}
