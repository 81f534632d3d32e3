/** The figures that adaptive control has to hold on each scenario, and whether it does. */
import { networkOf } from './scenarios.ts'
import { summarise, type Runs, type Summary } from './summary.ts'
import { beside, SIMPLE_STRATEGIES, type Detectors, type StrategyName, type Way } from './ways.ts'

interface Place {
  readonly scenario: string
  readonly detectors: Detectors
}

interface Figure extends Place {
  readonly figure: string
}

interface Measured {
  readonly unit: 's' | ''
  readonly value: number
  /** The most that it may be. */
  readonly bar: number
}

/** `open`: it cannot be judged, and why. */
export type Verdict = Figure &
  (({ readonly outcome: 'held' | 'missed' } & Measured) | { readonly outcome: 'open'; readonly why: string })

/** Mean delay on the networks that everybody is measured on, s. */
const KNOWN_NETWORKS: ReadonlyMap<string, Readonly<Record<Detectors, number>>> = new Map([
  ['cologne1', { camera: 23.5, loops: 25 }],
  ['cologne3', { camera: 17.5, loops: 19 }],
  ['ingolstadt1', { camera: 20.5, loops: 22 }],
  ['grid4x4', { camera: 18.5, loops: 20.5 }],
])

/** Elsewhere: the share of the best simple method's mean delay. */
const SHARE_MOST: Readonly<Record<Detectors, number>> = { camera: 0.75, loops: 0.85 }

/** A seed that locks up is a failure, not an outlier. */
const WORST_TO_MEAN_MOST = 1.25

const NEVER_WORSE_THAN = ['actuated', 'max-pressure'] as const satisfies readonly StrategyName[]

/** Reports give hundredths of a second; what a mean of them adds behind those is the arithmetic's own. */
const ROUNDING = 1e-9

/** Of every scenario on which adaptive control was to run. */
export function judge(runs: readonly Runs[]): Verdict[] {
  return runs.flatMap((one) => {
    if (one.way.strategy !== 'adaptive') return []
    const beaten = runs.filter(({ scenario }) => scenario === one.scenario)
    return figuresOf(one, (strategy) => wholeSummary(beaten, beside(strategy, one.way.detectors)))
  })
}

/** A sentence where there is no summary of all seeds. */
type SummaryOf = (strategy: StrategyName) => Summary | string

function figuresOf({ scenario, way }: Runs, summaryOf: SummaryOf): Verdict[] {
  const place = { scenario, detectors: way.detectors }
  const own = summaryOf('adaptive')
  if (typeof own === 'string') return [{ ...place, figure: 'all figures', outcome: 'open', why: own }]
  const delay = (figure: string, bar: number) => weigh({ ...place, figure }, { unit: 's', value: own.delayS.mean, bar })
  const known = KNOWN_NETWORKS.get(networkOf(scenario))?.[way.detectors]
  return [
    known === undefined ? againstBest(place, own, summaryOf) : delay('mean delay', known),
    worstSeed(place, own),
    weigh({ ...place, figure: 'teleports' }, { unit: '', value: own.teleports, bar: 0 }),
    ...NEVER_WORSE_THAN.map((strategy): Verdict => {
      const other = summaryOf(strategy)
      const figure = `mean delay, not above ${nameOf(beside(strategy, way.detectors))}`
      if (typeof other === 'string') return { ...place, figure, outcome: 'open', why: other }
      return delay(figure, other.delayS.mean)
    }),
  ]
}

function worstSeed(place: Place, { delayS, worstToMean }: Summary): Verdict {
  const figure = { ...place, figure: 'worst seed to mean' }
  if (delayS.samples === 1) return { ...figure, outcome: 'open', why: 'a single seed is its own mean' }
  return weigh(figure, { unit: '', value: worstToMean, bar: WORST_TO_MEAN_MOST })
}

/** Open as long as a simple method is missing: it may have been the best. */
function againstBest(place: Place, own: Summary, summaryOf: SummaryOf): Verdict {
  const share = SHARE_MOST[place.detectors]
  const means: { readonly name: string; readonly meanS: number }[] = []
  const absent: string[] = []
  for (const strategy of SIMPLE_STRATEGIES) {
    const found = summaryOf(strategy)
    if (typeof found === 'string') absent.push(found)
    else means.push({ name: nameOf(beside(strategy, place.detectors)), meanS: found.delayS.mean })
  }
  if (absent.length > 0)
    return { ...place, figure: `mean delay, ${share} × the best simple`, outcome: 'open', why: absent.join(', ') }
  const best = means.reduce((least, each) => (each.meanS < least.meanS ? each : least))
  const figure = `mean delay, ${share} × the best simple: ${best.name}`
  return weigh({ ...place, figure }, { unit: 's', value: own.delayS.mean, bar: share * best.meanS })
}

const weigh = (figure: Figure, measured: Measured): Verdict => ({
  ...figure,
  ...measured,
  outcome: measured.value <= measured.bar + ROUNDING ? 'held' : 'missed',
})

/** A mean without a seed is another mean: seeds that failed leave the figure open. */
function wholeSummary(runs: readonly Runs[], way: Way): Summary | string {
  const found = runs.find((each) => each.way.strategy === way.strategy && each.way.detectors === way.detectors)
  const summary = found === undefined ? null : summarise(found)
  if (found === undefined || summary === null) return `no runs of ${nameOf(way)}`
  return found.failedSeeds.length > 0 ? `seed ${found.failedSeeds.join(', ')} of ${nameOf(way)} failed` : summary
}

const nameOf = ({ strategy, detectors }: Way): string => `${strategy} by ${detectors}`
