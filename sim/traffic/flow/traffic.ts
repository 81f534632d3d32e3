/**
 * The traffic of a city: vehicles that follow, queue, turn and yield, people who cross, and the detectors that feel them.
 *
 * Vehicles move in steps of `stepMs`, detectors and crosswalks ten times a second. A lamp is seen at the beginning of the next
 * vehicle step, so a driver reacts within one step of it.
 */
import { invariant } from '#base/invariant.ts'
import type { JunctionNumber, StreetNetwork } from '../streets/street-network.ts'
import type { TripSource } from '../trip.ts'
import type { WalkerSource } from '../walker.ts'
import { DRY, type Weather } from '../weather.ts'
import { gatherCalls, stopLinesOf, type StopLines } from './calls.ts'
import { comeToKerbs, isEmpty, openCrosswalks, stepCrosswalk, type Crosswalk } from './crosswalks.ts'
import { enterStep, openEntries, type Entries } from './entries.ts'
import type { Blockage, Flow } from './flow.ts'
import {
  NO_FITTINGS,
  openJunction,
  readJunction,
  type JunctionFittings,
  type JunctionTraffic,
} from './junction-traffic.ts'
import { changeLanes } from './lane-change.ts'
import { readLamps, type Lamps } from './lights.ts'
import { moveStep } from './move.ts'
import { planStep } from './plan.ts'
import { Tracks } from './tracks.ts'
import { Vehicles } from './vehicles.ts'

/** Detectors are read, and people decide, this often. */
export const TICK_MS = 100
export const STEP_MS = 500

export interface TrafficStart {
  readonly network: StreetNetwork
  readonly trips: TripSource
  readonly walkers: WalkerSource
  /** What feels and who is called at each junction; nothing and nobody unless given. */
  readonly fittings?: (junction: JunctionNumber) => JunctionFittings
  /** Between two moments at which vehicles are moved, a multiple of `TICK_MS`. */
  readonly stepMs?: number
  /** Junctions that drivers keep out of while they cannot leave them; all unless given. */
  readonly keepsClear?: (junction: JunctionNumber) => boolean
  readonly blockages?: readonly Blockage[]
  /** By the time since the start. */
  readonly weatherAt?: (nowMs: number) => Weather
}

export interface Traffic {
  readonly flow: Flow
  readonly entries: Entries
  readonly walkers: WalkerSource
  /** In the order of the network. */
  readonly junctions: readonly JunctionTraffic[]
  readonly crosswalks: readonly Crosswalk[]
  readonly weatherAt: (nowMs: number) => Weather
  readonly lines: StopLines
  /** Since the start. */
  nowMs: number
  /** Vehicles that have left the network, and vehicle steps that were computed, since then. */
  gone: number
  updates: number
}

export function createTraffic(start: TrafficStart): Traffic {
  const { network, trips, walkers, weatherAt = () => DRY } = start
  const flow = openFlow(start, weatherAt(0))
  const crosswalks = openCrosswalks(network.crossings)
  const { fittings = () => NO_FITTINGS, stepMs = STEP_MS } = start
  const junctions = network.junctions.map((_, number) =>
    openJunction(number, { tracks: flow.tracks, fittings: fittings(number), crosswalks, parts: stepMs / TICK_MS }),
  )
  return {
    flow,
    entries: openEntries(trips),
    walkers,
    junctions,
    crosswalks,
    weatherAt,
    lines: stopLinesOf(network),
    nowMs: 0,
    gone: 0,
    updates: 0,
  }
}

/** One step of `TICK_MS`. Afterwards the readings are those of the new moment. */
export function tickTraffic(traffic: Traffic, lampsAt: (junction: JunctionNumber) => Lamps): void {
  const { flow, junctions, crosswalks } = traffic
  const { network } = flow.tracks
  const intoStepMs = traffic.nowMs % flow.stepMs
  if (intoStepMs === 0) {
    for (const { number } of junctions)
      if (network.junctions[number]!.intersection !== null) readLamps(network, number, lampsAt(number), flow.lamps)
    stepVehicles(traffic)
    for (const { field } of junctions) field.feel(flow)
    gatherCalls(flow, junctions, traffic.lines)
  }
  traffic.nowMs += TICK_MS
  comeToKerbs(crosswalks, traffic.walkers, traffic.nowMs)
  crosswalks.forEach((crosswalk, number) => {
    flow.onFoot[number] = isEmpty(crosswalk)
      ? 0
      : stepCrosswalk(crosswalk, lampsAt(crosswalk.crossing.junction), traffic.nowMs)
  })
  for (const junction of junctions) readJunction(junction, intoStepMs / TICK_MS, traffic.nowMs)
}

/** Moves all vehicles from now to a step later, under the lamps as they are in `flow.lamps`. */
export function stepVehicles(traffic: Traffic): void {
  const { flow, entries } = traffic
  for (const slot of flow.left) flow.cars.release(slot)
  flow.left.length = 0
  flow.nowMs = traffic.nowMs
  flow.weather = traffic.weatherAt(traffic.nowMs)
  enterStep(flow, entries)
  changeLanes(flow)
  planStep(flow)
  moveStep(flow)
  traffic.updates += flow.cars.present
  traffic.gone += flow.left.length
}

function openFlow(
  { network, stepMs = STEP_MS, keepsClear = () => true, blockages = [] }: TrafficStart,
  weather: Weather,
): Flow {
  invariant(stepMs >= TICK_MS && stepMs % TICK_MS === 0, `a step of vehicles is a multiple of ${TICK_MS} ms`)
  return {
    tracks: new Tracks(network),
    cars: new Vehicles(),
    stepMs,
    stepS: stepMs / 1_000,
    lamps: new Uint8Array(network.ways.length),
    keepsClear: Uint8Array.from(network.junctions, (_, junction) => Number(keepsClear(junction))),
    onFoot: new Uint32Array(network.crossings.length),
    blockages,
    weather,
    nowMs: 0,
    crossed: [],
    left: [],
  }
}
