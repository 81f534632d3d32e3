/** All that an experiment has to say, for people and programs alike: every run, every way of control, and their difference. */
import type { IntersectionId } from '#base/id.ts'
import { CONFIDENCE } from '#measures/interval.ts'
import { levelOfService, type LevelOfService } from '#measures/control-delay.ts'
import { comparePlaces, estimatePlaces, type PlaceDifference, type PlaceEstimate } from './over-seeds.ts'
import type { RunResult } from './run-once.ts'
import type { StrategyName } from '#sim/closed-loop/ladders.ts'
import type { Window } from './window.ts'

export interface ExperimentReport {
  readonly scenario: string
  readonly timeZone: string
  /** The measured time; the warm-up lies before it. */
  readonly fromEpochMs: number
  readonly untilEpochMs: number
  readonly warmUpMs: number
  /** Of the intervals behind each `plusMinus`. */
  readonly confidence: number
  readonly strategies: readonly StrategyReport[]
  /** The second against the first, seed by seed; left out where nothing was compared. */
  readonly comparison?: ComparisonReport
  readonly runs: readonly RunResult[]
}

export interface StrategyReport {
  readonly strategy: StrategyName
  readonly seeds: readonly number[]
  readonly places: readonly PlaceEstimate[]
  /** Of intersections, by the mean control delay of their vehicles. */
  readonly levelsOfService: Readonly<Record<IntersectionId, LevelOfService>>
}

export interface ComparisonReport {
  readonly first: StrategyName
  readonly second: StrategyName
  readonly seeds: readonly number[]
  readonly places: readonly PlaceDifference[]
}

/** Of those runs that were finished; a way of control without any is left out. */
export function reportExperiment(
  { scenario, warmUpMs, measuredMs }: Window,
  strategies: readonly StrategyName[],
  runs: readonly RunResult[],
): ExperimentReport {
  const fromEpochMs = scenario.startEpochMs + warmUpMs
  const comparison = compare(strategies, runs)
  return {
    scenario: scenario.key,
    timeZone: scenario.timeZone,
    fromEpochMs,
    untilEpochMs: fromEpochMs + measuredMs,
    warmUpMs,
    confidence: CONFIDENCE,
    strategies: strategies.flatMap((strategy) => reportStrategy(strategy, runs)),
    ...(comparison && { comparison }),
    runs,
  }
}

function reportStrategy(strategy: StrategyName, runs: readonly RunResult[]): StrategyReport[] {
  const own = runs.filter((run) => run.strategy === strategy)
  if (own.length === 0) return []
  const places = estimatePlaces(own.map(({ report }) => report))
  const levels = places.flatMap(({ level, intersection, figures: { controlDelayS } }) =>
    level === 'intersection' && controlDelayS ? [[intersection, levelOfService(controlDelayS.mean)] as const] : [],
  )
  return [{ strategy, seeds: own.map(({ seed }) => seed), places, levelsOfService: Object.fromEntries(levels) }]
}

function compare([first, second]: readonly StrategyName[], runs: readonly RunResult[]): ComparisonReport | null {
  if (first === undefined || second === undefined) return null
  const of = (strategy: StrategyName, seed: number) =>
    runs.find((run) => run.strategy === strategy && run.seed === seed)?.report
  const pairs = runs.flatMap(({ strategy, seed }) => {
    const [one, other] = [of(first, seed), of(second, seed)]
    return strategy === first && one && other ? [{ seed, pair: [one, other] as const }] : []
  })
  if (pairs.length === 0) return null
  return { first, second, seeds: pairs.map(({ seed }) => seed), places: comparePlaces(pairs.map(({ pair }) => pair)) }
}
