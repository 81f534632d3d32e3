/** Lays out the streets of a site for the traffic model: lanes, pockets, loops, and the links between junctions. */
import { hashText, randomStream } from '#base/random.ts'
import { invariant } from '#base/invariant.ts'
import type { IntersectionId } from '#base/id.ts'
import type { ApproachDemand, IntersectionConfig } from '#config/site.ts'
import type { Detector } from '#signal/detector.ts'
import type { Approach as ApproachPlan, Intersection, Lane as LanePlan } from '#signal/intersection.ts'
import { STANDING_GAP_M } from './car-following.ts'
import { exitBy } from './routes.ts'
import { hourlyDemand, startArrivals } from './demand.ts'
import type { Approach, Crossing, Junction, Lane, Link, Loop, Movement } from './street.ts'

/** What the traffic model needs of an intersection's configuration. */
export type StreetPlan = Pick<IntersectionConfig, 'demand'> & {
  readonly database: { readonly intersection: Intersection }
}

/** A pocket holds at least two cars; a shorter one could not be entered. */
const POCKET_M_MIN = 14
/** What one vehicle takes of a standing queue: its own length and the gap. */
const STANDING_VEHICLE_M = 4.5 + STANDING_GAP_M
/** A short link still takes one vehicle per lane, or nobody could cross. */
const LINK_VEHICLES_PER_LANE_MIN = 1

/** Junctions in the order of the plans. */
export function layStreets(plans: readonly StreetPlan[], seed: number): Junction[] {
  const approaches = new Map(plans.map((plan) => [plan.database.intersection.id, layApproaches(plan, seed)]))
  const links = new Map<IntersectionId, Link[]>()
  const junctions = plans.map(({ database: { intersection } }) => {
    const own = approaches.get(intersection.id) ?? []
    const incoming = own.flatMap((approach, i) => layLink(approach, intersection.approaches[i], links))
    return { approaches: own, incoming, readings: silentReadings(intersection.detectors) }
  })
  for (const [id, own] of approaches) for (const approach of own) joinExits(approach, links.get(id) ?? [])
  return junctions
}

function layApproaches(plan: StreetPlan, seed: number): Approach[] {
  const { intersection } = plan.database
  return intersection.approaches.map((approach) => {
    const demand = plan.demand.find((candidate) => candidate.approach === approach.id)
    const name = `${intersection.id}/${approach.id}`
    return layApproach({ approach, detectors: intersection.detectors, demand, name, seed })
  })
}

interface ApproachSite {
  readonly approach: ApproachPlan
  readonly detectors: readonly Detector[]
  readonly demand: ApproachDemand | undefined
  /** Unique in the city: seeds the streams of the place. */
  readonly name: string
  readonly seed: number
}

function layApproach({ approach: plan, detectors, demand, name, seed }: ApproachSite): Approach {
  const lanes: Lane[] = []
  const approach: Approach = {
    id: plan.id,
    bearingDeg: plan.bearingDeg,
    lengthM: plan.lengthM,
    speedMps: plan.speedKph / 3.6,
    lanes,
    movements: layMovements(plan, demand),
    place: hashText(name),
    arrivals: startArrivals(randomStream(seed, `${name}/arrivals`), hourlyDemand(demand?.vehiclesPerHour ?? new Map())),
    crossing: layCrossing(plan, demand, { name, seed }),
  }
  const longestM = Math.max(...plan.lanes.map((lane) => lane.lengthM))
  const full = plan.lanes.map((lane) =>
    lane.lengthM < longestM ? null : layLane(approach, lane, { feeder: null, detectors }),
  )
  plan.lanes.forEach((lane, i) => {
    if (full[i] === null) lanes.push(layLane(approach, lane, { feeder: nearest(full, i), detectors }))
  })
  lanes.push(...full.filter((lane) => lane !== null))
  return approach
}

