/** What the seeds of one way of control say together of a scenario. */
import { estimateMean, type Estimate } from '#measures/interval.ts'
import type { LightReport, SumoReport } from '#sim/sumo/bridge/report.ts'
import type { Way } from './ways.ts'

/** What is told of a run's report; a run in which nobody wanted to leave is a failed one. */
export type Judged = Pick<SumoReport, 'seed' | 'ending' | 'teleports' | 'vehicles' | 'left'> & {
  readonly meanDelay_s: number
  readonly lights: readonly Pick<LightReport, 'longestWait_s' | 'monitorTrips'>[]
}

/** All seeds of a way on a scenario. */
export interface Runs {
  readonly scenario: string
  readonly way: Way
  /** By seed; those that ran. */
  readonly reports: readonly Judged[]
  readonly failedSeeds: readonly number[]
}

export interface Summary {
  /** SUMO's time loss and departure delay of everybody who wanted to leave, s. */
  readonly delayS: Estimate
  readonly worst: { readonly seed: number; readonly delayS: number }
  /** The worst seed's delay to the mean. */
  readonly worstToMean: number
  /** Of all seeds. */
  readonly teleports: number
  /** Each of the following of the seed where it is worst. */
  readonly longestWaitS: number
  readonly neverInserted: number
  readonly unfinished: number
}

/** null where no run ran. */
export function summarise({ reports }: Runs): Summary | null {
  if (reports.length === 0) return null
  const delayS = estimateMean(reports.map(({ meanDelay_s }) => meanDelay_s))
  const worst = reports.reduce((found, each) => (each.meanDelay_s > found.meanDelay_s ? each : found))
  const most = (of: (report: Judged) => number) => Math.max(...reports.map(of))
  return {
    delayS,
    worst: { seed: worst.seed, delayS: worst.meanDelay_s },
    // Where nobody is delayed in any seed, no seed is worse than another.
    worstToMean: delayS.mean === 0 ? 1 : worst.meanDelay_s / delayS.mean,
    teleports: reports.reduce((sum, { teleports }) => sum + teleports, 0),
    longestWaitS: most(({ lights }) => Math.max(0, ...lights.map(({ longestWait_s }) => longestWait_s))),
    neverInserted: most(({ vehicles }) => vehicles.neverInserted),
    unfinished: most(({ vehicles }) => vehicles.unfinished),
  }
}

const USUAL_ENDINGS: ReadonlySet<SumoReport['ending']> = new Set(['end', 'everybody has left'])

/** What no figure shows and nobody should miss, a sentence each. */
export function remarksOn({ scenario, way, reports, failedSeeds }: Runs): string[] {
  const place = `${scenario}, ${way.strategy} by ${way.detectors}`
  const own = reports[0]?.left.map(({ id }) => id) ?? []
  return [
    ...(own.length > 0 ? [`${place}: lights that keep their own program: ${own.join(', ')}`] : []),
    ...reports.flatMap((report) => {
      const oddities = odditiesOf(report)
      return oddities.length === 0 ? [] : [`${place}, seed ${report.seed}: ${oddities.join('; ')}`]
    }),
    ...(failedSeeds.length > 0 ? [`${place}: no report of seed ${failedSeeds.join(', ')}`] : []),
  ]
}

function odditiesOf({ teleports, lights, ending }: Judged): string[] {
  const trips = lights.reduce((sum, { monitorTrips }) => sum + monitorTrips.length, 0)
  return [
    ...(teleports > 0 ? [`teleports: ${teleports}`] : []),
    ...(trips > 0 ? [`the conflict monitor took the lamps: ${trips}`] : []),
    ...(USUAL_ENDINGS.has(ending) ? [] : [`it ended for: ${ending}`]),
  ]
}
