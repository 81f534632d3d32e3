/** Sets of whole numbers as ascending, disjoint, inclusive ranges: which sequences of a log are known, and which are missing. */

export type Range = readonly [first: number, last: number]

/** The set with `added` in it; neighbours are joined. */
export function addRange(ranges: readonly Range[], added: Range): Range[] {
  const begin = firstIndex(ranges, ([, last]) => last >= added[0] - 1)
  const end = firstIndex(ranges, ([first]) => first > added[1] + 1)
  const head = ranges[begin]
  const tail = ranges[end - 1]
  const joined: Range = end > begin && head && tail ? [Math.min(added[0], head[0]), Math.max(added[1], tail[1])] : added
  return ranges.toSpliced(begin, end - begin, joined)
}

/** Both sets as one; in one pass, since a ledger of many gaps has many of them. */
export function unionOf(a: readonly Range[], b: readonly Range[]): readonly Range[] {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a
  const union: [number, number][] = []
  for (const [first, last] of [...a, ...b].toSorted((one, other) => one[0] - other[0])) {
    const newest = union.at(-1)
    if (newest && first <= newest[1] + 1) newest[1] = Math.max(newest[1], last)
    else union.push([first, last])
  }
  return union
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

/** The first index from which on `isBehind` holds, by bisection; the length where it never does. */
function firstIndex(ranges: readonly Range[], isBehind: (range: Range) => boolean): number {
  let [low, high] = [0, ranges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const range = ranges[middle]
    if (range && isBehind(range)) high = middle
    else low = middle + 1
  }
  return low
}
