/** What the routes are built from; the wiring in `central.ts` makes it, tests make it from memory. */
import type {
  FastifyInstance,
  FastifyBaseLogger,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
} from 'fastify'
import type { RawServerDefault } from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { Clock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import type { SiteConfig } from '#config/site.ts'
import type { EdgeGapsView } from '#contract/gaps-view.ts'
import type { PlansView } from '#contract/plans-view.ts'
import type { WebKey } from '#trust/web-key.ts'
import type { AlarmsOfEdge } from '../alarm-lists.ts'
import type { LiveCity } from '../live-city.ts'
import type { PartState } from '../part-state.ts'
import type { EventStore } from '../store/port.ts'

export interface ApiParts {
  readonly site: SiteConfig
  /** True when the street is a simulation. */
  readonly simulated: boolean
  readonly city: LiveCity
  readonly store: EventStore
  readonly clock: Clock
  readonly log: Log
  /** Folder of the built pages. */
  readonly webRoot: string
  readonly brokerState: () => PartState
  readonly storeState: () => PartState
  readonly ignoredMessages: () => number
  /** How complete the history is, of every edge of the site. @throws where a ledger cannot be read. */
  readonly gaps: () => EdgeGapsView[]
  /** Alarms that stand, as the edges say. */
  readonly alarms: () => readonly AlarmsOfEdge[]
  /** What has become of signed plans, as the edges say. */
  readonly plans: () => readonly PlansView[]
  /** Pages and API are served under it; in plain words where there is none. */
  readonly key?: WebKey
}

/** Fastify with the schemas' types. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>
