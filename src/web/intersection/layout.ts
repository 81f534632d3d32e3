/** Where everything of a drawing lies: made from the facts of any intersection, in a picture of 480 × 480 with margins for names, north up. */
import type { Geometry } from '#contract/api.ts'

export const SIZE = 480
/** Left and right of the picture, for names. */
export const MARGIN = 36
const CENTRE = SIZE / 2
const EDGE = 232
/** Lanes are drawn wider than they are: what happens in them must be seen. */
export const LANE_WIDTH = 16
const OUTBOUND_LANES_MAX = 2
const CROSSWALK_DEPTH = 12
const BOX_RADIUS_MIN = 46
/** Shorter approaches are drawn as if they were this long, so that loops at the stop line stay small. */
const SHOWN_M_MIN = 60
const DETECTOR_LENGTH_MIN = 6
const HEAD_SPACING = { across: 17, along: 48 }

/** A line of a name is about this long; where it really ends depends on the font. */
const NAME_LENGTH = 90
export const LINE_HEIGHT = 15
const LINE_CHARS_MAX = 16

type ApproachFacts = Geometry['approaches'][number]
type LaneFacts = ApproachFacts['lanes'][number]

export interface Point {
  readonly x: number
  readonly y: number
}

/** An approach's own axes: `out` metres away from the centre, `aside` towards its inbound kerb. */
export interface Axes {
  at(out: number, aside: number): Point
}

export interface LaneLayout {
  readonly lane: LaneFacts
  /** Middle of the lane, towards the kerb from the middle of the road. */
  readonly aside: number
  readonly stopAt: number
  readonly endsAt: number
}

/** Two lines for a long name, broken at the space that is nearest its middle. */
export function linesOf(name: string): string[] {
  if (name.length <= LINE_CHARS_MAX) return [name]
  const middle = name.length / 2
  const spaces = [...name.matchAll(/ /g)].map(({ index }) => index)
  const at = spaces.toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0]
  return at === undefined ? [name] : [name.slice(0, at), name.slice(at + 1)]
}

export interface HeadLayout {
  readonly kind: string
  readonly number: number
  readonly at: Point
}

export interface DetectorLayout {
  readonly id: number
  readonly from: number
  readonly to: number
  readonly asideFrom: number
  readonly asideTo: number
}

export interface ApproachLayout {
  readonly facts: ApproachFacts
  readonly axes: Axes
  readonly inboundWidth: number
  readonly outboundWidth: number
  readonly boxRadius: number
  readonly edge: number
  readonly lanes: readonly LaneLayout[]
  readonly heads: readonly HeadLayout[]
  readonly detectors: readonly DetectorLayout[]
  readonly crosswalk: { readonly from: number; readonly to: number; readonly glyph: Point } | null
  readonly label: Point & { readonly anchor: 'start' | 'middle' | 'end' }
}

export function layOut(geometry: Geometry): ApproachLayout[] {
  const boxRadius = boxRadiusOf(geometry.approaches)
  return geometry.approaches.map((facts) => layOutApproach(facts, geometry.detectors, boxRadius))
}

export function axesOf(bearingDeg: number): Axes {
  const radians = (bearingDeg * Math.PI) / 180
  const out = { x: Math.sin(radians), y: -Math.cos(radians) }
  // Whoever drives in towards the centre has the kerb on the right (Iran drives on the right).
  const kerb = { x: out.y, y: -out.x }
  return {
    at: (along, aside) => ({
      x: round(CENTRE + out.x * along + kerb.x * aside),
      y: round(CENTRE + out.y * along + kerb.y * aside),
    }),
  }
}

function layOutApproach(facts: ApproachFacts, allDetectors: Geometry['detectors'], boxRadius: number): ApproachLayout {
  const axes = axesOf(facts.bearingDeg)
  const crosswalk = facts.crosswalk && { from: boxRadius + 4, to: boxRadius + 4 + CROSSWALK_DEPTH }
  const stopAt = (crosswalk?.to ?? boxRadius) + 5
  const vertical = Math.abs(axes.at(1, 0).y - CENTRE)
  const own = allDetectors.filter(({ lanes }) => facts.lanes.some((lane) => lanes.includes(lane.id)))
  const perMetre =
    (EDGE - stopAt) / Math.max(SHOWN_M_MIN, ...own.map(({ setbackM, lengthM }) => setbackM + lengthM + 4))
  const kerbFirst = lanesFromKerb(facts.lanes)
  const lanes = kerbFirst.map((lane, index) => ({
    lane,
    aside: (kerbFirst.length - index - 0.5) * LANE_WIDTH,
    stopAt,
    endsAt: lane.lengthM < facts.lengthM ? Math.min(EDGE, stopAt + lane.lengthM * perMetre) : EDGE,
  }))
  const inboundWidth = lanes.length * LANE_WIDTH
  const outboundWidth = outboundLanes(facts) * LANE_WIDTH
  return {
    facts,
    axes,
    inboundWidth,
    outboundWidth,
    boxRadius,
    edge: EDGE,
    lanes,
    heads: layOutHeads(facts, axes, { stopAt, inboundWidth, vertical }),
    detectors: own.map((detector) => layOutDetector(detector, lanes, perMetre)),
    crosswalk: crosswalk && {
      ...crosswalk,
      glyph: axes.at(crosswalk.from + 4, inboundWidth + 10 + 6 * (1 - vertical)),
    },
    label: labelOf(axes, outboundWidth),
  }
}

