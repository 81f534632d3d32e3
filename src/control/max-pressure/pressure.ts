/** The pressure of a stage: vehicles a second that it would serve at best, the time lost on the way to it included. */
import { listBits, type Bits } from '#base/bits.ts'
import { phaseId } from '#base/id.ts'
import type { Demand, LaneDemand, Weights } from './demand.ts'
import { serviceOf } from './lane-service.ts'

/**
 * Varaiya's pressure is the saturation flow times the queue (max-pressure), and says nothing of the time that a change
 * costs. With it, what counts is how much a stage serves over the time that it takes, the change included (Hsieh et al.,
 * arXiv 1701.03991): a long queue repays a change, two cars do not, and a green goes on while its lanes discharge.
 */
const HORIZONS_MS = [4_000, 8_000, 12_000, 20_000, 30_000] as const
/** What is green now needs no change, and is asked for the next few seconds too. */
const NOW_MS = 3_000

/** `lossMs`: yellow, red clearance and start-up on the way to the stage; 0 for the one that is green. */
export function pressureOf(demand: Demand, stage: Bits, lossMs: number): number {
  const horizonsMs = lossMs === 0 ? [NOW_MS, ...HORIZONS_MS] : HORIZONS_MS
  const others = busesIn(demand, stage) + (lossMs === 0 ? 0 : callsIn(demand, stage))
  return Math.max(...horizonsMs.map((greenMs) => served(demand, stage, { lossMs, greenMs, others })))
}

function served(
  { lanes, weights }: Demand,
  stage: Bits,
  { lossMs, greenMs, others }: { readonly lossMs: number; readonly greenMs: number; readonly others: number },
): number {
  const vehicles = lanes.reduce(
    (sum, lane) => sum + weightOf(lane, stage, weights) * servedOf(lane, stage, { lossMs, greenMs }),
    others,
  )
  return (vehicles * 1_000) / (lossMs + greenMs)
}

function servedOf(
  { open, waiting, coming, heldUp, saturationPerS }: LaneDemand,
  stage: Bits,
  { lossMs, greenMs }: { readonly lossMs: number; readonly greenMs: number },
): number {
  const { rate, vehiclesMost } = serviceOf(open, stage, heldUp)
  if (rate === 0) return 0
  const there = coming.reduce((sum, { inMs, vehicles }) => sum + (inMs < lossMs + greenMs ? vehicles : 0), waiting)
  return Math.min(there, vehiclesMost, (rate * saturationPerS * greenMs) / 1_000)
}

/** Calls of which no queue is known count as one vehicle each, walks by their weight. */
const callsIn = ({ otherCalls, walks, weights, pedestrianWeight }: Demand, stage: Bits): number =>
  listBits((otherCalls & stage) >>> 0).reduce((sum, phase) => sum + (weights.get(phaseId(phase)) ?? 1), 0) +
  pedestrianWeight * listBits((walks & stage) >>> 0).length

/** Also those whose green is on: it lasts until they are through. */
const busesIn = ({ buses, transitWeight }: Demand, stage: Bits): number =>
  transitWeight * listBits((buses & stage) >>> 0).length

/** That of the phase that lets its vehicles go, of several the greatest; more in a full street that they can leave. */
export function weightOf({ facts, relief }: LaneDemand, stage: Bits, weights: Weights['weights']): number {
  if (weights.size === 0) return relief
  const serving = facts.ways.reduce((phases, way) => phases | (way.phases & stage), 0)
  return relief * Math.max(0, ...listBits(serving >>> 0).map((phase) => weights.get(phaseId(phase)) ?? 1))
}
