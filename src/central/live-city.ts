/** What is known of every intersection right now, with its true age; the one source of the API's live answers and of the stream. */
import type { Clock } from '#base/clock.ts'
import type { StreamPresence, StreamSnapshot } from '#contract/api.ts'
import { freshnessOf, type Freshness } from '#contract/freshness.ts'
import type { LiveState } from '#contract/messages.ts'
import { StreamBuffer, type StreamEntry } from './stream-buffer.ts'

export interface LiveIntersection {
  readonly state: LiveState | null
  readonly ageMs: number | null
  readonly freshness: Freshness
  readonly edge: string
  readonly edgeOnline: boolean
}

/** An edge and the intersections that only it may speak for. */
export interface EdgeDuty {
  readonly edge: string
  readonly intersections: readonly string[]
}

interface Held {
  readonly state: LiveState
  readonly receivedAtMonoMs: number
}

interface HeardPresence {
  readonly online: boolean
  readonly sinceEpochMs: number | null
}

const NEVER_HEARD: HeardPresence = { online: false, sinceEpochMs: null }

export class LiveCity {
  readonly #duties: readonly EdgeDuty[]
  readonly #clock: Clock
  readonly #edgeOf = new Map<string, string>()
  readonly #held = new Map<string, Held>()
  readonly #presence = new Map<string, HeardPresence>()
  readonly #unsent = new Set<string>()
  readonly #listeners = new Set<(entries: readonly StreamEntry[]) => void>()
  readonly #buffer: StreamBuffer

  constructor(duties: readonly EdgeDuty[], clock: Clock) {
    this.#duties = duties
    this.#clock = clock
    this.#buffer = new StreamBuffer(clock.epochMs().toString(16))
    for (const duty of duties) for (const id of duty.intersections) this.#edgeOf.set(id, duty.edge)
  }

  /** The edge that speaks for the intersection; undefined for one that the site does not have. */
  edgeOf(intersection: string): string | undefined {
    return this.#edgeOf.get(intersection)
  }

  hasEdge(edge: string): boolean {
    return this.#duties.some((duty) => duty.edge === edge)
  }

  /**
   * Takes a state over. A time stamp in the future is an edge's clock that runs ahead: it is cut to now, so that it never
   * makes data look younger. `retained` states are of the past and never replace a newer one.
   */
  acceptState(state: LiveState, retained: boolean): void {
    const before = this.#held.get(state.intersection)
    if (retained && before && before.state.sampledAtEpochMs >= state.sampledAtEpochMs) return
    const sampledAtEpochMs = Math.min(state.sampledAtEpochMs, this.#clock.epochMs())
    this.#held.set(state.intersection, {
      state: { ...state, sampledAtEpochMs },
      receivedAtMonoMs: this.#clock.monoMs(),
    })
    this.#unsent.add(state.intersection)
  }

  acceptPresence(edge: string, online: boolean, atEpochMs: number): void {
    const before = this.#presence.get(edge)
    if (before?.online === online) return
    const sinceEpochMs = Math.min(atEpochMs, this.#clock.epochMs())
    this.#presence.set(edge, { online, sinceEpochMs })
    const message: StreamPresence = { edge, online, sinceEpochMs }
    this.#publish([this.#append('presence', message)])
  }

  /** Sends each changed intersection once; the caller's period is the upper bound of the rate per intersection. */
  flush(): void {
    if (this.#unsent.size === 0) return
    const entries: StreamEntry[] = []
    for (const id of this.#unsent) {
      const live = this.intersection(id)
      entries.push(this.#append('state', { ...live.state, edgeOnline: live.edgeOnline }))
    }
    this.#unsent.clear()
    this.#publish(entries)
  }

  intersection(id: string): LiveIntersection {
    const held = this.#held.get(id)
    const edge = this.#edgeOf.get(id) ?? ''
    const ageMs = held ? this.#ageMs(held) : null
    return {
      state: held?.state ?? null,
      ageMs,
      freshness: freshnessOf(ageMs),
      edge,
      edgeOnline: this.#presenceOf(edge).online,
    }
  }

  edges(): (EdgeDuty & HeardPresence)[] {
    return this.#duties.map((duty) => ({ ...duty, ...this.#presenceOf(duty.edge) }))
  }

  /** Where a page starts; continue with entries after `lastId`. */
  snapshot(): { readonly lastId: string; readonly snapshot: StreamSnapshot } {
    this.flush()
    const states = [...this.#held.values()].map((held) => held.state)
    const edges = this.edges().map(({ edge, online, sinceEpochMs, intersections }) => ({
      edge,
      online,
      sinceEpochMs,
      intersections: [...intersections],
    }))
    return { lastId: this.#buffer.lastId, snapshot: { nowEpochMs: this.#clock.epochMs(), states, edges } }
  }

  /** What a page missed since the id it saw last; null when only a snapshot helps. */
  missedSince(lastEventId: string): readonly StreamEntry[] | null {
    return this.#buffer.after(lastEventId, this.#clock.monoMs())
  }

  /** The listener gets every later entry; the result ends it. */
  subscribe(listener: (entries: readonly StreamEntry[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** By both clocks, whichever says older: neither an edge's clock nor a step of our own can make a value look fresh. */
  #ageMs(held: Held): number {
    const byStamp = this.#clock.epochMs() - held.state.sampledAtEpochMs
    const byReceipt = this.#clock.monoMs() - held.receivedAtMonoMs
    return Math.max(0, Math.round(byStamp), Math.round(byReceipt))
  }

  #presenceOf(edge: string): HeardPresence {
    return this.#presence.get(edge) ?? NEVER_HEARD
  }

  #append(event: StreamEntry['event'], message: object): StreamEntry {
    return this.#buffer.append(event, JSON.stringify(message), this.#clock.monoMs())
  }

  #publish(entries: readonly StreamEntry[]): void {
    for (const listener of this.#listeners) listener(entries)
  }
}
