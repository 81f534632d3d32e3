/** What a plan is made on: who waits in each lane, who comes second by second, and how well each stage would serve them. */
import { hasBit, listBits } from '#base/bits.ts'
import { phaseId } from '#base/id.ts'
import { ZONE_CELL_M, type ZoneCell } from '#signal/view.ts'
import type { Circumstances } from '../max-pressure/choose-stage.ts'
import type { Demand, LaneDemand } from '../max-pressure/demand.ts'
import { serviceOf } from '../max-pressure/lane-service.ts'
import { weightOf } from '../max-pressure/pressure.ts'
import type { LaneFacts } from '../queues/lane-facts.ts'
import { SATURATION_PER_S } from '../queues/discharge.ts'
import type { StageGraph } from './stage-graph.ts'

/** How far a plan looks ahead: longer than the longest usual red. */
export const HORIZON_S = 75
/** A change that begins in the last second of the horizon is gone through to its end. */
const BEYOND_S = 40

export interface StreetForecast {
  /** Lanes first, then people on foot and others of whom no queue is known. */
  readonly streams: number
  readonly waiting: Float64Array
  /** Vehicles that have come by the end of second `t`, at `stream × (secondsMost + 1) + t`. */
  readonly come: Float64Array
  readonly secondsMost: number
  /** Vehicles a second, at `stage × streams + stream`. */
  readonly rate: Float64Array
  /** Of what opposes it in that stage: until those have gone, who yields does not; -1 where nobody opposes. */
  readonly opposing: Int16Array
  /** 1 where each has to stop before he goes, at `stage × streams + stream`. */
  readonly stops: Uint8Array
  /** What a vehicle second costs: more for who has waited long. */
  readonly weight: Float64Array
}

/** People on foot all go at once. */
const WALK_PER_S = 10
/** A bus has asked from afar: its green has to last. */
const BUS_PER_S = 0.1

export function forecastStreet(of: Circumstances, graph: StageGraph): StreetForecast {
  const { lanes } = of.demand
  const others = callersOf(of.demand)
  const streams = lanes.length + others.length
  const stages = graph.stages.length
  const secondsMost = HORIZON_S + BEYOND_S
  const forecast: StreetForecast = {
    streams,
    waiting: new Float64Array(streams),
    come: new Float64Array(streams * (secondsMost + 1)),
    secondsMost,
    rate: new Float64Array(stages * streams),
    opposing: new Int16Array(stages * streams).fill(-1),
    stops: new Uint8Array(stages * streams),
    weight: new Float64Array(streams).fill(1),
  }
  lanes.forEach((lane, stream) => fillLane(of, graph, { forecast, lane, stream }))
  others.forEach(({ phase, waiting, weight, perS }, index) => {
    const stream = lanes.length + index
    forecast.waiting[stream] = waiting
    forecast.weight[stream] = weight
    graph.stages.forEach((stage, k) => {
      forecast.rate[k * streams + stream] = hasBit(stage, phase) ? perS : 0
    })
  })
  return forecast
}

interface Caller {
  readonly phase: number
  readonly waiting: number
  readonly weight: number
  readonly perS: number
}

/** Trams and others whom no lane explains, people on foot, and buses: where one has its green, it is kept until the bus is through. */
function callersOf({ otherCalls, walks, buses, ...demand }: Demand): readonly Caller[] {
  const vehicle = { waiting: 1, weight: 1, perS: SATURATION_PER_S }
  return [
    ...listBits(otherCalls).map((phase) => ({ ...vehicle, phase, weight: demand.weights.get(phaseId(phase)) ?? 1 })),
    ...listBits(walks).map((phase) => ({ phase, waiting: demand.pedestrianWeight, weight: 1, perS: WALK_PER_S })),
    ...listBits(buses).map((phase) => ({ phase, waiting: 1, weight: demand.transitWeight, perS: BUS_PER_S })),
  ]
}

