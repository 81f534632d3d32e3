/** A client of the virtual broker in the place of the MQTT library's: what edge and ingest use of it, and no more. */
import type { IClientOptions, IPublishPacket, MqttClient } from 'mqtt'
import type { VirtualBroker } from './virtual-broker.ts'
import type { End, Packet, Publication, Way } from './wire.ts'
import type { Thread } from './world.ts'

/** The library's own, where nobody says otherwise. */
const KEEPALIVE_S = 60
const CONNECT_MS = 30_000

export interface ClientPlace {
  readonly thread: Thread
  /** Sockets of the process, which the kernel closes when it dies. */
  readonly sockets: Set<End>
  readonly way: Way
  readonly broker: VirtualBroker
}

type Told = (...told: unknown[]) => void

class VirtualClient {
  readonly #place: ClientPlace
  readonly #options: IClientOptions
  readonly #listeners = new Map<string, Told>()
  readonly #waiting = new Map<number, Told>()
  connected = false
  /** Another object for each connection, as the library has it. */
  stream: object = {}
  #end: End | null = null
  #nextId = 1
  #heardAtMs = 0
  #isEnded = false
  /** What is put off in one connection does not happen in the next. */
  #life = 0

  constructor(place: ClientPlace, options: IClientOptions) {
    this.#place = place
    this.#options = options
    place.thread.later(0, () => this.#open())
  }

  on(event: string, act: Told): void {
    this.#listeners.set(event, act)
  }

  /** The library's hook, which ingest replaces. */
  handleMessage(_packet: IPublishPacket, done: (error?: Error) => void): void {
    done()
  }

  subscribe(topics: string | string[], { qos }: { qos: 0 | 1 }, done: Told): void {
    const id = this.#wait(() => done(null, [{ qos }]))
    this.#send({ kind: 'subscribe', id, topics: [topics].flat(), qos })
  }

  publish(topic: string, text: string, options: { qos: 0 | 1; retain?: boolean }, done: Told = () => {}): void {
    const { qos, retain = false } = options
    const publication = { topic, payload: Buffer.from(text), qos, retain }
    if (qos === 1) this.#send({ kind: 'publish', id: this.#wait(() => done()), ...publication })
    else {
      this.#send({ kind: 'publish', id: 0, ...publication })
      this.#later(0, () => done())
    }
  }

  _sendPacket(packet: { messageId: number }): void {
    this.#send({ kind: 'puback', id: packet.messageId })
  }

  end(isForced: boolean, done: () => void = () => {}): void {
    this.#isEnded = true
    if (!isForced) this.#send({ kind: 'disconnect' })
    this.#drop()
    this.#place.thread.later(0, done)
  }

  #open(): void {
    if (this.#isEnded) return
    const { way, broker } = this.#place
    const { connectTimeout = CONNECT_MS } = this.#options
    const end = way.mood.isCut ? null : broker.accept(way)
    if (!end) {
      const afterMs = way.mood.isCut ? connectTimeout : way.chance.between(1, 5)
      this.#later(afterMs, () => this.#lose(new Error(way.mood.isCut ? 'connack timeout' : 'ECONNREFUSED')))
      return
    }
    this.#end = end
    this.#place.sockets.add(end)
    this.stream = {}
    end.onPacket = (packet) => this.#later(0, () => this.#end === end && this.#hear(packet))
    end.onClose = () => this.#later(0, () => this.#end === end && this.#lose(null))
    const { clientId = '', clean = true, will, keepalive = KEEPALIVE_S } = this.#options
    const said = will ? { qos: 0 as const, ...will, payload: Buffer.from(will.payload) } : null
    end.send({ kind: 'connect', clientId, clean, keepaliveMs: keepalive * 1_000, will: said as Publication | null })
    this.#later(connectTimeout, () => {
      if (this.#end === end && !this.connected) this.#lose(new Error('connack timeout'))
    })
  }

  #hear(packet: Packet): void {
    this.#heardAtMs = this.#place.thread.localMs
    switch (packet.kind) {
      case 'connack':
        this.connected = true
        this.#keepAlive(this.stream)
        this.#tell('connect')
        break
      case 'suback':
      case 'puback':
        this.#waiting.get(packet.id)?.()
        this.#waiting.delete(packet.id)
        break
      case 'publish':
        this.#receive(packet)
        break
      default:
        // A pong has been heard; the rest is said by clients only.
        break
    }
  }

  #receive({ id, topic, payload, qos, retain }: Publication & { readonly id: number }): void {
    if (qos === 0) return this.#tell('message', topic, payload)
    const packet: IPublishPacket = { cmd: 'publish', messageId: id, topic, payload, qos, retain, dup: false }
    this.#tell('message', topic, payload)
    this.handleMessage(packet, (error) => {
      if (!error) this.#send({ kind: 'puback', id })
    })
  }

  #keepAlive(stream: object): void {
    const { keepalive = KEEPALIVE_S } = this.#options
    this.#later(keepalive * 1_000, () => {
      if (this.stream !== stream || !this.connected) return
      if (this.#place.thread.localMs - this.#heardAtMs > 1_500 * keepalive)
        return this.#lose(new Error('Keepalive timeout'))
      this.#send({ kind: 'ping' })
      this.#keepAlive(stream)
    })
  }

  #lose(error: Error | null): void {
    this.#drop()
    if (this.#isEnded) return
    if (error) this.#tell('error', error)
    this.#tell('close')
    const { reconnectPeriod = 1_000 } = this.#options
    if (reconnectPeriod > 0) this.#later(reconnectPeriod, () => this.#open())
  }

  #drop(): void {
    this.#life++
    this.connected = false
    this.#waiting.clear()
    if (this.#end) this.#place.sockets.delete(this.#end)
    this.#end?.close()
    this.#end = null
  }

  #wait(done: Told): number {
    const id = this.#nextId++
    this.#waiting.set(id, done)
    return id
  }

  #send(packet: Packet): void {
    this.#end?.send(packet)
  }

  #tell(event: string, ...told: unknown[]): void {
    this.#listeners.get(event)?.(...told)
  }

  #later(ms: number, act: () => void): void {
    const life = this.#life
    this.#place.thread.later(ms, () => {
      if (life === this.#life) act()
    })
  }
}

export const virtualConnect =
  (place: ClientPlace) =>
  (_url: string, options: IClientOptions): MqttClient =>
    // The few members that edge and ingest use are all there.
    new VirtualClient(place, options) as unknown as MqttClient
