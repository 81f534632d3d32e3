/** Places, lines and bends in the plane of the map: metres, x to the east, y to the north. */
import { at } from '#base/at.ts'
import { invariant } from '#base/invariant.ts'
import type { Place } from './street-network.ts'

export type Line = readonly Place[]

/** A place and where to: headings are unit vectors. */
export interface Pose {
  readonly place: Place
  readonly heading: Place
}

/** Mean radius of the earth (IUGG). */
const EARTH_RADIUS_M = 6_371_009
/** Millimetres of a way decide nothing, but the last bit of a sine differs between machines. */
const HUNDREDTHS = 100
const BEND_PIECES = 16

/** What lives in the network is rounded to centimetres, so that the same city is the same everywhere. */
export const rounded = (metres: number): number => Math.round(metres * HUNDREDTHS) / HUNDREDTHS

/** The local tangent plane around an origin: good to a metre over a city. */
export function tangentPlane(origin: { latitude: number; longitude: number }): (position: typeof origin) => Place {
  const perDegree = (Math.PI / 180) * EARTH_RADIUS_M
  const shrink = Math.cos((origin.latitude * Math.PI) / 180)
  return ({ latitude, longitude }) => [
    (longitude - origin.longitude) * perDegree * shrink,
    (latitude - origin.latitude) * perDegree,
  ]
}

/** The unit vector towards a bearing, clockwise from north. */
export function towards(bearingDeg: number): Place {
  const radians = (bearingDeg * Math.PI) / 180
  return [Math.sin(radians), Math.cos(radians)]
}

/** To the right of a heading. */
export const rightOf = ([x, y]: Place): Place => [y, -x]
export const opposite = ([x, y]: Place): Place => [-x, -y]
export const moved = ([x, y]: Place, [dx, dy]: Place, metres: number): Place => [x + dx * metres, y + dy * metres]
export const distance = ([ax, ay]: Place, [bx, by]: Place): number => Math.hypot(bx - ax, by - ay)
const between = ([ax, ay]: Place, [bx, by]: Place, share: number): Place => [
  ax + (bx - ax) * share,
  ay + (by - ay) * share,
]

export function lengthOf(line: Line): number {
  let metres = 0
  for (let i = 1; i < line.length; i++) metres += distance(at(line, i - 1), at(line, i))
  return metres
}

/** The place so far along a line; before its beginning or behind its end, the beginning or the end. */
export function placeAt(line: Line, metres: number): Place {
  let left = Math.max(0, metres)
  for (let i = 1; i < line.length; i++) {
    const piece = distance(at(line, i - 1), at(line, i))
    if (piece > 0 && left <= piece) return between(at(line, i - 1), at(line, i), left / piece)
    left -= piece
  }
  return at(line, line.length - 1)
}

/** The part of a line from here to there, in metres along it. */
export function partOf(line: Line, fromM: number, toM: number): Line {
  const inner: Place[] = []
  let along = 0
  for (let i = 1; i < line.length - 1; i++) {
    along += distance(at(line, i - 1), at(line, i))
    if (along > fromM && along < toM) inner.push(at(line, i))
  }
  return [placeAt(line, fromM), ...inner, placeAt(line, toM)]
}

/** The line beside a line, so far to its right. */
export function beside(line: Line, metres: number): Line {
  return line.map((place, i) => {
    const before = at(line, Math.max(0, i - 1))
    const behind = at(line, Math.min(line.length - 1, i + 1))
    const long = distance(before, behind)
    return long === 0
      ? place
      : moved(place, rightOf([(behind[0] - before[0]) / long, (behind[1] - before[1]) / long]), metres)
  })
}

/**
 * The bend that a driver takes from one pose to another: the cubic that comes nearest to an arc, with handles of
 * 4/3 tan(angle/4) radii, and the straight line where nothing turns.
 */
export function bend(from: Pose, to: Pose): Line {
  const chord = distance(from.place, to.place)
  invariant(chord > 0, 'a way leads from one place to another')
  const angle = angleBetween(from.heading, to.heading)
  const half = Math.sin(angle / 2)
  const handle = half < 0.01 ? chord / 3 : ((4 / 3) * Math.tan(angle / 4) * chord) / (2 * half)
  const leaves = moved(from.place, from.heading, handle)
  const arrives = moved(to.place, to.heading, -handle)
  return Array.from({ length: BEND_PIECES + 1 }, (_, i) =>
    cubic([from.place, leaves, arrives, to.place], i / BEND_PIECES),
  )
}

/** Radians, 0 to π. */
export const angleBetween = (a: Place, b: Place): number =>
  Math.acos(Math.min(1, Math.max(-1, a[0] * b[0] + a[1] * b[1])))

function cubic([a, b, c, d]: readonly [Place, Place, Place, Place], share: number): Place {
  const rest = 1 - share
  const weights = [rest ** 3, 3 * rest ** 2 * share, 3 * rest * share ** 2, share ** 3] as const
  const mix = (axis: 0 | 1) => weights[0] * a[axis] + weights[1] * b[axis] + weights[2] * c[axis] + weights[3] * d[axis]
  return [mix(0), mix(1)]
}

/** Where two lines cross first, counted along the first of them: metres along each; null if they never do. */
export function crossing(one: Line, other: Line): { readonly ownM: number; readonly otherM: number } | null {
  let ownM = 0
  for (let i = 1; i < one.length; i++) {
    let otherM = 0
    for (let j = 1; j < other.length; j++) {
      const shares = meeting(at(one, i - 1), at(one, i), [at(other, j - 1), at(other, j)])
      const piece = distance(at(other, j - 1), at(other, j))
      if (shares)
        return { ownM: ownM + shares.own * distance(at(one, i - 1), at(one, i)), otherM: otherM + shares.other * piece }
      otherM += piece
    }
    ownM += distance(at(one, i - 1), at(one, i))
  }
  return null
}

/** Where two straight pieces cross, as shares of each. */
function meeting(a: Place, b: Place, [c, d]: readonly [Place, Place]): { own: number; other: number } | null {
  const [rx, ry] = [b[0] - a[0], b[1] - a[1]]
  const [sx, sy] = [d[0] - c[0], d[1] - c[1]]
  const cross = rx * sy - ry * sx
  if (Math.abs(cross) < 1e-9) return null
  const own = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / cross
  const other = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / cross
  return own >= 0 && own <= 1 && other >= 0 && other <= 1 ? { own, other } : null
}
