/** Several sources of what comes with time, each in its own order, as one in the order of all. */
import { at } from '#base/at.ts'

export interface TimedSource<T extends { readonly departMs: number }> {
  /** The next one before `untilMs`, taken from the source; null while there is none. */
  take(untilMs: number): T | null
}

/** Sources are asked for a minute at a time: who is asked in every step of a run mostly has nothing to say. */
const AHEAD_MS = 60_000

/** What comes in the same millisecond comes in the order of the sources. */
export function merge<T extends { readonly departMs: number }>(sources: readonly TimedSource<T>[]): TimedSource<T> {
  const heads: (T | null)[] = sources.map(() => null)
  let askedMs = 0
  let nextMs = Infinity
  let next = 0
  const findNext = () => {
    nextMs = Infinity
    for (const [i, head] of heads.entries())
      if (head !== null && head.departMs < nextMs) {
        next = i
        nextMs = head.departMs
      }
  }
  const ask = (untilMs: number) => {
    askedMs = Math.ceil(untilMs / AHEAD_MS) * AHEAD_MS
    sources.forEach((source, i) => (heads[i] ??= source.take(askedMs)))
    findNext()
  }
  return {
    take: (untilMs) => {
      if (untilMs > askedMs) ask(untilMs)
      if (nextMs >= untilMs) return null
      const taken = at(heads, next)
      heads[next] = at(sources, next).take(askedMs)
      findNext()
      return taken
    },
  }
}
