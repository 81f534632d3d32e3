/** A forward search over the ways to go on: dynamic programming by second and stage, with a beam of the cheapest. */
import { Flow, START_UP_S } from './flow.ts'
import { Nodes } from './nodes.ts'
import { Reds } from './reds.ts'
import type { StageGraph } from './stage-graph.ts'
import { SOON_S, Streams } from './streams.ts'
import { HORIZON_S, type StreetForecast } from './street-forecast.ts'
import type { Leg, Way } from './way.ts'

export interface SearchStart {
  readonly graph: StageGraph
  readonly forecast: StreetForecast
  /** Index of the stage that is green, and for how many seconds each ring has been. */
  readonly stage: number
  readonly agesS: Uint8Array
  /** Least green of each ring in each stage, where somebody on foot wants more than the minimum; seconds. */
  readonly leastS: Uint8Array
  /** Phases that are served in their turn, whatever is wished. */
  readonly servedAnyway: number
  /** Whether the stage may be begun now; later any may. */
  readonly mayBegin?: (stage: number) => boolean
}

export interface Found {
  /** Of the best way that begins with each stage, its own to hold; Infinity where there is none. Vehicle-seconds. */
  readonly costs: Float64Array
  /** And those ways; empty where there is none. */
  readonly ways: readonly Way[]
}

/**
 * The seconds at which it goes on: later fewer, since the plan will have been made anew by then. As long as a first change may
 * take, and the one back, it is every one: where those were rounded up to the next second but one, short streets locked up.
 */
const POINTS_S = pointsBy((second) => (second < 24 ? 1 : second < 36 ? 2 : 3))
/** The next of them, of each second. */
const POINT_FROM = Uint8Array.from({ length: HORIZON_S + 1 }, (_, s) => POINTS_S.findIndex((pointS) => pointS >= s))
const LAST = POINTS_S.length - 1
/** The cheapest of each second that are gone on with, whatever their stage: with twice as many hardly a decision differs, … */
const WIDTH_MOST = 12
/** … with fewer where a street has so many lanes and stages: queues moved on in one search, each some twenty nanoseconds. */
const WORK_MOST = 250_000
/** However large it is, there is an answer: to hold and one other. */
const WIDTH_LEAST = 2
/** A third of a vehicle, whom somebody may have miscounted, ends no green. */
const SOMEBODY = 0.3

function pointsBy(stepAt: (second: number) => number): readonly number[] {
  const points = [0]
  for (let s = 0; s < HORIZON_S; points.push(s)) s = Math.min(HORIZON_S, s + stepAt(s))
  return points
}

const STREAMS = new Streams()
const REDS = new Reds()
const FLOW = new Flow(STREAMS, REDS)
const NODES = new Nodes()

export function search(start: SearchStart): Found {
  const { graph, forecast, stage, agesS } = start
  const stages = graph.stages.length
  STREAMS.layOut(forecast, stages)
  REDS.note(start, STREAMS)
  NODES.prepare(LAST + 1, { stages, streams: STREAMS.count, rings: graph.rings })
  NODES.begin(stage, STREAMS.waiting, agesS)
  const width = widthFor(stages * STREAMS.count)
  for (let point = 0; point < LAST; point++) for (const slot of NODES.cheapestAt(point, width)) expand(start, slot)
  return best(start)
}

const widthFor = (moves: number): number =>
  Math.max(WIDTH_LEAST, Math.min(WIDTH_MOST, Math.floor(WORK_MOST / (LAST * Math.max(1, moves)))))

function expand(start: SearchStart, slot: number): void {
  const stages = start.graph.stages.length
  const stage = NODES.stageOf(slot)
  FLOW.begin(NODES.queues, slot * STREAMS.count)
  hold(slot, stage)
  for (let next = 0; next < stages; next++)
    if (next !== stage && mayFollow(start, slot, next) && isWanted(start, slot, next)) change(start, slot, next)
}

function hold(slot: number, stage: number): void {
  const point = NODES.pointOf(slot)
  const fromS = POINTS_S[point] ?? 0
  const untilS = POINTS_S[point + 1] ?? HORIZON_S
  const most = NODES.worstAt(point + 1, stage) - (NODES.cost[slot] ?? 0)
  if (FLOW.hold({ stage, fromS, untilS }, most))
    NODES.keep({ from: slot, point: point + 1, stage, begun: 0, greenS: 0 }, FLOW)
}

