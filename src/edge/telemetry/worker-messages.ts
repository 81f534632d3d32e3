/** What the scan thread and the telemetry thread say to each other. */
import type { IntersectionId } from '#base/id.ts'
import type { LogLevel } from '#base/log.ts'
import type { LiveState } from '#contract/messages.ts'
import type { PlanProgress } from '#contract/plan-bundle.ts'
import type { Outlook } from '#signal/outlook.ts'
import type { CredentialsPlace } from '#trust/mqtt-connect.ts'
import type { TrustedKey } from '../orders/key-ring.ts'
import type { OrdersOf } from '../orders/order-desk.ts'
import type { OrderDuty } from '../orders/orders-link.ts'
import type { HeardOutlook, OutlookCounts } from './outlook-inbox.ts'
import type { ForeignNeighbour } from './outlook-link.ts'
import type { ObservedEvent } from './port.ts'

export interface WorkerSettings {
  readonly site: string
  readonly edge: string
  readonly mqttUrl: string
  /** The key that the broker is shown; none on a plain connection. */
  readonly credentials?: CredentialsPlace
  readonly spoolDirectory: string
  readonly spoolBytesMax?: number
  /** Of one file of the spool; small ones make its files come and go within the few events of a test. */
  readonly segmentBytes?: number
  readonly neighbours?: Neighbours
  /** Whose orders are followed, and where; none are listened to unless given. */
  readonly duty?: OrderDuty
}

/** Who lives on other edges: whom we listen to, and which of ours they listen to. */
export interface Neighbours {
  readonly heard: readonly ForeignNeighbour[]
  readonly told: readonly IntersectionId[]
}

export type ToWorker =
  | { readonly kind: 'events'; readonly events: readonly ObservedEvent[] }
  | { readonly kind: 'state'; readonly state: LiveState }
  | { readonly kind: 'outlook'; readonly intersection: IntersectionId; readonly outlook: Outlook }
  | { readonly kind: 'plan-progress'; readonly progress: PlanProgress }
  /** Whose orders are followed from now on. */
  | { readonly kind: 'signers'; readonly keys: readonly TrustedKey[] }
  | { readonly kind: 'close' }

export type FromWorker =
  | {
      readonly kind: 'ready'
      /** Where the spool stood when it was opened; null for a new one. */
      readonly former: { readonly epoch: string; readonly last: number } | null
      /** The epoch that is written to from now on, and its last sequence. */
      readonly current: { readonly epoch: string; readonly last: number }
      readonly cursors: ReadonlyMap<string, number>
    }
  | { readonly kind: 'heard'; readonly heard: HeardOutlook }
  | { readonly kind: 'outlook-counts'; readonly counts: OutlookCounts }
  | { readonly kind: 'orders'; readonly orders: OrdersOf }
  /** The oldest `count` events that were handed over are on disk. */
  | { readonly kind: 'recorded'; readonly count: number }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly code: string; readonly message: string }
  | { readonly kind: 'closed' }
