/** Which leg of a junction a turn leads into, by the bearings of the legs. */
import { turnedDeg } from '#base/bearing.ts'
import type { Turn } from './intersection.ts'

/** From straight on, clockwise. */
const TURN_DEG: Readonly<Record<Turn, number>> = { left: -90, through: 0, right: 90 }

/** In the order in which their legs lie, seen by the driver from left to right. */
const FROM_LEFT: readonly Turn[] = ['left', 'through', 'right']

/** A boulevard may bend, or meet the square at a slant; past this it is another street. */
const SLANT_DEG_MAX = 75

export interface WayOut {
  readonly bearingDeg: number
}

/**
 * The leg for each of the turns that a driver from `fromBearingDeg` may make; none where no leg lies near it. No two turns
 * lead into one leg, and they keep their order from left to right. Of all such choices the straightest to the turns is
 * taken, and of two alike (six legs, evenly spread) the one with the sharper turns, that is the neighbouring legs: a right
 * turn from the kerb then meets no one who comes from the right-hand street.
 */
export function legsOfTurns<Leg extends WayOut>(
  fromBearingDeg: number,
  turns: ReadonlySet<Turn>,
  legs: readonly Leg[],
): ReadonlyMap<Turn, Leg> {
  const heading = fromBearingDeg + 180
  const fromLeft = legs
    .map((leg) => ({ leg, deg: turnedDeg(leg.bearingDeg, heading) }))
    .toSorted((a, b) => a.deg - b.deg)
  const wanted = FROM_LEFT.filter((turn) => turns.has(turn))
  return new Map(best(wanted, fromLeft).taken)
}

interface Seen<Leg> {
  readonly leg: Leg
  readonly deg: number
}

interface Choice<Leg> {
  readonly taken: readonly (readonly [Turn, Leg])[]
  readonly slantDeg: number
  readonly sharpDeg: number
}

function best<Leg>([turn, ...others]: readonly Turn[], legs: readonly Seen<Leg>[]): Choice<Leg> {
  if (turn === undefined) return { taken: [], slantDeg: 0, sharpDeg: 0 }
  const without = best(others, legs)
  let choice = { ...without, slantDeg: without.slantDeg + SLANT_DEG_MAX }
  legs.forEach(({ leg, deg }, i) => {
    const slantDeg = Math.abs(turnedDeg(deg, TURN_DEG[turn]))
    if (slantDeg > SLANT_DEG_MAX) return
    const rest = best(others, legs.slice(i + 1))
    const next = {
      taken: [[turn, leg] as const, ...rest.taken],
      slantDeg: rest.slantDeg + slantDeg,
      sharpDeg: rest.sharpDeg + Math.abs(deg),
    }
    if (next.slantDeg < choice.slantDeg || (next.slantDeg === choice.slantDeg && next.sharpDeg > choice.sharpDeg))
      choice = next
  })
  return choice
}
