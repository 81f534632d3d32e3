/** The drawing of an intersection: ground, lanes, crosswalks, loops, movements, heads and names, from its facts alone. */
import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Geometry } from '#contract/api.ts'
import type { LiveState } from '#contract/messages.ts'
import { format, isolate, nameOf, text } from '../text/texts.ts'
import { LampGlyph, PedestrianGlyph } from './glyphs.tsx'
import {
  freeCorner,
  LANE_WIDTH,
  layOut,
  LINE_HEIGHT,
  linesOf,
  MARGIN,
  SIZE,
  type ApproachLayout,
  type DetectorLayout,
  type LaneLayout,
} from './layout.ts'
import { detectorShown, headShown, pedestrianShown, queueOf } from './shown.ts'

export interface DrawingProps {
  readonly geometry: Geometry
  /** null: nothing is known, or not any more. */
  readonly state: LiveState | null
}

export function Drawing({ geometry, state }: DrawingProps) {
  const approaches = useMemo(() => layOut(geometry), [geometry])
  const t = text.value
  return (
    <figure class="drawing" aria-label={t.drawing}>
      <svg viewBox={`${-MARGIN} 0 ${SIZE + 2 * MARGIN} ${SIZE}`} aria-hidden="true" direction="ltr">
        <defs>
          <pattern id="untrusted" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" y1="0" x2="0" y2="5" class="hatch-line" />
          </pattern>
          <marker
            id="arrow"
            viewBox="0 0 8 8"
            refX="4"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            orient="auto"
            markerUnits="userSpaceOnUse"
          >
            <path d="M0 0 8 4 0 8Z" class="arrow-head" />
          </marker>
          <marker
            id="arrow-served"
            viewBox="0 0 8 8"
            refX="4"
            refY="4"
            markerWidth="11"
            markerHeight="11"
            orient="auto"
            markerUnits="userSpaceOnUse"
          >
            <path d="M0 0 8 4 0 8Z" class="arrow-head-served" />
          </marker>
        </defs>
        <Ground approaches={approaches} />
        {approaches.map((approach) => (
          <Approach key={approach.facts.id} approach={approach} state={state} geometry={geometry} />
        ))}
        <North approaches={approaches} />
      </svg>
      <figcaption class="muted">{t.drawingCaption}</figcaption>
    </figure>
  )
}

function North({ approaches }: { readonly approaches: readonly ApproachLayout[] }) {
  const { x, y } = freeCorner(approaches)
  return (
    <g class="north">
      <path d={`M${x} ${y + 8}v-22m-5 7 5-8 5 8`} />
      <text x={x} y={y + 22} text-anchor="middle">
        {text.value.north}
      </text>
    </g>
  )
}

function Ground({ approaches }: { readonly approaches: readonly ApproachLayout[] }) {
  const centre = SIZE / 2
  const radius = approaches[0]?.boxRadius ?? 0
  return (
    <g class="ground">
      <circle cx={centre} cy={centre} r={radius} />
      {approaches.map((approach) => (
        <path
          key={approach.facts.id}
          d={quadrilateral(approach, [0, approach.edge], [-approach.outboundWidth, approach.inboundWidth])}
        />
      ))}
    </g>
  )
}

interface ApproachProps extends DrawingProps {
  readonly approach: ApproachLayout
}

function Approach({ approach, state, geometry }: ApproachProps) {
  return (
    <g>
      <Lines approach={approach} />
      <Crossing approach={approach} state={state} />
      {approach.lanes.map((layout) => (
        <Queue key={layout.lane.id} approach={approach} layout={layout} vehicles={queueOf(state, layout.lane.id)} />
      ))}
      {approach.detectors.map((detector) => (
        <Detector key={detector.id} approach={approach} detector={detector} state={state} />
      ))}
      {approach.lanes.flatMap((layout) =>
        layout.lane.turns.map((turn) => {
          const served = headShown(state, layout.lane.head, geometry) === 'green'
          return (
            <path
              key={`${layout.lane.id} ${turn}`}
              class={served ? 'movement movement-served' : 'movement'}
              marker-end={served ? 'url(#arrow-served)' : 'url(#arrow)'}
              d={movement(approach, layout, turn)}
            />
          )
        }),
      )}
      {approach.heads.map(({ kind, number, at }) => (
        <LampGlyph
          key={`${kind} ${number}`}
          at={at}
          lamp={headShown(state, { kind, number }, geometry)}
          label={headLabel(kind, number)}
        />
      ))}
      <ApproachName approach={approach} />
    </g>
  )
}

function ApproachName({ approach: { facts, label } }: { readonly approach: ApproachLayout }) {
  const lines = linesOf(nameOf(facts.name))
  // A name of two lines grows away from the nearer edge of the picture.
  const up = label.y > SIZE / 2 ? (lines.length - 1) * LINE_HEIGHT : 0
  return (
    <text class="approach-name" text-anchor={label.anchor}>
      {lines.map((line, index) => (
        <tspan key={line} x={label.x} y={label.y - up + index * LINE_HEIGHT}>
          {isolate(line)}
        </tspan>
      ))}
    </text>
  )
}

const OVERLAP_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

function headLabel(kind: string, number: number): string {
  return kind === 'overlap' ? (OVERLAP_LETTERS[number - 1] ?? String(number)) : format.value.number(number)
}