interface Filling {
  readonly forecast: StreetForecast
  readonly lane: LaneDemand
  readonly stream: number
}

function fillLane(of: Circumstances, graph: StageGraph, { forecast, lane, stream }: Filling): void {
  const { streams, secondsMost, come } = forecast
  const seen = lane.cells === null ? null : seenBy(lane.cells, lane)
  forecast.waiting[stream] = seen?.waiting ?? lane.waiting
  const patience = 1 + PATIENCE * Math.min(2, Math.max(0, (lane.stoodMs - PATIENT_MS) / 60_000))
  forecast.weight[stream] = patience * weightOf(lane, ALL_PHASES, of.demand.weights)
  const first = stream * (secondsMost + 1)
  for (const { inMs, vehicles } of seen?.coming ?? lane.expected) {
    const t = Math.min(secondsMost, Math.max(1, Math.ceil(inMs / 1_000)))
    come[first + t] = (come[first + t] ?? 0) + vehicles
  }
  let sum = 0
  for (let t = 1; t <= secondsMost; t++) {
    sum += (come[first + t] ?? 0) + (t * 1_000 > lane.expectedMs ? (lane.announced?.[t - 1] ?? lane.flow) : 0)
    come[first + t] = sum
  }
  graph.stages.forEach((stage, k) => {
    const service = serviceOf(lane.open, stage, lane.heldUp)
    const opposed = (lane.facts.opposing & stage) !== 0 && service.rate > 0 && service.rate < MOSTLY
    forecast.rate[k * streams + stream] =
      lane.saturationPerS * Math.min(service.rate, service.vehiclesMost < 1 ? LITTLE : 1)
    forecast.stops[k * streams + stream] = service.afterStop === true ? 1 : 0
    forecast.opposing[k * streams + stream] = opposed ? opposingOf(of.demand.lanes, lane.facts, stage) : -1
  })
}

/** The heaviest of its ways. */
const ALL_PHASES = 0xff_ff_ff_ff

/** Who has stood for long counts for more: half as much again a minute later. */
const PATIENCE = 0.5
const PATIENT_MS = 40_000
const LITTLE = 0.1
/** Less of its saturation flow is a lane in which everybody yields. */
const MOSTLY = 0.5

/** Whether anybody who is opposed to the lane in the stage is known: his queue comes first. */
function opposingOf(lanes: readonly LaneDemand[], { opposing }: LaneFacts, stage: number): number {
  let fullest = -1
  lanes.forEach(({ open, waiting }, index) => {
    const comes = open.ways.some(({ turn, phases }) => turn === 'through' && (phases & opposing & stage) !== 0)
    if (comes && (fullest < 0 || waiting > (lanes[fullest]?.waiting ?? 0))) fullest = index
  })
  return fullest
}

/** Faster ones are on their way, slower ones stand or are about to. */
const DRIVES_MPS = 5

/** Cell by cell from the stop line; between the zone and the advance loop nobody but the loop has seen them. */
function seenBy(
  cells: readonly ZoneCell[],
  { expected, cruiseMps }: LaneDemand,
): { waiting: number; coming: LaneDemand['expected'] } {
  const inCell = cells.map(({ vehicles, speedMps }, cell) => ({
    vehicles,
    drives: speedMps >= DRIVES_MPS,
    inMs: (((cell + 0.5) * ZONE_CELL_M) / Math.max(speedMps, cruiseMps / 2)) * 1_000,
  }))
  const zoneMs = ((cells.length * ZONE_CELL_M) / cruiseMps) * 1_000
  return {
    waiting: inCell.reduce((sum, { vehicles, drives }) => sum + (drives ? 0 : vehicles), 0),
    coming: [
      ...inCell.filter(({ drives, vehicles }) => drives && vehicles > 0),
      ...expected.filter(({ inMs }) => inMs > zoneMs),
    ],
  }
}
