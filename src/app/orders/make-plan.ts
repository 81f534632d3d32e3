/** A plan as people sign it, made of a site as it is wanted and of the site as its cabinets were commissioned. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { EdgeConfig, IntersectionConfig, SiteConfig } from '#config/site.ts'
import { configurationHash } from '#config/configuration-hash.ts'
import type { PlanBundle, PlanForIntersection, PlanLimits } from '#contract/plan-bundle.ts'
import { ORDER_VERSION } from '#contract/signed-order.ts'
import type { LimitsByPlan } from '#signal/adaptive-limits.ts'
import { encodeTiming } from '#signal/transaction/timing-text.ts'
import { timingOf, withTiming, type Timing } from '#signal/transaction/timing.ts'

export interface PlanFacts {
  readonly base: SiteConfig
  readonly wanted: SiteConfig
  readonly edge: EdgeConfig
  readonly head: Pick<
    PlanBundle,
    'version' | 'issuedBy' | 'issuedAtEpochMs' | 'validFromEpochMs' | 'validUntilEpochMs' | 'note'
  >
}

/** Of every intersection of the edge, changed or not: an edge that is set up anew finds all of them in one message. */
export function makePlan({ base, wanted, edge, head }: PlanFacts): Outcome<PlanBundle, string> {
  const intersections: PlanForIntersection[] = []
  for (const id of edge.intersections) {
    const built = intersectionIn(base, id)
    const asked = intersectionIn(wanted, id)
    if (built === undefined || asked === undefined) return failed(`${id} is not in both sites`)
    const plan = forIntersection(built, asked)
    if (plan === null) return failed(`${id} has other phases or detectors than it was commissioned with`)
    intersections.push(plan)
  }
  return ok({ v: ORDER_VERSION, site: base.id, edge: edge.id, ...head, intersections })
}

const intersectionIn = ({ intersections }: SiteConfig, id: string): IntersectionConfig | undefined =>
  intersections.find(({ database }) => database.intersection.id === id)

/**
 * The hash is of the commissioned street with the wanted times. Null: the street itself differs, by its phases or its detectors,
 * and must be commissioned.
 */
function forIntersection(built: IntersectionConfig, asked: IntersectionConfig): PlanForIntersection | null {
  const timing = timingOf(asked.database)
  const database = withTiming(built.database, timing)
  return (
    database && {
      id: built.database.intersection.id,
      baseHash: built.limits.configurationHash,
      hash: configurationHash(database),
      timing: asPlainJson(timing),
      adaptive: limitsAsRows(asked.adaptiveLimits),
    }
  )
}

/** Maps become their pairs, as the text of a timing has them. */
const asPlainJson = (timing: Timing): object => JSON.parse(encodeTiming(timing)) as object

const limitsAsRows = (limits: LimitsByPlan): PlanLimits[] =>
  [...limits]
    .toSorted(([a], [b]) => a - b)
    .map(([pattern, { splitsMs, weights, ...rest }]) => ({
      pattern,
      ...rest,
      splitsMs: [...splitsMs],
      weights: [...weights],
    }))
