/** The network between machines and the broker: late, cut, reset or half-open; within a connection what comes, comes in order. */
import type { Chance } from './chance.ts'
import type { World } from './world.ts'

/** How the way between one machine and the broker is. */
export interface WayMood {
  leastMs: number
  mostMs: number
  /** Nothing passes; what was sent waits in the kernels and comes when the way is whole again. */
  isCut: boolean
}

export const HEALTHY_WAY: Readonly<WayMood> = { leastMs: 1, mostMs: 4, isCut: false }

/** The way of one machine; its connections share it. */
export class Way {
  readonly mood: WayMood = { ...HEALTHY_WAY }
  readonly world: World
  readonly chance: Chance
  readonly #connections = new Set<Connection>()

  constructor(world: World, chance: Chance) {
    this.world = world
    this.chance = chance
  }

  /** A stream to a stranger: his hands get what is sent, ours what he answers. */
  connect(): Connection {
    const connection = new Connection(this)
    this.#connections.add(connection)
    connection.whenOver(() => this.#connections.delete(connection))
    return connection
  }

  cut(): void {
    this.mood.isCut = true
  }

  heal(): void {
    this.mood.isCut = false
    for (const connection of this.#connections) connection.resume()
  }

  /** A router forgets: both ends learn of it, what is under way is gone. */
  reset(): void {
    for (const connection of [...this.#connections]) connection.reset()
  }
}

/** One end of a connection as its owner sees it. */
export class End {
  readonly #connection: Connection
  readonly #side: 0 | 1
  onPacket: (packet: Packet) => void = () => {}
  onClose: () => void = () => {}

  constructor(connection: Connection, side: 0 | 1) {
    this.#connection = connection
    this.#side = side
  }

  send(packet: Packet): void {
    this.#connection.carry(this.#side, packet)
  }

  /** Politely: what was sent before still arrives, and then the end of it. */
  close(): void {
    this.#connection.carry(this.#side, null)
    this.onPacket = () => {}
    this.onClose = () => {}
  }

  /** The machine is gone without a word: nobody is told. */
  vanish(): void {
    this.onPacket = () => {}
    this.onClose = () => {}
  }
}

export type Packet =
  | {
      readonly kind: 'connect'
      readonly clientId: string
      readonly clean: boolean
      readonly keepaliveMs: number
      readonly will: Publication | null
    }
  | { readonly kind: 'connack' }
  | { readonly kind: 'subscribe'; readonly id: number; readonly topics: readonly string[]; readonly qos: 0 | 1 }
  | { readonly kind: 'suback'; readonly id: number }
  | ({ readonly kind: 'publish'; readonly id: number } & Publication)
  | { readonly kind: 'puback'; readonly id: number }
  | { readonly kind: 'ping' | 'pong' | 'disconnect' }

export interface Publication {
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1
  readonly retain: boolean
}

export class Connection {
  readonly ends: readonly [End, End]
  readonly #way: Way
  /** By direction: when the last packet arrives, and what waits for the way to be whole. */
  readonly #arrivesMs: [number, number] = [0, 0]
  readonly #held: [(Packet | null)[], (Packet | null)[]] = [[], []]
  #isReset = false
  #over: () => void = () => {}

  constructor(way: Way) {
    this.#way = way
    this.ends = [new End(this, 0), new End(this, 1)]
  }

  whenOver(over: () => void): void {
    this.#over = over
  }

  carry(from: 0 | 1, packet: Packet | null): void {
    if (this.#isReset) return
    const { mood, world, chance } = this.#way
    if (mood.isCut || this.#held[from].length > 0) {
      this.#held[from].push(packet)
      return
    }
    const arrivesMs = Math.max(this.#arrivesMs[from], world.nowMs + chance.between(mood.leastMs, mood.mostMs))
    this.#arrivesMs[from] = arrivesMs
    world.at(arrivesMs, null, () => this.#arrive(from, packet))
  }

  resume(): void {
    for (const from of [0, 1] as const) {
      const held = this.#held[from].splice(0)
      for (const packet of held) this.carry(from, packet)
    }
  }

  reset(): void {
    this.#isReset = true
    this.#over()
    for (const end of this.ends) this.#way.world.after(this.#way.chance.between(0, 5), () => end.onClose())
  }

  #arrive(from: 0 | 1, packet: Packet | null): void {
    if (this.#isReset) return
    if (this.#way.mood.isCut) {
      this.#held[from].push(packet)
      return
    }
    const to = this.ends[from === 0 ? 1 : 0]
    if (packet) to.onPacket(packet)
    else {
      this.#over()
      to.onClose()
    }
  }
}
