/** What the edge says to central and hears from it: presence, current states first, then events until they are stored. */
import { Compile } from 'typebox/compile'
import type { IntersectionId } from '#base/id.ts'
import type { Log } from '#base/log.ts'
import { Acknowledgement, MESSAGE_VERSION, type LiveState, type Presence } from '#contract/messages.ts'
import { edgeTopics, type EdgeTopics } from '#contract/topics.ts'
import type { Outlook } from '#signal/outlook.ts'
import { BatchSender } from './batch-sender.ts'
import { BrokerLink, type Message } from './broker-link.ts'
import type { HeardOutlook, OutlookCounts } from './outlook-inbox.ts'
import { OutlookLink } from './outlook-link.ts'
import type { Spool } from './spool.ts'
import type { Neighbours } from './worker-messages.ts'

/** Four batches a second and edge: an event is queryable well within a second, and a thousand edges send 4,000 messages. */
const TURN_MS = 250
/** Whoever looks at the counters of the neighbours' words looks at minutes. */
const COUNTS_MS = 5_000

const NO_NEIGHBOURS: Neighbours = { heard: [], told: [] }

export interface UplinkOptions {
  readonly site: string
  readonly edge: string
  readonly mqttUrl: string
  readonly spool: Spool
  readonly log: Log
  readonly neighbours?: Neighbours
  /** Of this life of the thread: 16 hex digits. */
  readonly epoch: string
  readonly onHeard: (heard: HeardOutlook) => void
  /** Now and then, where somebody listens to others. */
  readonly onOutlookCounts: (counts: OutlookCounts) => void
}

export class Uplink {
  readonly #topics: EdgeTopics
  readonly #log: Log
  readonly #link: BrokerLink
  readonly #sender: BatchSender
  readonly #outlooks: OutlookLink
  readonly #options: UplinkOptions
  readonly #timers: readonly NodeJS.Timeout[]
  readonly #states = new Map<string, { newest: LiveState; isUnderWay: boolean; isSent: boolean }>()

  constructor(options: UplinkOptions) {
    const { site, edge, mqttUrl, spool, log, neighbours = NO_NEIGHBOURS } = options
    this.#options = options
    this.#topics = edgeTopics(site, edge)
    this.#log = log
    this.#sender = new BatchSender({
      spool,
      publish: ({ payload }, taken) =>
        this.#link.publish({ topic: this.#topics.batch, payload, qos: 1, retain: false }, taken),
      monoMs: () => performance.now(),
    })
    this.#outlooks = new OutlookLink({
      ...options,
      neighbours: neighbours.heard,
      publish: (message, taken) => this.#link.publish(message, taken),
    })
    this.#link = new BrokerLink({
      url: mqttUrl,
      clientId: `sabz-edge-${site}-${edge}`,
      subscription: this.#topics.ack,
      will: () => this.#presence('offline'),
      onUp: () => this.#begin(),
      wishes: this.#outlooks.topics,
      onMessage: (topic, payload) => this.#hear(topic, payload),
      log,
    })
    const count = () => options.onOutlookCounts(this.#outlooks.counts)
    this.#timers = [
      setInterval(() => this.#turn(), TURN_MS),
      ...(neighbours.heard.length > 0 ? [setInterval(count, COUNTS_MS)] : []),
    ]
  }

  /** Retained, at most once, newest wins: what cannot be sent now is not kept but replaced. */
  publishState(state: LiveState): void {
    const known = this.#states.get(state.intersection)
    this.#states.set(state.intersection, { newest: state, isUnderWay: known?.isUnderWay ?? false, isSent: false })
    this.#sendState(state.intersection)
  }

  /** At most once; a word that is not sent now is old the next time. */
  tellOutlook(intersection: IntersectionId, outlook: Outlook): void {
    const isHeard = this.#options.neighbours?.told.includes(intersection) === true
    if (isHeard && this.#link.isUp) this.#outlooks.tell(intersection, outlook)
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#turn()
    await this.#link.close(this.#presence('shutdown'))
  }

  #begin(): void {
    this.#link.publish(this.#presence('online'))
    for (const [intersection, state] of this.#states) {
      Object.assign(state, { isUnderWay: false, isSent: false })
      this.#sendState(intersection)
    }
    this.#outlooks.restart()
    this.#sender.restart()
  }

  #turn(): void {
    if (this.#link.isUp) this.#sender.turn()
  }

  #sendState(intersection: string): void {
    const state = this.#states.get(intersection)
    if (!state || !this.#link.isUp || state.isUnderWay || state.isSent) return
    Object.assign(state, { isUnderWay: true, isSent: true })
    const topic = this.#topics.state(intersection)
    this.#link.publish({ topic, payload: JSON.stringify(state.newest), qos: 0, retain: true }, () => {
      const current = this.#states.get(intersection)
      if (current) current.isUnderWay = false
      this.#sendState(intersection)
    })
  }

  #hear(topic: string, payload: Buffer): void {
    if (topic !== this.#topics.ack) return this.#outlooks.hear(topic, payload, Date.now())
    const ack = parseAcknowledgement(payload)
    if (ack) this.#sender.acknowledge(ack)
    else
      this.#log(
        'warn',
        'ACK_MALFORMED',
        `uplink: an acknowledgement on ${this.#topics.ack} could not be read and was passed over.`,
      )
  }

  #presence(state: Presence['state']): Message {
    const presence: Presence = { v: MESSAGE_VERSION, state, atEpochMs: Date.now() }
    return { topic: this.#topics.presence, payload: JSON.stringify(presence), qos: 1, retain: true }
  }
}

const acknowledgement = Compile(Acknowledgement)

function parseAcknowledgement(payload: Buffer): Acknowledgement | null {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'))
    return acknowledgement.Check(value) ? value : null
  } catch {
    return null
  }
}
