/**
 * Central's book of what it has: of every edge and epoch the sequences that are stored, those that will never come, and the
 * messages that could not be taken. Kept beside the store, synced before anything is acknowledged.
 */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { addRange, contiguousUpTo, coversRange, missingFrom, unionOf, type Range } from '#base/ranges.ts'
import { DEAD_LETTER_TABLE, DeadLetterShelf, type DeadLetter, type KeptLetter } from './dead-letters.ts'

/** A worker and a command that looks at the same file wait for each other this long. */
const BUSY_MS = 2_000

/** The log of one spool. */
export interface StreamId {
  readonly edge: string
  readonly epoch: string
}

/** A range of sequences, and when its first and its last event were; null where that is not known. */
export interface TimedRange {
  readonly first: number
  readonly last: number
  readonly fromEpochMs: number | null
  readonly untilEpochMs: number | null
}

export interface LedgerEntry extends StreamId {
  /** Stored, or dead-lettered. */
  readonly settled: readonly TimedRange[]
  /** The edge says that these will never come. */
  readonly lost: readonly Range[]
}

/** How complete the history of one stream is. */
export interface StreamCoverage extends StreamId {
  /** Everything up to and including this sequence is settled or known to be lost. */
  readonly upTo: number
  /** Greatest sequence that is known of. */
  readonly last: number
  /** Not here yet, and expected. */
  readonly missing: readonly Range[]
  readonly lost: readonly Range[]
}

/** All that the book holds of one stream. */
export interface StreamRecord extends StreamId {
  readonly settled: readonly TimedRange[]
  readonly lost: readonly Range[]
}

// FULL: what is acknowledged to an edge is freed there, so it may not be rolled back here by a power cut.
const SCHEMA = `
  PRAGMA busy_timeout = ${BUSY_MS};
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS range (
    edge TEXT NOT NULL, epoch TEXT NOT NULL, kind TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    from_epoch_ms INTEGER, until_epoch_ms INTEGER,
    PRIMARY KEY (edge, epoch, kind, first)
  ) WITHOUT ROWID, STRICT;
  ${DEAD_LETTER_TABLE}
`

type Kind = 'settled' | 'lost'

export class Ledger {
  readonly #database: DatabaseSync
  readonly #letters: DeadLetterShelf
  readonly #ranges = new Map<string, StreamId & Record<Kind, readonly Range[]>>()
  readonly #within: StatementSync
  readonly #deleteWithin: StatementSync
  readonly #insert: StatementSync

  /** @throws when the file cannot be opened or is not a ledger. */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true })
    this.#database = new DatabaseSync(path)
    this.#database.exec(SCHEMA)
    addNewColumns(this.#database)
    this.#letters = new DeadLetterShelf(this.#database)
    const within = 'edge = ? AND epoch = ? AND kind = ? AND first BETWEEN ? AND ?'
    this.#within = this.#database.prepare(`SELECT * FROM range WHERE ${within} ORDER BY first`)
    this.#deleteWithin = this.#database.prepare(`DELETE FROM range WHERE ${within}`)
    this.#insert = this.#database.prepare('INSERT INTO range VALUES (?, ?, ?, ?, ?, ?, ?)')
    this.#load()
  }

  /** What need not be written again. */
  settled(stream: StreamId): readonly Range[] {
    return this.#ranges.get(keyOf(stream))?.settled ?? []
  }

  /** Ranges that an edge need not send again: settled or lost. The first begins at 1 when the stream is contiguous. */
  covered(stream: StreamId): readonly Range[] {
    const { settled = [], lost = [] } = this.#ranges.get(keyOf(stream)) ?? {}
    return unionOf(settled, lost)
  }

  /** In one transaction, synced. @throws when the disk refuses: nothing of it is then entered. */
  enter(entries: readonly LedgerEntry[], letters: readonly DeadLetter[]): void {
    const before = new Map(this.#ranges)
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      for (const entry of entries) this.#enterOne(entry)
      this.#letters.add(letters)
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      this.#ranges.clear()
      for (const [key, ranges] of before) this.#ranges.set(key, ranges)
      throw error
    }
  }

  /** Takes over what another ledger knows of these edges; what both know stays as it is. */
  adopt(path: string, edges: readonly string[]): void {
    const isNew = ({ first, last }: TimedRange, known: readonly Range[]) => !coversRange(known, [first, last])
    const entries = readLedger(path).flatMap(({ settled, lost, ...stream }): LedgerEntry[] => {
      if (!edges.includes(stream.edge)) return []
      const known = this.#ranges.get(keyOf(stream)) ?? { settled: [], lost: [] }
      const fresh = settled.filter((range) => isNew(range, known.settled))
      return [{ ...stream, settled: fresh, lost: lost.filter((range) => !coversRange(known.lost, range)) }]
    })
    this.enter(entries, [])
  }

  streams(): StreamCoverage[] {
    return [...this.#ranges.values()].map(coverageOf)
  }

  records(): StreamRecord[] {
    return recordsIn(this.#database)
  }

  /** Newest first. */
  deadLetters(limit: number): KeptLetter[] {
    return this.#letters.newest(limit)
  }

  get letters(): DeadLetterShelf {
    return this.#letters
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
  }

  #load(): void {
    for (const { edge, epoch, settled, lost } of this.records())
      this.#ranges.set(keyOf({ edge, epoch }), { edge, epoch, settled: settled.map(rangeOf), lost })
  }

  #enterOne({ edge, epoch, settled, lost }: LedgerEntry): void {
    const stream = { edge, epoch }
    for (const range of settled) this.#add(stream, 'settled', range)
    for (const [first, last] of lost) this.#add(stream, 'lost', { first, last, fromEpochMs: null, untilEpochMs: null })
  }

  #add(stream: StreamId, kind: Kind, added: TimedRange): void {
    const { edge, epoch } = stream
    const known = this.#ranges.get(keyOf(stream)) ?? { ...stream, settled: [], lost: [] }
    const ranges = addRange(known[kind], rangeOf(added))
    const [first, last] = ranges.find((range) => range[0] <= added.first && range[1] >= added.last) ?? rangeOf(added)
    const parts = [...this.#within.all(edge, epoch, kind, first, last).map(timedOf), added]
    const from = parts.find((part) => part.first === first && part.fromEpochMs !== null)?.fromEpochMs ?? null
    const until = parts.find((part) => part.last === last && part.untilEpochMs !== null)?.untilEpochMs ?? null
    this.#deleteWithin.run(edge, epoch, kind, first, last)
    this.#insert.run(edge, epoch, kind, first, last, from, until)
    this.#ranges.set(keyOf(stream), { ...known, [kind]: ranges })
  }
}

