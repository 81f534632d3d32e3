/** Keeps what is learnt while the edge runs: every few minutes and at the end, beside the scan cycle and never in its way. */
import type { IntersectionId } from '#base/id.ts'
import type { Learnt } from '#control/learnt.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { LearntShelf } from './learnt-shelf.ts'

/** So much is lost at most when the power fails: less than a quarter-hour, which is what history is learnt in. */
export const KEEP_EVERY_MS = 300_000

export interface KeeperParts {
  readonly shelf: LearntShelf
  readonly intersections: readonly Intersection[]
  /** What is known of it now; undefined where nobody has learnt anything. */
  readonly learnt: (id: IntersectionId) => Learnt | undefined
  readonly everyMs?: number
}

export interface LearntKeeper {
  /** Keeps everything once more; resolves when it is on the medium. */
  stop(): Promise<void>
}

export function keepLearnt({ shelf, intersections, learnt, everyMs = KEEP_EVERY_MS }: KeeperParts): LearntKeeper {
  const keep = async (intersection: Intersection) => {
    const now = learnt(intersection.id)
    if (now !== undefined) await shelf.keep(intersection, now)
  }
  // One after the other: writing down a street takes a millisecond, and a tick of the scan cycle must find room between two.
  const keepInTurn = async () => {
    for (const intersection of intersections) await keep(intersection)
  }
  let work = Promise.resolve()
  const timer = setInterval(() => (work = work.then(keepInTurn)), everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await work
      await Promise.all(intersections.map(keep))
    },
  }
}
