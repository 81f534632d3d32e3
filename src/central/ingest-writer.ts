/** Brings batches into the store: several in one write, the store first, the ledger second, and only then the answer. */
import { setTimeout as sleepAwhile } from 'node:timers/promises'
import { addRange, missingFrom, unionOf, type Range } from '#base/ranges.ts'
import type { Log } from '#base/log.ts'
import type { ReceivedBatch } from './ingest-message.ts'
import type { DeadLetter } from './dead-letters.ts'
import type { Ledger } from './ledger.ts'
import { entriesOf } from './ledger-entries.ts'
import type { EventStore, StoredEvent } from './store/port.ts'

/** InfluxDB takes 97,000 points a second in groups of this size; larger ones gain nothing and wait longer. */
export const GROUP_EVENTS_MAX = 5_000
/** While the store works on one group the next is written out and the last is entered in the ledger. */
const LANES = 2
const STORE_AGAIN_MIN_MS = 250
/** A store that comes back is found within this. */
const STORE_AGAIN_MAX_MS = 2_000

export interface IngestWriterOptions {
  readonly store: EventStore
  readonly ledger: Ledger
  readonly log: Log
  readonly nowEpochMs: () => number
  /** All of the batch is settled: answer its edge, and take the message off the broker. */
  readonly settled: (batch: ReceivedBatch) => void
  readonly sleep?: Sleep
}

/** Resolves after `ms`, or rejects at once when the signal says so. */
export type Sleep = (ms: number, options?: { readonly signal: AbortSignal }) => Promise<unknown>

interface Refused {
  readonly event: StoredEvent
  readonly reason: string
}

export class IngestWriter {
  readonly #options: IngestWriterOptions
  readonly #queue: ReceivedBatch[] = []
  readonly #closing = new AbortController()
  readonly #lanes = new Set<Promise<void>>()
  readonly #sleep: Sleep
  #isStoreDown = false
  #underWay = 0

  constructor(options: IngestWriterOptions) {
    this.#options = options
    this.#sleep = options.sleep ?? ((ms, signalled) => sleepAwhile(ms, undefined, signalled))
  }

  /** Batches that are taken and not settled yet. */
  get waiting(): number {
    return this.#queue.length + this.#underWay
  }

  get isStoreDown(): boolean {
    return this.#isStoreDown
  }

  take(batch: ReceivedBatch): void {
    this.#queue.push(batch)
    this.#openLane()
  }

  /** Ends after the write that is under way; what is not settled stays with the broker and the edges. */
  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all(this.#lanes)
  }

