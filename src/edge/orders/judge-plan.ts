/** Whether an edge follows a plan that has come: whose it is, for whom, when, and whether every intersection could run it. */
import { createHash } from 'node:crypto'
import { Compile } from 'typebox/compile'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { IntersectionId } from '#base/id.ts'
import { orderFault, type OrderFault } from '#contract/order-fault.ts'
import { PlanBundle } from '#contract/plan-bundle.ts'
import { ORDER_VERSION, readSignedOrder, type SignedOrder } from '#contract/signed-order.ts'
import { peopleAmong, type KeyRing } from './key-ring.ts'
import { planTiming, type Commissioned, type PlannedTiming } from './planned-timing.ts'

/** Field contract, "only by two people": deploy a timing plan; change adaptive limits. */
export const PLAN_SIGNERS_LEAST = 2

/** Whose orders an edge follows, and for what. */
export interface Duty {
  readonly site: string
  readonly edge: string
  readonly intersections: ReadonlyMap<IntersectionId, Commissioned>
  readonly keys: KeyRing
}

/** Two people have signed it, for this edge; whether it can be followed is another question. */
export interface AuthenticPlan {
  readonly bundle: PlanBundle
  readonly digest: string
  readonly signedBy: readonly string[]
}

export interface Plan extends AuthenticPlan {
  readonly timings: ReadonlyMap<IntersectionId, PlannedTiming>
}

/** First 64 bits of SHA-256 over a text, hex: tells one plan from another of the same version. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** Never throws, whatever comes. */
export function authenticate(text: string, duty: Duty, nowEpochMs: number): Outcome<AuthenticPlan, OrderFault> {
  const order = readSignedOrder(text)
  if (!order.ok) return order
  const signers = duty.keys.signersOf({ kind: 'plan', order: order.value, nowEpochMs })
  if (!signers.ok) return signers
  const people = peopleAmong(signers.value)
  if (people < PLAN_SIGNERS_LEAST)
    return failed(orderFault('SIGNERS_TOO_FEW', `${people} of ${PLAN_SIGNERS_LEAST} people have signed`))
  const bundle = readBundle(order.value)
  if (!bundle.ok) return bundle
  const { issuedBy } = bundle.value
  const signedBy = signers.value.map(({ id }) => id)
  if (!signedBy.includes(issuedBy))
    return failed(orderFault('ISSUER_NOT_SIGNER', `it is issued by ${issuedBy}, who has not signed it`))
  const foreign = whoseElse(bundle.value, duty)
  return foreign === null ? ok({ bundle: bundle.value, digest: digestOf(text), signedBy }) : failed(foreign)
}

const schema = Compile(PlanBundle)

export function readBundle({ body }: SignedOrder): Outcome<PlanBundle, OrderFault> {
  if (schema.Check(body)) return ok(body)
  if ('v' in body && typeof body.v === 'number' && Math.abs(body.v - ORDER_VERSION) > 1)
    return failed(
      orderFault(
        'ORDER_OF_OTHER_VERSION',
        `it has version ${body.v}, this edge reads ${ORDER_VERSION} and its neighbours`,
      ),
    )
  const [first] = schema.Errors(body)
  return failed(orderFault('ORDER_MALFORMED', `${first?.instancePath || 'the body'} ${first?.message ?? 'is no plan'}`))
}

/** A signature says for whom: the plan of one street is nothing for another. */
function whoseElse({ site, edge, intersections }: PlanBundle, duty: Duty): OrderFault | null {
  if (site !== duty.site || edge !== duty.edge)
    return orderFault('ORDER_FOREIGN', `it is for edge ${edge} of ${site}, this is ${duty.edge} of ${duty.site}`)
  const ids = intersections.map(({ id }) => id)
  const known: ReadonlySet<string> = new Set(duty.intersections.keys())
  const stranger = ids.find((id) => !known.has(id))
  if (stranger !== undefined) return orderFault('ORDER_FOREIGN', `this edge has no intersection ${stranger}`)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  return twice === undefined ? null : orderFault('ORDER_MALFORMED', `${twice} stands in it twice`)
}

/** Whether it may be taken over now. */
export function timely({ validFromEpochMs, validUntilEpochMs }: PlanBundle, nowEpochMs: number): OrderFault | null {
  if (nowEpochMs < validFromEpochMs)
    return orderFault('ORDER_NOT_YET_VALID', `it may be taken over from ${iso(validFromEpochMs)} on`)
  if (nowEpochMs >= validUntilEpochMs)
    return orderFault('ORDER_EXPIRED', `it had to be taken over before ${iso(validUntilEpochMs)}`)
  return null
}

/** Every intersection must be able to run it: half a plan breaks the green wave that it is made for. */
export function judgeTimings(
  { intersections }: PlanBundle,
  commissioned: Duty['intersections'],
): Outcome<Plan['timings'], OrderFault> {
  const timings = new Map<IntersectionId, PlannedTiming>()
  for (const [id, base] of commissioned) {
    const wanted = intersections.find((each) => each.id === id)
    if (wanted === undefined) continue
    const timing = planTiming(wanted, base)
    if (!timing.ok) return timing
    timings.set(id, timing.value)
  }
  return ok(timings)
}

const iso = (epochMs: number): string => new Date(epochMs).toISOString()