const outboundLanes = (facts: ApproachFacts) => Math.max(1, Math.min(OUTBOUND_LANES_MAX, facts.lanes.length))

/** By the number in the lane's name (`N1` is at the kerb); in the order given where names have none. */
function lanesFromKerb(lanes: readonly LaneFacts[]): readonly LaneFacts[] {
  const numberOf = ({ id }: LaneFacts) => Number(/(\d+)$/.exec(id)?.[1] ?? Number.NaN)
  if (lanes.some((lane) => Number.isNaN(numberOf(lane)))) return lanes
  return lanes.toSorted((a, b) => numberOf(a) - numberOf(b))
}

/** Large enough that the sides of neighbouring roads meet inside, whatever their angle. */
function boxRadiusOf(approaches: readonly ApproachFacts[]): number {
  const halfWidth = (facts: ApproachFacts) => Math.max(facts.lanes.length, outboundLanes(facts)) * LANE_WIDTH
  let radius = BOX_RADIUS_MIN
  for (const a of approaches)
    for (const b of approaches) {
      const angle = Math.abs(((a.bearingDeg - b.bearingDeg + 540) % 360) - 180)
      if (a === b || angle < 20 || angle > 150) continue
      const radians = (angle * Math.PI) / 180
      radius = Math.max(radius, (halfWidth(b) + halfWidth(a) * Math.cos(radians)) / Math.sin(radians))
    }
  return Math.min(radius, EDGE / 2)
}

/** The corner that is farthest from every road and name: the north mark stands there. */
export function freeCorner(approaches: readonly ApproachLayout[]): Point {
  const corners = [SIZE + 12, -12].flatMap((x) => [26, SIZE - 34].map((y) => ({ x, y })))
  const taken = approaches.flatMap(({ label, axes }) => {
    const length = { start: NAME_LENGTH, middle: 0, end: -NAME_LENGTH }[label.anchor]
    return [0, 0.5, 1].map((part) => ({ x: label.x + part * length, y: label.y })).concat(axes.at(EDGE, 0))
  })
  const room = (corner: Point) => Math.min(...taken.map(({ x, y }) => Math.hypot(x - corner.x, y - corner.y)))
  return corners.toSorted((a, b) => room(b) - room(a))[0] ?? { x: SIZE + 12, y: 26 }
}

/** One glyph for each different head of the approach, beside its kerb, from the stop line outwards. */
function layOutHeads(
  facts: ApproachFacts,
  axes: Axes,
  { stopAt, inboundWidth, vertical }: { stopAt: number; inboundWidth: number; vertical: number },
): HeadLayout[] {
  const different = new Map(facts.lanes.map(({ head }) => [`${head.kind} ${head.number}`, head]))
  const spacing = HEAD_SPACING.across + (HEAD_SPACING.along - HEAD_SPACING.across) * vertical
  const clearance = inboundWidth + 12 + 20 * (1 - vertical)
  return [...different.values()].map(({ kind, number }, index) => ({
    kind,
    number,
    at: axes.at(stopAt + 10 + 14 * vertical + index * spacing, clearance),
  }))
}

function layOutDetector(
  { id, lanes: covered, setbackM, lengthM }: Geometry['detectors'][number],
  lanes: readonly LaneLayout[],
  perMetre: number,
): DetectorLayout {
  const under = lanes.filter(({ lane }) => covered.includes(lane.id))
  const asides = under.map(({ aside }) => aside)
  const from = (under[0]?.stopAt ?? 0) + setbackM * perMetre
  return {
    id,
    from,
    to: from + Math.max(DETECTOR_LENGTH_MIN, lengthM * perMetre),
    asideFrom: Math.min(...asides) - LANE_WIDTH * 0.36,
    asideTo: Math.max(...asides) + LANE_WIDTH * 0.36,
  }
}

/** At the end of the road, on the side of the vehicles that leave; beside a steep road, above or below a flat one. */
function labelOf(axes: Axes, outboundWidth: number): ApproachLayout['label'] {
  const corner = axes.at(EDGE - 4, -outboundWidth)
  const inner = axes.at(EDGE - 104, -outboundWidth)
  const [along, rise] = [inner.x - corner.x, inner.y - corner.y]
  const beside = axes.at(EDGE - 4, -(outboundWidth + 9))
  if (Math.abs(rise) > Math.abs(along))
    return { x: beside.x, y: clampY(beside.y + 4), anchor: beside.x > corner.x ? 'start' : 'end' }
  // The name runs inwards along the road: it keeps clear of the road's edge at both of its ends.
  const edgeAtNameEnd = corner.y + (rise / Math.abs(along)) * NAME_LENGTH
  const isAbove = beside.y < corner.y
  const y = isAbove ? Math.min(corner.y, edgeAtNameEnd) - LINE_HEIGHT : Math.max(corner.y, edgeAtNameEnd) + LINE_HEIGHT
  return { x: corner.x, y: clampY(y), anchor: along < 0 ? 'end' : 'start' }
}

const clampY = (y: number) => Math.min(SIZE - 20, Math.max(16, y))

const round = (value: number) => Math.round(value * 100) / 100
