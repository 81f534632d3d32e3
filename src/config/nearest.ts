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

/** `Did you mean yellow_s?`, or the known words where none is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  if (near !== null) return `Did you mean ${near}?`
  return known.length === 0 ? 'Remove it.' : `Known: ${known.join(', ')}.`
}

/** Levenshtein distance, one row of the table at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
