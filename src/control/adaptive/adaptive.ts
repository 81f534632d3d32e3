/** The flagship: every second all ways to go on over the next minute and a quarter are weighed, and the cheapest is begun. */
import { hasBit, lowestOf, type Bits } from '#base/bits.ts'
import {
  chooseStage,
  greenMs,
  type Choice,
  type Circumstances,
  type PressureOptions,
} from '../max-pressure/choose-stage.ts'
import { choosingStages, PRESSURE_OPTIONS, type PressureMemory } from '../max-pressure/max-pressure.ts'
import { clearingFirst } from '../max-pressure/turners.ts'
import { newPhase, overdueStages } from '../max-pressure/overdue.ts'
import type { Strategy } from '../strategy.ts'
import { search } from './search.ts'
import { stageGraph, type StageGraph } from './stage-graph.ts'
import { forecastStreet } from './street-forecast.ts'

/** A change must gain so much, in vehicle-seconds: what is decided now is decided again in a second. */
const SWITCH_GAIN = 2

/** Nobody waits longer than with the rung below it. */
export const adaptive: Strategy<PressureMemory> = adaptiveWith(PRESSURE_OPTIONS)

export function adaptiveWith(options: PressureOptions): Strategy<PressureMemory> {
  return choosingStages('adaptive', options, (of, stage) => clearingFirst(of, stage, planStage(of, stage)))
}

/** `stage` is green, each of its minimums is served. */
function planStage(of: Circumstances, stage: Bits): Choice {
  if (isBlocked(of) || isBounded(of)) return chooseStage(of, stage)
  const graph = stageGraph(of.view.intersection, of.omitted)
  const now = graph.stages.indexOf(stage)
  const others = graph.stages.filter((each) => each !== stage)
  const overdue = overdueStages(of, stage, others)
  const forecast = forecastStreet(of, graph)
  const { costs } = search({
    graph,
    forecast,
    stage: now,
    ageS: Math.min(255, Math.round(greenMs(of) / 1_000)),
    leastS: leastGreens(of, graph),
  })
  const next = cheapest(graph.stages, costs, (each) => each !== stage && (overdue?.stages.includes(each) ?? true))
  const hold = costs[now] ?? Infinity
  const change = next < 0 ? Infinity : (costs[next] ?? Infinity)
  const nextStage = graph.stages[next]
  if (overdue !== null) {
    const served = nextStage ?? overdue.stages[0] ?? stage
    return { stage: served, why: overdue.why(served) }
  }
  const elapsedMs = greenMs(of)
  if (nextStage === undefined || change > hold - SWITCH_GAIN) {
    const other = Number.isFinite(change) ? Math.round(change) : 0
    if (hold === 0) return { stage, why: { code: 'RESTING', phase: lowestOf(stage), numbers: {} } }
    return {
      stage,
      why: { code: 'PLAN_HOLDS', phase: lowestOf(stage), numbers: { elapsedMs, cost: Math.round(hold), other } },
    }
  }
  const numbers = { elapsedMs, cost: Math.round(change), other: Math.round(hold) }
  return { stage: nextStage, why: { code: 'PLAN_CHANGES', phase: newPhase(of, nextStage), numbers } }
}

/** Somebody has stood in green: no gap, or no room beyond. How long that lasts no plan knows, and the pressure of the moment is better than a wrong one. */
const isBlocked = ({ demand }: Circumstances): boolean => demand.lanes.some(({ heldUp }) => heldUp)

/** Bounds on the order or on cycles and splits are kept by the rung below, which knows them. */
const isBounded = ({ limits, options }: Circumstances): boolean =>
  options.order !== 'free' ||
  limits.order !== 'free' ||
  limits.cycleLeastMs !== null ||
  limits.cycleMostMs !== null ||
  limits.splitsMs.size > 0

function cheapest(stages: readonly Bits[], costs: Float64Array, isAllowed: (stage: Bits) => boolean): number {
  let best = -1
  stages.forEach((stage, k) => {
    if (isAllowed(stage) && (costs[k] ?? Infinity) < (best < 0 ? Infinity : (costs[best] ?? Infinity))) best = k
  })
  return best
}

/** Who walks is not hurried: the walk and the clearance are part of the green that they begin with. */
function leastGreens({ view, demand }: Circumstances, { stages, leastS }: StageGraph): Uint8Array {
  const walking = view.intersection.phases.filter(
    ({ id, pedestrianRecall }) => hasBit(demand.walks, id) || pedestrianRecall,
  )
  return leastS.map((least, k) => {
    const own = walking.filter(({ id }) => hasBit(stages[k] ?? 0, id))
    const needsMs = own.map(({ timing }) => timing.walkMs + timing.pedClearMs)
    return Math.min(255, Math.max(least, Math.ceil(Math.max(0, ...needsMs) / 1_000)))
  })
}
