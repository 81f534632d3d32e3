/** Orders that were refused: counted, told at once and then at most once a minute by each name, so that nobody fills a log with forgeries. */
import type { OrderFault, OrderFaultCode } from '#contract/order-fault.ts'

const AGAIN_MS = 60_000

export interface LastRefusal {
  readonly fault: OrderFault
  readonly digest: string
  readonly atEpochMs: number
}

export class Refusals {
  readonly #toldAtMonoMs = new Map<OrderFaultCode, number>()
  #count = 0
  #last: LastRefusal | null = null

  get count(): number {
    return this.#count
  }

  get last(): LastRefusal | null {
    return this.#last
  }

  /** Whether it is to be told now. */
  note(refusal: LastRefusal, nowMonoMs: number): boolean {
    this.#count++
    this.#last = refusal
    const told = this.#toldAtMonoMs.get(refusal.fault.code)
    if (told !== undefined && nowMonoMs - told < AGAIN_MS) return false
    this.#toldAtMonoMs.set(refusal.fault.code, nowMonoMs)
    return true
  }
}
