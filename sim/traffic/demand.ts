/** Who wants to drive and walk: random arrivals by the hour's demand, and the turn and lane that each driver takes. */
import { nextExponential, nextUniform, nextWord, uniformFor, type RandomStream } from '#base/random.ts'
import { invariant } from '#base/invariant.ts'
import type { Approach, Arrivals, Lane, Link, Movement, Vehicle } from './street.ts'

/** Key of the plan that the clock asks for; demand is given by it. */
export type DemandKey = string

const CAR_LENGTH_M = 4.5
/** Desired speeds lie this much around the speed of the street. */
const SPEED_SPREAD = 0.1

/** `perHour`: expected arrivals per hour while that plan is asked for. */
export const startArrivals = (stream: RandomStream, perHour: Arrivals['perHour']): Arrivals => ({
  stream,
  perHour,
  debt: nextExponential(stream),
})

/** A plan for which no demand is given, such as free operation at night, has the quietest hour's. */
export function hourlyDemand(vehiclesPerHour: ReadonlyMap<DemandKey, number>): Arrivals['perHour'] {
  const quietest = Math.min(...vehiclesPerHour.values())
  return (key) => vehiclesPerHour.get(key) ?? (Number.isFinite(quietest) ? quietest : 0)
}

/** How many come in this step: Poisson, whatever the rate does meanwhile (a unit process on expected arrivals). */
export function countArrivals(arrivals: Arrivals, key: DemandKey, elapsedMs: number): number {
  arrivals.debt -= (arrivals.perHour(key) * elapsedMs) / 3_600_000
  let count = 0
  for (; arrivals.debt <= 0; count++) arrivals.debt += nextExponential(arrivals.stream)
  return count
}

/** A vehicle that comes from outside; it waits at the entry of the lane that it chose. */
export function arrive(approach: Approach): Vehicle {
  const { stream } = approach.arrivals
  const persona = nextWord(stream)
  const speedFactor = 1 + SPEED_SPREAD * (2 * nextUniform(stream) - 1)
  return approachJunction({ persona, speedFactor, lengthM: CAR_LENGTH_M, passed: 0 }, approach, null)
}

/** The vehicle on its way to the next junction, from a link whose place it keeps until it is in. */
export function approachJunction(
  { persona, speedFactor, lengthM, passed }: Pick<Vehicle, 'persona' | 'speedFactor' | 'lengthM' | 'passed'>,
  approach: Approach,
  link: Link | null,
): Vehicle {
  const movement = chooseTurn(approach, persona, passed)
  const lane = chooseLane(approach, movement)
  const vehicle: Vehicle = {
    persona,
    speedFactor,
    lengthM,
    passed,
    movement,
    lane,
    link,
    positionM: 0,
    speedMps: 0,
    waitedMs: 0,
    crossed: false,
    seen: 'go',
    stops: false,
  }
  lane.bound++
  ;(lane.feeder ?? lane).atEntry.push(vehicle)
  return vehicle
}

/**
 * The same vehicle takes the same turn, however long it took to get there. Who comes by again chooses anew, or it would
 * go round in circles for ever.
 */
function chooseTurn({ movements, place }: Approach, persona: number, passed: number): Movement {
  let rest = uniformFor(persona, place + passed)
  for (const movement of movements) {
    rest -= movement.share
    if (rest < 0) return movement
  }
  const last = movements.at(-1)
  invariant(last, 'an approach has a lane, and the lane a turn')
  return last
}

/** Of the lanes that allow the turn, the one that fewest others have chosen. */
function chooseLane({ lanes }: Approach, { turn }: Movement): Lane {
  let best: Lane | undefined
  for (const lane of lanes) {
    if (!lane.turns.includes(turn)) continue
    if (best === undefined || lane.bound < best.bound) best = lane
  }
  invariant(best, 'a movement has a lane')
  return best
}
