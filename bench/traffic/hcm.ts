/** Control delay by the Highway Capacity Manual (HCM 6, chapter 19): uniform and incremental delay, fixed time, isolated. */

export interface LaneGroup {
  readonly cycleS: number
  /** Effective green. */
  readonly greenS: number
  readonly capacityPerHour: number
  /** Volume over capacity. */
  readonly degree: number
  /** Length of the analysis period. */
  readonly hours: number
}

/** Incremental delay factor of fixed time, and no metering upstream. */
const K = 0.5
const I = 1

export function hcmDelayS({ cycleS, greenS, capacityPerHour, degree, hours }: LaneGroup): number {
  const share = greenS / cycleS
  const uniformS = (0.5 * cycleS * (1 - share) ** 2) / (1 - Math.min(1, degree) * share)
  const over = degree - 1
  const random = (8 * K * I * degree) / (capacityPerHour * hours)
  return uniformS + 900 * hours * (over + Math.sqrt(over ** 2 + random))
}
