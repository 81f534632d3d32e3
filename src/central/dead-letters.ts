/** What could not be taken: each once, with its reason, in the ledger's own file, until people have looked at it. */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'

/** A flood of broken messages may not fill the disk: the oldest dead letters go first. */
export const DEAD_LETTERS_MAX = 100_000
/** Larger than the largest batch, so that each can be replayed whole. Of what is larger only its beginning is kept. */
export const DEAD_LETTER_CHARS_MAX = 262_144
/** Four thousand whole batches, or all that single events can be. */
const DEAD_LETTER_CHARS_SUM_MAX = 512 * 1024 ** 2

export interface DeadLetter {
  readonly topic: string
  /** `edge`, `epoch` and `sequence` of one event, or of a whole message its own digest. */
  readonly identity: string
  readonly reason: string
  /** A whole message as it came, a row of a batch, or an event that the store refused: which, says the form. */
  readonly form: DeadLetterForm
  readonly payload: string
  readonly atEpochMs: number
}

export const DEAD_LETTER_FORMS = ['message', 'row', 'event'] as const
export type DeadLetterForm = (typeof DEAD_LETTER_FORMS)[number]

export interface KeptLetter extends DeadLetter {
  readonly id: number
  /** How often it came. */
  readonly times: number
  /** Only the beginning of the payload was kept: it cannot be replayed. */
  readonly isCut: boolean
}

export const DEAD_LETTER_TABLE = `
  CREATE TABLE IF NOT EXISTS dead_letter (
    id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE, topic TEXT NOT NULL, reason TEXT NOT NULL,
    payload TEXT NOT NULL, at_epoch_ms INTEGER NOT NULL, times INTEGER NOT NULL DEFAULT 1,
    form TEXT NOT NULL DEFAULT 'message', is_cut INTEGER NOT NULL DEFAULT 0
  ) STRICT;
`

export class DeadLetterShelf {
  readonly #database: DatabaseSync
  readonly #insert: StatementSync
  readonly #sweepByCount: StatementSync

  /** The table must be there (`DEAD_LETTER_TABLE`). */
  constructor(database: DatabaseSync) {
    this.#database = database
    this.#insert = database.prepare(
      `INSERT INTO dead_letter (identity, topic, reason, payload, at_epoch_ms, form, is_cut) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (identity) DO UPDATE SET times = times + 1`,
    )
    this.#sweepByCount = database.prepare(
      `DELETE FROM dead_letter WHERE id <= (SELECT MAX(id) FROM dead_letter) - ${DEAD_LETTERS_MAX}`,
    )
  }

  /** Within the caller's transaction. */
  add(letters: readonly DeadLetter[]): void {
    for (const { identity, topic, reason, payload, atEpochMs, form } of letters) {
      const isCut = payload.length > DEAD_LETTER_CHARS_MAX
      this.#insert.run(identity, topic, reason, payload.slice(0, DEAD_LETTER_CHARS_MAX), atEpochMs, form, Number(isCut))
    }
    if (letters.length === 0) return
    this.#sweepByCount.run()
    if (letters.some(({ form }) => form === 'message')) this.#sweepBySize()
  }

  /** Newest first. */
  newest(limit: number): KeptLetter[] {
    return this.#database.prepare('SELECT * FROM dead_letter ORDER BY id DESC LIMIT ?').all(limit).map(letterOf)
  }

  /** Oldest first, from behind `id` on. */
  after(id: number, limit: number): KeptLetter[] {
    return this.#database
      .prepare('SELECT * FROM dead_letter WHERE id > ? ORDER BY id LIMIT ?')
      .all(id, limit)
      .map(letterOf)
  }

  count(): number {
    return Number(this.#database.prepare('SELECT COUNT(*) AS n FROM dead_letter').get()?.['n'])
  }

  /** What became of it needs no letter any more. */
  remove(id: number): void {
    this.#database.prepare('DELETE FROM dead_letter WHERE id = ?').run(id)
  }

  #sweepBySize(): void {
    this.#database
      .prepare(
        `DELETE FROM dead_letter WHERE id <= (SELECT id FROM (
           SELECT id, SUM(LENGTH(payload)) OVER (ORDER BY id DESC) AS chars FROM dead_letter
         ) WHERE chars > ${DEAD_LETTER_CHARS_SUM_MAX} ORDER BY id DESC LIMIT 1)`,
      )
      .run()
  }
}

const letterOf = (row: Record<string, SQLOutputValue>): KeptLetter => ({
  id: Number(row['id']),
  identity: String(row['identity']),
  topic: String(row['topic']),
  reason: String(row['reason']),
  form: DEAD_LETTER_FORMS.find((form) => form === row['form']) ?? 'message',
  payload: String(row['payload']),
  atEpochMs: Number(row['at_epoch_ms']),
  times: Number(row['times']),
  isCut: row['is_cut'] === 1,
})
