/** The orders of people that hold at one intersection now, as the ladder and the strategies are bounded by them. */
import { withBit, type Bits } from '#base/bits.ts'
import { patternId, type PatternId } from '#base/id.ts'
import type { Rung } from '#control/strategy.ts'
import { EVENT } from '#signal/events.ts'
import type { CodeAndParameter } from '../image-events.ts'
import { commandNumber, type StandingOrder } from './standing-order.ts'

export interface Bounds {
  /** Left to the controller's own plan. */
  readonly isReleased: boolean
  /** No rung above it; null = all. */
  readonly highest: Rung | null
  /** The plan that holds whatever the clock says; null = by the clock. */
  readonly pattern: PatternId | null
  /** Priority strategies that are called. */
  readonly priorities: Bits
}

export const UNBOUNDED: Bounds = { isReleased: false, highest: null, pattern: null, priorities: 0 }

export class StandingBook {
  #orders: readonly StandingOrder[] = []
  /** Those that held in the last step. */
  #held: readonly StandingOrder[] = []
  #bounds: Bounds = UNBOUNDED

  get bounds(): Bounds {
    return this.#bounds
  }

  /** All that stands, as it is kept. */
  take(orders: readonly StandingOrder[]): void {
    this.#orders = orders
  }

  /** One tick: what has begun and what has ended, as events. */
  step(nowEpochMs: number): readonly CodeAndParameter[] {
    if (this.#orders.length === 0 && this.#held.length === 0) return []
    const before = this.#held
    const now = this.#orders.filter(({ untilEpochMs }) => untilEpochMs > nowEpochMs)
    if (isSame(before, now)) return []
    this.#held = now
    this.#bounds = boundsOf(now)
    return [
      ...without(before, now).map((order) => told(EVENT.orderEnded, order)),
      ...without(now, before).map((order) => told(EVENT.orderBegun, order)),
    ]
  }
}

function boundsOf(orders: readonly StandingOrder[]): Bounds {
  let bounds = UNBOUNDED
  for (const order of orders) {
    if (order.command === 'release') bounds = { ...bounds, isReleased: true }
    else if (order.command === 'hold-rung') bounds = { ...bounds, highest: order.rung }
    else if (order.command === 'special-event') bounds = { ...bounds, pattern: patternId(order.pattern) }
    else bounds = { ...bounds, priorities: withBit(bounds.priorities, order.number) }
  }
  return bounds
}

const told = (code: number, { command }: StandingOrder): CodeAndParameter => ({
  code,
  parameter: commandNumber(command),
})

const isSame = (a: readonly StandingOrder[], b: readonly StandingOrder[]): boolean =>
  a.length === b.length && a.every(({ correlation }, index) => correlation === b[index]?.correlation)

const without = (orders: readonly StandingOrder[], others: readonly StandingOrder[]): StandingOrder[] =>
  orders.filter(({ correlation }) => !others.some((each) => each.correlation === correlation))
