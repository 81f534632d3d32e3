/**
 * How a driver follows and stops (Krauss, Phys. Rev. E 55, 1997), in steps of time.
 *
 * In each step a vehicle first takes its new speed and then drives at it (Euler). Braking from speed v takes, step after
 * step, v - s, v - 2s, …, with s what one step takes off; the distances below are those sums, so that what is called safe
 * is safe in steps too. Why Krauss and not IDM: docs/decisions/010-krauss.md.
 */

/** Metres until a vehicle stands that brakes from now on. */
export function brakingM(speedMps: number, decelerationMps2: number, stepS: number): number {
  const lessMps = decelerationMps2 * stepS
  const steps = Math.floor(speedMps / lessMps)
  return stepS * (steps * speedMps - (lessMps * steps * (steps + 1)) / 2)
}

/**
 * The highest speed at which a driver, after a reaction of `reactionS`, comes to stand within `gapM`.
 *
 * With v = n s + r the way is reactionS (n s + r) + stepS (s n (n - 1) / 2 + n r): n is the largest whole number for which
 * it fits with r = 0, and r takes what is left.
 */
export function stoppingMps(gapM: number, decelerationMps2: number, reactionS: number, stepS: number): number {
  if (gapM <= 0) return 0
  const lessMps = decelerationMps2 * stepS
  const square = (stepS * lessMps) / 2
  const linear = reactionS * lessMps - square
  const steps = Math.floor((Math.sqrt(linear * linear + 4 * square * gapM) - linear) / (2 * square))
  const wholeM = reactionS * steps * lessMps + square * steps * (steps - 1)
  return steps * lessMps + (gapM - wholeM) / (reactionS + steps * stepS)
}

/** The highest speed now from which `thenMps` can be reached within `distanceM` without braking hard. */
export function slowingMps(thenMps: number, distanceM: number, decelerationMps2: number, stepS: number): number {
  const half = (decelerationMps2 * stepS) / 2
  return Math.max(thenMps, Math.sqrt(half * half + thenMps * thenMps + 2 * decelerationMps2 * distanceM) - half)
}

/**
 * What chance leaves of a speed: a driver does not use all of his acceleration. Who has hardly started loses in proportion
 * to his speed only, or he might never start.
 */
export const dawdledMps = (speedMps: number, unusedMps2: number, imperfection: number, chanceS: number): number =>
  Math.max(0, speedMps - Math.min(unusedMps2, imperfection * speedMps) * chanceS)

/** Seconds until a vehicle that accelerates to `limitMps` has driven so far. */
export function travelS(distanceM: number, speedMps: number, limitMps: number, accelerationMps2: number): number {
  if (distanceM <= 0) return 0
  const limit = Math.max(limitMps, speedMps, 0.1)
  const speedUpM = (limit * limit - speedMps * speedMps) / (2 * accelerationMps2)
  if (distanceM <= speedUpM)
    return (Math.sqrt(speedMps * speedMps + 2 * accelerationMps2 * distanceM) - speedMps) / accelerationMps2
  return (limit - speedMps) / accelerationMps2 + (distanceM - speedUpM) / limit
}
