/** The box of a junction: how far from its middle each leg's stop line lies, and where its lanes end and begin. */
import { at } from '#base/at.ts'
import { turnedDeg } from '#base/bearing.ts'
import { fullLanes, type Leg } from '#signal/street-legs.ts'
import { LANE_WIDTH_M, leftPockets } from './lanes.ts'
import { moved, opposite, rightOf, towards, type Pose } from './plane.ts'
import type { Place } from './street-network.ts'

export interface Box {
  readonly centre: Place
  /** Along each leg, from the middle to its stop line; the way out ends as far out. */
  readonly radiiM: ReadonlyMap<Leg, number>
}

/** From the corner of the kerbs to a stop line without a crosswalk, and what a crosswalk takes beside it. */
const CORNER_M = 4
/** A metre to the stop line, and the crosswalk itself. */
export const CROSSWALK_M = 5
const RADIUS_M_MIN = 8
/** Streets that meet at a very sharp angle part far out; the box ends before. */
const RADIUS_M_MAX = 45
/** Past this two legs lie opposite each other, and their kerbs do not meet. */
const CORNER_DEG_MAX = 150

export function layBox(centre: Place, legs: readonly Leg[]): Box {
  const radiiM = new Map(legs.map((leg) => [leg, 0]))
  const clockwise = legs.toSorted((a, b) => a.bearingDeg - b.bearingDeg)
  clockwise.forEach((leg, i) => {
    const next = at(clockwise, (i + 1) % clockwise.length)
    const angleDeg = (turnedDeg(next.bearingDeg, leg.bearingDeg) + 360) % 360
    if (angleDeg === 0 || angleDeg > CORNER_DEG_MAX) return
    const [own, others] = corner(widthM(leg).out, widthM(next).inward, (angleDeg * Math.PI) / 180)
    radiiM.set(leg, Math.max(radiiM.get(leg) ?? 0, own))
    radiiM.set(next, Math.max(radiiM.get(next) ?? 0, others))
  })
  for (const [leg, cornerM] of radiiM) {
    const crosswalkM = leg.approach?.crosswalk ? CROSSWALK_M : 0
    radiiM.set(leg, Math.min(RADIUS_M_MAX, Math.max(RADIUS_M_MIN, cornerM + CORNER_M + crosswalkM)))
  }
  return { centre, radiiM }
}

/** How many lanes lead out along a leg. */
export function lanesOut({ out }: Leg): number {
  if (out === null) return 0
  return out.kind === 'street' ? fullLanes(out.approach).length : out.lanes
}

/** Where a lane of the approach ends at its stop line, counted from the kerb. */
export function stopPose(box: Box, leg: Leg, fromKerb: number): Pose {
  const lanes = leg.approach?.lanes.length ?? 0
  const pockets = leg.approach ? leftPockets(leg.approach) : 0
  const asideM = medianM(leg) / 2 + (lanes - pockets - fromKerb - 0.5) * LANE_WIDTH_M
  const out = towards(leg.bearingDeg)
  return { place: beside(box, leg, rightOf(opposite(out)), asideM), heading: opposite(out) }
}

/** Where a lane begins that leads out along the leg. */
export function mouthPose(box: Box, leg: Leg, fromKerb: number): Pose {
  const asideM = medianM(leg) / 2 + (lanesOut(leg) - fromKerb - 0.5) * LANE_WIDTH_M
  const out = towards(leg.bearingDeg)
  return { place: beside(box, leg, rightOf(out), asideM), heading: out }
}

/** Left turn pockets lie in the middle of the street, opposite those of the leg beyond. */
const medianM = ({ approach }: Leg): number => (approach ? leftPockets(approach) * LANE_WIDTH_M : 0)

function beside(box: Box, leg: Leg, aside: Place, asideM: number): Place {
  const radiusM = box.radiiM.get(leg) ?? RADIUS_M_MIN
  return moved(moved(box.centre, towards(leg.bearingDeg), radiusM), aside, asideM)
}

/** From the middle of the street to the kerb, on either side. */
function widthM(leg: Leg): { readonly inward: number; readonly out: number } {
  const middle = medianM(leg) / 2
  const inward = leg.approach ? leg.approach.lanes.length - leftPockets(leg.approach) : 0
  return { inward: middle + inward * LANE_WIDTH_M, out: middle + lanesOut(leg) * LANE_WIDTH_M }
}

/** Where the kerbs of two streets of these widths meet: along each of them, from the middle of the junction. */
function corner(own: number, other: number, angle: number): [number, number] {
  return [(other + own * Math.cos(angle)) / Math.sin(angle), (own + other * Math.cos(angle)) / Math.sin(angle)]
}
