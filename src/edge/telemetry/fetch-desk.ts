/** Answers who wants a past range again: reads all that is still on disk, slowly, and sends what lies in it until it is stored. */
import { BATCH_EVENTS_MAX, MESSAGE_VERSION, type Acknowledgement } from '#contract/messages.ts'
import type { Fetch, Fetched } from '#contract/edge-words.ts'
import { batchOf, isReached, type OutgoingBatch } from './batch-reader.ts'
import { decodeRow } from './record-codec.ts'
import type { FrameReader, Position } from './segments.ts'
import type { Spool } from './spool.ts'

/** Read in one turn of the uplink: 20 ms of its thread, and the whole history in a minute. */
const FRAMES_PER_TURN_MAX = 20_000
/** Beside live events and the backlog. */
const IN_FLIGHT_MAX = 2
const WAITING_MAX = 8
/** What nobody has answered is sent again. */
const AGAIN_MS = 5_000

export interface FetchDeskOptions {
  readonly spool: Spool
  readonly publish: (batch: OutgoingBatch) => void
  readonly answer: (answer: Fetched) => void
  readonly monoMs: () => number
}

interface Reading {
  readonly fetch: Fetch
  readonly frames: FrameReader
  /** What is recorded later was not asked for. */
  readonly until: Position
  isAtEnd: boolean
  events: number
  oldestEpochMs: number | null
}

export class FetchDesk {
  readonly #options: FetchDeskOptions
  readonly #waiting: Fetch[] = []
  readonly #inFlight = new Map<string, { readonly batch: OutgoingBatch; sentAtMs: number }>()
  #reading: Reading | null = null

  constructor(options: FetchDeskOptions) {
    this.#options = options
  }

  ask(fetch: Fetch): void {
    const isKnown = [this.#reading?.fetch, ...this.#waiting].some((one) => one?.id === fetch.id)
    if (isKnown) return
    if (fetch.fromEpochMs >= fetch.toEpochMs) this.#refuse(fetch, 'rangeEmpty')
    else if (this.#waiting.length >= WAITING_MAX) this.#refuse(fetch, 'tooManyWaiting')
    else this.#waiting.push(fetch)
  }

  /** Called while connected, often. */
  turn(): void {
    const reading = (this.#reading ??= this.#begin())
    if (!reading) return
    const nowMs = this.#options.monoMs()
    for (const flight of this.#inFlight.values()) if (nowMs - flight.sentAtMs >= AGAIN_MS) this.#send(flight.batch)
    for (let budget = FRAMES_PER_TURN_MAX; budget > 0 && !reading.isAtEnd && this.#inFlight.size < IN_FLIGHT_MAX;)
      budget -= this.#readOn(reading, budget)
    if (!reading.isAtEnd || this.#inFlight.size > 0) return
    const { fetch, events, oldestEpochMs } = reading
    this.#reading = null
    this.#options.answer({ v: MESSAGE_VERSION, id: fetch.id, state: 'done', events, oldestEpochMs })
  }

  acknowledge({ epoch, fetched }: Acknowledgement): void {
    if (fetched && fetched.id === this.#reading?.fetch.id) this.#inFlight.delete(`${epoch}:${fetched.first}`)
  }

  /** A connection is new: what was under way is sent again. */
  restart(): void {
    for (const flight of this.#inFlight.values()) this.#send(flight.batch)
  }

  #begin(): Reading | null {
    const fetch = this.#waiting.shift()
    if (!fetch) return null
    const { spool } = this.#options
    const frames = spool.reader(spool.begin())
    return { fetch, frames, until: spool.end(), isAtEnd: false, events: 0, oldestEpochMs: null }
  }

  /** Reads up to `budget` events and sends those of the first run among them that lie in the range; how many it has read. */
  #readOn(reading: Reading, budget: number): number {
    const { frames, fetch } = reading
    const rows: string[] = []
    let [epoch, first, read] = ['', 0, 0]
    for (; read < budget && rows.length < BATCH_EVENTS_MAX; read++) {
      const head = frames.peek()
      if (!head || isReached(frames.position, reading.until)) {
        reading.isAtEnd = true
        break
      }
      const [sequence, epochMs] = decodeRow(head.frame.text)
      const isInRange = epochMs >= fetch.fromEpochMs && epochMs < fetch.toEpochMs
      const goesOn = isInRange && (rows.length === 0 || (head.epoch === epoch && sequence === first + rows.length))
      if (rows.length > 0 && !goesOn) break
      frames.take(head.frame)
      reading.oldestEpochMs = Math.min(reading.oldestEpochMs ?? epochMs, epochMs)
      if (!isInRange) continue
      if (rows.length === 0) [epoch, first] = [head.epoch, sequence]
      rows.push(head.frame.text)
    }
    if (rows.length > 0) {
      reading.events += rows.length
      this.#send(batchOf({ epoch, after: first - 1, first, rows, fetch: fetch.id }))
    }
    return Math.max(1, read)
  }

  #send(batch: OutgoingBatch): void {
    this.#inFlight.set(`${batch.epoch}:${batch.first}`, { batch, sentAtMs: this.#options.monoMs() })
    this.#options.publish(batch)
  }

  #refuse({ id }: Fetch, reason: NonNullable<Fetched['reason']>): void {
    this.#options.answer({ v: MESSAGE_VERSION, id, state: 'refused', events: 0, oldestEpochMs: null, reason })
  }
}
