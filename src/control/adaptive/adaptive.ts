/** The flagship: every second all ways to go on over the next minute and a quarter are weighed, and the cheapest is begun. */
import { hasBit, lowestOf, type Bits } from '#base/bits.ts'
import {
  allowedNext,
  calmed,
  chooseStage,
  neverPassed,
  type Choice,
  type Circumstances,
  type PressureOptions,
} from '../max-pressure/choose-stage.ts'
import { choosingStages, PRESSURE_OPTIONS, type PressureMemory } from '../max-pressure/max-pressure.ts'
import { clearingFirst } from '../max-pressure/turners.ts'
import { greenMs, newPhase, overdueStages } from '../max-pressure/overdue.ts'
import { isSwinging } from '../max-pressure/vain-turns.ts'
import { leastGreenMs } from '../stage-limits.ts'
import type { Strategy } from '../strategy.ts'
import { plannedDepartures } from './planned-departures.ts'
import { search } from './search.ts'
import { byRing, stageGraph, type StageGraph } from './stage-graph.ts'
import { forecastStreet } from './street-forecast.ts'

/** A change must gain so much, in vehicle-seconds: what is decided now is decided again in a second. */
const SWITCH_GAIN = 2
/** And so much where queues are only counted by loops, a vehicle or two too few or too many, and pressure would hold on. */
const DOUBTED_GAIN = 12
/** And so much where turn after turn nobody had any good of it, and pressure would hold on. */
const SWINGING_GAIN = 24

/** Nobody waits longer than with the rung below it. */
export const adaptive: Strategy<PressureMemory> = adaptiveWith(PRESSURE_OPTIONS)

/** `foresee`: another one to measure what a wrong belief of the street costs. */
export function adaptiveWith(options: PressureOptions, foresee: Foresight = forecastStreet): Strategy<PressureMemory> {
  return choosingStages('adaptive', options, (of, stage) => clearingFirst(of, stage, planStage(of, stage, foresee)))
}

export type Foresight = typeof forecastStreet

/** `stage` is green, each of its minimums is served. */
function planStage(of: Circumstances, stage: Bits, foresee: Foresight): Choice {
  if (isBlocked(of)) return chooseStage(of, stage)
  const graph = stageGraph(of.view.intersection, of.omitted)
  const forecast = foresee(of, graph)
  const allowed = allowedNow(of, stage)
  const { costs, ways } = search({
    graph,
    forecast,
    stage: graph.stages.indexOf(stage),
    agesS: Uint8Array.from(of.signal.rings, ({ interval, elapsedMs }) =>
      interval === 'green' ? Math.min(255, Math.round(elapsedMs / 1_000)) : 0,
    ),
    leastS: leastGreens(of, graph, stage),
    servedAnyway: neverPassed(of, stage),
    mayBegin: (next) => allowed.stages.includes(graph.stages[next] ?? 0),
  })
  const choice = chooseByCost(of, stage, { graph, costs, ...allowed })
  const way = ways[graph.stages.indexOf(choice.stage)] ?? []
  return way.length === 0 ? choice : { ...choice, planned: plannedDepartures(of, way, { graph, forecast }) }
}

/** What may follow now within the engineer's bounds; where somebody has waited too long only what serves him. */
function allowedNow(of: Circumstances, stage: Bits) {
  const { others, isOver } = allowedNext(of, stage)
  const overdue = overdueStages(of, stage, others)
  return { stages: overdue?.stages ?? others, isOver, overdue }
}

interface Costs extends ReturnType<typeof allowedNow> {
  readonly graph: StageGraph
  readonly costs: Float64Array
}

function chooseByCost(of: Circumstances, stage: Bits, { graph, costs, stages, isOver, overdue }: Costs): Choice {
  const now = graph.stages.indexOf(stage)
  const next = cheapest(graph.stages, costs, (each) => stages.includes(each))
  const hold = costs[now] ?? Infinity
  const change = next < 0 ? Infinity : (costs[next] ?? Infinity)
  const nextStage = graph.stages[next] ?? (isOver ? stages[0] : undefined)
  if (overdue !== null && !(overdue.mayHold && hold < change)) {
    const served = nextStage ?? overdue.stages[0] ?? stage
    return { stage: served, why: overdue.why(served) }
  }
  const elapsedMs = greenMs(of)
  if (nextStage === undefined || (!isOver && change > hold - neededGain(of, stage))) {
    if (hold === 0) return { stage, why: { code: 'RESTING', phase: lowestOf(stage), numbers: {} } }
    const numbers = { elapsedMs, cost: whole(hold), other: whole(change) }
    return { stage, why: { code: 'PLAN_HOLDS', phase: lowestOf(stage), numbers } }
  }
  // Where no way of holding on was worth following, nobody knows what the change gains.
  const gain = Number.isFinite(hold) ? hold - change : 0
  if (!isOver && isSwinging(of) && gain < SWINGING_GAIN && pressureHolds(of, stage)) return calmed(of, stage)
  const numbers = { elapsedMs, cost: whole(change), other: whole(hold) }
  return { stage: nextStage, why: { code: 'PLAN_CHANGES', phase: newPhase(of, nextStage), numbers } }
}

/** 0 where no way of its kind was worth following to its end. */
const whole = (cost: number): number => (Number.isFinite(cost) ? Math.round(cost) : 0)

/**
 * Somebody has stood in green: no gap, or no room beyond. How long that lasts no plan knows, and the pressure of the moment is
 * better than a wrong one. Who turns right yields to people on foot, or on red to everybody: that is no jam.
 */
const isBlocked = ({ demand }: Circumstances): boolean =>
  demand.lanes.some(({ heldUp, facts }) => heldUp && facts.ways.some(({ turn }) => turn !== 'right'))

const neededGain = (of: Circumstances, stage: Bits): number =>
  of.demand.lanes.some(({ cells }) => cells === null) && pressureHolds({ ...of, vainTurns: 0 }, stage)
    ? DOUBTED_GAIN
    : SWITCH_GAIN

const pressureHolds = (of: Circumstances, stage: Bits): boolean => chooseStage(of, stage).stage === stage

function cheapest(stages: readonly Bits[], costs: Float64Array, isAllowed: (stage: Bits) => boolean): number {
  let best = -1
  stages.forEach((stage, k) => {
    if (isAllowed(stage) && (costs[k] ?? Infinity) < (best < 0 ? Infinity : (costs[best] ?? Infinity))) best = k
  })
  return best
}

/** Who walks is not hurried: the walk and the clearance are part of the green that they begin with. */
function leastGreens({ view, signal, demand, limits }: Circumstances, { stages }: StageGraph, now: Bits): Uint8Array {
  const walking = signal.walks | signal.pedClears
  return byRing(view.intersection, stages, (phase, stage) => {
    const { id, timing, pedestrianRecall } = phase
    const walks = stage === now ? hasBit(walking, id) : hasBit(demand.walks | walking, id) || pedestrianRecall
    return Math.max(leastGreenMs(limits, phase), walks ? timing.walkMs + timing.pedClearMs : 0)
  })
}
