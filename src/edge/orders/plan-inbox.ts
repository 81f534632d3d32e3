/** Where plans come in: judged, kept through a restart, and handed on intersection by intersection; what is refused is named. */
import type { IntersectionId } from '#base/id.ts'
import type { Log } from '#base/log.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { orderFault, type OrderFault } from '#contract/order-fault.ts'
import { readSignedOrder } from '#contract/signed-order.ts'
import {
  authenticate,
  digestOf,
  judgeTimings,
  readBundle,
  timely,
  type AuthenticPlan,
  type Duty,
  type Plan,
} from './judge-plan.ts'
import type { KeptFile } from './kept-file.ts'
import { NO_PLANS, readKeptPlans, writeKeptPlans, type KeptPlans } from './kept-plans.ts'
import type { PlannedTiming } from './planned-timing.ts'

/** A timing that may run at an intersection, or is to. */
export interface KnownTiming extends PlannedTiming {
  readonly version: number
  readonly validUntilEpochMs: number
}

/** What the scan thread must know of the plans of one intersection. */
export interface PlansOf {
  readonly intersection: IntersectionId
  /** With the one that is wanted. */
  readonly known: readonly KnownTiming[]
  /** 0 = what it was commissioned with. */
  readonly desired: number
  /** Ran when it was last told; 0 likewise. */
  readonly ran: number
}

export interface InboxParts {
  readonly duty: Duty
  readonly file: KeptFile
  readonly log: Log
}

export class PlanInbox {
  readonly #parts: InboxParts
  #kept: KeptPlans
  /** By version; of those that are kept. */
  readonly #plans = new Map<number, Pick<Plan, 'bundle' | 'digest' | 'signedBy' | 'timings'>>()
  /** The file cannot be read: who does not know the newest version must follow none. */
  readonly #isBlind: boolean

  constructor(parts: InboxParts) {
    this.#parts = parts
    const kept = readKeptPlans(parts.file)
    this.#kept = kept.ok ? kept.value : NO_PLANS
    this.#isBlind = !kept.ok
    if (!kept.ok) this.#tellBlind(kept.fault)
    for (const [version, text] of Object.entries(this.#kept.bundles)) this.#restore(Number(version), text)
  }

  get newest(): KeptPlans['newest'] {
    return this.#kept.newest
  }

  /** The newest that is followed. */
  get accepted(): AuthenticPlan | null {
    return this.#plans.get(this.#kept.accepted) ?? null
  }

  /** Null: it is the one that is followed already, such as a retained one that is delivered again. Never throws, whatever comes. */
  receive(text: string, nowEpochMs: number): Outcome<Plan | null, OrderFault> {
    const { duty } = this.#parts
    const authentic = authenticate(text, duty, nowEpochMs)
    if (!authentic.ok) return authentic
    const { bundle, digest } = authentic.value
    if (this.#plans.get(this.#kept.accepted)?.digest === digest) return ok(null)
    const fault = this.#outdated(authentic.value) ?? this.#keep({ newest: { version: bundle.version, digest } })
    if (fault !== null) return failed(fault)
    const late = timely(bundle, nowEpochMs)
    if (late !== null) return failed(late)
    const timings = judgeTimings(bundle, duty.intersections)
    return timings.ok ? this.#accept({ ...authentic.value, timings: timings.value }, text) : timings
  }

  /** What an intersection runs now, as far as it is one of ours. */
  noteRunning(intersection: IntersectionId, version: number): void {
    if ((this.#kept.running[intersection] ?? 0) === version || this.#isBlind) return
    const fault = this.#keep({ running: { ...this.#kept.running, [intersection]: version } })
    if (fault !== null)
      this.#parts.log('error', 'ORDER_NOT_KEPT', `plans: ${fault.detail}; it is tried again with the next change.`)
  }

  plansOf(intersection: IntersectionId): PlansOf {
    const { desired, running } = this.#kept
    const known = [...this.#plans].flatMap(([version, { bundle, timings }]): KnownTiming[] => {
      const timing = timings.get(intersection)
      return timing === undefined ? [] : [{ ...timing, version, validUntilEpochMs: bundle.validUntilEpochMs }]
    })
    const has = (version: number | undefined) => (known.some((each) => each.version === version) ? (version ?? 0) : 0)
    return { intersection, known, desired: has(desired[intersection]), ran: has(running[intersection]) }
  }

  #outdated({ bundle: { version }, digest }: AuthenticPlan): OrderFault | null {
    if (this.#isBlind)
      return orderFault('ORDER_NOT_KEPT', 'what was followed before cannot be read, see the log of the edge')
    const { newest } = this.#kept
    if (newest === null || version > newest.version) return null
    if (version < newest.version)
      return orderFault('PLAN_VERSION_OLD', `it has version ${version}, this edge has seen ${newest.version}`)
    return digest === newest.digest
      ? null
      : orderFault(
          'PLAN_VERSION_TAKEN',
          `another plan of version ${version} has been seen: sign this one under a newer version`,
        )
  }

  #accept(plan: Plan, text: string): Outcome<Plan, OrderFault> {
    const { version } = plan.bundle
    const wanted = Object.fromEntries([...plan.timings.keys()].map((id) => [id, version]))
    const { bundles, desired } = this.#kept
    this.#plans.set(version, plan)
    const fault = this.#keep({
      accepted: version,
      bundles: { ...bundles, [version]: text },
      desired: { ...desired, ...wanted },
    })
    if (fault === null) return ok(plan)
    this.#plans.delete(version)
    return failed(fault)
  }

  /** On the medium when it returns null. */
  #keep(changed: Partial<KeptPlans>): OrderFault | null {
    try {
      this.#kept = writeKeptPlans(this.#parts.file, { ...this.#kept, ...changed })
    } catch (error) {
      return orderFault(
        'ORDER_NOT_KEPT',
        `the disk did not take it (${error instanceof Error ? error.message : String(error)})`,
      )
    }
    for (const version of this.#plans.keys())
      if (!Object.hasOwn(this.#kept.bundles, String(version))) this.#plans.delete(version)
    return null
  }

  /** It was judged when it came; the street may have been commissioned anew since. */
  #restore(version: number, text: string): void {
    const order = readSignedOrder(text)
    const bundle = order.ok ? readBundle(order.value) : order
    const timings = bundle.ok ? judgeTimings(bundle.value, this.#parts.duty.intersections) : bundle
    if (order.ok && bundle.ok && timings.ok) {
      const signedBy = order.value.signatures.map(({ key }) => key)
      this.#plans.set(version, { bundle: bundle.value, digest: digestOf(text), signedBy, timings: timings.value })
      return
    }
    if (timings.ok) return
    const message = `plans: version ${version} is not followed any more (${timings.fault.detail}). Sign a plan that is made for the site as it is now.`
    this.#parts.log('warn', timings.fault.code, message)
  }

  #tellBlind(detail: string): void {
    const message = `plans: what was followed before cannot be read (${detail}). Nothing is followed until somebody has looked at the file, and removed it.`
    this.#parts.log('error', 'ORDERS_UNREADABLE', message)
  }
}
