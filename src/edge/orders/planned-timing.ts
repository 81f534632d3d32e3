/** What a signed plan asks of one intersection, checked again by everything that a configuration is checked by. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { canonicalJson } from '#base/canonical-json.ts'
import { patternId, phaseId, type PatternId } from '#base/id.ts'
import { configurationHash } from '#config/configuration-hash.ts'
import { orderFault, type OrderFault } from '#contract/order-fault.ts'
import type { PlanForIntersection, PlanLimits } from '#contract/plan-bundle.ts'
import type { AdaptiveLimits, LimitsByPlan } from '#signal/adaptive-limits.ts'
import { checkAdaptiveLimits } from '#signal/check/check-adaptive-limits.ts'
import { checkDatabase } from '#signal/check/check-database.ts'
import type { CommandLimits, ControllerDatabase } from '#signal/database.ts'
import type { Preempt } from '#signal/preempt.ts'
import { checkFloors, floorsOf } from '#signal/transaction/floors.ts'
import { refusalOf } from '#signal/transaction/refusal.ts'
import { decodeTiming } from '#signal/transaction/timing-text.ts'
import { withTiming } from '#signal/transaction/timing.ts'

/** An intersection as it was commissioned: what of it a plan may change is judged against it. */
export interface Commissioned {
  readonly database: ControllerDatabase
  readonly limits: CommandLimits
  readonly adaptiveLimits: LimitsByPlan
}

/** A timing that may run there. */
export interface PlannedTiming extends Commissioned {
  /** As the controller is brought it. */
  readonly text: string
}

export function planTiming(wanted: PlanForIntersection, base: Commissioned): Outcome<PlannedTiming, OrderFault> {
  const { id, baseHash, hash } = wanted
  if (baseHash !== base.limits.configurationHash)
    return refuse(
      'PLAN_BASE_DIFFERS',
      `${id} was commissioned with ${base.limits.configurationHash}, the plan is made for ${baseHash}`,
    )
  const text = canonicalJson(wanted.timing)
  const database = readTiming(text, wanted, base.database)
  if (!database.ok) return database
  const fault = unsound(database.value, base.database) ?? unsoundLimits(wanted, database.value)
  if (fault !== null) return failed({ ...fault, detail: `${id}: ${fault.detail}` })
  const runs = configurationHash(database.value)
  if (runs !== hash) return refuse('PLAN_HASH_DIFFERS', `${id}: the timing has hash ${runs}, the plan says ${hash}`)
  const limits = limitsUnder(base.limits, database.value, hash)
  return ok({ text, database: database.value, limits, adaptiveLimits: limitsIn(wanted.adaptive) })
}

const refuse = (code: OrderFault['code'], detail: string) => failed(orderFault(code, detail))

/** Whatever else a plan brings (lamps, conflicts, phases of its own) is refused as such: it is no timing. */
function readTiming(
  text: string,
  { id }: PlanForIntersection,
  base: ControllerDatabase,
): Outcome<ControllerDatabase, OrderFault> {
  const timing = decodeTiming(text)
  if (!timing.ok) {
    const [first] = timing.fault
    return refuse('PLAN_BEYOND_TIMING', `${id} timing.${first?.path}: ${first?.expected} is expected there`)
  }
  const database = withTiming(base, timing.value)
  return database === null
    ? refuse(
        'PLAN_BEYOND_TIMING',
        `${id}: the timing belongs to ${timing.value.intersection}, or to other phases and detectors`,
      )
    : ok(database)
}

function unsound(database: ControllerDatabase, base: ControllerDatabase): OrderFault | null {
  const [fault] = checkDatabase(database)
  if (fault !== undefined) return orderFault('PLAN_TIMING_REFUSED', `${refusalOf(fault)}: ${JSON.stringify(fault)}`)
  const [below] = checkFloors(database, floorsOf(base))
  if (below !== undefined)
    return orderFault(
      'PLAN_BELOW_FLOOR',
      `${below.time} of phase ${below.phase} is ${below.ms}, the floor of the site is ${below.floorMs}`,
    )
  return database.preempts.map((preempt) => belowItsFloor(preempt, base)).find((each) => each !== null) ?? null
}

/** Greens that a preempt may end early are as short as the cabinet was commissioned with, and no shorter. */
function belowItsFloor(preempt: Preempt, base: ControllerDatabase): OrderFault | null {
  const built = base.preempts.find(({ number }) => number === preempt.number)
  if (built === undefined)
    return orderFault('PLAN_BELOW_FLOOR', `preempt ${preempt.number} was never commissioned: its times have no floor`)
  const times: readonly (readonly [string, number, number])[] = [
    ['entry.minGreenMs', preempt.entry.minGreenMs, built.entry.minGreenMs],
    ['entry.minWalkMs', preempt.entry.minWalkMs, built.entry.minWalkMs],
    ['track.greenMs', preempt.track?.greenMs ?? 0, built.track?.greenMs ?? 0],
  ]
  const below = times.find(([, ms, floorMs]) => ms < floorMs)
  if (below === undefined) return null
  const [time, ms, floorMs] = below
  return orderFault(
    'PLAN_BELOW_FLOOR',
    `${time} of preempt ${preempt.number} is ${ms}, the floor of the site is ${floorMs}`,
  )
}

function unsoundLimits(
  { adaptive }: PlanForIntersection,
  { intersection, plans }: ControllerDatabase,
): OrderFault | null {
  const patterns = adaptive.map(({ pattern }) => pattern)
  if (new Set(patterns).size !== patterns.length)
    return orderFault('PLAN_LIMITS_REFUSED', 'the bounds of one plan stand twice')
  for (const [pattern, limits] of limitsIn(adaptive)) {
    const plan = plans.find((each) => each.pattern === pattern)
    if (plan === undefined) return orderFault('PLAN_LIMITS_REFUSED', `there is no plan ${pattern} to be bounded`)
    const [fault] = checkAdaptiveLimits({ intersection, plan, limits })
    if (fault !== undefined) return orderFault('PLAN_LIMITS_REFUSED', `plan ${plan.key}: ${JSON.stringify(fault)}`)
  }
  return null
}

const limitsIn = (adaptive: readonly PlanLimits[]): LimitsByPlan =>
  new Map(
    adaptive.map(({ pattern, allowed, order, cycleLeastMs, cycleMostMs, ...rest }): [PatternId, AdaptiveLimits] => [
      patternId(pattern),
      {
        ...{ allowed, order, cycleLeastMs, cycleMostMs },
        splitsMs: new Map(rest.splitsMs.map(([phase, bounds]) => [phaseId(phase), bounds])),
        weights: new Map(rest.weights.map(([phase, weight]) => [phaseId(phase), weight])),
        pedestrianWeight: rest.pedestrianWeight,
        transitWeight: rest.transitWeight,
      },
    ]),
  )

/** What the gate lets through under this timing: other plans may be asked for, and a longer minimum holds for us too. */
function limitsUnder(base: CommandLimits, { intersection, plans }: ControllerDatabase, hash: number): CommandLimits {
  const minGreenMs = [...base.minGreenMs]
  for (const { id, timing } of intersection.phases) minGreenMs[id] = timing.minGreenMs
  return { ...base, minGreenMs, patterns: plans.map(({ pattern }) => pattern), configurationHash: hash }
}
