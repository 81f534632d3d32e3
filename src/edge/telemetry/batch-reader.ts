/** Cuts what the spool holds into batches of consecutive sequences, and says of each hole that nothing will fill it. */
import { crc32 } from 'node:zlib'
import { BATCH_EVENTS_MAX, MESSAGE_VERSION } from '#contract/messages.ts'
import type { FrameReader, Head, Position } from './segments.ts'
import type { Spool } from './spool.ts'

export interface OutgoingBatch {
  readonly epoch: string
  readonly first: number
  readonly last: number
  /** Nothing between this sequence and `first` is here, nor will be. */
  readonly after: number
  /** `Batch` as JSON. */
  readonly payload: string
}

export interface BatchReader {
  /** null when there is nothing more to read for now. */
  next(): OutgoingBatch | null
  /** Last sequence read. */
  readonly previous: number
}

/** Everything from the oldest event that is not acknowledged up to `until`. */
export function backlogReader(spool: Spool, until: Position): BatchReader {
  return new SpoolBatches(spool, { from: spool.oldest(), epoch: '', previous: 0, until })
}

/** Everything that is recorded from now on. */
export function liveReader(spool: Spool): BatchReader {
  return new SpoolBatches(spool, { from: spool.end(), epoch: spool.epoch, previous: spool.last, until: null })
}

interface Start {
  readonly from: Position
  /** Epoch and sequence before `from`. */
  readonly epoch: string
  readonly previous: number
  readonly until: Position | null
}

class SpoolBatches implements BatchReader {
  readonly #spool: Spool
  readonly #frames: FrameReader
  readonly #until: Position | null
  #epoch: string
  previous: number

  constructor(spool: Spool, start: Start) {
    this.#spool = spool
    this.#frames = spool.reader(start.from)
    this.#epoch = start.epoch
    this.previous = start.previous
    this.#until = start.until
  }

  next(): OutgoingBatch | null {
    const head = this.#head()
    if (!head) return null
    const { epoch } = head
    const first = head.frame.sequence
    const known = epoch === this.#epoch ? this.previous : 0
    const after = Math.max(known, this.#spool.acknowledged(epoch))
    const rows: string[] = []
    for (let next: Head | null = head; next && rows.length < BATCH_EVENTS_MAX; next = this.#head()) {
      if (next.epoch !== epoch || next.frame.sequence !== first + rows.length) break
      this.#frames.take(next.frame)
      rows.push(next.frame.text)
    }
    this.#epoch = epoch
    this.previous = first + rows.length - 1
    return batchOf({ epoch, after, first, rows })
  }

  /** The next event that central does not have. */
  #head(): Head | null {
    for (let next = this.#frames.peek(); next; next = this.#frames.peek()) {
      if (this.#until && isReached(this.#frames.position, this.#until)) return null
      const { epoch, frame } = next
      const isRead = epoch === this.#epoch && frame.sequence <= this.previous
      if (!isRead && frame.sequence > this.#spool.acknowledged(epoch)) return next
      this.#frames.take(frame)
      this.#frames.leap(this.#spool.oldest())
    }
    return null
  }
}

/** Whether a reader that stands at `position` has read everything before `until`. */
export const isReached = (position: Position, until: Position): boolean =>
  position.ordinal > until.ordinal || (position.ordinal === until.ordinal && position.offset >= until.offset)

export interface Rows {
  readonly epoch: string
  readonly after: number
  readonly first: number
  readonly rows: readonly string[]
  /** Id of the fetch that they answer. */
  readonly fetch?: string
}

export function batchOf({ epoch, after, first, rows, fetch }: Rows): OutgoingBatch {
  const last = first + rows.length - 1
  const text = `[${rows.join(',')}]`
  const digest = crc32(text).toString(16).padStart(8, '0')
  const hole = after === first - 1 ? '' : `"after":${after},`
  const wanted = fetch === undefined ? '' : `"fetch":"${fetch}",`
  const payload = `{"v":${MESSAGE_VERSION},"epoch":"${epoch}","first":${first},"last":${last},${hole}${wanted}"digest":"${digest}","rows":${text}}`
  return { epoch, first, last, after, payload }
}
