/** The ladder of a site as an edge climbs it: a strategy for each rung that `site.yaml` names. */
import type { SiteConfig } from '#config/site.ts'
import { actuated } from '#control/actuated.ts'
import { adaptive } from '#control/adaptive/adaptive.ts'
import { coordinated } from '#control/coordinated.ts'
import { fixed } from '#control/fixed.ts'
import { maxPressure } from '#control/max-pressure/max-pressure.ts'
import type { Strategy } from '#control/strategy.ts'

const STRATEGIES: Readonly<Record<SiteConfig['ladder'][number], Strategy<unknown>>> = {
  adaptive,
  max_pressure: maxPressure,
  actuated,
  coordinated,
  fixed,
}

/** Best first. */
export const strategiesOf = ({ ladder }: SiteConfig): readonly Strategy<unknown>[] =>
  ladder.map((rung) => STRATEGIES[rung])
