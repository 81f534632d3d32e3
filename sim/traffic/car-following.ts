/**
 * How one driver follows another and stops at a line: never faster than is safe (Krauss, Phys. Rev. E 55, 1997), and
 * never closer in time than a driver likes (Newell, Transp. Res. B 36, 2002).
 */

/** What a queue gathers speed with when the light turns green. */
const ACCELERATION_MPS2 = 2
/** What a driver brakes with when nothing is wrong (ITE: 10 ft/s²). */
const COMFORTABLE_MPS2 = 3
/** The most that a tyre gives on a dry street. */
export const HARD_MPS2 = 6
/** Until a driver brakes as the one ahead does. */
const REACTION_S = 1
/** Time that a driver keeps to the one ahead; with a car's length it makes the saturation flow near 1,800 veh/h. */
const HEADWAY_S = 1.65
/** Bumper to bumper in a standing queue. */
export const STANDING_GAP_M = 2

/** Speed that keeps a driver clear of a leader, `gapM` ahead of the place where one would stand behind it. */
export const followingMps = (gapM: number, leaderMps: number): number =>
  Math.min(stoppingMps(gapM, leaderMps), Math.max(0, gapM) / HEADWAY_S)

/** Fastest speed from which one can stop within `gapM`, or behind a leader that brakes now. */
export function stoppingMps(gapM: number, leaderMps = 0): number {
  const reaction = COMFORTABLE_MPS2 * REACTION_S
  const square = reaction * reaction + leaderMps * leaderMps + 2 * COMFORTABLE_MPS2 * gapM
  return square <= reaction * reaction ? 0 : Math.sqrt(square) - reaction
}

export const freeMps = (speedMps: number, desiredMps: number, elapsedS: number): number =>
  Math.min(desiredMps, speedMps + ACCELERATION_MPS2 * elapsedS)

/**
 * Whether a driver who sees the yellow now stops in front of the line: ITE's boundary, a reaction and then 3 m/s². Who
 * gathers speed does so until the reaction is over, so that a queue uses about two seconds of the yellow (HCM: e = 2 s).
 */
export function stopsAtYellow(speedMps: number, desiredMps: number, toLineM: number): boolean {
  const reachedMps = freeMps(speedMps, desiredMps, REACTION_S)
  const reactionM = ((speedMps + reachedMps) / 2) * REACTION_S
  return reactionM + (reachedMps * reachedMps) / (2 * COMFORTABLE_MPS2) <= toLineM
}

/** Whether the tyres can hold the vehicle in front of the line at all. */
export const canStop = (speedMps: number, toLineM: number): boolean => speedMps * speedMps <= 2 * HARD_MPS2 * toLineM
