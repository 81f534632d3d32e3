/** A demand on an isolated intersection, served by strategies that see more or less of it, each beside the near-oracle. */
import { adaptive } from '#control/adaptive/adaptive.ts'
import { maxPressure } from '#control/max-pressure/max-pressure.ts'
import type { Strategy } from '#control/strategy.ts'
import { crossingOf, type Crossing, type Knowledge, type Shape } from './crossings.ts'
import { drawDemand, type Comer } from './demand.ts'
import { planAll, waysOf, type Plan } from './near-oracle.ts'
import { HEADWAY_MS, START_UP_MS, YELLOW_USED_MS } from './point-queue.ts'
import { greensAtStart, runStreet, type Street, type StreetRun } from './run-street.ts'
import { following, searching } from './told.ts'

export const WAYS = ['max-pressure loops', 'adaptive loops', 'adaptive camera', 'adaptive told all'] as const
export type Way = (typeof WAYS)[number]

export interface WayResult extends StreetRun {
  readonly way: Way
  /** To the near-oracle. */
  readonly gap: number
}

export interface StreetResult {
  readonly oracle: StreetRun
  /** What the plan said that it would cost, mean of all. */
  readonly plannedS: number
  readonly ways: readonly WayResult[]
}

export interface StreetCase {
  readonly shape: Shape
  readonly level: number
  readonly seed: number
  readonly durationMs: number
  /** Of the near-oracle. */
  readonly beam: number
}

/** The controller acts on a command in its next step, a tick later than the plan has it. */
const COMMAND_MS = 100
/** Longer than any good strategy took: the near-oracle is not hurried. */
const SPARE_S = 30

export function runStreetCase({ shape, level, seed, durationMs, beam }: StreetCase): StreetResult {
  const crossing = crossingOf(shape, 'loops')
  const demand = drawDemand(crossing.lanes, { level, seed, durationMs })
  const begin = greensAtStart(crossing)
  const runs = WAYS.map((way) => ({ way, ...runWay({ way, shape, demand, begin }) }))
  const untilS = Math.ceil(Math.min(...runs.map(({ endedMs }) => endedMs)) / 1_000) + SPARE_S
  const plan = planFor({ crossing, demand, untilS, begin, beam })
  const oracle = runStreet({ crossing, demand, strategy: () => following(plan, begin) })
  return {
    oracle,
    plannedS: plan.delayS / oracle.vehicles,
    ways: runs.map((run) => ({ ...run, gap: run.meanDelayS / oracle.meanDelayS - 1 })),
  }
}

interface WayStart {
  readonly way: Way
  readonly shape: Shape
  readonly demand: readonly (readonly Comer[])[]
  readonly begin: number
}

function runWay({ way, shape, demand, begin }: WayStart): StreetRun {
  const knowledge: Knowledge = way === 'adaptive camera' ? 'camera' : 'loops'
  const crossing = crossingOf(shape, knowledge)
  return runStreet({ crossing, demand, strategy: (street) => strategyOf(way, crossing, { street, begin }) })
}

function strategyOf(
  way: Way,
  crossing: Crossing,
  { street, begin }: { readonly street: Street; readonly begin: number },
): Strategy<unknown> {
  if (way === 'adaptive told all') return searching(crossing, street, begin)
  return way === 'max-pressure loops' ? maxPressure : adaptive
}

interface OracleStart {
  readonly crossing: Crossing
  readonly demand: readonly (readonly Comer[])[]
  readonly untilS: number
  readonly begin: number
  readonly beam: number
}

function planFor({ crossing, demand, untilS, begin, beam }: OracleStart): Plan {
  const phases = crossing.lanes.map(({ phase }) => phase)
  const ways = waysOf(crossing.intersection, phases)
  const known = {
    atMs: demand.map((comers) => Float64Array.from(comers, ({ atMs }) => atMs)),
    ...{ headwayMs: HEADWAY_MS, startUpMs: START_UP_MS + COMMAND_MS, yellowUsedMs: YELLOW_USED_MS, untilS },
  }
  return planAll(known, ways, { begin: ways.stages.indexOf(begin), beam })
}
