/** Who has passed the advance loops of an approach and is not yet at the stop line. */
import type { IntersectionView } from '#signal/view.ts'
import { passedSince } from './counter.ts'
import type { AdvanceLoop, ApproachFacts } from './lane-facts.ts'

export interface ArrivalMemory {
  /** Actuations of each advance loop that is trusted, and since when it has been covered, by detector number. */
  readonly counts: Readonly<Record<number, number>>
  readonly coveredSinceMs: Readonly<Record<number, number>>
  /** Earliest first. */
  readonly coming: readonly Coming[]
  /** Entered and left, both fading: their ratio is what an entry is worth. */
  readonly entered: number
  readonly left: number
}

export interface Coming {
  readonly dueMs: number
  /** Indices of the lanes over whose loop it came. */
  readonly lanes: readonly number[]
}

export interface Arrivals {
  readonly due: readonly Coming[]
  readonly coming: readonly Coming[]
  /** False where a loop is missing, or not believed. */
  readonly trusted: boolean
  /** By index of the lane: for how long its loop has been covered. */
  readonly covered: readonly number[]
  readonly memory: ArrivalMemory
}

/**
 * An expected arrival counts for less than one who waits: it may turn off before the stop line, come in another lane, or
 * arrive when the green that was given for it is over. Tried on streets with 0.2 to 1.
 */
export const COMING_WEIGHT = 0.4

/** As if some had entered and left already, so that those who wait in the first red say little. */
const BEGUN = 30
/** Each entry fades the sums: about the last sixty count. */
const FADE = 0.985
/**
 * Loops miss some, and others turn off behind them or come from side streets; more than that is a loop that lies, and
 * corrects nothing.
 */
const WORTH = { least: 0.3, most: 1.6 } as const
/** More do not stand and drive between two loops; what a loop that chatters makes is forgotten. */
const COMING_MOST = 100

export const NO_ARRIVALS_YET: ArrivalMemory = {
  counts: {},
  coveredSinceMs: {},
  coming: [],
  entered: BEGUN,
  left: BEGUN,
}

export const worthOf = ({ entered, left }: ArrivalMemory): number =>
  Math.min(WORTH.most, Math.max(WORTH.least, left / entered))

export function readArrivals(view: IntersectionView, approach: ApproachFacts, before: ArrivalMemory): Arrivals {
  const { nowMonoMs } = view
  const counts: Record<number, number> = {}
  const coveredSinceMs: Record<number, number> = {}
  const fresh: Coming[] = []
  for (const { id, lanes } of approach.advance) {
    const reading = view.detectors.get(id)
    if (reading?.quality !== 'good') continue
    const { occupied, actuationCount } = reading.value
    const entered = passedSince(before.counts[id] ?? null, actuationCount)
    counts[id] = actuationCount
    if (occupied && entered === 0) coveredSinceMs[id] = before.coveredSinceMs[id] ?? nowMonoMs
    for (let n = 0; n < entered; n++) fresh.push({ dueMs: nowMonoMs + approach.travelMs, lanes })
  }
  const coming = [...before.coming.filter(({ dueMs }) => dueMs > nowMonoMs), ...fresh].slice(-COMING_MOST)
  const fade = fresh.length > 0 ? FADE : 1
  const sums = { entered: (before.entered + fresh.length) * fade, left: before.left * fade }
  return {
    due: before.coming.filter(({ dueMs }) => dueMs <= nowMonoMs),
    coming,
    trusted: approach.advance.length > 0 && approach.advance.every(({ id }) => counts[id] !== undefined),
    covered: coveredMs(approach, coveredSinceMs, nowMonoMs),
    memory: { counts, coveredSinceMs, coming, ...sums },
  }
}

function coveredMs(
  { lanes, advance }: ApproachFacts,
  since: Readonly<Record<number, number>>,
  nowMs: number,
): readonly number[] {
  const ofLoop = ({ id }: AdvanceLoop): number => nowMs - (since[id] ?? nowMs)
  return lanes.map((_, index) => Math.max(0, ...advance.filter(({ lanes: over }) => over.includes(index)).map(ofLoop)))
}