function layLane(
  approach: Approach,
  plan: LanePlan,
  { feeder, detectors }: { readonly feeder: Lane | null; readonly detectors: readonly Detector[] },
): Lane {
  const pocketOpensM = Math.max(0, approach.lengthM - Math.max(plan.lengthM, POCKET_M_MIN))
  return {
    id: plan.id,
    approach,
    turns: plan.turns,
    head: plan.head,
    feeder,
    opensM: feeder === null ? 0 : pocketOpensM,
    loops: detectors.filter(({ lanes }) => lanes.includes(plan.id)).map((detector) => layLoop(approach, detector)),
    vehicles: [],
    atEntry: [],
    bound: 0,
    lamp: 'stop',
    goForMs: 0,
  }
}

function layLoop({ lengthM }: Approach, { id, setbackM, lengthM: loopM }: Detector): Loop {
  const downstreamM = lengthM - setbackM
  return { detector: id, upstreamM: downstreamM - loopM, downstreamM }
}

/** Lanes are numbered from the kerb: a pocket opens from the full lane that is nearest to it. */
function nearest(full: readonly (Lane | null)[], index: number): Lane {
  const byDistance = full
    .keys()
    .toArray()
    .toSorted((a, b) => Math.abs(a - index) - Math.abs(b - index))
  const lane = byDistance.map((beside) => full[beside]).find((beside) => beside)
  invariant(lane, 'the longest lane of an approach is a full lane')
  return lane
}

/** The turns that the lanes allow, with the shares of the demand; without a demand all are alike. */
function layMovements(plan: ApproachPlan, demand: ApproachDemand | undefined): Movement[] {
  const turns = [...new Set(plan.lanes.flatMap((lane) => lane.turns))]
  const weights = turns.map((turn) => demand?.turnShares[turn] ?? 1)
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  return turns.map((turn, i) => ({
    turn,
    share: whole > 0 ? (weights[i] ?? 0) / whole : 1 / turns.length,
    exit: null,
    crossed: 0,
    waitedMs: 0,
    longestWaitMs: 0,
  }))
}

function layCrossing(
  { crosswalk }: ApproachPlan,
  demand: ApproachDemand | undefined,
  { name, seed }: { readonly name: string; readonly seed: number },
): Crossing | null {
  if (crosswalk === null) return null
  const perHour = demand?.pedestriansPerHour ?? 0
  return {
    head: crosswalk.head,
    phase: crosswalk.phase,
    arrivals: startArrivals(randomStream(seed, `${name}/pedestrians`), () => perHour),
    waitingSinceMs: [],
    pushedUntilMs: 0,
    crossed: 0,
    longestWaitMs: 0,
  }
}

/** The link to an approach that another intersection feeds, noted by the feeder too. */
function layLink(to: Approach, plan: ApproachPlan | undefined, links: Map<IntersectionId, Link[]>): Link[] {
  if (!plan?.upstream) return []
  const { intersection, distanceM } = plan.upstream
  const lanes = to.lanes.filter((lane) => lane.feeder === null).length
  const ownM = Math.max(0, distanceM - to.lengthM)
  const perLane = Math.max(LINK_VEHICLES_PER_LANE_MIN, Math.floor(ownM / STANDING_VEHICLE_M))
  const link: Link = {
    to,
    travelMs: Math.round((ownM / to.speedMps) * 1_000),
    capacity: lanes * perLane,
    travelling: [],
    occupied: 0,
  }
  links.set(intersection, [...(links.get(intersection) ?? []), link])
  return [link]
}

function joinExits(approach: Approach, outgoing: readonly Link[]): void {
  const downstream = outgoing.map((link) => ({ link, bearingDeg: link.to.bearingDeg }))
  for (const movement of approach.movements)
    movement.exit = exitBy(approach.bearingDeg, movement.turn, downstream)?.link ?? null
}

function silentReadings(detectors: readonly Detector[]): Junction['readings'] {
  const channels = Math.max(0, ...detectors.map(({ id }) => id)) + 1
  return { occupied: new Uint8Array(channels), vehicles: new Uint16Array(channels), pedestrianButtons: 0 }
}
