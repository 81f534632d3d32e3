/** What the scan cycle sees of telemetry: three calls that never wait. Disk, TLS and MQTT live in a thread of their own. */
import type { IntersectionId } from '#base/id.ts'
import type { EventSource, LiveState } from '#contract/messages.ts'
import type { Outlook } from '#signal/outlook.ts'
import type { OutlookCounts } from './outlook-inbox.ts'

export interface ObservedEvent {
  readonly intersection: IntersectionId
  readonly epochMs: number
  readonly code: number
  readonly parameter: number
  readonly source: EventSource
  /** Sequence in the device's own log, 0 where there is none. */
  readonly deviceSequence: number
}

/** The words of neighbours on other edges, over the same connection: nobody waits for them. */
export interface OutlookExchange {
  /** Hands over what one of our intersections says; where no other edge listens to it, nothing is sent. */
  tell(intersection: IntersectionId, outlook: Outlook): void
  /** `heard` is called between two ticks. */
  listen(heard: (intersection: IntersectionId, outlook: Outlook) => void): void
  /** Messages that were heard, and those that were passed over by why, since the thread began. */
  counts(): OutlookCounts
}

export interface Telemetry {
  /** Hands events over for recording; they are recorded once on disk (`recordedThrough`). */
  record(events: readonly ObservedEvent[]): void
  /** Retained live state, at most once, newest wins. null where nobody reads it: then none is made. */
  readonly publishState: ((state: LiveState) => void) | null
  /** Events handed over and not yet on disk; the recorder stops draining controller logs above its limit. */
  pending(): number
  /** Last device-log sequence on disk for the intersection when the spool was opened; 0 = none. */
  cursor(intersection: IntersectionId): number
  /** Writes what is pending, says `shutdown` to central, closes. */
  close(): Promise<void>
}