/** A ledger of before times and forms were kept goes on: nothing is known of them for what it holds. */
function addNewColumns(database: DatabaseSync): void {
  const has = (table: string, column: string): boolean =>
    database.prepare(`SELECT 1 FROM pragma_table_info('${table}') WHERE name = ?`).get(column) !== undefined
  if (!has('range', 'from_epoch_ms'))
    database.exec(
      'ALTER TABLE range ADD COLUMN from_epoch_ms INTEGER; ALTER TABLE range ADD COLUMN until_epoch_ms INTEGER',
    )
  if (!has('dead_letter', 'form'))
    database.exec(`ALTER TABLE dead_letter ADD COLUMN form TEXT NOT NULL DEFAULT 'message';
      ALTER TABLE dead_letter ADD COLUMN is_cut INTEGER NOT NULL DEFAULT 0`)
}

/**
 * Looks into the ledger of a process that may be running, and changes nothing.
 * @throws when the file cannot be opened or is not a ledger.
 */
export function readLedger(path: string): StreamRecord[] {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`)
    return recordsIn(database)
  } finally {
    database.close()
  }
}

function recordsIn(database: DatabaseSync): StreamRecord[] {
  const streams = new Map<string, { edge: string; epoch: string; settled: TimedRange[]; lost: Range[] }>()
  for (const row of database.prepare('SELECT * FROM range ORDER BY edge, epoch, kind, first').all()) {
    const stream = { edge: String(row['edge']), epoch: String(row['epoch']) }
    const record = streams.get(keyOf(stream)) ?? { ...stream, settled: [], lost: [] }
    if (row['kind'] === 'lost') record.lost.push(rangeOf(timedOf(row)))
    else record.settled.push(timedOf(row))
    streams.set(keyOf(stream), record)
  }
  return [...streams.values()]
}

function coverageOf({ edge, epoch, settled, lost }: StreamId & Record<Kind, readonly Range[]>): StreamCoverage {
  const covered = unionOf(settled, lost)
  const last = covered.at(-1)?.[1] ?? 0
  const gone = lost.flatMap((range) => missingFrom(settled, range))
  return { edge, epoch, upTo: contiguousUpTo(covered), last, missing: missingFrom(covered, [1, last]), lost: gone }
}

export const rangeOf = ({ first, last }: Pick<TimedRange, 'first' | 'last'>): Range => [first, last]

const timedOf = (row: Record<string, unknown>): TimedRange => ({
  first: Number(row['first']),
  last: Number(row['last']),
  fromEpochMs: instantOf(row['from_epoch_ms']),
  untilEpochMs: instantOf(row['until_epoch_ms']),
})

const instantOf = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value))

const keyOf = ({ edge, epoch }: StreamId): string => `${edge}/${epoch}`
