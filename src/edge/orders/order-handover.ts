/** Orders between the thread that keeps them and the scan cycle: what came before anybody listened is told to whoever does. */
import type { IntersectionId } from '#base/id.ts'
import type { PlanProgress } from '#contract/plan-bundle.ts'
import type { OrdersOf } from './order-desk.ts'

export class OrderHandover {
  /** By intersection, the newest; news of them are waiting until somebody listens. */
  readonly #waiting = new Map<IntersectionId, OrdersOf>()
  readonly #reported = new Map<string, PlanProgress>()
  #heard: ((orders: OrdersOf) => void) | null = null

  /** What the scan cycle said last of each intersection, for a thread that begins anew. */
  get reported(): Iterable<PlanProgress> {
    return this.#reported.values()
  }

  listen(heard: (orders: OrdersOf) => void): void {
    this.#heard = heard
    for (const orders of this.#waiting.values()) heard(orders)
    this.#waiting.clear()
  }

  hear(orders: OrdersOf): void {
    if (this.#heard !== null) return this.#heard(orders)
    const { intersection } = orders.plans
    const news = this.#waiting.get(intersection)?.news ?? []
    this.#waiting.set(intersection, { ...orders, news: [...news, ...orders.news] })
  }

  report(progress: PlanProgress): void {
    this.#reported.set(progress.id, progress)
  }
}
