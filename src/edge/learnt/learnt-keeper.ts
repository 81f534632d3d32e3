/** Keeps what is learnt while the edge runs: every few minutes and at the end, beside the scan cycle and never in its way. */
import type { EdgeIntersection, RunningEdge } from '../edge.ts'
import type { LearntShelf } from './learnt-shelf.ts'

/** So much is lost at most when the power fails: less than a quarter-hour, which is what history is learnt in. */
const KEEP_EVERY_MS = 300_000

export interface KeeperParts {
  readonly edge: Pick<RunningEdge, 'learnt'>
  readonly intersections: readonly EdgeIntersection[]
  readonly shelf: LearntShelf
  readonly everyMs?: number
}

export interface LearntKeeper {
  /** Keeps everything once more; resolves when it is on the medium. */
  stop(): Promise<void>
}

/** Each with what was kept of it. */
export const beginWithLearnt = (
  intersections: readonly EdgeIntersection[],
  shelf: LearntShelf,
): Promise<readonly EdgeIntersection[]> =>
  Promise.all(intersections.map(async (each) => ({ ...each, learnt: await shelf.take(each.database.intersection) })))

export function keepLearnt({ edge, intersections, shelf, everyMs = KEEP_EVERY_MS }: KeeperParts): LearntKeeper {
  const keep = ({ database: { intersection } }: EdgeIntersection) =>
    shelf.keep(intersection, () => edge.learnt(intersection.id))
  // One after the other: writing down a street takes a millisecond, and a tick of the scan cycle must find room between two.
  const keepInTurn = async () => {
    for (const each of intersections) await keep(each)
  }
  let work = Promise.resolve()
  const timer = setInterval(() => void (work = work.then(keepInTurn)), everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await work
      await Promise.all(intersections.map(keep))
    },
  }
}
