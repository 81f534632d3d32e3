/** From the broker into the store: takes the edges' batches under a persistent session and answers what is safe. */
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { crc32 } from 'node:zlib'
import type { Log } from '#base/log.ts'
import { contiguousUpTo } from '#base/ranges.ts'
import { ACK_RANGES_MAX, MESSAGE_VERSION, type Acknowledgement } from '#contract/messages.ts'
import { centralSubscriptions, edgeTopics } from '#contract/topics.ts'
import { Backpressure } from './backpressure.ts'
import { deferPubacks, type Release } from './deferred-puback.ts'
import { readBatch, type ReceivedBatch } from './ingest-message.ts'
import { IngestWriter, type Sleep } from './ingest-writer.ts'
import type { DeadLetter, KeptLetter } from './dead-letters.ts'
import { Ledger, type StreamCoverage } from './ledger.ts'
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
  /** One of several that share the edges; every edge of the site unless given. */
  readonly worker?: IngestWorker
  readonly log: Log
  readonly nowEpochMs?: () => number
  readonly monoMs?: () => number
  /** The machine's timers unless given. */
  readonly sleep?: Sleep
  /** `mqtt.connect` unless given. */
  readonly connect?: (url: string, options: IClientOptions) => MqttClient
}

export interface IngestWorker {
  /** Of its own session with the broker: what comes while it is away waits there under this name. */
  readonly name: string
  /** Those that it serves, and nobody else does. */
  readonly edges: readonly string[]
  /** Ledgers of others, who may have served these edges before. */
  readonly former: readonly string[]
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
  deadLetters(limit: number): readonly KeptLetter[]
  close(): Promise<void>
}

/**
 * Resolves when the ledger is open; broker and store may come later.
 * @throws when the ledger cannot be opened.
 */
export async function startIngest(options: IngestOptions): Promise<Ingest> {
  const ledger = new Ledger(options.ledgerPath)
  const { former = [], edges = [] } = options.worker ?? {}
  for (const path of former) if (path !== options.ledgerPath) ledger.adopt(path, edges)
  return new RunningIngest(options, ledger)
}

class RunningIngest implements Ingest {
  readonly #options: IngestOptions
  readonly #nowEpochMs: () => number
  readonly #ledger: Ledger
  readonly #writer: IngestWriter
  readonly #client: MqttClient
  readonly #backpressure: Backpressure
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
      ...(options.sleep && { sleep: options.sleep }),
    })
    this.#backpressure = new Backpressure(
      (edge, word) => this.#client.publish(edgeTopics(options.site, edge).throttle, JSON.stringify(word), { qos: 0 }),
      options.monoMs ?? (() => performance.now()),
    )
    this.#client = (options.connect ?? connect)(options.mqttUrl, {
      // A fixed name and a session that stays: what arrives while ingest restarts waits at the broker.
      clientId: `sabz-ingest-${options.site}${options.worker ? `-${options.worker.name}` : ''}`,
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

  deadLetters(limit: number): readonly KeptLetter[] {
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
    const { site, mqttUrl, worker, log } = this.#options
    const batches = worker?.edges.map((edge) => edgeTopics(site, edge).batch) ?? [centralSubscriptions(site).batch]
    if (batches.length === 0) return
    this.#client.subscribe(batches, { qos: 1 }, (error, granted) => {
      if (this.#isClosing) return
      if (error || granted?.some(({ qos }) => qos > 2))
        log('error', 'BROKER_REFUSED', `ingest: the broker refuses ${batches[0]}. Give this user read access to it.`)
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
    this.#backpressure.heard(received.batch.edge, this.#writer.waiting)
    this.#releases.set(received.batch, release)
    this.#writer.take(received.batch)
  }

  /** What is no batch is kept for people to look at, once, and never stands in the way of the next. */
  #putAside({ topic, payload, release }: { topic: string; payload: Buffer; release: Release }, reason: string): void {
    const identity = `${topic}#${crc32(payload).toString(16)}-${payload.length}`
    const text = payload.toString('utf8')
    const letter: DeadLetter = {
      topic,
      identity,
      reason,
      form: 'message',
      payload: text,
      atEpochMs: this.#nowEpochMs(),
    }
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
  #acknowledge({ edge, epoch, fetch, ...batch }: ReceivedBatch): void {
    if (!this.#client.connected) return
    const covered = this.#ledger.covered({ edge, epoch })
    const upTo = contiguousUpTo(covered)
    const islands = covered.filter(([first]) => first > upTo).slice(-ACK_RANGES_MAX)
    const ack: Acknowledgement = {
      v: MESSAGE_VERSION,
      epoch,
      upTo,
      ...(islands.length > 0 ? { ranges: islands.map(([first, last]): [number, number] => [first, last]) } : {}),
      ...(fetch === null ? {} : { fetched: { id: fetch, first: batch.first, last: batch.last } }),
    }
    const topic = edgeTopics(this.#options.site, edge).ack
    this.#client.publish(topic, JSON.stringify(ack), { qos: 0 })
  }
}
