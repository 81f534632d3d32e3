/** The last minute of the live stream, so that a page that lost its line for a moment misses nothing. */

/** A page that was away for longer starts again from a snapshot. */
export const REPLAY_MS_MAX = 60_000
/** Twelve intersections at 10 Hz make about 7 MB a minute; a larger city replays less than a minute rather than more memory. */
export const REPLAY_CHARS_MAX = 16_000_000

export interface StreamEntry {
  /** `<start of this stream>.<sequence>`; an id of an earlier central never matches. */
  readonly id: string
  readonly event: 'state' | 'presence'
  /** JSON on one line. */
  readonly data: string
}

interface Kept {
  readonly entry: StreamEntry
  readonly sequence: number
  readonly atMonoMs: number
}

export class StreamBuffer {
  readonly #streamId: string
  #sequence = 0
  #chars = 0
  #kept: Kept[] = []
  /** Entries before this index of #kept are dropped; the array is cut only now and then, so that appending stays cheap. */
  #start = 0

  constructor(streamId: string) {
    this.#streamId = streamId
  }

  get lastId(): string {
    return `${this.#streamId}.${this.#sequence}`
  }

  append(event: StreamEntry['event'], data: string, nowMonoMs: number): StreamEntry {
    this.#sequence += 1
    const entry = { id: this.lastId, event, data }
    this.#kept.push({ entry, sequence: this.#sequence, atMonoMs: nowMonoMs })
    this.#chars += data.length
    this.#drop(nowMonoMs)
    return entry
  }

  /** Everything after the given id, or null when that is not known any more: send a snapshot instead. */
  after(id: string, nowMonoMs: number): readonly StreamEntry[] | null {
    this.#drop(nowMonoMs)
    const sequence = this.#sequenceOf(id)
    if (sequence === null || sequence > this.#sequence) return null
    const firstKept = this.#kept[this.#start]?.sequence ?? this.#sequence + 1
    if (sequence < firstKept - 1) return null
    return this.#kept.slice(this.#start + (sequence + 1 - firstKept)).map((kept) => kept.entry)
  }

  #sequenceOf(id: string): number | null {
    const [stream, sequence = '', ...rest] = id.split('.')
    if (stream !== this.#streamId || rest.length > 0 || !/^\d{1,15}$/.test(sequence)) return null
    return Number(sequence)
  }

  #drop(nowMonoMs: number): void {
    for (;;) {
      const oldest = this.#kept[this.#start]
      if (!oldest) break
      if (oldest.atMonoMs >= nowMonoMs - REPLAY_MS_MAX && this.#chars <= REPLAY_CHARS_MAX) break
      this.#chars -= oldest.entry.data.length
      this.#start += 1
    }
    if (this.#start * 2 <= this.#kept.length) return
    this.#kept = this.#kept.slice(this.#start)
    this.#start = 0
  }
}