/** Kerbs are the edge of the ground; here the middle of the road, lanes and the stop line. */
function Lines({ approach: { axes, lanes, edge, inboundWidth } }: { readonly approach: ApproachLayout }) {
  const stopAt = lanes[0]?.stopAt ?? edge
  const line = (fromOut: number, toOut: number, aside: number) => {
    const [from, to] = [axes.at(fromOut, aside), axes.at(toOut, aside)]
    return `M${from.x} ${from.y}L${to.x} ${to.y}`
  }
  const [kerb, middle] = [axes.at(stopAt, inboundWidth), axes.at(stopAt, 0)]
  return (
    <g class="lines">
      <path class="middle" d={line(stopAt, edge, 0)} />
      {lanes.slice(1).map(({ lane, aside, endsAt }, index) => (
        <path
          key={lane.id}
          class="lane-line"
          d={line(stopAt, Math.min(endsAt, lanes[index]?.endsAt ?? edge), aside + LANE_WIDTH / 2)}
        />
      ))}
      <path class="stop-line" d={`M${kerb.x} ${kerb.y}L${middle.x} ${middle.y}`} />
    </g>
  )
}

const STRIPE = 4

function Crossing({ approach, state }: { readonly approach: ApproachLayout; readonly state: LiveState | null }) {
  const { crosswalk, facts, inboundWidth, outboundWidth } = approach
  if (!crosswalk || !facts.crosswalk) return null
  const { number } = facts.crosswalk
  const shown = pedestrianShown(state, number)
  const stripes: ComponentChildren[] = []
  for (let aside = -outboundWidth + 2; aside + STRIPE <= inboundWidth; aside += 2 * STRIPE)
    stripes.push(
      <path key={aside} d={quadrilateral(approach, [crosswalk.from, crosswalk.to], [aside, aside + STRIPE])} />,
    )
  return (
    <g class={`crosswalk crosswalk-${shown}`}>
      {stripes}
      <PedestrianGlyph at={crosswalk.glyph} shown={shown} label={format.value.number(number)} />
    </g>
  )
}

interface DetectorProps {
  readonly approach: ApproachLayout
  readonly detector: DetectorLayout
  readonly state: LiveState | null
}

function Detector({ approach, detector: { id, from, to, asideFrom, asideTo }, state }: DetectorProps) {
  const shown = state ? detectorShown(state.detectors, id) : 'untrusted'
  return <path class={`detector detector-${shown}`} d={quadrilateral(approach, [from, to], [asideFrom, asideTo])} />
}

const VEHICLE = 7
const VEHICLE_SPACING = 10

interface QueueProps {
  readonly approach: ApproachLayout
  readonly layout: LaneLayout
  readonly vehicles: number
}

/** Vehicles that wait, from the stop line; those that do not fit are in the number. */
function Queue({ approach, layout: { stopAt, endsAt, aside }, vehicles }: QueueProps) {
  if (vehicles === 0) return null
  const room = Math.max(0, Math.floor((endsAt - stopAt - 14) / VEHICLE_SPACING))
  const drawn = Math.min(vehicles, room)
  const free = freeOfLoops(approach, aside, stopAt + drawn * VEHICLE_SPACING + 10)
  const number = approach.axes.at(Math.min(free, endsAt - 4), aside)
  return (
    <g class="queue">
      {Array.from({ length: drawn }, (_, index) => {
        const from = stopAt + 3 + index * VEHICLE_SPACING
        return <path key={index} d={quadrilateral(approach, [from, from + VEHICLE], [aside - 3.5, aside + 3.5])} />
      })}
      <text x={number.x} y={number.y + 4} text-anchor="middle">
        {format.value.number(vehicles)}
      </text>
    </g>
  )
}

/** A camera's zone is longer than any number could be moved; there the number stands on it. */
const LONG_LOOP = 60

/** The first place from `out` on where no loop of the lane hides the number. */
function freeOfLoops({ detectors }: ApproachLayout, aside: number, out: number): number {
  const under = detectors.filter(
    ({ asideFrom, asideTo, to, from }) => aside > asideFrom && aside < asideTo && to - from < LONG_LOOP,
  )
  return under.reduce((place, { from, to }) => (place > from - 8 && place < to + 8 ? to + 9 : place), out)
}

/** From the stop line into the box, towards where the lane may go. */
function movement({ axes, boxRadius }: ApproachLayout, { aside }: LaneLayout, turn: string): string {
  const start = axes.at(boxRadius - 1, aside)
  if (turn === 'through') {
    const end = axes.at(boxRadius - 26, aside)
    return `M${start.x} ${start.y}L${end.x} ${end.y}`
  }
  const bend = axes.at(boxRadius - 17, aside)
  const end = axes.at(boxRadius - 19, aside + (turn === 'right' ? 13 : -13))
  return `M${start.x} ${start.y}Q${bend.x} ${bend.y} ${end.x} ${end.y}`
}

type Span = readonly [number, number]

function quadrilateral({ axes }: ApproachLayout, [from, to]: Span, [asideFrom, asideTo]: Span): string {
  const corners = [axes.at(from, asideFrom), axes.at(to, asideFrom), axes.at(to, asideTo), axes.at(from, asideTo)]
  return `M${corners.map(({ x, y }) => `${x} ${y}`).join('L')}Z`
}
