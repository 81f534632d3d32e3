/** Compares what the neighbours said of an approach with who came over its advance loops: how far they are believed next time. */
import type { Approach } from '#signal/intersection.ts'
import type { IntersectionView } from '#signal/view.ts'
import { countsOf, loopsOf, passed, type AdvanceLoops, type LoopCounts } from './advance-loops.ts'
import { announcedAt, isAnnounced } from './announced.ts'
import type { WordsWorth } from './arrivals.ts'
import { fromLoopS, shortestTravelS } from './feeding-street.ts'
import { BIN_S, learn, NOTHING_LEARNT } from './lead.ts'

/** Plain data. */
export interface ArrivalLearning extends WordsWorth {
  /** Of its advance loops, by number; null while nothing can be compared. */
  readonly counts: LoopCounts | null
  /** Said for the seconds to come, the next one first; null where nothing was. */
  readonly said: Readonly<Record<Lead, readonly (number | null)[]>>
  /** The bin that is being filled. */
  readonly bin: Readonly<Record<Lead | 'seconds' | 'seen', number>>
}

type Lead = keyof WordsWorth

const EMPTY_BIN: ArrivalLearning['bin'] = { seconds: 0, seen: 0, underWay: 0, planned: 0 }

export const NO_ARRIVALS_LEARNT: ArrivalLearning = {
  counts: null,
  said: { underWay: [], planned: [] },
  bin: EMPTY_BIN,
  underWay: NOTHING_LEARNT,
  planned: NOTHING_LEARNT,
}

/** A word is held against who came so long after it was said, … */
const UNDER_WAY_LEAD_S = 4
/** … and so much longer than the whole way takes: those were planned. */
const PLANNED_BEYOND_S = 15

/** One second more; where nobody speaks or no loop counts, what was learnt stays as it is. */
export function learnArrivals(view: IntersectionView, approach: Approach, before: ArrivalLearning): ArrivalLearning {
  const loops = loopsOf(view, approach)
  const counts = loops === null ? null : countsOf(view, loops.ids)
  if (loops === null || counts === null || !isAnnounced(approach, view.neighbours)) return interrupted(before)
  const compared = before.counts === null ? before : compare(before, passed(before.counts, counts))
  return { ...compared, counts, said: say(view, approach, { said: compared.said, setbackM: loops.setbackM }) }
}

/** What was said before a gap is held against nobody. */
export const interrupted = (before: ArrivalLearning): ArrivalLearning =>
  before.counts === null ? before : { ...NO_ARRIVALS_LEARNT, underWay: before.underWay, planned: before.planned }

/** What was said for the second that is over goes into the bin with who came in it. */
function compare(before: ArrivalLearning, seen: number): ArrivalLearning {
  const { said, bin } = before
  const [underWay = null, ...underWayNext] = said.underWay
  const [planned = null, ...plannedNext] = said.planned
  const next = { ...before, said: { underWay: underWayNext, planned: plannedNext } }
  if (underWay === null || planned === null) return { ...next, bin: EMPTY_BIN }
  const filled = {
    seconds: bin.seconds + 1,
    seen: bin.seen + seen,
    underWay: bin.underWay + underWay,
    planned: bin.planned + planned,
  }
  if (filled.seconds < BIN_S) return { ...next, bin: filled }
  return {
    ...next,
    bin: EMPTY_BIN,
    underWay: learn(before.underWay, { said: filled.underWay, seen: filled.seen }),
    planned: learn(before.planned, { said: filled.planned, seen: filled.seen }),
  }
}

/** Puts down what is said now of the seconds that will be compared. */
function say(
  { neighbours, nowEpochMs }: IntersectionView,
  approach: Approach,
  { said, setbackM }: Pick<ArrivalLearning, 'said'> & Pick<AdvanceLoops, 'setbackM'>,
): ArrivalLearning['said'] {
  const announced = announcedAt(approach, neighbours, nowEpochMs)
  const loopS = Math.round(fromLoopS(approach, setbackM))
  const plannedLeadS = Math.max(UNDER_WAY_LEAD_S, Math.round(shortestTravelS(approach)) + PLANNED_BEYOND_S - loopS)
  const wordAt = (leadS: number): number | null => announced[loopS + leadS] ?? null
  return {
    underWay: putAt(said.underWay, UNDER_WAY_LEAD_S, wordAt(UNDER_WAY_LEAD_S)),
    planned: putAt(said.planned, plannedLeadS, wordAt(plannedLeadS)),
  }
}

function putAt(said: readonly (number | null)[], place: number, word: number | null): readonly (number | null)[] {
  const before = Array.from({ length: place }, (_, index) => said[index] ?? null)
  return [...before, word]
}
