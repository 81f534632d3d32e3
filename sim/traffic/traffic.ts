/**
 * The traffic of a city, microscopic and seeded: vehicles that follow, queue, discharge and go on to the next junction.
 *
 * Every lane has the street to itself inside the junction: a permissive left turn does not yield to oncoming traffic,
 * and turning drivers keep the speed of the street. A junction with permissive turns therefore flows too well.
 */
import { hasBit } from '#base/bits.ts'
import type { HeadSource } from '#signal/heads.ts'
import type { SignalStatus } from '#signal/status.ts'
import { approachJunction, arrive, countArrivals, type DemandKey } from './demand.ts'
import { showLamp, stepLane } from './lane-flow.ts'
import { readLoops } from './loops.ts'
import { layStreets, type StreetPlan } from './network.ts'
import { stepCrossing } from './pedestrians.ts'
import type { Approach, Junction, Lamp, Link, Vehicle } from './street.ts'

/** Drivers look and act this often; loops are sampled as often. */
export const TRAFFIC_STEP_MS = 100

export interface Traffic {
  /** In the order of the intersections that it was made from. */
  readonly junctions: readonly Junction[]
  /** Since the start. */
  nowMs: number
  /** Vehicles that came to the network, those still outside its entries included. */
  arrived: number
  /** Vehicles that have left it. */
  left: number
}

/** The lamps as drivers see them. */
export type Lamps = Pick<
  SignalStatus,
  'greens' | 'yellows' | 'walks' | 'overlapGreens' | 'overlapYellows' | 'overlapFlashes'
>

/** What a junction tells the traffic in a step. */
export interface JunctionNow {
  readonly lamps: Lamps
  readonly demandKey: DemandKey
}

export const createTraffic = (plans: readonly StreetPlan[], seed: number): Traffic => ({
  junctions: layStreets(plans, seed),
  nowMs: 0,
  arrived: 0,
  left: 0,
})

/** One step of `TRAFFIC_STEP_MS`; `now` by junction. Afterwards the junctions' readings are those of the new moment. */
export function stepTraffic(traffic: Traffic, now: (junction: number) => JunctionNow): void {
  traffic.nowMs += TRAFFIC_STEP_MS
  traffic.junctions.forEach((junction, i) => stepJunction(traffic, junction, now(i)))
  for (const { approaches, readings } of traffic.junctions) readLoops(approaches, readings)
}

function stepJunction(traffic: Traffic, junction: Junction, now: JunctionNow): void {
  for (const link of junction.incoming) arriveFromLink(link, traffic.nowMs)
  for (const approach of junction.approaches) {
    const arrived = countArrivals(approach.arrivals, now.demandKey, TRAFFIC_STEP_MS)
    for (let n = 0; n < arrived; n++) arrive(approach)
    traffic.arrived += arrived
    stepApproach(traffic, approach, now.lamps)
  }
  junction.readings.pedestrianButtons = stepCrossings(junction, now, traffic.nowMs)
}

function stepApproach(traffic: Traffic, { lanes }: Approach, lamps: Lamps): void {
  for (const lane of lanes) showLamp(lane, lampOf(lane.head, lamps), TRAFFIC_STEP_MS)
  for (const lane of lanes) for (const vehicle of stepLane(lane, TRAFFIC_STEP_MS)) leave(traffic, vehicle)
}

function leave(traffic: Traffic, vehicle: Vehicle): void {
  const { link } = vehicle
  if (link === null) traffic.left++
  else link.travelling.push({ vehicle, dueMs: traffic.nowMs + link.travelMs })
}

function arriveFromLink(link: Link, nowMs: number): void {
  for (let first = link.travelling[0]; first && first.dueMs <= nowMs; first = link.travelling[0]) {
    link.travelling.shift()
    approachJunction(first.vehicle, link.to, link)
  }
}

function stepCrossings({ approaches }: Junction, now: JunctionNow, nowMs: number): number {
  let buttons = 0
  for (const { crossing } of approaches) {
    if (crossing === null) continue
    const walk = walkOf(crossing.head, now.lamps)
    const pushed = stepCrossing(crossing, { walk, demandKey: now.demandKey, nowMs, elapsedMs: TRAFFIC_STEP_MS })
    if (pushed) buttons |= 1 << (crossing.phase - 1)
  }
  return buttons >>> 0
}

/** Red-amber is still red to a driver who keeps to the law; a flashing arrow lets him go, as a green does where lefts give way. */
function lampOf(head: HeadSource, lamps: Lamps): Lamp {
  const overlap = 'overlap' in head
  const number = overlap ? head.overlap : head.phase
  if (hasBit(overlap ? lamps.overlapGreens | lamps.overlapFlashes : lamps.greens, number)) return 'go'
  return hasBit(overlap ? lamps.overlapYellows : lamps.yellows, number) ? 'caution' : 'stop'
}

const walkOf = (head: HeadSource, lamps: Lamps): boolean =>
  head.kind === 'pedestrian' ? hasBit(lamps.walks, head.phase) : lampOf(head, lamps) === 'go'
