/** The controller's own high-resolution log: a ring of numbered records that outlives a power cut. */
import type { LogRecord } from '#devices/device.ts'

/** About eight minutes of a busy intersection; a reader that is away for longer misses records, and can tell. */
export const LOG_RECORDS_MAX = 4_096

export class EventRing {
  readonly #records: LogRecord[] = []
  #head: number

  /** `head`: sequence of the newest record ever written, 0 for a controller that has never run. */
  constructor(head: number) {
    this.#head = head
  }

  get head(): number {
    return this.#head
  }

  append(epochMs: number, code: number, parameter: number): LogRecord {
    const record = { sequence: ++this.#head, epochMs, code, parameter }
    this.#records[record.sequence % LOG_RECORDS_MAX] = record
    return record
  }

  /** Records after `sequence` that are still held, oldest first, at most `max`. */
  after(sequence: number, max: number): LogRecord[] {
    const first = Math.max(sequence + 1, this.#head - LOG_RECORDS_MAX + 1)
    const records: LogRecord[] = []
    for (let s = first; s <= this.#head && records.length < max; s++) {
      const record = this.#records[s % LOG_RECORDS_MAX]
      if (record?.sequence === s) records.push(record)
    }
    return records
  }
}
