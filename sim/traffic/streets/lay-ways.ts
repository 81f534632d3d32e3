/** Lays the ways over junctions: which lane leads into which, along what bend, and how fast. */
import { at } from '#base/at.ts'
import { invariant } from '#base/invariant.ts'
import type { Approach, Lane, Turn } from '#signal/intersection.ts'
import { fullLanes, type Leg } from '#signal/street-legs.ts'
import { CROSSWALK_M, lanesOut, mouthPose, stopPose } from './box.ts'
import { ALONG_M, nameOf, roundedPlace, type LaidEdges, type Plot, type Widening } from './lay-edges.ts'
import { LANE_WIDTH_M } from './lanes.ts'
import { angleBetween, bend, beside, lengthOf, rounded, type Pose } from './plane.ts'
import type { EdgeNumber, LaneNumber, Way } from './street-network.ts'

/** A way before its conflicts are known. */
export type BareWay = Omit<Way, 'yieldsTo' | 'conflicts' | 'waitsAtM'>

/**
 * netconvert's rule for the speed on bends, so that both models turn alike: at most this lateral acceleration
 * (`--junctions.limit-turn-speed`) at the mean radius, the first 15° of a turn not counted (`.min-angle`).
 */
const LATERAL_MPS2 = 5.5
const UNCOUNTED_ANGLE = Math.PI / 12
/** It also takes the mean of the two streets' speeds where nothing bends. */
const meanOf = (a: number, b: number): number => (a + b) / 2

/** The ways over one junction with lights. */
export function layWays(plot: Plot, laid: LaidEdges, crosswalks: ReadonlyMap<string, number>): BareWay[] {
  return plot.legs.legs.flatMap((leg) => {
    const { approach } = leg
    if (approach === null) return []
    return approach.lanes.flatMap((lane, fromKerb) =>
      lane.turns.map((turn) => layWay(plot, laid, { leg, approach, lane, fromKerb, turn, crosswalks })),
    )
  })
}

/** From the full lanes into the lanes behind them: each goes on, and a pocket opens from the nearest. */
export function layAlong({ junction, approach, from, to }: Widening, laid: LaidEdges): BareWay[] {
  const [edge, behind] = [at(laid.edges, from), at(laid.edges, to)]
  const full = fullLanes(approach)
  return approach.lanes.map((_, fromKerb): BareWay => {
    const feeder = nearestFull(approach, fromKerb)
    const end = beside(edge.shape, asideM(full.length, feeder)).at(-1)
    const begin = beside(behind.shape, asideM(approach.lanes.length, fromKerb))[0]
    invariant(end && begin, 'an edge has two places')
    return {
      from: at(edge.lanes, feeder),
      to: at(behind.lanes, fromKerb),
      junction,
      turn: 'along',
      lengthM: ALONG_M,
      speedMps: edge.speedMps,
      head: null,
      onRed: false,
      crosses: [],
      shape: [roundedPlace(end), roundedPlace(begin)],
    }
  })
}

/** Number, from the kerb, among the full lanes: of the lane itself, or of the full lane that is nearest to a pocket. */
export function nearestFull(approach: Approach, fromKerb: number): number {
  const full = fullLanes(approach)
  const places = full.map((lane) => Math.abs(approach.lanes.indexOf(lane) - fromKerb))
  return places.indexOf(Math.min(...places))
}

/** From the middle of an edge to the middle of a lane, to the right. */
const asideM = (lanes: number, fromKerb: number): number => ((lanes - 1) / 2 - fromKerb) * LANE_WIDTH_M

interface WaySite {
  readonly leg: Leg
  readonly approach: Approach
  readonly lane: Lane
  readonly fromKerb: number
  readonly turn: Turn
  readonly crosswalks: ReadonlyMap<string, number>
}

