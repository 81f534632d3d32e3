/** Sets of whole numbers as ascending, disjoint, inclusive ranges: which sequences of a log are known, and which are missing. */

export type Range = readonly [first: number, last: number]

/** The set with `added` in it; neighbours are joined. */
export function addRange(ranges: readonly Range[], added: Range): Range[] {
  let [first, last] = added
  const before: Range[] = []
  const after: Range[] = []
  for (const range of ranges) {
    if (range[1] < first - 1) before.push(range)
    else if (range[0] > last + 1) after.push(range)
    else {
      first = Math.min(first, range[0])
      last = Math.max(last, range[1])
    }
  }
  return [...before, [first, last], ...after]
}

/** The parts of `within` that are not in the set. */
export function missingFrom(ranges: readonly Range[], within: Range): Range[] {
  const missing: Range[] = []
  let next = within[0]
  for (const [first, last] of ranges) {
    if (last < next) continue
    if (first > within[1]) break
    if (first > next) missing.push([next, first - 1])
    next = last + 1
  }
  if (next <= within[1]) missing.push([next, within[1]])
  return missing
}

export const coversRange = (ranges: readonly Range[], range: Range): boolean => missingFrom(ranges, range).length === 0

/** The greatest n for which 1 … n are all in the set; 0 when 1 is not. */
export const contiguousUpTo = (ranges: readonly Range[]): number => {
  const head = ranges[0]
  return head !== undefined && head[0] <= 1 ? head[1] : 0
}

export const countOf = (ranges: readonly Range[]): number =>
  ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0)
