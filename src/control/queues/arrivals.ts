/** Who has passed the advance loops of an approach and is not yet at the stop line. */
import { at } from '#base/at.ts'
import type { IntersectionView } from '#signal/view.ts'
import { passedSince } from './counter.ts'
import type { AdvanceLoop, ApproachFacts } from './lane-facts.ts'
import { NO_KEEPING_YET, type LaneKeeping } from './lane-keeping.ts'
import { NO_TRAVEL_YET, travelMsOf, type Travel } from './travel.ts'

export interface ArrivalMemory {
  /** Actuations of each advance loop that is trusted, and since when it has been covered, by detector number. */
  readonly counts: Readonly<Record<number, number>>
  readonly coveredSinceMs: Readonly<Record<number, number>>
  /** Vehicles that each loop may still bring at once and be believed; see `BELIEVED`. */
  readonly credit: Readonly<Record<number, number>>
  /** Earliest first. */
  readonly coming: readonly Coming[]
  /** Entered and left, both fading: their ratio is what an entry is worth. */
  readonly entered: number
  readonly left: number
  readonly travel: Travel
  readonly keeping: LaneKeeping
}

export interface Coming {
  readonly dueMs: number
  /** Indices of the lanes over whose loop it came. */
  readonly lanes: readonly number[]
}

export interface Arrivals {
  readonly due: readonly Coming[]
  readonly coming: readonly Coming[]
  /** Who passed the loops in this step, in all and by index of the lane. */
  readonly entered: number
  readonly enteredBy: readonly number[]
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
 * Loops miss some, and others come from side streets: more than that is a loop that lies. Who turns off behind the loops is
 * not taken away: with too few counted, greens ended before their queues had gone, and junctions of streets from which every
 * second driver turns off locked up in half of all runs; one too many is found out when the stop line stays empty.
 */
const WORTH = { least: 1, most: 1.6 } as const
/** More do not stand and drive between two loops; what a loop that chatters makes is forgotten. */
const COMING_MOST = 100

/**
 * One loop, whoever plays with it, moves so much and no more: a platoon at once (a lane's discharge of half a minute), and
 * over time several times of what lately left by its lanes, or what a street that wakes up brings.
 */
const BELIEVED = { platoon: 15, perLeft: 3, perLaneS: 0.1 } as const

export const NO_ARRIVALS_YET: ArrivalMemory = {
  counts: {},
  coveredSinceMs: {},
  credit: {},
  coming: [],
  entered: BEGUN,
  left: BEGUN,
  travel: NO_TRAVEL_YET,
  keeping: NO_KEEPING_YET,
}

export const worthOf = ({ entered, left }: ArrivalMemory): number =>
  Math.min(WORTH.most, Math.max(WORTH.least, left / entered))

/** `flows`: vehicles a second that lately left, by index of the lane. */
export function readArrivals(
  view: IntersectionView,
  approach: ApproachFacts,
  { before, elapsedMs, flows }: { before: ArrivalMemory; elapsedMs: number; flows: readonly number[] },
): Arrivals {
  const { nowMonoMs } = view
  const counts: Record<number, number> = {}
  const credit: Record<number, number> = {}
  const coveredSinceMs: Record<number, number> = {}
  const fresh: Coming[] = []
  const enteredBy = approach.lanes.map(() => 0)
  const travelMs = travelMsOf(approach.travelMs, before.travel)
  let all = 0
  for (const { id, lanes } of approach.advance) {
    const reading = view.detectors.get(id)
    if (reading?.quality !== 'good') continue
    const { occupied, actuationCount } = reading.value
    const entered = passedSince(before.counts[id] ?? null, actuationCount)
    counts[id] = actuationCount
    if (occupied && entered === 0) coveredSinceMs[id] = before.coveredSinceMs[id] ?? nowMonoMs
    all += entered
    const platoon = BELIEVED.platoon * lanes.length
    const perS = lanes.reduce((sum, lane) => sum + BELIEVED.perLaneS + BELIEVED.perLeft * (flows[lane] ?? 0), 0)
    const mayCome = Math.min(platoon, (before.credit[id] ?? platoon) + (perS * elapsedMs) / 1_000)
    const believed = Math.min(entered, Math.floor(mayCome))
    credit[id] = mayCome - believed
    for (let n = 0; n < believed; n++) fresh.push({ dueMs: nowMonoMs + travelMs, lanes })
    for (const lane of lanes) enteredBy[lane] = at(enteredBy, lane) + believed / lanes.length
  }
  const coming = [...before.coming.filter(({ dueMs }) => dueMs > nowMonoMs), ...fresh].slice(-COMING_MOST)
  const fade = all > 0 ? FADE : 1
  const sums = { entered: (before.entered + all) * fade, left: before.left * fade }
  return {
    due: before.coming.filter(({ dueMs }) => dueMs <= nowMonoMs),
    coming,
    entered: all,
    enteredBy,
    trusted: approach.advance.length > 0 && approach.advance.every(({ id }) => counts[id] !== undefined),
    covered: coveredMs(approach, coveredSinceMs, nowMonoMs),
    memory: { counts, coveredSinceMs, credit, coming, travel: before.travel, keeping: before.keeping, ...sums },
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
