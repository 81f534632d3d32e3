/** A number that is learnt value by value, as plain data: what it is assumed to be counts for some of them, and the oldest fade. */

export interface Estimate {
  readonly value: number
  /** Values that it is made of, the assumption left out; no more than `most`. */
  readonly seen: number
}

export interface Manner {
  /** Before anything was seen, and for how many values that counts. */
  readonly assumed: number
  readonly worth: number
  /** More do not count: the newest then replaces a share of all before it. */
  readonly most: number
  /**
   * What is further off counts as if it were just so far off: between a median and a mean (Huber, Robust Estimation of a Location
   * Parameter, 1964), since times on a street are skewed.
   */
  readonly off: number
  /** Beyond, it is not the street that is told of. */
  readonly limits: { readonly least: number; readonly most: number }
}

export const assumed = (manner: Pick<Manner, 'assumed'>): Estimate => ({ value: manner.assumed, seen: 0 })

export function learn({ value, seen }: Estimate, sample: number, { worth, most, off, limits }: Manner): Estimate {
  const counted = Math.min(most, seen + 1)
  const step = Math.min(off, Math.max(-off, sample - value)) / (worth + counted)
  return { value: Math.min(limits.most, Math.max(limits.least, value + step)), seen: counted }
}
