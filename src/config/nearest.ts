/** The known word that a mistyped one was meant to be. */

/** More edits than this are another word, not a slip of the finger. */
const EDITS_MAX = 3

/** The known word with the fewest edits from `word`; null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const allowed = Math.min(EDITS_MAX, Math.floor(word.length / 2))
  let best: string | null = null
  let fewest = allowed + 1
  for (const candidate of known) {
    const edits = editDistance(word, candidate)
    if (edits < fewest) [best, fewest] = [candidate, edits]
  }
  return best
}

/** `Did you mean yellow_s?`; empty where no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  return near === null ? '' : `Did you mean ${near}?`
}

/** What to write instead of an unknown word: the near one, or the known ones. */
export function writeInstead(word: string, known: readonly string[]): string {
  if (known.length === 0) return 'Remove it.'
  return didYouMean(word, known) || `Known: ${known.join(', ')}.`
}

/** Levenshtein distance, one row of the table at a time. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 0; i < a.length; i++) {
    let left = i + 1
    let diagonal = i
    above = above.map((up, j) => {
      if (j === 0) return left
      const cheapest = Math.min(diagonal + (a[i] === b[j - 1] ? 0 : 1), up + 1, left + 1)
      diagonal = up
      left = cheapest
      return cheapest
    })
  }
  return above.at(-1) ?? 0
}
