/** From the broker into the store: takes the edges' batches under a persistent session and answers what is safe. */
import { connect, type MqttClient } from 'mqtt'
import { crc32 } from 'node:zlib'
import type { Log } from '#base/log.ts'
import { contiguousUpTo } from '#base/ranges.ts'
import { ACK_RANGES_MAX, MESSAGE_VERSION, type Acknowledgement } from '#contract/messages.ts'
import { centralSubscriptions, edgeTopics } from '#contract/topics.ts'
import { deferPubacks, type Release } from './deferred-puback.ts'
import { readBatch, type ReceivedBatch } from './ingest-message.ts'
import { IngestWriter } from './ingest-writer.ts'
import { Ledger, type DeadLetter, type StreamCoverage, type StreamId } from './ledger.ts'
import type { EventStore } from './store/port.ts'

/** Beyond this the broker is told "taken" without taking: edges offer again what nobody answered. About 50 MB. */
const QUEUE_BATCHES_MAX = 1_000
const RECONNECT_MS = 1_000
const KEEPALIVE_S = 15
const FAREWELL_MS = 1_000

export interface IngestOptions {
  readonly site: string
  readonly mqttUrl: string
  readonly store: EventStore
  /** A SQLite file, made when missing; it belongs beside the store. */
  readonly ledgerPath: string
  readonly log: Log
  readonly nowEpochMs?: () => number
}

export interface IngestStatus {
  readonly isBrokerUp: boolean
  readonly isStoreDown: boolean
  /** Batches taken and not yet stored. */
  readonly waitingBatches: number
}

export interface Ingest {
  status(): IngestStatus
  /** The gap ledger: of every edge and epoch, complete until when and what is missing. */
  streams(): readonly StreamCoverage[]
  /** Newest first. */
  deadLetters(limit: number): readonly (DeadLetter & { readonly times: number })[]
  close(): Promise<void>
}

/**
 * Resolves when the ledger is open; broker and store may come later.
 * @throws when the ledger cannot be opened.
 */
export async function startIngest(options: IngestOptions): Promise<Ingest> {
  return new RunningIngest(options, new Ledger(options.ledgerPath))
}

class RunningIngest implements Ingest {
  readonly #options: IngestOptions
  readonly #nowEpochMs: () => number
  readonly #ledger: Ledger
  readonly #writer: IngestWriter
  readonly #client: MqttClient
  readonly #releases = new Map<ReceivedBatch, Release>()
  #isDownTold = false
  #isClosing = false

  constructor(options: IngestOptions, ledger: Ledger) {
    this.#options = options
    this.#ledger = ledger
    this.#nowEpochMs = options.nowEpochMs ?? Date.now
    this.#writer = new IngestWriter({
      store: options.store,
      ledger,
      log: options.log,
      nowEpochMs: this.#nowEpochMs,
      settled: (batch) => this.#answer(batch),
    })
    this.#client = connect(options.mqttUrl, {
      // A fixed name and a session that stays: what arrives while ingest restarts waits at the broker.
      clientId: `sabz-ingest-${options.site}`,
      clean: false,
      protocolVersion: 4,
      reconnectPeriod: RECONNECT_MS,
      keepalive: KEEPALIVE_S,
      queueQoSZero: false,
      resubscribe: false,
    })
    this.#listen()
  }

  status(): IngestStatus {
    const { waiting, isStoreDown } = this.#writer
    return { isBrokerUp: this.#client.connected, isStoreDown, waitingBatches: waiting }
  }

  streams(): readonly StreamCoverage[] {
    return this.#ledger.streams()
  }

  deadLetters(limit: number): readonly (DeadLetter & { readonly times: number })[] {
    return this.#ledger.deadLetters(limit)
  }

  async close(): Promise<void> {
    if (this.#isClosing) return
    this.#isClosing = true
    await this.#writer.close()
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, FAREWELL_MS)
    this.#client.end(!this.#client.connected, () => resolve())
    await promise
    clearTimeout(timer)
    this.#ledger.close()
  }

  #listen(): void {
    deferPubacks(this.#client, (topic, payload, release) => this.#receive({ topic, payload, release }))
    this.#client.on('connect', () => this.#subscribe())
    this.#client.on('error', (error) => this.#tellDown(error.message || String(error)))
    this.#client.on('close', () => this.#tellDown('the connection closed'))
  }

  #subscribe(): void {
    const { site, mqttUrl, log } = this.#options
    const { batch } = centralSubscriptions(site)
    this.#client.subscribe(batch, { qos: 1 }, (error, granted) => {
      if (this.#isClosing) return
      if (error || granted?.some(({ qos }) => qos > 2))
        log('error', 'BROKER_REFUSED', `ingest: the broker refuses ${batch}. Give this user read access to it.`)
      else log('info', 'BROKER_CONNECTED', `ingest: connected to ${new URL(mqttUrl).host}.`)
      this.#isDownTold = false
    })
  }

  #tellDown(why: string): void {
    if (this.#isDownTold || this.#isClosing) return
    this.#isDownTold = true
    const place = new URL(this.#options.mqttUrl).host
    const message = `ingest: no broker at ${place} (${why}). Edges keep their events; trying again by itself.`
    this.#options.log('warn', 'BROKER_UNREACHABLE', message)
  }

  #receive({ topic, payload, release }: { topic: string; payload: Buffer; release: Release }): void {
    if (this.#isClosing) return
    const received = readBatch(this.#options.site, topic, payload)
    if (!received.ok) {
      this.#putAside({ topic, payload, release }, received.reason)
      return
    }
    if (this.#writer.waiting >= QUEUE_BATCHES_MAX) {
      release()
      return
    }
    this.#releases.set(received.batch, release)
    this.#writer.take(received.batch)
  }

  /** What is no batch is kept for people to look at, once, and never stands in the way of the next. */
  #putAside({ topic, payload, release }: { topic: string; payload: Buffer; release: Release }, reason: string): void {
    const identity = `${topic}#${crc32(payload).toString(16)}-${payload.length}`
    const letter = { topic, identity, reason, payload: payload.toString('utf8'), atEpochMs: this.#nowEpochMs() }
    try {
      this.#ledger.enter([], [letter])
      this.#options.log('warn', 'MESSAGE_DEAD_LETTERED', `ingest: a message on ${topic} was put aside: ${reason}.`)
    } catch (error) {
      this.#options.log(
        'error',
        'LEDGER_UNAVAILABLE',
        `ingest: the ledger takes no entry (${String(error)}). Check the disk.`,
      )
    }
    release()
  }

  #answer(batch: ReceivedBatch): void {
    this.#releases.get(batch)?.()
    this.#releases.delete(batch)
    this.#acknowledge(batch)
  }

  /** Not kept for an edge that is away: it offers again what it has no answer to, and is then answered again. */
  #acknowledge(stream: StreamId): void {
    if (!this.#client.connected) return
    const covered = this.#ledger.covered(stream)
    const upTo = contiguousUpTo(covered)
    const islands = covered.filter(([first]) => first > upTo).slice(-ACK_RANGES_MAX)
    const ack: Acknowledgement = {
      v: MESSAGE_VERSION,
      epoch: stream.epoch,
      upTo,
      ...(islands.length > 0 ? { ranges: islands.map(([first, last]): [number, number] => [first, last]) } : {}),
    }
    const topic = edgeTopics(this.#options.site, stream.edge).ack
    this.#client.publish(topic, JSON.stringify(ack), { qos: 0 })
  }
}
