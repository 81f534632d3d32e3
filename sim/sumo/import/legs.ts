/** Names for approaches and lanes as our files want them: compass letters, and a number from the kerb. */
import type { Approach, Intersection, Lane } from '#signal/intersection.ts'

export interface Leg {
  readonly leg: string
  readonly approach: Approach
  readonly lanes: readonly Lane[]
}

export interface Legs {
  readonly legs: readonly Leg[]
  /** `N2` of a lane of the network. */
  readonly laneName: (lane: string) => string
}

const COMPASS = ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'] as const

/** What a leg of our files holds; a wider approach becomes two. */
const LANES_MOST = 8

export function legsOf({ approaches }: Intersection): Legs {
  const taken = new Set<string>()
  const legs = approaches.flatMap((approach) =>
    slices(approach.lanes).map((lanes) => ({ leg: freeName(approach.bearingDeg, taken), approach, lanes })),
  )
  const names = new Map(legs.flatMap(({ leg, lanes }) => lanes.map(({ id }, index) => [id, `${leg}${index + 1}`])))
  return { legs, laneName: (lane) => names.get(lane) ?? lane }
}

const LETTERS = [...'ABCDFGHIJKLMOPQRTUVXYZ'] // Without those of the compass.

/** Two streets from the north are `N` and `NA`; where even those run out, letters are all that is left. */
function freeName(bearingDeg: number, taken: Set<string>): string {
  const direction = COMPASS[Math.round(bearingDeg / 45) % COMPASS.length] ?? 'N'
  const beside = LETTERS.map((letter) => direction + letter)
  const apart = LETTERS.flatMap((first) => LETTERS.map((second) => first + second))
  const name = [direction, ...beside, ...apart].find((free) => !taken.has(free)) ?? direction
  taken.add(name)
  return name
}

const slices = (lanes: readonly Lane[]): (readonly Lane[])[] =>
  Array.from({ length: Math.ceil(lanes.length / LANES_MOST) }, (_, part) =>
    lanes.slice(part * LANES_MOST, (part + 1) * LANES_MOST),
  )
