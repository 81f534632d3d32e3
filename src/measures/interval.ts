/** What a few runs tell of the mean of all possible ones: confidence intervals, and differences between paired runs. */
import { quantileWithin } from './student-t.ts'

export const CONFIDENCE = 0.95

export interface Estimate {
  readonly mean: number
  /** How many samples it stands on. */
  readonly samples: number
  /** The true mean lies so near to this one, with the confidence asked for; left out for a single sample. */
  readonly plusMinus?: number
}

/** Of at least one sample; samples are taken to be independent, and normal enough (Student). */
export function estimateMean(samples: readonly number[], confidence = CONFIDENCE): Estimate {
  const count = samples.length
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / count
  if (count === 1) return { mean, samples: 1 }
  const squares = samples.reduce((sum, sample) => sum + (sample - mean) ** 2, 0)
  const plusMinus = quantileWithin(confidence, count - 1) * Math.sqrt(squares / (count - 1) / count)
  return { mean, samples: count, plusMinus }
}

export interface Difference extends Estimate {
  /** `none`: the interval reaches over 0, or there is none to say it; then a difference may be chance. */
  readonly verdict: 'more' | 'less' | 'none'
}

/**
 * How much more the second of each pair is than the first. Pairs share their chance (common random numbers), so that what the
 * chance does to both is not in the difference.
 */
export function estimateDifference(pairs: readonly (readonly [number, number])[], confidence = CONFIDENCE): Difference {
  const estimate = estimateMean(
    pairs.map(([first, second]) => second - first),
    confidence,
  )
  return { ...estimate, verdict: verdictOf(estimate) }
}

function verdictOf({ mean, plusMinus }: Estimate): Difference['verdict'] {
  if (plusMinus === undefined || Math.abs(mean) <= plusMinus) return 'none'
  return mean > 0 ? 'more' : 'less'
}
