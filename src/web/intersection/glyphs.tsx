/** Lamps as small stacked circles: the place of the lit one tells the state, its hue only helps. */
import type { Point } from './layout.ts'
import type { HeadShown, PedestrianShown } from './shown.ts'

const RADIUS = 4
const STEP = 10

interface LampGlyphProps {
  /** Middle of the glyph. */
  readonly at: Point
  readonly lamp: HeadShown
  readonly label: string
}

/** Red above, yellow in the middle, green below; the label beneath. */
export function LampGlyph({ at, lamp, label }: LampGlyphProps) {
  return (
    <g class="head" transform={`translate(${at.x} ${at.y})`}>
      <rect x="-6.5" y="-16.5" width="13" height="33" rx="2" />
      <LampCircles lamp={lamp} />
      <text y="28" text-anchor="middle">
        {label}
      </text>
    </g>
  )
}

/** The same three circles in a line of text. */
export function LampInText({ lamp }: { readonly lamp: HeadShown }) {
  return (
    <svg class="lamp-in-text head" viewBox="-7 -17 14 34" width="9" height="22" aria-hidden="true">
      <rect x="-6.5" y="-16.5" width="13" height="33" rx="2" />
      <LampCircles lamp={lamp} />
    </svg>
  )
}

function LampCircles({ lamp }: { readonly lamp: HeadShown }) {
  const { red = 'unlit', yellow = 'unlit', green = 'unlit' } = LIT[lamp]
  return (
    <>
      <circle cy={-STEP} r={RADIUS} class={red} />
      <circle cy="0" r={RADIUS} class={yellow} />
      <circle cy={STEP} r={RADIUS} class={green} />
    </>
  )
}

const LIT: Readonly<Record<HeadShown, Partial<Record<'red' | 'yellow' | 'green', string>>>> = {
  red: { red: 'lit-red' },
  redAmber: { red: 'lit-red', yellow: 'lit-yellow' },
  yellow: { yellow: 'lit-yellow' },
  green: { green: 'lit-green' },
  flashingArrow: { yellow: 'lit-yellow flashing' },
  flashingYellow: { yellow: 'lit-yellow flashing' },
  flashingRed: { red: 'lit-red flashing' },
  unknown: {},
}

interface PedestrianGlyphProps {
  readonly at: Point
  readonly shown: PedestrianShown
  readonly label: string
}

/** Two circles: don't walk above, walk below; a ring below while those who walk may finish. */
export function PedestrianGlyph({ at, shown, label }: PedestrianGlyphProps) {
  const below = { walk: 'lit-green', clearing: 'ring-green', dontWalk: 'unlit', dark: 'unlit', unknown: 'unlit' }[shown]
  return (
    <g class="head head-pedestrian" transform={`translate(${at.x} ${at.y})`}>
      <rect x="-5" y="-9.5" width="10" height="19" rx="2" />
      <circle cy="-4.5" r="3.2" class={shown === 'dontWalk' ? 'lit-red' : 'unlit'} />
      <circle cy="4.5" r="3.2" class={below} />
      <text class="head-pedestrian-label" y="20" text-anchor="middle">
        {label}
      </text>
    </g>
  )
}
