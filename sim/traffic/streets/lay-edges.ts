/** Lays the edges of a city: approaches with their pockets, and the legs that lead out of the network. */
import { at } from '#base/at.ts'
import { invariant } from '#base/invariant.ts'
import type { IntersectionId } from '#base/id.ts'
import type { Approach, Intersection } from '#signal/intersection.ts'
import { fullLanes, type Leg, type Legs } from '#signal/street-legs.ts'
import { lanesOut, mouthPose, stopPose, type Box } from './box.ts'
import { LANE_WIDTH_M } from './lanes.ts'
import { beside, distance, lengthOf, moved, opposite, partOf, rounded, type Line, type Pose } from './plane.ts'
import type { Edge, EdgeNumber, JunctionNumber, Lane, LaneNumber, Place } from './street-network.ts'

/** The ground on which one intersection is laid out. */
export interface Plot {
  readonly intersection: Intersection
  readonly junction: JunctionNumber
  readonly legs: Legs
  readonly box: Box
}

export type Plots = ReadonlyMap<IntersectionId, Plot>

/** Where a street widens into its pockets. */
export interface Widening {
  readonly junction: JunctionNumber
  readonly place: Place
  readonly approach: Approach
  readonly from: EdgeNumber
  readonly to: EdgeNumber
}

export interface LaidEdges {
  readonly edges: Edge[]
  readonly lanes: Omit<Lane, 'ways'>[]
  readonly widenings: Widening[]
  /** By `IX-03.S`: where the approach begins, and where it ends at its stop line. */
  readonly begins: Map<string, EdgeNumber>
  readonly ends: Map<string, EdgeNumber>
  /** By the name of the leg: the edge at the edge of the network. */
  readonly outwards: Map<string, EdgeNumber>
}

/**
 * Of the streets at the edge of the network so much is seen: a queue of forty vehicles a lane, which is what comes in two
 * minutes of saturated flow less a green, stands in it, so that vehicles wait in the street and not outside of the city.
 */
const ENTRY_M_MIN = 300
/** Behind the junction drivers have reached their speed before they vanish. */
const OUTWARD_M = 200
/** Two vehicles; a shorter piece of street could not be entered and left. */
const EDGE_M_MIN = 15
/** A pocket holds at least two cars; a shorter one could not be entered. */
const POCKET_M_MIN = 14
/** From the end of a full lane to the beginning of the lanes behind it. */
export const ALONG_M = 1
/** So far a street goes straight on before it bends towards the next junction. */
const STRAIGHT_M = 40

export function layEdges(plots: Plots): LaidEdges {
  const laid: LaidEdges = {
    edges: [],
    lanes: [],
    widenings: [],
    begins: new Map(),
    ends: new Map(),
    outwards: new Map(),
  }
  for (const plot of plots.values())
    for (const leg of plot.legs.legs) {
      if (leg.approach) layApproach(laid, { plot, leg, approach: leg.approach, plots })
      if (leg.out?.kind === 'edgeOfNetwork') layOutwards(laid, plot, { leg, speedKph: leg.out.speedKph })
    }
  return laid
}

export const nameOf = (intersection: Intersection, approach: Approach): string => `${intersection.id}.${approach.id}`

interface ApproachSite {
  readonly plot: Plot
  readonly leg: Leg
  readonly approach: Approach
  readonly plots: Plots
}

function layApproach(laid: LaidEdges, site: ApproachSite): void {
  const { plot, approach } = site
  const street = streetOf(site)
  const pocketM = pocketOf(approach, street.lengthM)
  const facts = {
    speedMps: approach.speedKph / 3.6,
    approach: { intersection: plot.intersection.id, approach: approach.id },
  }
  const name = nameOf(plot.intersection, approach)
  const ids = approach.lanes.map(({ id }) => id)
  const full = fullLanes(approach).map(({ id }) => id)
  if (pocketM === 0) {
    const edge = addEdge(laid, { ...facts, ...street, id: name, to: plot.junction }, ids)
    laid.begins.set(name, edge)
    laid.ends.set(name, edge)
    return
  }
  const firstM = street.lengthM - pocketM - ALONG_M
  const scale = lengthOf(street.shape) / street.lengthM
  const junction = plotsEnd(site.plots) + laid.widenings.length
  const first = { ...facts, id: name, from: street.from, to: junction, lengthM: firstM }
  const from = addEdge(laid, { ...first, shape: partOf(street.shape, 0, firstM * scale) }, full)
  const shape = beside(partOf(street.shape, (firstM + ALONG_M) * scale, street.lengthM * scale), asideM(approach))
  const last = { ...facts, id: `${name}.pockets`, from: junction, to: plot.junction, lengthM: pocketM, shape }
  const to = addEdge(laid, last, ids)
  laid.widenings.push({ junction, place: at(shape, 0), approach, from, to })
  laid.begins.set(name, from)
  laid.ends.set(name, to)
}

