/** The one place that knows the insides of the adaptive strategy: its search, asked with queues and arrivals that are known. */
import { search } from '#control/adaptive/search.ts'
import type { StageGraph } from '#control/adaptive/stage-graph.ts'
import { HORIZON_S, type StreetForecast } from '#control/adaptive/street-forecast.ts'

/** All that is known of a street at one moment. */
export interface KnownStreet {
  readonly graph: StageGraph
  /** Stage that is green, and for how long. */
  readonly stage: number
  readonly ageS: number
  /** By lane: vehicles that wait; seconds from now, at most once each, at which somebody comes, ascending; and whoever comes beyond `knownS`. */
  readonly waiting: readonly number[]
  readonly comingS: readonly (readonly number[])[]
  readonly knownS: number
  readonly flowPerS: readonly number[]
  /** Vehicles a second of a lane in a stage. */
  readonly rate: (stage: number, lane: number) => number
}

/** What a change that begins at the end of the horizon still takes. */
const BEYOND_S = 40
const SECONDS = HORIZON_S + BEYOND_S

/** The stage with which the cheapest way to go on begins; the one that is green where none is cheaper. */
export function nextStageByOwnSearch(known: KnownStreet): number {
  const { graph, stage, ageS } = known
  const { costs } = search({
    graph,
    forecast: forecastOf(known),
    stage,
    agesS: new Uint8Array(graph.rings).fill(Math.min(255, Math.round(ageS))),
    leastS: graph.leastS,
    servedAnyway: 0,
  })
  let best = stage
  costs.forEach((cost, each) => {
    if (cost < (costs[best] ?? Infinity)) best = each
  })
  return best
}

function forecastOf({ graph, waiting, comingS, knownS, flowPerS, rate }: KnownStreet): StreetForecast {
  const streams = waiting.length
  const stages = graph.stages.length
  return {
    streams,
    waiting: Float64Array.from(waiting),
    come: Float64Array.from(comingS.flatMap((times, lane) => cumulative(times, knownS, flowPerS[lane] ?? 0))),
    secondsMost: SECONDS,
    rate: Float64Array.from({ length: stages * streams }, (_, i) => rate(Math.floor(i / streams), i % streams)),
    opposing: new Int16Array(stages * streams).fill(-1),
    stops: new Uint8Array(stages * streams),
    weight: new Float64Array(streams).fill(1),
  }
}

/** Who has come by the end of each second. */
function cumulative(timesS: readonly number[], knownS: number, flowPerS: number): number[] {
  const come = Array.from({ length: SECONDS + 1 }, () => 0)
  for (const timeS of timesS) {
    const second = Math.floor(timeS) + 1
    if (timeS <= knownS && second <= SECONDS) come[second] = (come[second] ?? 0) + 1
  }
  let sum = 0
  return come.map((vehicles, second) => (sum += vehicles + (second > knownS ? flowPerS : 0)))
}
