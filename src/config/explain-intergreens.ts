/** Explains the faults of intergreens: what stands under `intergreens` in `network.yaml`. */
import type { IntergreenFault } from '#signal/check/intergreen-fault.ts'
import type { HeadSource } from '#signal/heads.ts'
import { headSource, writtenHead } from './build-intersection.ts'
import { inSeconds, inStreet, type Explained, type Explanations, type Origin } from './explain.ts'

export const INTERGREEN_EXPLANATIONS: Explanations<IntergreenFault> = {
  INTERGREEN_HEAD_UNKNOWN: ({ head, ...pair }, origin) =>
    inRow(
      origin,
      pair,
      head.kind === 'pedestrian'
        ? `phase ${head.phase} has no pedestrians to show. Give it walk_s and ped_clear_s, or remove the row.`
        : `there is no ${writtenHead(head)}. Name one that there is, or remove the row.`,
    ),
  INTERGREEN_TWICE: (pair, origin) =>
    inRow(origin, pair, `${writtenHead(pair.from)} to ${writtenHead(pair.to)} stands twice. Remove one.`),
  INTERGREEN_WITHOUT_CONFLICT: ({ from, to }, origin) =>
    inRow(
      origin,
      { from, to },
      `${writtenHead(from)} and ${writtenHead(to)} may be green together, so that neither waits for the other. ` +
        'Add their phases to extra_conflicts, or remove the row.',
    ),
  INTERGREEN_OUT_OF_RANGE: ({ ms, leastMs, mostMs, ...pair }, origin) =>
    inRow(
      origin,
      pair,
      `${inSeconds(ms)} s is not ${inSeconds(leastMs)} to ${inSeconds(mostMs)} in whole milliseconds. Bring it there.`,
    ),
}

/** The last row of the pair: of two that are the same, the one to remove. */
function inRow(origin: Origin, { from, to }: Pair, says: string): Explained {
  const rows = origin.files.network.intersections[origin.id]?.intergreens ?? []
  const row = rows.findLastIndex((each) => isHead(each.from, from) && isHead(each.to, to))
  return inStreet(origin, ['intergreens', row], says)
}

interface Pair {
  readonly from: HeadSource
  readonly to: HeadSource
}

const isHead = (written: string, head: HeadSource): boolean => writtenHead(headSource(written)) === writtenHead(head)
