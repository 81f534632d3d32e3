/** The event store as ingest and API see it; InfluxDB and the embedded store pass the same contract suite. */
import type { Outcome } from '#base/outcome.ts'
import type { EventSource } from '#contract/messages.ts'

export interface StoredEvent {
  readonly site: string
  readonly edge: string
  /** Epoch of the edge's spool; with `sequence` the identity of the event. */
  readonly epoch: string
  readonly sequence: number
  readonly intersection: string
  readonly epochMs: number
  readonly code: number
  readonly parameter: number
  readonly source: EventSource
  readonly deviceSequence: number
}

export interface EventQuery {
  readonly intersection?: string
  /** Inclusive. */
  readonly fromEpochMs: number
  /** Exclusive. */
  readonly toEpochMs: number
  readonly codes?: readonly number[]
  /** Newest first, at most this many. */
  readonly limit: number
}

export type StoreFault =
  /** Not there, or answered with something other than success: try again later, nothing was acknowledged. */
  | { readonly code: 'STORE_UNAVAILABLE'; readonly detail: string }
  /** The store refuses these very events (old, malformed); trying again does not help. */
  | { readonly code: 'STORE_REFUSED'; readonly detail: string }

export interface EventStore {
  readonly kind: 'influx' | 'embedded'
  /** Idempotent: the same identity written again changes nothing. Resolves `ok` only when all are safe in the store. */
  write(events: readonly StoredEvent[]): Promise<Outcome<void, StoreFault>>
  query(query: EventQuery): Promise<Outcome<readonly StoredEvent[], StoreFault>>
  count(query: Omit<EventQuery, 'limit'>): Promise<Outcome<number, StoreFault>>
  close(): Promise<void>
}
