/** The city as the stream has told it so far, kept once per browser: whole for a new page, changes for the others. */
import type { LiveState } from '#contract/messages.ts'
import type { StreamHeartbeat, StreamPresence, StreamSnapshot } from '#contract/api.ts'
import { ServerOffset } from './server-clock.ts'

export interface HeldState {
  readonly state: LiveState
  readonly receivedAtMonoMs: number
}

export type EdgePresence = StreamSnapshot['edges'][number]

/** Whether this browser reaches central, and central its own parts. */
export interface Link {
  readonly line: 'connecting' | 'up' | 'down'
  readonly offsetMs: number
  readonly brokerUp: boolean
  readonly storeUp: boolean
}

/** What a page is told; absent means unchanged. */
export interface CityUpdate {
  readonly states: readonly HeldState[]
  readonly edges?: readonly EdgePresence[]
  readonly link?: Link
}

export interface OwnReading {
  readonly epochMs: number
  readonly monoMs: number
}

const CONNECTING: Link = { line: 'connecting', offsetMs: 0, brokerUp: true, storeUp: true }

export class MergedCity {
  readonly #states = new Map<string, HeldState>()
  readonly #offset = new ServerOffset()
  #edges: readonly EdgePresence[] = []
  #link = CONNECTING
  readonly #changed = new Set<string>()
  #edgesChanged = false
  #linkChanged = false

  snapshot({ nowEpochMs, states, edges }: StreamSnapshot, now: OwnReading): void {
    this.#offset.add(nowEpochMs, now.epochMs)
    for (const state of states) this.state(state, now)
    this.#edges = edges
    this.#edgesChanged = true
    this.#setLink({ line: 'up', offsetMs: this.#offset.ms })
  }

  /** A snapshot repeats what is known already: the first receipt counts, so that a dead sample never looks newly received. */
  state(state: LiveState, { monoMs }: OwnReading): void {
    const held = this.#states.get(state.intersection)
    if (held && held.state.sampledAtEpochMs === state.sampledAtEpochMs) return
    this.#states.set(state.intersection, { state, receivedAtMonoMs: monoMs })
    this.#changed.add(state.intersection)
  }

  presence({ edge, online, sinceEpochMs }: StreamPresence): void {
    this.#edges = this.#edges.map((each) => (each.edge === edge ? { ...each, online, sinceEpochMs } : each))
    this.#edgesChanged = true
  }

  heartbeat({ nowEpochMs, brokerUp, storeUp }: StreamHeartbeat, now: OwnReading): void {
    this.#offset.add(nowEpochMs, now.epochMs)
    this.#setLink({ line: 'up', offsetMs: this.#offset.ms, brokerUp, storeUp })
  }

  disconnected(): void {
    this.#setLink({ line: 'down' })
  }

  whole(): CityUpdate {
    return { states: [...this.#states.values()], edges: this.#edges, link: this.#link }
  }

  /** Everything since the last call; null when nothing changed. */
  takeChanges(): CityUpdate | null {
    if (this.#changed.size === 0 && !this.#edgesChanged && !this.#linkChanged) return null
    const states = [...this.#changed].flatMap((id) => this.#states.get(id) ?? [])
    const update = {
      states,
      ...(this.#edgesChanged && { edges: this.#edges }),
      ...(this.#linkChanged && { link: this.#link }),
    }
    this.#changed.clear()
    this.#edgesChanged = false
    this.#linkChanged = false
    return update
  }

  #setLink(change: Partial<Link>): void {
    this.#link = { ...this.#link, ...change }
    this.#linkChanged = true
  }
}
