/** What the edge says to central and hears from it: presence, current states first, then events until they are stored. */
import { Compile } from 'typebox/compile'
import type { CallOff, Clock } from '#base/clock.ts'
import type { IntersectionId } from '#base/id.ts'
import type { Log } from '#base/log.ts'
import {
  Acknowledgement,
  isVersionAccepted,
  MESSAGE_VERSION,
  type LiveState,
  type Presence,
} from '#contract/messages.ts'
import type { PlanProgress } from '#contract/plan-bundle.ts'
import { edgeTopics, type EdgeTopics } from '#contract/topics.ts'
import type { Outlook } from '#signal/outlook.ts'
import type { TrustedKey } from '../orders/key-ring.ts'
import type { OrdersOf } from '../orders/order-desk.ts'
import { OrdersLink, type OrderDuty, type OrderFiles } from '../orders/orders-link.ts'
import { BatchSender } from './batch-sender.ts'
import { wakeEvery } from '../wake.ts'
import { EdgeWordsLink } from './edge-words-link.ts'
import { BrokerLink, type Connect, type Message } from './broker-link.ts'
import type { HeardOutlook, OutlookCounts } from './outlook-inbox.ts'
import { OutlookLink } from './outlook-link.ts'
import type { Spool } from './spool.ts'
import type { SpoolFault } from './spool-fault.ts'
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
  /** Plans and commands of people, and where they are kept; none are listened to unless given. */
  readonly orders?: { readonly duty: OrderDuty; readonly files: OrderFiles; readonly tell: (orders: OrdersOf) => void }
  readonly clock: Clock
  readonly connect: Connect
  readonly chance: () => number
}

export class Uplink {
  readonly #topics: EdgeTopics
  readonly #log: Log
  readonly #link: BrokerLink
  readonly #sender: BatchSender
  readonly #words: EdgeWordsLink
  readonly #outlooks: OutlookLink
  readonly #orders: OrdersLink | null
  readonly #options: UplinkOptions
  readonly #turns: readonly CallOff[]
  readonly #states = new Map<string, { newest: LiveState; isUnderWay: boolean; isSent: boolean }>()

  constructor(options: UplinkOptions) {
    const { site, edge, mqttUrl, spool, log, neighbours = NO_NEIGHBOURS, clock, connect, chance } = options
    this.#options = options
    this.#topics = edgeTopics(site, edge)
    this.#log = log
    this.#sender = new BatchSender({
      spool,
      publish: ({ payload }, taken) =>
        this.#link.publish({ topic: this.#topics.batch, payload, qos: 1, retain: false }, taken),
      monoMs: () => clock.monoMs(),
    })
    this.#outlooks = new OutlookLink({
      ...options,
      neighbours: neighbours.heard,
      publish: (message, taken) => this.#link.publish(message, taken),
    })
    const publish = (message: Message) => this.#link.publish(message)
    this.#words = new EdgeWordsLink({ topics: this.#topics, spool, sender: this.#sender, clock, publish, log })
    this.#orders = options.orders ? new OrdersLink({ site, edge, clock, log, publish, ...options.orders }) : null
    this.#link = new BrokerLink({
      url: mqttUrl,
      clientId: `sabz-edge-${site}-${edge}`,
      subscription: this.#topics.ack,
      will: () => this.#presence('offline'),
      onUp: () => this.#begin(),
      wishes: [...this.#words.topics, ...this.#outlooks.topics, ...(this.#orders?.topics ?? [])],
      onMessage: (topic, payload) => this.#hear(topic, payload),
      log,
      clock,
      connect,
      chance,
    })
    const count = () => options.onOutlookCounts(this.#outlooks.counts)
    this.#turns = [
      wakeEvery(clock, TURN_MS, () => this.#turn()),
      ...(neighbours.heard.length > 0 ? [wakeEvery(clock, COUNTS_MS, count)] : []),
    ]
  }

  /** Retained, at most once, newest wins: what cannot be sent now is not kept but replaced. */
  publishState(state: LiveState): void {
    const known = this.#states.get(state.intersection)
    this.#states.set(state.intersection, { newest: state, isUnderWay: known?.isUnderWay ?? false, isSent: false })
    this.#sendState(state.intersection)
    this.#words.observe(state)
  }

  /** Of the spool: what somebody should look at stands as an alarm. */
  tellFault(fault: SpoolFault): void {
    this.#words.fault(fault)
  }

  /** The disk has taken all that it was handed. */
  tellRecorded(): void {
    this.#words.recorded()
  }

  /** At most once; a word that is not sent now is old the next time. */
  tellOutlook(intersection: IntersectionId, outlook: Outlook): void {
    const isHeard = this.#options.neighbours?.told.includes(intersection) === true
    if (isHeard && this.#link.isUp) this.#outlooks.tell(intersection, outlook)
  }

  /** What an intersection says of its plans. */
  notePlan(progress: PlanProgress): void {
    this.#orders?.note(progress)
  }

  /** Whose orders are followed from now on. */
  follow(keys: readonly TrustedKey[]): void {
    this.#orders?.follow(keys)
  }

  /** All orders that are kept, for a scan cycle that begins. */
  tellOrders(): void {
    this.#orders?.tellAll()
  }

  async close(): Promise<void> {
    for (const callOff of this.#turns) callOff()
    this.#turn()
    await this.#link.close(this.#presence('shutdown'))
  }

  #begin(): void {
    this.#link.publish(this.#presence('online'))
    for (const [intersection, state] of this.#states) {
      Object.assign(state, { isUnderWay: false, isSent: false })
      this.#sendState(intersection)
    }
    this.#words.restart()
    this.#outlooks.restart()
    this.#orders?.restart()
    this.#sender.restart()
  }

  #turn(): void {
    if (!this.#link.isUp) return
    this.#sender.turn()
    this.#words.turn()
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
    if (this.#orders?.hear(topic, payload) === true) return
    if (this.#words.topics.includes(topic)) return this.#words.hear(topic, payload)
    if (topic !== this.#topics.ack) return this.#outlooks.hear(topic, payload, this.#options.clock.epochMs())
    const ack = parseAcknowledgement(payload)
    if (ack && isVersionAccepted(ack.v)) {
      this.#sender.acknowledge(ack)
      this.#words.acknowledge(ack)
      return
    }
    const message = `uplink: an acknowledgement on ${this.#topics.ack} could not be read and was passed over.`
    this.#log('warn', 'ACK_MALFORMED', message)
  }

  #presence(state: Presence['state']): Message {
    const presence: Presence = { v: MESSAGE_VERSION, state, atEpochMs: this.#options.clock.epochMs() }
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
