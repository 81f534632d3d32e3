/** What the edge says to central and hears from it: presence, current states first, then events until they are stored. */
import { Compile } from 'typebox/compile'
import type { Log } from '#base/log.ts'
import { Acknowledgement, MESSAGE_VERSION, type LiveState, type Presence } from '#contract/messages.ts'
import { edgeTopics, type EdgeTopics } from '#contract/topics.ts'
import { BatchSender } from './batch-sender.ts'
import { BrokerLink, type Message } from './broker-link.ts'
import type { Spool } from './spool.ts'

/** Four batches a second and edge: an event is queryable well within a second, and a thousand edges send 4,000 messages. */
const TURN_MS = 250

export interface UplinkOptions {
  readonly site: string
  readonly edge: string
  readonly mqttUrl: string
  readonly spool: Spool
  readonly log: Log
}

export class Uplink {
  readonly #topics: EdgeTopics
  readonly #log: Log
  readonly #link: BrokerLink
  readonly #sender: BatchSender
  readonly #timer: NodeJS.Timeout
  readonly #states = new Map<string, { newest: LiveState; isUnderWay: boolean; isSent: boolean }>()

  constructor({ site, edge, mqttUrl, spool, log }: UplinkOptions) {
    this.#topics = edgeTopics(site, edge)
    this.#log = log
    this.#sender = new BatchSender({
      spool,
      publish: ({ payload }, taken) =>
        this.#link.publish({ topic: this.#topics.batch, payload, qos: 1, retain: false }, taken),
      monoMs: () => performance.now(),
    })
    this.#link = new BrokerLink({
      url: mqttUrl,
      clientId: `sabz-edge-${site}-${edge}`,
      subscription: this.#topics.ack,
      will: () => this.#presence('offline'),
      onUp: () => this.#begin(),
      onMessage: (_topic, payload) => this.#hear(payload),
      log,
    })
    this.#timer = setInterval(() => this.#turn(), TURN_MS)
  }

  /** Retained, at most once, newest wins: what cannot be sent now is not kept but replaced. */
  publishState(state: LiveState): void {
    const known = this.#states.get(state.intersection)
    this.#states.set(state.intersection, { newest: state, isUnderWay: known?.isUnderWay ?? false, isSent: false })
    this.#sendState(state.intersection)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#turn()
    await this.#link.close(this.#presence('shutdown'))
  }

  #begin(): void {
    this.#link.publish(this.#presence('online'))
    for (const [intersection, state] of this.#states) {
      Object.assign(state, { isUnderWay: false, isSent: false })
      this.#sendState(intersection)
    }
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

  #hear(payload: Buffer): void {
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
