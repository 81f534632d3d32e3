/** How far beliefs were from the truth, by kind of lane and of detector. */
import { spreadOf } from '../report/spread.ts'
import type { DischargeTruth } from './discharge-truth.ts'
import { BIN_S, BINS, type JudgedLane, type LaneSeconds } from './lane-seconds.ts'
import type { Learnt } from './own-estimator.ts'

export interface Errors {
  readonly lanes: number
  /** Lanes times seconds. */
  readonly samples: number
  /** Vehicles of a lane that truly waited, on average; … */
  readonly truth: number
  /** … how far the belief was off, … */
  readonly mean: number
  readonly p95: number
  /** … and by how much it was too high. */
  readonly bias: number
  /** The same of arrivals, by ten seconds of horizon; P95 is left out, since most bins hold nobody. */
  readonly arrivals: readonly { readonly truth: number; readonly mean: number; readonly bias: number }[]
}

/** While nobody knows the street yet. */
export const SETTLING_S = 300

/** A street and what was believed of it. */
export interface Judged {
  readonly lanes: readonly JudgedLane[]
  readonly believed: LaneSeconds
  readonly truth: LaneSeconds
  /** How long the street was watched. */
  readonly seconds: number
  /** What was learnt of each lane by the end, by its key, and how it truly was. */
  readonly learnt: ReadonlyMap<string, Learnt>
  readonly discharge: DischargeTruth
}

/** Of the lanes that `isMeant`; null where there is none, or the street was too short. */
export function errorsOf(
  { lanes, believed, truth, seconds }: Omit<Judged, 'learnt' | 'discharge'>,
  isMeant: (lane: JudgedLane) => boolean,
): Errors | null {
  const meant = lanes.filter(isMeant)
  // Whoever comes in the last minute may be on his way when the street is left.
  const untilS = seconds - BINS * BIN_S
  if (meant.length === 0 || untilS <= SETTLING_S) return null
  const compare = (bin: number | null) => {
    const [was, off] = [[] as number[], [] as number[]]
    for (const { key } of meant)
      for (let second = SETTLING_S; second < untilS; second++) {
        was.push(truth.get(second, key, bin))
        off.push(believed.get(second, key, bin) - truth.get(second, key, bin))
      }
    return { truth: spreadOf(was).mean, bias: spreadOf(off).mean, ...spreadOfSizes(off) }
  }
  return {
    lanes: meant.length,
    samples: meant.length * (untilS - SETTLING_S),
    ...compare(null),
    arrivals: Array.from({ length: BINS }, (_, bin) => {
      const { truth: vehicles, mean, bias } = compare(bin)
      return { truth: vehicles, mean, bias }
    }),
  }
}

function spreadOfSizes(off: readonly number[]): { mean: number; p95: number } {
  const { mean, p95 } = spreadOf(off.map(Math.abs))
  return { mean, p95 }
}
