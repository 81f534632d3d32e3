/** Events between the scan cycle and the disk: kept until they are recorded, each recorded once even if the thread between dies. */
import { EVENT } from '#signal/events.ts'
import type { ObservedEvent } from './port.ts'
import { isWorthKeeping } from './worth-keeping.ts'

/** A busy eight-phase site sends 150,000 events a day: twelve of them fill this in two and a half hours of a dead disk, with 50 MB. */
export const PENDING_EVENTS_MAX = 200_000
/** Beyond it alarms and commands alone have room: a hundred days of them. */
export const PENDING_KEPT_MAX = 250_000

interface Place {
  readonly epoch: string
  readonly last: number
}

export class Handover {
  #waiting: ObservedEvent[] = []
  /** Events of `#waiting` that stand at its head but are recorded; cut off now and then, not one by one. */
  #done = 0
  /** Where the spool stands with all that was confirmed. */
  #place: Place | null = null
  readonly #lost = new Map<ObservedEvent['intersection'], { count: number; sinceEpochMs: number }>()

  get size(): number {
    return this.#waiting.length - this.#done
  }

  /**
   * What is to be handed on: the events, or where there is no room for all the alarms and commands among them. What had no
   * room is told once there is some.
   */
  add(events: readonly ObservedEvent[]): readonly ObservedEvent[] {
    if (this.size + events.length > PENDING_EVENTS_MAX) return this.#addWorthKeeping(events)
    const taken = this.#lost.size > 0 ? [...this.#gaps(), ...events] : events
    this.#lost.clear()
    return this.#take(taken)
  }

  #addWorthKeeping(events: readonly ObservedEvent[]): readonly ObservedEvent[] {
    const isTaken = (event: ObservedEvent) => isWorthKeeping(event.code) && this.size < PENDING_KEPT_MAX
    const taken = events.filter(isTaken)
    for (const event of events) if (!taken.includes(event)) this.#lose(event)
    return this.#take(taken)
  }

  #take(taken: readonly ObservedEvent[]): readonly ObservedEvent[] {
    for (const event of taken) this.#waiting.push(event)
    return taken
  }

  /** The oldest `count` that were handed on are on disk. */
  recorded(count: number): void {
    this.#done += count
    if (this.#place) this.#place = { epoch: this.#place.epoch, last: this.#place.last + count }
    if (this.#done > PENDING_EVENTS_MAX / 10 || this.#done === this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#done)
      this.#done = 0
    }
  }

  /**
   * A thread has opened the spool: gives what it is to be handed. Sequences are given in the order of handing over, so what
   * its predecessor recorded without having said so is the distance between where the spool stood and where it stands.
   */
  resume(former: Place | null, current: Place): readonly ObservedEvent[] {
    if (this.#place && former?.epoch === this.#place.epoch) this.recorded(former.last - this.#place.last)
    this.#place = current
    return this.#waiting.slice(this.#done)
  }

  #lose(event: ObservedEvent): void {
    const lost = this.#lost.get(event.intersection)
    if (lost) lost.count += 1
    else this.#lost.set(event.intersection, { count: 1, sinceEpochMs: event.epochMs })
  }

  #gaps(): ObservedEvent[] {
    return [...this.#lost].map(([intersection, { count, sinceEpochMs }]) => ({
      intersection,
      epochMs: sinceEpochMs,
      code: EVENT.logGap,
      parameter: count,
      source: 'edge',
      deviceSequence: 0,
    }))
  }
}
