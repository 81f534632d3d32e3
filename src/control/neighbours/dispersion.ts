/** Robertson's platoon dispersion (TRANSYT, RRL LR 253, 1969): what leaves one stop line in a second reaches the next over many. */

/** TRANSYT-7F for streets with little friction: no parking, lanes of their own for who turns. */
const ALPHA = 0.25
/** The first of a platoon need this share of the mean travel time. */
const BETA = 0.8

/** When those who left `travelS` away have arrived: seconds behind the departure of the first, and how much of those still under way arrive in each second. */
const lagS = (travelS: number): number => BETA * travelS
const arrivingShare = (travelS: number): number => 1 / (1 + ALPHA * BETA * travelS)

export interface Departures {
  /** Vehicles that leave in each second, and when the first of these seconds begins, from now. */
  readonly perS: readonly number[]
  readonly beginsInS: number
  /** Mean rate before and after. */
  readonly ratePerS: number
}

/** Adds those who arrive in each of the next seconds to `arrivals`: q'(t + βT) = F q(t) + (1 − F) q'(t + βT − 1). */
export function disperse({ perS, beginsInS, ratePerS }: Departures, travelS: number, arrivals: Float64Array): void {
  const share = arrivingShare(travelS)
  const arrivesInS = beginsInS + lagS(travelS)
  const first = Math.floor(arrivesInS)
  const rest = arrivesInS - first
  let now = ratePerS
  for (let second = first, index = 0; second < arrivals.length; second++, index++) {
    now += share * ((perS[index] ?? ratePerS) - now)
    // Seconds of arrival lie across two of ours.
    add(arrivals, second, (1 - rest) * now)
    add(arrivals, second + 1, rest * now)
  }
}

function add(arrivals: Float64Array, second: number, vehicles: number): void {
  if (second >= 0 && second < arrivals.length) arrivals[second] = (arrivals[second] ?? 0) + vehicles
}