function layWay(plot: Plot, laid: LaidEdges, site: WaySite): BareWay {
  const { leg, approach, lane, fromKerb, turn } = site
  const out = plot.legs.ofTurn(approach.id, turn)
  invariant(out, `${nameOf(plot.intersection, approach)} leads somewhere by its ${turn} turn`)
  const toEdge = at(laid.edges, edgeOut(laid, out))
  const toKerb = laneBehind({ approach, fromKerb, turn, lanes: lanesOut(out) })
  const stop = stopPose(plot.box, leg, fromKerb)
  const mouth = mouthPose(plot.box, out, toKerb)
  const shape = bend(stop, mouth)
  const lengthM = rounded(lengthOf(shape))
  return {
    from: stopLane(laid, plot, { approach, fromKerb }),
    to: at(toEdge.lanes, toKerb),
    junction: plot.junction,
    turn,
    lengthM,
    speedMps: rounded(bendSpeedMps({ stop, mouth, lengthM }, meanOf(approach.speedKph / 3.6, toEdge.speedMps))),
    head: lane.head,
    onRed: turn === 'right' && (lane.rightOnRed ?? false),
    crosses: crosswalksOn(plot, out, { lengthM, crosswalks: site.crosswalks }),
    shape: shape.map(roundedPlace),
  }
}

function stopLane(laid: LaidEdges, plot: Plot, site: { approach: Approach; fromKerb: number }): LaneNumber {
  const edge = laid.ends.get(nameOf(plot.intersection, site.approach))
  invariant(edge !== undefined, 'every approach has an edge that ends at its stop line')
  return at(at(laid.edges, edge).lanes, site.fromKerb)
}

function edgeOut(laid: LaidEdges, { name, out }: Leg): EdgeNumber {
  const edge = out?.kind === 'street' ? laid.begins.get(nameOf(out.to, out.approach)) : laid.outwards.get(name)
  invariant(edge !== undefined, 'a leg that a turn leads into has an edge')
  return edge
}

/** The crosswalk over the leg begins as far before the end of the way as it is deep. */
function crosswalksOn(
  plot: Plot,
  { approach }: Leg,
  { lengthM, crosswalks }: { lengthM: number; crosswalks: ReadonlyMap<string, number> },
): Way['crosses'] {
  const crossing = approach ? crosswalks.get(nameOf(plot.intersection, approach)) : undefined
  return crossing === undefined ? [] : [{ crossing, atM: rounded(Math.max(0, lengthM - CROSSWALK_M)) }]
}

function bendSpeedMps(
  { stop, mouth, lengthM }: { readonly stop: Pose; readonly mouth: Pose; readonly lengthM: number },
  freeMps: number,
): number {
  const angle = angleBetween(stop.heading, mouth.heading) - UNCOUNTED_ANGLE
  return angle <= 0 ? freeMps : Math.min(freeMps, Math.sqrt((LATERAL_MPS2 * lengthM) / angle))
}

interface Crossover {
  readonly approach: Approach
  readonly fromKerb: number
  readonly turn: Turn
  /** Of the leg out. */
  readonly lanes: number
}

/**
 * The lane behind the junction, from the kerb: side by side with the other lanes that make the turn. Who turns right takes
 * the kerb lanes, who turns left the inner ones, and who goes on stays in line as far as the leg has lanes; where it has
 * fewer than turn into it, neighbours merge.
 */
function laneBehind({ approach, fromKerb, turn, lanes }: Crossover): number {
  const same = approach.lanes.flatMap((lane, i) => (lane.turns.includes(turn) ? [i] : []))
  const rank = same.indexOf(fromKerb)
  if (same.length > lanes) {
    const fromInside = same.length - 1 - rank
    const merged = (order: number) => Math.floor((order * lanes) / same.length)
    return turn === 'left' ? lanes - 1 - merged(fromInside) : merged(rank)
  }
  if (turn === 'right') return rank
  if (turn === 'left') return lanes - same.length + rank
  return inLine(
    same.map((i) => nearestFull(approach, i)),
    lanes,
    rank,
  )
}

/** Keeps as many of them as can in the lane that they come from, and all of them side by side. */
function inLine(from: readonly number[], lanes: number, rank: number): number {
  let lane = -1
  for (let i = 0; i <= rank; i++) lane = Math.max(lane + 1, Math.min(at(from, i), lanes - from.length + i))
  return lane
}
