/** A store as InfluxDB is one: a point of the same series and time replaces the one before, and an error says nothing of what was kept. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { firstRefusal, refusal, RETENTION_DAYS } from '#central/store/admission.ts'
import { toLines } from '#central/store/line-protocol.ts'
import type { EventStore, StoredEvent, StoreFault } from '#central/store/port.ts'
import type { Chance } from './chance.ts'
import { identityOf } from './oracle.ts'
import type { Thread, World } from './world.ts'

export interface StoreMood {
  isDown: boolean
  leastMs: number
  mostMs: number
  /** Probability that all is kept and the answer is an error. */
  loseAnswer: number
  /** Probability that some is kept and the answer is an error. */
  breakOff: number
}

export const HEALTHY_STORE: Readonly<StoreMood> = { isDown: false, leastMs: 1, mostMs: 8, loseAnswer: 0, breakOff: 0 }

const DOWN: StoreFault = { code: 'STORE_UNAVAILABLE', detail: 'nobody listens' }

export class VirtualStore {
  readonly mood: StoreMood = { ...HEALTHY_STORE }
  readonly #world: World
  readonly #chance: Chance
  readonly #points = new Map<string, StoredEvent>()
  readonly #byIdentity = new Map<string, StoredEvent>()

  constructor(world: World, chance: Chance) {
    this.#world = world
    this.#chance = chance
  }

  get points(): Iterable<StoredEvent> {
    return this.#points.values()
  }

  get size(): number {
    return this.#points.size
  }

  find(identity: string): StoredEvent | undefined {
    return this.#byIdentity.get(identity)
  }

  /** The way to it from one thread, which hears of it only while it lives. */
  from(thread: Thread): EventStore {
    return {
      kind: 'influx',
      write: (events) => this.#write(thread, events),
      query: () => Promise.resolve(failed(DOWN)),
      count: () => Promise.resolve(failed(DOWN)),
      close: () => Promise.resolve(),
    }
  }

  #write(thread: Thread, events: readonly StoredEvent[]): Promise<Outcome<void, StoreFault>> {
    const { promise, resolve } = Promise.withResolvers<Outcome<void, StoreFault>>()
    const window = { nowEpochMs: thread.clock.epochMs(), retentionDays: RETENTION_DAYS }
    const { leastMs, mostMs } = this.mood
    const arrivesMs = this.#world.nowMs + this.#chance.between(leastMs, mostMs)
    this.#world.at(arrivesMs, null, () => {
      const answer = this.#take(events, window)
      thread.later(this.#chance.between(leastMs, mostMs), () => resolve(answer))
    })
    return promise
  }

  #take(events: readonly StoredEvent[], window: Parameters<typeof refusal>[1]): Outcome<void, StoreFault> {
    if (this.mood.isDown) return failed(DOWN)
    const refused = firstRefusal(events, window)
    if (refused !== null) {
      this.#keep(events.filter((event) => refusal(event, window) === null))
      return failed({ code: 'STORE_REFUSED', detail: refused })
    }
    if (this.#chance.happens(this.mood.breakOff)) {
      this.#keep(events.slice(0, this.#chance.between(0, events.length)))
      return failed({ code: 'STORE_UNAVAILABLE', detail: '500 in the middle' })
    }
    this.#keep(events)
    return this.#chance.happens(this.mood.loseAnswer)
      ? failed({ code: 'STORE_UNAVAILABLE', detail: 'no answer' })
      : ok(undefined)
  }

  #keep(events: readonly StoredEvent[]): void {
    if (events.length === 0) return
    this.#world.tell('store', `keeps ${events.length}`)
    const lines = toLines(events).split('\n')
    events.forEach((event, i) => {
      const key = seriesAndTime(lines[i] ?? '')
      const before = this.#points.get(key)
      if (before) this.#byIdentity.delete(identityOf(before))
      this.#points.set(key, event)
      this.#byIdentity.set(identityOf(event), event)
    })
  }
}

/** Names of the virtual world hold no space, so a line has three parts. */
function seriesAndTime(line: string): string {
  const [series, , time] = line.split(' ')
  return `${series} ${time}`
}
