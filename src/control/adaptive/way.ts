/** A way to go on, as the search has found it: the stages one after the other, and who leaves by it second by second. */
import type { Bits } from '#base/bits.ts'
import { OUTLOOK_PLANNED_S } from '#signal/outlook.ts'
import { Flow, START_UP_S, YELLOW_USED_S, type Moment } from './flow.ts'
import { Reds } from './reds.ts'
import type { StageGraph } from './stage-graph.ts'
import { HORIZON_S, type StreetForecast } from './street-forecast.ts'
import { Streams } from './streams.ts'

export interface Leg {
  /** Index of the stage. */
  readonly stage: number
  /** So many seconds from now the greens before it end, … */
  readonly fromS: number
  /** … and it is green. */
  readonly greenS: number
}

/** It begins with the stage that is green now. */
export type Way = readonly Leg[]

export interface WayStreet {
  readonly graph: StageGraph
  readonly forecast: StreetForecast
}

export interface WayDepartures {
  /** Phases that are green in each of the next seconds. */
  readonly greens: readonly Bits[]
  /** Vehicles that leave in each of them, by stream of the forecast. */
  readonly left: readonly (readonly number[])[]
}

const STREAMS = new Streams()
const FLOW = new Flow(STREAMS, new Reds())

/** By the same flow as that by which the way was found cheap. */
export function departuresBy(way: Way, { graph, forecast }: WayStreet): WayDepartures {
  STREAMS.layOut(forecast, graph.stages.length)
  const seconds = Math.min(HORIZON_S, OUTLOOK_PLANNED_S)
  const left = Array.from({ length: forecast.streams }, () => Array.from({ length: seconds }, () => 0))
  const queues = STREAMS.waiting.slice(0, STREAMS.count)
  for (let t = 0; t < seconds; t++) {
    FLOW.begin(queues, 0)
    FLOW.second(momentAt(way, t), t)
    for (let n = 0; n < STREAMS.count; n++) {
      const perS = left[STREAMS.numberOf(n)]
      const rest = FLOW.left[n] ?? 0
      if (perS !== undefined) perS[t] = (queues[n] ?? 0) + STREAMS.comeBetween(n, t, t + 1) - rest
      queues[n] = rest
    }
  }
  return { greens: Array.from({ length: seconds }, (_, t) => greensAt(way, graph, t)), left }
}

function momentAt(way: Way, t: number): Moment {
  const { leg, before } = legAt(way, t)
  const usedS = Math.min(leg.greenS, leg.fromS + YELLOW_USED_S)
  if (t < usedS) return { stage: before, also: before, sneaks: false }
  if (t < leg.greenS) return { stage: before, also: leg.stage, sneaks: t === usedS }
  return { stage: leg.stage, also: t < leg.greenS + START_UP_S ? before : leg.stage, sneaks: false }
}

function greensAt(way: Way, { stages }: StageGraph, t: number): Bits {
  const { leg, before } = legAt(way, t)
  const [old, now] = [stages[before] ?? 0, stages[leg.stage] ?? 0]
  if (t >= leg.greenS) return now
  return t < leg.fromS + YELLOW_USED_S ? old : (old & now) >>> 0
}

function legAt(way: Way, t: number): { readonly leg: Leg; readonly before: number } {
  const place = way.findLastIndex(({ fromS }) => fromS <= t)
  const leg = way[Math.max(0, place)] ?? { stage: 0, fromS: 0, greenS: 0 }
  return { leg, before: way[place - 1]?.stage ?? leg.stage }
}
