/**
 * One connection to the broker at a time, each with a client of its own: nothing is queued in the library, which forgets
 * silently beyond 65,535 messages and stumbles over a link that drops again while it replays. The spool owns repetition.
 */
import type { IClientOptions, MqttClient } from 'mqtt'
import type { CallOff } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import { wakeAfter, type Waker } from '../wake.ts'

const BACKOFF_MIN_MS = 250
/** An edge is back within this after its broker; a thousand edges then knock 125 times a second, spread by chance. */
const BACKOFF_MAX_MS = 8_000
const CONNECT_TIMEOUT_MS = 5_000
/** A broker says `offline` for an edge after one and a half of these. */
const KEEPALIVE_S = 5
/** Leave is taken politely, but not waited for longer than this. */
const FAREWELL_MS = 1_000

export interface Message {
  readonly topic: string
  readonly payload: string
  readonly qos: 0 | 1
  readonly retain: boolean
}

export interface BrokerLinkOptions {
  readonly url: string
  readonly clientId: string
  readonly subscription: string
  /** Heard too where the broker lets us; a refusal costs these and nothing else. */
  readonly wishes: readonly string[]
  /** What the broker says of us when we vanish; made anew for each connection. */
  readonly will: () => Message
  /** Connected and subscribed. */
  readonly onUp: () => void
  readonly onMessage: (topic: string, payload: Buffer) => void
  readonly log: Log
  readonly clock: Waker
  readonly connect: Connect
  /** Uniform in [0, 1): a thousand edges do not knock at once. */
  readonly chance: () => number
}

/** Begins a connection of its own (`mqtt.connect`). */
export type Connect = (url: string, options: IClientOptions) => MqttClient

export class BrokerLink {
  readonly #options: BrokerLinkOptions
  #client: MqttClient | null = null
  #isUp = false
  #isClosed = false
  #isDownTold = false
  #failures = 0
  #callOffAttempt: CallOff = () => {}

  constructor(options: BrokerLinkOptions) {
    this.#options = options
    this.#attempt()
  }

  get isUp(): boolean {
    return this.#isUp
  }

  /** Sends now or never; `done` is called when the broker (QoS 1) or the socket (QoS 0) has taken it. */
  publish({ topic, payload, qos, retain }: Message, done?: () => void): void {
    if (!this.#isUp || !this.#client) return
    // An error here is a link that drops: its `close` makes everything be sent again.
    this.#client.publish(topic, payload, { qos, retain }, (error) => {
      if (!error) done?.()
    })
  }

  /** Sends a last message when there is a link, and ends it without the will. */
  async close(last: Message): Promise<void> {
    this.#isClosed = true
    this.#callOffAttempt()
    const client = this.#client
    if (!client) return
    const { clock } = this.#options
    if (this.#isUp) await givenTime(clock, (done) => this.publish(last, done))
    await givenTime(clock, (done) => client.end(false, () => done()))
  }

  #attempt(): void {
    const client = this.#options.connect(this.#options.url, this.#clientOptions())
    this.#client = client
    client.on('connect', () => this.#subscribe(client))
    client.on('message', (topic, payload) => this.#options.onMessage(topic, payload))
    client.on('error', (error) => this.#lose(client, error.message || String(error)))
    client.on('close', () => this.#lose(client, 'the connection closed'))
  }

  #clientOptions(): IClientOptions {
    const { topic, payload, qos, retain } = this.#options.will()
    return {
      clientId: this.#options.clientId,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: CONNECT_TIMEOUT_MS,
      keepalive: KEEPALIVE_S,
      queueQoSZero: false,
      will: { topic, payload: Buffer.from(payload), qos, retain },
    }
  }

  #subscribe(client: MqttClient): void {
    client.subscribe(this.#options.subscription, { qos: 1 }, (error, granted) => {
      if (client !== this.#client || this.#isClosed) return
      if (error || granted?.some(({ qos }) => qos > 2)) {
        this.#lose(client, `the broker refuses ${this.#options.subscription}`)
        return
      }
      this.#isUp = true
      this.#failures = 0
      this.#isDownTold = false
      this.#options.log('info', 'BROKER_CONNECTED', `uplink: connected to ${placeOf(this.#options.url)}.`)
      this.#options.onUp()
      this.#wish(client)
    })
  }

  #wish(client: MqttClient): void {
    const { wishes, log } = this.#options
    if (wishes.length === 0) return
    client.subscribe([...wishes], { qos: 1 }, (error, granted) => {
      if (client !== this.#client || this.#isClosed) return
      const isRefused = error !== null || granted?.some(({ qos }) => qos > 2) === true
      if (isRefused) log('warn', 'BROKER_REFUSED', `uplink: the broker refuses some of ${wishes.join(', ')}.`)
    })
  }

  #lose(client: MqttClient, why: string): void {
    if (client !== this.#client) return
    this.#client = null
    this.#isUp = false
    client.end(true)
    if (this.#isClosed) return
    if (!this.#isDownTold) {
      this.#isDownTold = true
      const message = `uplink: no broker at ${placeOf(this.#options.url)} (${why}). Events are kept on disk; trying again by itself.`
      this.#options.log('warn', 'BROKER_UNREACHABLE', message)
    }
    const { clock, chance } = this.#options
    this.#callOffAttempt = wakeAfter(clock, backoffMs(this.#failures++, chance()), () => this.#attempt())
  }
}

function backoffMs(failures: number, chance: number): number {
  const ceilingMs = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** failures)
  return ceilingMs / 2 + (chance * ceilingMs) / 2
}

/** Host and port alone: an address may hold a password. */
const placeOf = (url: string): string => new URL(url).host

function givenTime(clock: Waker, act: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const callOff = wakeAfter(clock, FAREWELL_MS, resolve)
    act(() => {
      callOff()
      resolve()
    })
  })
}
