/** What a plan changes, as an engineer reads it: each place in the timing, with what stood there and what is to stand there. */
import type { IntersectionConfig } from '#config/site.ts'
import type { PlanForIntersection } from '#contract/plan-bundle.ts'
import { encodeTiming } from '#signal/transaction/timing-text.ts'
import { timingOf } from '#signal/transaction/timing.ts'

export interface PlanChange {
  /** `phases.2.timing.minGreenMs`: lists by the place in them. */
  readonly path: string
  readonly from: string
  readonly to: string
}

/** Against what the cabinet was commissioned with. */
export function changesOf(plan: PlanForIntersection, { database }: IntersectionConfig): PlanChange[] {
  const built = JSON.parse(encodeTiming(timingOf(database))) as unknown
  return differences('', built, plan.timing)
}

function differences(path: string, from: unknown, to: unknown): PlanChange[] {
  if (!isBranch(from) || !isBranch(to)) {
    const [before, after] = [said(from), said(to)]
    return before === after ? [] : [{ path, from: before, to: after }]
  }
  const keys = new Set([...Object.keys(from), ...Object.keys(to)])
  return [...keys].flatMap((key) =>
    differences(path === '' ? key : `${path}.${key}`, Reflect.get(from, key), Reflect.get(to, key)),
  )
}

const isBranch = (value: unknown): value is object => typeof value === 'object' && value !== null

const said = (value: unknown): string => (value === undefined ? '—' : JSON.stringify(value))
