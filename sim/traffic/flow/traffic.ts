/**
 * The traffic of a city: vehicles that follow, queue, turn and yield, people who cross, and the detectors that feel them.
 *
 * Vehicles move in steps of `stepMs`, detectors and crosswalks ten times a second. A lamp is seen at the beginning of the next
 * vehicle step, so a driver reacts within one step of it.
 */
import { withBit } from '#base/bits.ts'
import type { DetectorId } from '#base/id.ts'
import { invariant } from '#base/invariant.ts'
import type { JunctionNumber, StreetNetwork } from '../streets/street-network.ts'
import type { TripSource } from '../trip.ts'
import type { WalkerSource } from '../walker.ts'
import { DRY, type Weather } from '../weather.ts'
import { comeToKerbs, openCrosswalks, stepCrosswalk, type Crosswalk } from './crosswalks.ts'
import { enterStep, openEntries, type Entries } from './entries.ts'
import type { Blockage, Flow } from './flow.ts'
import { changeLanes } from './lane-change.ts'
import { readLamps, type Lamps } from './lights.ts'
import { DetectorField, type CameraErrors, type DetectorPlace } from './loops.ts'
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
  /** What lies in and over the lanes of each junction; none unless given. */
  readonly detectors?: (junction: JunctionNumber) => DetectorsOfJunction
  /** Between two moments at which vehicles are moved, a multiple of `TICK_MS`. */
  readonly stepMs?: number
  /** Junctions that drivers keep out of while they cannot leave them; all unless given. */
  readonly keepsClear?: (junction: JunctionNumber) => boolean
  readonly blockages?: readonly Blockage[]
  /** By the time since the start. */
  readonly weatherAt?: (nowMs: number) => Weather
}

export interface DetectorsOfJunction {
  readonly places: readonly DetectorPlace[]
  readonly cameras: ReadonlyMap<DetectorId, CameraErrors>
}

/** What the wires of a junction bring, by detector id (index 0 unused). */
export interface StreetReadings {
  readonly occupied: Uint8Array
  /** Vehicles in the detection area. */
  readonly vehicles: Uint16Array
  /** Push buttons held down: bit field by the phase that they call. */
  pedestrianButtons: number
}

export interface JunctionTraffic {
  readonly number: JunctionNumber
  readonly field: DetectorField
  readonly readings: StreetReadings
  readonly crosswalks: readonly Crosswalk[]
}

export interface Traffic {
  readonly flow: Flow
  readonly entries: Entries
  readonly walkers: WalkerSource
  /** In the order of the network. */
  readonly junctions: readonly JunctionTraffic[]
  readonly crosswalks: readonly Crosswalk[]
  readonly weatherAt: (nowMs: number) => Weather
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
  const junctions = network.junctions.map((_, number) => openJunction(start, number, crosswalks))
  return { flow, entries: openEntries(trips), walkers, junctions, crosswalks, weatherAt, nowMs: 0, gone: 0, updates: 0 }
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
  }
  traffic.nowMs += TICK_MS
  comeToKerbs(crosswalks, traffic.walkers, traffic.nowMs)
  crosswalks.forEach((crosswalk, number) => {
    flow.onFoot[number] = stepCrosswalk(crosswalk, lampsAt(crosswalk.crossing.junction), traffic.nowMs)
  })
  for (const junction of junctions) readDetectors(junction, intoStepMs / TICK_MS, traffic.nowMs)
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
    onFoot: new Uint16Array(network.crossings.length),
    blockages,
    weather,
    nowMs: 0,
    crossed: [],
    left: [],
  }
}

function openJunction(
  { detectors = () => NO_DETECTORS, stepMs = STEP_MS }: TrafficStart,
  number: JunctionNumber,
  crosswalks: readonly Crosswalk[],
): JunctionTraffic {
  const { places, cameras } = detectors(number)
  const channels = Math.max(0, ...places.map(({ detector }) => detector)) + 1
  return {
    number,
    field: new DetectorField(places, cameras, stepMs / TICK_MS),
    readings: { occupied: new Uint8Array(channels), vehicles: new Uint16Array(channels), pedestrianButtons: 0 },
    crosswalks: crosswalks.filter(({ crossing }) => crossing.junction === number),
  }
}

const NO_DETECTORS: DetectorsOfJunction = { places: [], cameras: new Map() }

function readDetectors({ field, readings, crosswalks }: JunctionTraffic, part: number, nowMs: number): void {
  const { occupied, vehicles } = readings
  field.read(part, nowMs, vehicles)
  for (let detector = 0; detector < vehicles.length; detector++) occupied[detector] = vehicles[detector] === 0 ? 0 : 1
  readings.pedestrianButtons = 0
  for (const { crossing, pushedUntilMs } of crosswalks)
    if (pushedUntilMs > nowMs) readings.pedestrianButtons = withBit(readings.pedestrianButtons, crossing.phase)
}
