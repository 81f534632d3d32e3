/** All that people have ordered for one intersection, as its step of the scan cycle sees it: plans, and what holds for a while. */
import type { IntersectionId } from '#base/id.ts'
import type { PlanProgress } from '#contract/plan-bundle.ts'
import { EVENT } from '#signal/events.ts'
import type { CodeAndParameter } from '../image-events.ts'
import type { PlansOf } from './plan-inbox.ts'
import { PlanDesk, type PlanDeskParts, type PlanMoment } from './plan-desk.ts'
import { StandingBook } from './standing-book.ts'
import type { StandingOrder } from './standing-order.ts'

/** What the thread that keeps orders tells of one intersection, whole, whenever something of it has changed. */
export interface OrdersOf {
  readonly plans: PlansOf
  readonly standing: readonly StandingOrder[]
  /** What has come since, to be recorded. */
  readonly news: readonly OrderNews[]
}

export type OrderNews =
  | { readonly what: 'planAccepted'; readonly version: number }
  /** `fault`: its number (`contract/order-fault.ts`). */
  | { readonly what: 'planRefused' | 'orderRefused'; readonly fault: number }

/** Orders as they cross the border of the scan cycle: handed in between two ticks, and what became of them handed out. */
export interface OrderExchange {
  /** `heard` is called at once with what is known, and whenever it changes, between two ticks. */
  listenToOrders(heard: (orders: OrdersOf) => void): void
  reportPlan(progress: PlanProgress): void
}

export interface OrderDeskParts extends PlanDeskParts {
  readonly report: (progress: PlanProgress) => void
}

export class OrderDesk {
  readonly intersection: IntersectionId
  readonly plans: PlanDesk
  readonly #standing = new StandingBook()
  readonly #report: OrderDeskParts['report']
  #news: readonly OrderNews[] = []
  #reported: PlanProgress | null = null

  constructor(parts: OrderDeskParts) {
    this.intersection = parts.intersection
    this.plans = new PlanDesk(parts)
    this.#report = parts.report
  }

  get bounds(): StandingBook['bounds'] {
    return this.#standing.bounds
  }

  take({ plans, standing, news }: OrdersOf): void {
    this.plans.take(plans)
    this.#standing.take(standing)
    this.#news = [...this.#news, ...news]
  }

  /** One tick, after the street has been seen: what is to be recorded. */
  step(moment: PlanMoment): readonly CodeAndParameter[] {
    const news = this.#news
    this.#news = []
    const events = [...news.map(newsEvent), ...this.#standing.step(moment.nowEpochMs), ...this.plans.step(moment)]
    this.#tell()
    return events
  }

  /** Nothing is brought to a controller any more. */
  close(): void {
    this.plans.close()
  }

  #tell(): void {
    const { progress } = this.plans
    if (this.#reported !== null && isSame(progress, this.#reported)) return
    this.#reported = progress
    this.#report(progress)
  }
}

const newsEvent = (news: OrderNews): CodeAndParameter =>
  news.what === 'planAccepted'
    ? { code: EVENT.planAccepted, parameter: news.version }
    : { code: EVENT[news.what], parameter: news.fault }

const isSame = (a: PlanProgress, b: PlanProgress): boolean =>
  a.state === b.state && a.running === b.running && a.desired === b.desired && a.why === b.why