/** Junctions with lights are numbered first. */
const plotsEnd = (plots: Plots): JunctionNumber => plots.size

/**
 * The middle of the full lanes, from where drivers come to the stop line. Where an intersection lies upstream, the distance
 * of the configuration runs from stop line to stop line, over the box upstream: the edge is shorter by that box, which is
 * about as wide on this side as on the other.
 */
function streetOf(site: ApproachSite): {
  readonly from: JunctionNumber | null
  readonly lengthM: number
  readonly shape: Line
} {
  const { plot, leg, approach, plots } = site
  const full = fullLanes(approach)
  const stop = middle(full.map((lane) => stopPose(plot.box, leg, approach.lanes.indexOf(lane))))
  const upstream = approach.upstream && plots.get(approach.upstream.intersection)
  if (!approach.upstream || !upstream) {
    const lengthM = Math.max(ENTRY_M_MIN, approach.lengthM)
    return { from: null, lengthM, shape: [moved(stop.place, stop.heading, -lengthM), stop.place] }
  }
  const legThere = upstream.legs.legs.find(({ out }) => out?.kind === 'street' && out.approach === approach)
  invariant(legThere, 'a street from an intersection upstream is one of its legs')
  const lanes = Array.from({ length: full.length }, (_, i) => mouthPose(upstream.box, legThere, i))
  const lengthM = approach.upstream.distanceM - 2 * (upstream.box.radiiM.get(legThere) ?? 0)
  return { from: upstream.junction, lengthM: Math.max(lengthM, EDGE_M_MIN), shape: curve(middle(lanes), stop) }
}

function middle(poses: readonly Pose[]): Pose {
  const mean = (axis: 0 | 1) => poses.reduce((sum, { place }) => sum + place[axis], 0) / poses.length
  return { place: [mean(0), mean(1)], heading: at(poses, 0).heading }
}

function curve(from: Pose, to: Pose): Line {
  const straightM = Math.min(STRAIGHT_M, distance(from.place, to.place) / 3)
  return [
    from.place,
    moved(from.place, from.heading, straightM),
    moved(to.place, opposite(to.heading), straightM),
    to.place,
  ]
}

/** The longest pocket, as far as the street has room for it; 0 if it has none. */
function pocketOf(approach: Approach, streetM: number): number {
  const full = new Set(fullLanes(approach))
  const pockets = approach.lanes.filter((lane) => !full.has(lane))
  if (pockets.length === 0) return 0
  const roomM = Math.max(1, streetM - ALONG_M - EDGE_M_MIN)
  return Math.min(roomM, Math.max(POCKET_M_MIN, ...pockets.map(({ lengthM }) => lengthM)))
}

/** From the middle of the full lanes to the middle of all, to the right. */
function asideM({ lanes, ...approach }: Approach): number {
  const full = fullLanes({ lanes, ...approach })
  const indices = full.map((lane) => lanes.indexOf(lane))
  const middleOfFull = indices.reduce((sum, i) => sum + i, 0) / indices.length
  return (middleOfFull - (lanes.length - 1) / 2) * LANE_WIDTH_M
}

function layOutwards(laid: LaidEdges, plot: Plot, { leg, speedKph }: { leg: Leg; speedKph: number }): void {
  const lanes = Array.from({ length: lanesOut(leg) }, (_, i) => mouthPose(plot.box, leg, i))
  const { place, heading } = middle(lanes)
  const edge = addEdge(
    laid,
    {
      id: `${leg.name}.exit`,
      from: plot.junction,
      to: null,
      lengthM: OUTWARD_M,
      speedMps: speedKph / 3.6,
      approach: null,
      shape: [place, moved(place, heading, OUTWARD_M)],
    },
    lanes.map((_, i) => `${i + 1}`),
  )
  laid.outwards.set(leg.name, edge)
}

function addEdge(laid: LaidEdges, edge: Omit<Edge, 'lanes'>, ids: readonly string[]): EdgeNumber {
  const number = laid.edges.length
  const lanes = ids.map((id, fromKerb): LaneNumber => {
    laid.lanes.push({ id: `${edge.id}/${id}`, edge: number, fromKerb })
    return laid.lanes.length - 1
  })
  laid.edges.push({ ...edge, lanes, lengthM: rounded(edge.lengthM), shape: edge.shape.map(roundedPlace) })
  return number
}

export const roundedPlace = ([x, y]: Place): Place => [rounded(x), rounded(y)]