  #openLane(): void {
    if (this.#lanes.size >= LANES || this.#queue.length === 0 || this.#closing.signal.aborted) return
    const lane = this.#drain().finally(() => {
      this.#lanes.delete(lane)
      this.#openLane()
    })
    this.#lanes.add(lane)
  }

  /**
   * While groups are written the next one gathers: the busier the store, the larger the groups. In which order they end
   * does not matter, since the ledger keeps sets and the store takes the same event twice.
   */
  async #drain(): Promise<void> {
    // The messages of one arrival are read in one turn of the event loop: let them all in first.
    await this.#sleep(0)
    while (this.#queue.length > 0 && !this.#closing.signal.aborted) {
      const group = this.#takeGroup()
      this.#underWay += group.length
      if (await this.#settle(group)) for (const batch of group) this.#options.settled(batch)
      this.#underWay -= group.length
    }
  }

  #takeGroup(): ReceivedBatch[] {
    let events = 0
    const end = this.#queue.findIndex((batch) => (events += batch.events.length) > GROUP_EVENTS_MAX)
    return this.#queue.splice(0, end < 0 ? this.#queue.length : Math.max(1, end))
  }

  /** false when closing came first. */
  async #settle(group: readonly ReceivedBatch[]): Promise<boolean> {
    const fresh = this.#notYetSettled(group)
    const refused = await this.#write(fresh)
    if (!refused) return false
    const letters = [...group.flatMap((batch) => this.#lettersOfBadRows(batch)), ...this.#lettersOf(refused, group)]
    return this.#untilDone(() => this.#enter(group, letters))
  }

  /** Each event once, however often it is in the group; what was fetched again is written again. */
  #notYetSettled(group: readonly ReceivedBatch[]): StoredEvent[] {
    const taken = new Map<string, readonly Range[]>()
    return group.flatMap((batch) => {
      const key = `${batch.edge}/${batch.epoch}`
      const known = taken.get(key) ?? []
      const settled = batch.fetch === null ? unionOf(this.#options.ledger.settled(batch), known) : known
      taken.set(key, addRange(known, [batch.first, batch.last]))
      return eventsOutside(settled, batch)
    })
  }

  /** Stores all but those that the store refuses, which are returned; null when closing came first. */
  async #write(events: readonly StoredEvent[]): Promise<Refused[] | null> {
    if (events.length === 0) return []
    let refusal: string | null = null
    const isAnswered = await this.#untilDone(async () => {
      const outcome = await this.#options.store.write(events)
      if (outcome.ok) return null
      if (outcome.fault.code === 'STORE_UNAVAILABLE') return outcome.fault.detail
      refusal = outcome.fault.detail
      return null
    })
    if (!isAnswered) return null
    if (refusal === null) return []
    const [only, ...others] = events
    if (only && others.length === 0) return [{ event: only, reason: refusal }]
    // One refused event must not keep its neighbours out: halve until it stands alone. Writing again changes nothing.
    const left = await this.#write(events.slice(0, events.length >> 1))
    const right = left && (await this.#write(events.slice(events.length >> 1)))
    return right && [...left, ...right]
  }

  /** Tries until `act` gives no reason against it; false when closing came first. */
  async #untilDone(act: () => Promise<string | null>): Promise<boolean> {
    for (let attempt = 0; !this.#closing.signal.aborted; attempt++) {
      const reason = await act()
      if (reason === null) {
        if (this.#isStoreDown) this.#options.log('info', 'STORE_BACK', 'ingest: the store takes events again.')
        this.#isStoreDown = false
        return true
      }
      this.#tellDown(reason)
      const delayMs = Math.min(STORE_AGAIN_MAX_MS, STORE_AGAIN_MIN_MS * 2 ** attempt)
      await this.#sleep(delayMs, { signal: this.#closing.signal }).catch(() => undefined)
    }
    return false
  }

  #tellDown(reason: string): void {
    if (this.#isStoreDown) return
    this.#isStoreDown = true
    const message = `ingest: the store takes no events (${reason}). Nothing is lost: edges keep them, and it is tried again by itself.`
    this.#options.log('error', 'STORE_UNAVAILABLE', message)
  }

  async #enter(group: readonly ReceivedBatch[], letters: readonly DeadLetter[]): Promise<string | null> {
    try {
      const { ledger, nowEpochMs } = this.#options
      ledger.enter(entriesOf(group, ledger, nowEpochMs()), letters)
    } catch (error) {
      return `ledger: ${error instanceof Error ? error.message : String(error)}`
    }
    if (letters.length > 0) {
      const message = `ingest: ${letters.length} events were put aside as dead letters, the first because ${letters[0]?.reason}.`
      this.#options.log('warn', 'EVENT_DEAD_LETTERED', message)
    }
    return null
  }

  #lettersOfBadRows({ topic, edge, epoch, badRows }: ReceivedBatch): DeadLetter[] {
    const atEpochMs = this.#options.nowEpochMs()
    return badRows.map(({ sequence, reason, payload }) => ({
      topic,
      identity: `${edge}/${epoch}/${sequence}`,
      reason,
      form: 'row',
      payload,
      atEpochMs,
    }))
  }

  #lettersOf(refused: readonly Refused[], group: readonly ReceivedBatch[]): DeadLetter[] {
    const atEpochMs = this.#options.nowEpochMs()
    return refused.map(({ event, reason }) => ({
      topic: group.find(({ edge }) => edge === event.edge)?.topic ?? '',
      identity: `${event.edge}/${event.epoch}/${event.sequence}`,
      reason,
      form: 'event',
      payload: JSON.stringify(event),
      atEpochMs,
    }))
  }
}

function eventsOutside(settled: readonly Range[], { first, last, events }: ReceivedBatch): readonly StoredEvent[] {
  const missing = missingFrom(settled, [first, last])
  if (missing.length === 1 && missing[0]?.[0] === first && missing[0][1] === last) return events
  return events.filter(({ sequence }) => missing.some(([from, to]) => sequence >= from && sequence <= to))
}
