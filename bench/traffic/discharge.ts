/** How a queue leaves: saturation flow and start-up lost time from the moments at which fronts cross the stop line. */

export interface Discharge {
  /** Vehicles per hour of green and lane. */
  readonly saturationPerHour: number
  readonly startUpLostS: number
  /** Vehicles that a green and its yellow let pass. */
  readonly perCycle: number
}

/** HCM 6, chapter 31: from the fourth vehicle on headways are those of saturation. */
const STARTS_UP = 4
const LAST = 12

/** `greenS`: when each green began. Greens in which the queue ended before its twelfth vehicle do not count. */
export function measureDischarge(crossingsS: readonly number[], greensS: readonly number[], cycleS: number): Discharge {
  const sorted = crossingsS.toSorted((a, b) => a - b)
  const greens = greensS
    .map((greenS) => sorted.filter((s) => s >= greenS && s < greenS + cycleS).map((s) => s - greenS))
    .filter((times) => times.length >= LAST)
  const meanOf = (position: number) => mean(greens.map((times) => times[position - 1] ?? 0))
  const headwayS = (meanOf(LAST) - meanOf(STARTS_UP)) / (LAST - STARTS_UP)
  return {
    saturationPerHour: 3_600 / headwayS,
    startUpLostS: meanOf(STARTS_UP) - STARTS_UP * headwayS,
    perCycle: mean(greens.map((times) => times.length)),
  }
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
