/** Robertson's platoon dispersion (TRANSYT, RRL LR 253, 1969): what leaves one stop line in a second reaches the next over many. */

/**
 * Standard deviation of drivers' travel times, as a share of the mean. TRANSYT's α and β follow from it (Yu, TRR 1727, 2000:
 * the geometric tail has its variance, and the mean is kept), and streets differ in it less than in α. Found best in SUMO; with
 * TRANSYT's usual α of 0.25 and more, platoons blur twice as fast as there.
 */
const DEVIATION = 0.12

/** F of Robertson: of those who might have come by now, who comes in this second. */
function arrivingShare(travelS: number): number {
  const varianceS2 = (DEVIATION * travelS) ** 2
  return (Math.sqrt(1 + 4 * varianceS2) - 1) / (2 * varianceS2)
}

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
  // The tail is later than the first by as much as the first is earlier than the mean.
  const arrivesInS = beginsInS + travelS - (1 - share) / share
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
