/** What the runs say together: gaps by way and level, and the bars that adaptive control has to hold. */
import type { Bar } from '../report/bars.ts'
import type { Shape } from './crossings.ts'
import type { StreetResult, Way, WayResult } from './street-case.ts'
import type { TwoPhaseOutcome } from './two-phase-case.ts'

/** Of capacity. */
export const LEVELS = [0.7, 1, 1.2] as const

export interface TwoPhaseFigures {
  readonly level: number
  readonly runs: readonly TwoPhaseOutcome[]
}

export interface StreetFigures {
  readonly shape: Shape
  readonly level: number
  readonly runs: readonly StreetResult[]
}

/** Largest gaps to the best plan, in percent. */
const GAP_MOST: readonly { readonly way: Way; readonly level: number; readonly most: number }[] = [
  { way: 'adaptive camera', level: 1, most: 5 },
  { way: 'adaptive camera', level: 1.2, most: 7 },
  { way: 'adaptive loops', level: 1, most: 10 },
  { way: 'adaptive loops', level: 1.2, most: 10 },
]

export function twoPhaseRows(figures: readonly TwoPhaseFigures[]): string[][] {
  const head = ['of capacity', 'served by', 's/veh', 'gap', 'gap with stops']
  return [head, ...figures.flatMap(rowsOfLevel)]
}

function rowsOfLevel({ level, runs }: TwoPhaseFigures): string[][] {
  const place = level.toFixed(1)
  const least = meanOf(runs, ({ leastS }) => leastS)
  const oracle = meanOf(runs, ({ oracleGap }) => oracleGap)
  const policies = runs[0]?.results.map(({ policy }) => policy) ?? []
  return [
    [place, 'exact optimum', least.toFixed(2), percent(0), percent(0)],
    [place, 'near-oracle of the larger streets', (least * (1 + oracle)).toFixed(2), percent(oracle)],
    ...policies.map((policy, n) => {
      const own = runs.flatMap(({ results }) => results[n] ?? [])
      return [
        place,
        policy,
        meanOf(own, ({ delayS }) => delayS).toFixed(2),
        percent(meanOf(own, ({ gap }) => gap)),
        percent(meanOf(own, ({ gapWithStops }) => gapWithStops)),
      ]
    }),
  ]
}

export function streetRows(figures: readonly StreetFigures[]): string[][] {
  const head = ['street', 'served by', 's/veh', 'gap', 'worst gap', 'stops', 'longest s', 'left']
  return [head, ...figures.flatMap(rowsOfStreet)]
}

function rowsOfStreet({ shape, level, runs }: StreetFigures): string[][] {
  const place = placeOf({ shape, level })
  const oracle = runs.map(({ oracle: run }) => ({ ...run, gap: 0 }))
  const ways = runs[0]?.ways.map(({ way }) => way) ?? []
  return [
    [place, `near-oracle (planned ${meanOf(runs, ({ plannedS }) => plannedS).toFixed(2)})`, ...cellsOf(oracle)],
    ...ways.map((way) => [place, way, ...cellsOf(runsOfWay(runs, way))]),
  ]
}

function cellsOf(runs: readonly Omit<WayResult, 'way'>[]): string[] {
  return [
    meanOf(runs, ({ meanDelayS }) => meanDelayS).toFixed(2),
    percent(meanOf(runs, ({ gap }) => gap)),
    percent(Math.max(...runs.map(({ gap }) => gap))),
    meanOf(runs, ({ stopsEach }) => stopsEach).toFixed(2),
    Math.max(...runs.map(({ longestS }) => longestS)).toFixed(0),
    String(runs.reduce((sum, { left }) => sum + left, 0)),
  ]
}

export function barsOf(figures: readonly StreetFigures[]): Bar[] {
  return figures.flatMap(({ shape, level, runs }) =>
    GAP_MOST.filter((bar) => bar.level === level).map(({ way, most }) => ({
      place: placeOf({ shape, level }),
      figure: `${way}, gap to the near-oracle`,
      value: 100 * meanOf(runsOfWay(runs, way), ({ gap }) => gap),
      most,
      unit: '%',
    })),
  )
}

const runsOfWay = (runs: readonly StreetResult[], way: Way): WayResult[] =>
  runs.flatMap(({ ways }) => ways.filter((each) => each.way === way))

const placeOf = ({ shape, level }: Pick<StreetFigures, 'shape' | 'level'>): string => `${shape}, ${level.toFixed(1)}`

const meanOf = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0) / items.length

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
