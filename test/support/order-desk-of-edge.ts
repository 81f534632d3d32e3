/** Plans and commands of people for an edge in the same memory: what its thread of disk and network does, without a broker. */
import type { SiteConfig } from '#config/site.ts'
import type { PlanProgress, PlanReported } from '#contract/plan-bundle.ts'
import type { CommandResult } from '#contract/command-order.ts'
import { edgeTopics } from '#contract/topics.ts'
import type { OrderExchange } from '#edge/orders/order-desk.ts'
import { OrderHandover } from '#edge/orders/order-handover.ts'
import { OrdersLink, type OrderFiles } from '#edge/orders/orders-link.ts'
import type { TrustedKey } from '#edge/orders/key-ring.ts'
import { EDGE, KEYS, memoryFile, SITE } from './signed-orders.ts'

const topics = edgeTopics(SITE, EDGE)

export interface PeopleOfEdge extends OrderExchange {
  /** As it comes over the broker. */
  plan(text: string): void
  command(name: string, text: string): void
  readonly progress: ReadonlyMap<string, PlanProgress>
  readonly reported: () => PlanReported | null
  readonly results: CommandResult[]
}

export interface PeopleStart {
  readonly site: Pick<SiteConfig, 'intersections'>
  readonly epochMs: () => number
  readonly files?: OrderFiles
  readonly keys?: readonly TrustedKey[]
}

/** With the files of a former one it is the same edge after a restart. */
export function peopleOfEdge({ site, epochMs, files, keys = KEYS }: PeopleStart): PeopleOfEdge {
  const handover = new OrderHandover()
  const results: CommandResult[] = []
  let reported: PlanReported | null = null
  const link = new OrdersLink({
    site: SITE,
    edge: EDGE,
    duty: { intersections: site.intersections, keys },
    files: files ?? newOrderFiles(),
    clock: { monoMs: epochMs, epochMs },
    log: () => {},
    publish({ topic, payload }) {
      if (topic === topics.planReported) reported = JSON.parse(payload) as PlanReported
      else results.push(JSON.parse(payload) as CommandResult)
    },
    tell: (orders) => handover.hear(orders),
  })
  link.tellAll()
  const progress = new Map<string, PlanProgress>()
  return {
    plan: (text) => void link.hear(topics.planDesired, Buffer.from(text, 'latin1')),
    command: (name, text) => void link.hear(topics.command(name), Buffer.from(text, 'latin1')),
    listenToOrders: (heard) => handover.listen(heard),
    reportPlan(each) {
      progress.set(each.id, each)
      link.note(each)
    },
    progress,
    reported: () => reported,
    results,
  }
}

export const newOrderFiles = (): OrderFiles => ({ plans: memoryFile(), commands: memoryFile() })
