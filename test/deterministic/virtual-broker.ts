/** A broker as Mosquitto is one: sessions, wills, retained words and QoS 1, and all the ways in which its word is not a promise. */
import type { Chance } from './chance.ts'
import type { End, Packet, Publication, Way } from './wire.ts'
import type { World } from './world.ts'

/** Mosquitto's `max_inflight_messages`. */
const IN_FLIGHT_MAX = 20

export interface BrokerMood {
  /** Messages that wait for a client of a lasting session; what comes beyond is dropped, though it was acknowledged. */
  queueMax: number
  /** Probability that a message which it has acknowledged goes no further. */
  forget: number
  /** Probability that a message goes out twice. */
  double: number
  /** Probability that a QoS 0 message is dropped. */
  drop: number
  /** Whether its sessions and queues survive a kill. */
  isPersistent: boolean
}

export const HEALTHY_BROKER: Readonly<Omit<BrokerMood, 'isPersistent'>> = {
  queueMax: 1_000,
  forget: 0,
  double: 0,
  drop: 0,
}

interface Session {
  readonly clientId: string
  readonly isClean: boolean
  readonly subscriptions: Map<string, 0 | 1>
  readonly queue: Publication[]
  readonly inFlight: Map<number, Publication>
  nextId: number
  end: End | null
  will: Publication | null
  heardAtMs: number
  keepaliveMs: number
}

export class VirtualBroker {
  readonly mood: BrokerMood = { ...HEALTHY_BROKER, isPersistent: true }
  readonly retained = new Map<string, Publication>()
  readonly #world: World
  readonly #chance: Chance
  readonly #heard: (publication: Publication) => void
  #sessions = new Map<string, Session>()
  readonly #open = new Set<End>()
  #isUp = true

  /** `heard` is told of every message that it takes. */
  constructor(world: World, chance: Chance, heard: (publication: Publication) => void) {
    this.#world = world
    this.#chance = chance
    this.#heard = heard
    this.#watchSilence()
  }

  get isUp(): boolean {
    return this.#isUp
  }

  /** The client's end of a new connection; null where nobody listens. */
  accept(way: Way): End | null {
    if (!this.#isUp) return null
    const [ours, theirs] = way.connect().ends
    this.#open.add(ours)
    let session: Session | null = null
    ours.onPacket = (packet) => {
      if (packet.kind === 'connect') session = this.#welcome(ours, packet)
      else if (session?.end === ours) this.#take(session, packet)
    }
    ours.onClose = () => {
      this.#open.delete(ours)
      if (session?.end === ours) this.#lose(session)
    }
    return theirs
  }

  kill(): void {
    this.#world.tell('broker', `killed, ${this.mood.isPersistent ? 'remembers' : 'forgets'}`)
    this.#isUp = false
    for (const end of this.#open) end.close()
    this.#open.clear()
    for (const session of this.#sessions.values()) session.end = null
    if (this.mood.isPersistent) return
    this.#sessions = new Map()
    this.retained.clear()
  }

  start(): void {
    this.#isUp = true
    this.#world.tell('broker', 'up')
  }

  #welcome(end: End, packet: Packet & { readonly kind: 'connect' }): Session {
    const { clientId, clean, keepaliveMs, will } = packet
    const former = this.#sessions.get(clientId)
    if (former?.end) this.#lose(former)
    const session = former && !clean ? former : emptySession(clientId, clean)
    Object.assign(session, { end, will, keepaliveMs, heardAtMs: this.#world.nowMs })
    this.#sessions.set(clientId, session)
    end.send({ kind: 'connack' })
    for (const [id, publication] of session.inFlight) end.send({ kind: 'publish', id, ...publication })
    this.#drain(session)
    return session
  }

  #take(session: Session, packet: Packet): void {
    session.heardAtMs = this.#world.nowMs
    switch (packet.kind) {
      case 'subscribe':
        for (const topic of packet.topics) this.#subscribe(session, topic, packet.qos)
        session.end?.send({ kind: 'suback', id: packet.id })
        break
      case 'publish':
        this.#publish(packet)
        if (packet.qos === 1) session.end?.send({ kind: 'puback', id: packet.id })
        break
      case 'puback':
        session.inFlight.delete(packet.id)
        this.#drain(session)
        break
      case 'ping':
        session.end?.send({ kind: 'pong' })
        break
      case 'disconnect':
        session.will = null
        break
      default:
        // The rest is said by brokers only.
        break
    }
  }

  #subscribe(session: Session, topic: string, qos: 0 | 1): void {
    session.subscriptions.set(topic, qos)
    for (const publication of this.retained.values())
      if (covers(topic, publication.topic)) this.#give(session, publication, qos)
  }

  #publish({ topic, payload, qos, retain }: Publication): void {
    const publication = { topic, payload, qos, retain }
    this.#heard(publication)
    this.#world.fold(payload)
    if (retain) this.retained.set(topic, publication)
    if (qos === 1 && this.#chance.happens(this.mood.forget)) {
      this.#world.tell('broker', `forgets ${topic}`)
      return
    }
    const copies = qos === 1 && this.#chance.happens(this.mood.double) ? 2 : 1
    for (const session of this.#sessions.values())
      for (const [filter, granted] of session.subscriptions)
        if (covers(filter, topic)) for (let i = 0; i < copies; i++) this.#give(session, publication, granted)
  }

  #give(session: Session, publication: Publication, granted: 0 | 1): void {
    if (Math.min(publication.qos, granted) === 0) {
      if (!this.#chance.happens(this.mood.drop)) session.end?.send({ kind: 'publish', id: 0, ...publication, qos: 0 })
      return
    }
    if (session.end === null && session.isClean) return
    if (session.queue.length >= this.mood.queueMax) {
      this.#world.tell('broker', `drops ${publication.topic} for ${session.clientId}: its queue is full`)
      return
    }
    session.queue.push(publication)
    this.#drain(session)
  }

  #drain(session: Session): void {
    const { end, queue, inFlight } = session
    if (!end) return
    while (queue.length > 0 && inFlight.size < IN_FLIGHT_MAX) {
      const publication = queue.shift()
      if (!publication) return
      const id = session.nextId++
      inFlight.set(id, publication)
      end.send({ kind: 'publish', id, ...publication })
    }
  }

  #lose(session: Session): void {
    const { end, will } = session
    if (end) this.#open.delete(end)
    end?.close()
    session.end = null
    session.will = null
    if (session.isClean) this.#sessions.delete(session.clientId)
    if (will) this.#publish(will)
  }

  /** Whoever is silent for one and a half of his keep-alives is gone. */
  #watchSilence(): void {
    for (const session of this.#sessions.values())
      if (session.end && this.#world.nowMs - session.heardAtMs > 1.5 * session.keepaliveMs) this.#lose(session)
    this.#world.after(500, () => this.#watchSilence())
  }
}

const emptySession = (clientId: string, isClean: boolean): Session => ({
  clientId,
  isClean,
  subscriptions: new Map(),
  queue: [],
  inFlight: new Map(),
  nextId: 1,
  end: null,
  will: null,
  heardAtMs: 0,
  keepaliveMs: 60_000,
})

/** MQTT 3.1.1, 4.7.1: `+` is one level. */
function covers(filter: string, topic: string): boolean {
  const levels = topic.split('/')
  const wanted = filter.split('/')
  return wanted.length === levels.length && wanted.every((level, i) => level === '+' || level === levels[i])
}
