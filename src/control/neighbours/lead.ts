/** What a neighbour's word is worth, so long before it comes true: learnt by comparing what was said with who came. */

/** Means over the last minutes, in vehicles a bin of `BIN_S`; plain data. */
export interface LeadSkill {
  /** Bins that were compared. */
  readonly bins: number
  readonly said: number
  readonly seen: number
  readonly variance: number
  readonly covariance: number
  /** Of what was forecast, and of the mean as a forecast. */
  readonly error: number
  readonly flatError: number
}

/** As if a word had been worth something before: half believed until it has proved itself, or has not. */
export const NOTHING_LEARNT: LeadSkill = {
  bins: 0,
  said: 0,
  seen: 0,
  variance: 1,
  covariance: 1,
  error: 0.75,
  flatError: 1,
}

/** Counts of a second are noise; a platoon is longer than this. */
export const BIN_S = 5
/** About the last five minutes count. */
const STEP = 1 / 60
/** Two bins of what is taken for known stand at the beginning. */
const BEGUN = 2
/** More come than were announced where a neighbour misses half of them; more is another street. */
const SHARE_MOST = 2
/** A word that never changes, or a street without vehicles, says nothing of what goes with what. */
const VARIANCE_LEAST = 0.02
const ERROR_LEAST = 0.01
/** One absurd word is forgotten within minutes, not hours. */
const ERROR_MOST = { flats: 3, vehicles: 1 } as const
/** Counts are whole: even who knows the next arrival by the second is off by about as much as this. */
const FULL_SKILL = 0.5

export function learn(before: LeadSkill, { said, seen }: { readonly said: number; readonly seen: number }): LeadSkill {
  const step = Math.max(STEP, 1 / (before.bins + BEGUN))
  const flatError = before.flatError + STEP * (Math.abs(seen - before.seen) - before.flatError)
  const off = Math.min(Math.abs(seen - forecastOf(before, said)), ERROR_MOST.flats * flatError + ERROR_MOST.vehicles)
  const ofSaid = said - before.said
  const ofSeen = seen - before.seen
  return {
    bins: Math.min(before.bins + 1, 1 / STEP),
    said: before.said + step * ofSaid,
    seen: before.seen + step * ofSeen,
    variance: (1 - STEP) * (before.variance + STEP * ofSaid * ofSaid),
    covariance: (1 - STEP) * (before.covariance + STEP * ofSaid * ofSeen),
    error: before.error + STEP * (off - before.error),
    flatError,
  }
}

/** The best that can be made of a word by a straight line: a share of those who are announced, and others of whom nobody speaks. */
const forecastOf = (lead: LeadSkill, word: number): number => othersOf(lead) + shareOf(lead) * word

/** Who comes from elsewhere. */
export const othersOf = (lead: LeadSkill): number => Math.max(0, lead.seen - shareOf(lead) * lead.said)

/** Of those who are announced, who comes. */
export const shareOf = ({ variance, covariance }: Pick<LeadSkill, 'variance' | 'covariance'>): number =>
  Math.min(SHARE_MOST, Math.max(0, covariance / Math.max(VARIANCE_LEAST, variance)))

/** 1 − error of the forecast / error of the mean; 0 or less: whoever listens is misled. */
export const skillOf = ({ error, flatError }: LeadSkill): number =>
  1 - (error + ERROR_LEAST) / (flatError + ERROR_LEAST)

/** From 0 (not at all) to 1. */
export const believed = (lead: LeadSkill): number => Math.min(1, Math.max(0, skillOf(lead) / FULL_SKILL))
