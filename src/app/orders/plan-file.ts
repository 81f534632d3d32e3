/** A plan as a file on an engineer's desk: the text that edges take, read again and judged as they will judge it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { EdgeConfig, SiteConfig } from '#config/site.ts'
import type { SiteKey } from '#config/keys-file.ts'
import type { OrderFault } from '#contract/order-fault.ts'
import type { PlanBundle } from '#contract/plan-bundle.ts'
import { readSignedOrder, writeSignedOrder, type SignedOrder } from '#contract/signed-order.ts'
import { authenticate, judgeTimings, readBundle, timely, type Duty } from '#edge/orders/judge-plan.ts'
import { KeyRing } from '#edge/orders/key-ring.ts'

export interface PlanFile {
  readonly text: string
  readonly order: SignedOrder
  readonly bundle: PlanBundle
}

export interface PlanFileFault {
  readonly code: OrderFault['code'] | 'PLAN_FILE_UNUSABLE'
  readonly detail: string
}

export function readPlanFile(path: string): Outcome<PlanFile, PlanFileFault> {
  try {
    const text = readFileSync(path, 'latin1').trimEnd()
    const order = readSignedOrder(text)
    if (!order.ok) return order
    const bundle = readBundle(order.value)
    return bundle.ok ? ok({ text, order: order.value, bundle: bundle.value }) : bundle
  } catch (error) {
    return failed({ code: 'PLAN_FILE_UNUSABLE', detail: error instanceof Error ? error.message : String(error) })
  }
}

export const writePlanFile = (path: string, order: SignedOrder): void =>
  writeFileSync(path, `${writeSignedOrder(order)}\n`)

/** The edge that a plan is for, as the configuration on the desk knows it. */
export function dutyAtDesk(site: SiteConfig, edge: EdgeConfig, keys: readonly SiteKey[]): Duty {
  const ours = site.intersections.filter(({ database }) => edge.intersections.includes(database.intersection.id))
  const intersections = new Map(ours.map((each) => [each.database.intersection.id, each] as const))
  return { site: site.id, edge: edge.id, intersections, keys: new KeyRing(keys) }
}

/** What the edge would say; null: it would follow it. Versions that the edge has seen are known to the edge alone. */
export function judgeAtDesk(text: string, duty: Duty, nowEpochMs: number): OrderFault | null {
  const authentic = authenticate(text, duty, nowEpochMs)
  if (!authentic.ok) return authentic.fault
  const late = timely(authentic.value.bundle, nowEpochMs)
  if (late !== null) return late
  const timings = judgeTimings(authentic.value.bundle, duty.intersections)
  return timings.ok ? null : timings.fault
}