/** To the end of the least green of the next stage, and on to where others have come to as well. */
function change(start: SearchStart, slot: number, to: number): void {
  const { graph } = start
  const from = NODES.stageOf(slot)
  const fromS = POINTS_S[NODES.pointOf(slot)] ?? 0
  const greenS = Math.min(HORIZON_S, fromS + (graph.clearanceS[from * graph.stages.length + to] ?? 0))
  const point = POINT_FROM[Math.min(HORIZON_S, greenS + leastOf(start, slot, { to, greenS }))] ?? LAST
  const readyS = POINTS_S[point] ?? HORIZON_S
  const most = NODES.worstAt(point, to) - (NODES.cost[slot] ?? 0)
  if (FLOW.change({ from, to, fromS, greenS, readyS }, most))
    NODES.keep({ from: slot, point, stage: to, begun: endingIn(start, from, to), greenS }, FLOW)
}

const endingIn = ({ graph }: SearchStart, from: number, to: number): number =>
  graph.ending[from * graph.stages.length + to] ?? 0

/** Nobody has to be served in between, and the greens that end have been served. */
function mayFollow(start: SearchStart, slot: number, to: number): boolean {
  const { graph, leastS, servedAnyway, mayBegin } = start
  if (mayBegin !== undefined && NODES.isFirst(slot) && !mayBegin(to)) return false
  const from = NODES.stageOf(slot)
  if (((graph.passed[from * graph.stages.length + to] ?? 0) & servedAnyway) !== 0) return false
  const ending = endingIn(start, from, to)
  const nowS = POINTS_S[NODES.pointOf(slot)] ?? 0
  for (let ring = 0; ring < graph.rings; ring++)
    if ((ending & (1 << ring)) !== 0 && NODES.ageS(slot, ring, nowS) < (leastS[from * graph.rings + ring] ?? 0))
      return false
  return true
}

/** Until the first of its rings may go on: those whose green stays have had a part of their time. */
function leastOf(start: SearchStart, slot: number, { to, greenS }: { to: number; greenS: number }): number {
  const { graph, leastS } = start
  const ending = endingIn(start, NODES.stageOf(slot), to)
  let least = Infinity
  for (let ring = 0; ring < graph.rings; ring++) {
    const needed = leastS[to * graph.rings + ring] ?? 0
    if (needed === 0) continue
    least = Math.min(least, (ending & (1 << ring)) !== 0 ? needed : needed - NODES.ageS(slot, ring, greenS))
  }
  return Math.max(START_UP_S, least)
}

/** Somebody waits for a green that the stage brings, or comes soon, or others have to wait for it. */
function isWanted({ graph, servedAnyway }: SearchStart, slot: number, to: number): boolean {
  const from = NODES.stageOf(slot)
  if (((graph.stages[to] ?? 0) & ~(graph.stages[from] ?? 0) & servedAnyway) !== 0) return true
  const nowS = POINTS_S[NODES.pointOf(slot)] ?? 0
  const { count, rate, come } = STREAMS
  for (let s = 0; s < count; s++) {
    if ((rate[to * count + s] ?? 0) <= (rate[from * count + s] ?? 0)) continue
    const soon = (come[(nowS + SOON_S) * count + s] ?? 0) - (come[nowS * count + s] ?? 0)
    if ((NODES.queues[slot * count + s] ?? 0) + soon > SOMEBODY) return true
  }
  return false
}

function best({ graph }: SearchStart): Found {
  const count = graph.stages.length
  const lasts = new Int32Array(count).fill(-1)
  // The dearest first: each is put down over those that are dearer than it.
  for (const slot of NODES.cheapestAt(LAST, Infinity).toReversed()) lasts[NODES.first[slot] ?? 0] = slot
  return {
    costs: Float64Array.from(lasts, (slot) => (slot < 0 ? Infinity : (NODES.rank[slot] ?? Infinity))),
    ways: Array.from(lasts, (slot) => (slot < 0 ? [] : wayTo(graph, slot))),
  }
}

/** From the beginning to a node. */
function wayTo({ stages, clearanceS }: StageGraph, last: number): Way {
  const legs: Leg[] = []
  let slot = last
  for (let from = NODES.parent[slot] ?? -1; from >= 0; from = NODES.parent[slot] ?? -1) {
    const [before, stage] = [NODES.stageOf(from), NODES.stageOf(slot)]
    const fromS = POINTS_S[NODES.pointOf(from)] ?? 0
    if (stage !== before) legs.push({ stage, fromS, greenS: fromS + (clearanceS[before * stages.length + stage] ?? 0) })
    slot = from
  }
  return [{ stage: NODES.stageOf(slot), fromS: 0, greenS: 0 }, ...legs.toReversed()]
}
