/**
 * Central's book of what it has: of every edge and epoch the sequences that are stored, those that will never come, and the
 * messages that could not be taken. Kept beside the store, synced before anything is acknowledged.
 */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { addRange, contiguousUpTo, missingFrom, type Range } from '#base/ranges.ts'

/** A flood of broken messages may not fill the disk: the oldest dead letters go first. */
export const DEAD_LETTERS_MAX = 100_000
/** Of a message that cannot be read as a batch only its beginning is kept. */
export const DEAD_LETTER_CHARS_MAX = 8_192

/** The log of one spool. */
export interface StreamId {
  readonly edge: string
  readonly epoch: string
}

export interface LedgerEntry extends StreamId {
  /** Stored, or dead-lettered. */
  readonly settled: readonly Range[]
  /** The edge says that these will never come. */
  readonly lost: readonly Range[]
}

export interface DeadLetter {
  readonly topic: string
  /** `edge`, `epoch` and `sequence` of one event, or of a whole message its own digest. */
  readonly identity: string
  readonly reason: string
  readonly payload: string
  readonly atEpochMs: number
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

// FULL: what is acknowledged to an edge is freed there, so it may not be rolled back here by a power cut.
const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS range (
    edge TEXT NOT NULL, epoch TEXT NOT NULL, kind TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (edge, epoch, kind, first)
  ) WITHOUT ROWID, STRICT;
  CREATE TABLE IF NOT EXISTS dead_letter (
    id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE, topic TEXT NOT NULL, reason TEXT NOT NULL,
    payload TEXT NOT NULL, at_epoch_ms INTEGER NOT NULL, times INTEGER NOT NULL DEFAULT 1
  ) STRICT;
`

type Kind = 'settled' | 'lost'

export class Ledger {
  readonly #database: DatabaseSync
  readonly #ranges = new Map<string, StreamId & Record<Kind, readonly Range[]>>()
  readonly #deleteWithin: StatementSync
  readonly #insert: StatementSync
  readonly #insertLetter: StatementSync
  readonly #sweepLetters: StatementSync

  /** @throws when the file cannot be opened or is not a ledger. */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true })
    this.#database = new DatabaseSync(path)
    this.#database.exec(SCHEMA)
    this.#deleteWithin = this.#database.prepare(
      'DELETE FROM range WHERE edge = ? AND epoch = ? AND kind = ? AND first BETWEEN ? AND ?',
    )
    this.#insert = this.#database.prepare('INSERT INTO range (edge, epoch, kind, first, last) VALUES (?, ?, ?, ?, ?)')
    this.#insertLetter = this.#database.prepare(
      `INSERT INTO dead_letter (identity, topic, reason, payload, at_epoch_ms) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (identity) DO UPDATE SET times = times + 1`,
    )
    this.#sweepLetters = this.#database.prepare(
      `DELETE FROM dead_letter WHERE id <= (SELECT MAX(id) FROM dead_letter) - ${DEAD_LETTERS_MAX}`,
    )
    this.#load()
  }

  /** What need not be written again. */
  settled(stream: StreamId): readonly Range[] {
    return this.#ranges.get(keyOf(stream))?.settled ?? []
  }

  /** Ranges that an edge need not send again: settled or lost. The first begins at 1 when the stream is contiguous. */
  covered(stream: StreamId): readonly Range[] {
    const { settled = [], lost = [] } = this.#ranges.get(keyOf(stream)) ?? {}
    return lost.reduce<readonly Range[]>((all, range) => addRange(all, range), settled)
  }

  /** In one transaction, synced. @throws when the disk refuses: nothing of it is then entered. */
  enter(entries: readonly LedgerEntry[], letters: readonly DeadLetter[]): void {
    const before = new Map(this.#ranges)
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      for (const entry of entries) this.#enterOne(entry)
      for (const { identity, topic, reason, payload, atEpochMs } of letters)
        this.#insertLetter.run(identity, topic, reason, payload.slice(0, DEAD_LETTER_CHARS_MAX), atEpochMs)
      if (letters.length > 0) this.#sweepLetters.run()
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      this.#ranges.clear()
      for (const [key, ranges] of before) this.#ranges.set(key, ranges)
      throw error
    }
  }

  streams(): StreamCoverage[] {
    return [...this.#ranges.values()].map((stream) => {
      const covered = this.covered(stream)
      const last = covered.at(-1)?.[1] ?? 0
      const lost = stream.lost.flatMap((range) => missingFrom(stream.settled, range))
      const { edge, epoch } = stream
      return { edge, epoch, upTo: contiguousUpTo(covered), last, missing: missingFrom(covered, [1, last]), lost }
    })
  }

  /** Newest first. */
  deadLetters(limit: number): (DeadLetter & { readonly times: number })[] {
    const rows = this.#database.prepare('SELECT * FROM dead_letter ORDER BY id DESC LIMIT ?').all(limit)
    return rows.map((row) => ({
      identity: String(row['identity']),
      topic: String(row['topic']),
      reason: String(row['reason']),
      payload: String(row['payload']),
      atEpochMs: Number(row['at_epoch_ms']),
      times: Number(row['times']),
    }))
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
  }

  #load(): void {
    for (const row of this.#database.prepare('SELECT * FROM range ORDER BY edge, epoch, kind, first').all()) {
      const stream = { edge: String(row['edge']), epoch: String(row['epoch']) }
      const known = this.#ranges.get(keyOf(stream)) ?? { ...stream, settled: [], lost: [] }
      const kind: Kind = row['kind'] === 'lost' ? 'lost' : 'settled'
      const ranges: readonly Range[] = [...known[kind], [Number(row['first']), Number(row['last'])]]
      this.#ranges.set(keyOf(stream), { ...known, [kind]: ranges })
    }
  }

  #enterOne({ edge, epoch, settled, lost }: LedgerEntry): void {
    for (const range of settled) this.#add({ edge, epoch }, 'settled', range)
    for (const range of lost) this.#add({ edge, epoch }, 'lost', range)
  }

  #add(stream: StreamId, kind: Kind, added: Range): void {
    const known = this.#ranges.get(keyOf(stream)) ?? { ...stream, settled: [], lost: [] }
    const ranges = addRange(known[kind], added)
    const joined = ranges.find(([first, last]) => first <= added[0] && last >= added[1]) ?? added
    this.#deleteWithin.run(stream.edge, stream.epoch, kind, joined[0], joined[1])
    this.#insert.run(stream.edge, stream.epoch, kind, joined[0], joined[1])
    this.#ranges.set(keyOf(stream), { ...known, [kind]: ranges })
  }
}

const keyOf = ({ edge, epoch }: StreamId): string => `${edge}/${epoch}`
