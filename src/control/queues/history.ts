/** What the hour usually brings: vehicles by lane and quarter-hour of the week, counted while the loops are good, for when they are not. */
import { at } from '#base/at.ts'
import { QUARTER_MS, QUARTERS_A_WEEK, weekQuarterAt, type WeekQuarter } from '#signal/calendar/week-quarter.ts'
import type { IntersectionView } from '#signal/view.ts'

/** Plain data. A stream is whatever is counted by itself: a lane by its id, a turn by `turnStream`. */
export interface FlowHistory {
  readonly counting: Counting | null
  readonly streams: Readonly<Record<string, StreamHistory>>
}

/** By quarter-hour of the week: vehicles an hour, and over how many minutes of counting they are a mean; 0 = nothing is known. */
export interface StreamHistory {
  readonly perHour: readonly number[]
  readonly minutes: readonly number[]
}

/** The quarter-hour that is being counted. */
interface Counting {
  /** Quarter-hours since 1970: the clock on the wall is asked once in each. */
  readonly since1970: number
  readonly at: WeekQuarter
  readonly monoMs: number
  /** From the clock that never steps back to the one on the wall, as the quarter-hour began. */
  readonly offsetMs: number
  readonly streams: Readonly<Record<string, Count>>
}

interface Count {
  readonly vehicles: number
  readonly ms: number
}

export interface Expected {
  /** Vehicles a second. */
  readonly flow: number
  /** From 0 to 1, which is a month of the same quarter-hour. */
  readonly sure: number
}

export const NO_HISTORY_YET: FlowHistory = { counting: null, streams: {} }

/** A month of one quarter-hour. What is older fades: a new quarter-hour then counts for a fifth. */
export const MINUTES_MOST = 60
/** A vehicle a second is beyond any lane: more is a loop that chatters. */
export const PER_HOUR_MOST = 3_600
/** Of a quarter-hour that was counted for less, such as the one in which the edge began, little can be said. */
const COUNTED_LEAST_MS = 300_000
/** So many were expected, and not one came: rather a loop that is dead than a street that is empty (P < 1 in 20,000). */
const NEVER_NONE = 10
/** So much a clock is slewed in a quarter-hour at most (500 ppm are 450 ms); more, and somebody has set it. */
const CLOCK_SET_MS = 2_000
/** A step so long is an edge that stood still: nobody knows what it has missed. */
const STEP_MS_MOST = 10_000
/** The quarter-hours before and after, and the same one on days that are alike, beside the one that is asked for. */
const NEARLY = 0.3
/** Today may have so much less or more than other days before it is rather a fault of the loops beside. */
const TODAY = { least: 0.5, most: 2 } as const
/** The mean of the lanes beside says little of a lane that has no history. */
const BESIDE_SURE = 0.3

const MS_AN_HOUR = 3_600_000
const MS_A_MINUTE = 60_000
const S_AN_HOUR = 3_600

/** The stream of a turn of an approach, for an estimator that tells turns apart. */
export const turnStream = (approach: string, turn: string): string => `${approach} ${turn}`

/**
 * Counts one step; `left`: who left since the last one, of those streams alone that were counted. Whatever is done to the clock on
 * the wall, only quarter-hours in which it ran by itself are believed.
 */
export function countFlows(
  before: FlowHistory,
  { nowMonoMs, nowEpochMs, schedule }: Pick<IntersectionView, 'nowMonoMs' | 'nowEpochMs' | 'schedule'>,
  left: Readonly<Record<string, number>>,
): FlowHistory {
  const since1970 = Math.floor(nowEpochMs / QUARTER_MS)
  const { counting } = before
  const now = { since1970, monoMs: nowMonoMs, offsetMs: nowEpochMs - nowMonoMs }
  const begin = (): Counting => ({ ...now, at: weekQuarterAt(schedule, nowEpochMs), streams: {} })
  if (counting === null || !isSteady(counting, now)) return { ...before, counting: begin() }
  const streams = counted(counting.streams, left, nowMonoMs - counting.monoMs)
  if (counting.since1970 === since1970) return { ...before, counting: { ...counting, monoMs: nowMonoMs, streams } }
  return { counting: begin(), streams: learn(before.streams, counting.at.quarter, streams) }
}

/** What a stream usually has then; null where nobody has ever counted it at such a time. */
export function expectedFlow({ streams }: FlowHistory, stream: string, then: WeekQuarter): Expected | null {
  const history = streams[stream]
  if (history === undefined) return null
  let [minutes, vehicles] = [0, 0]
  for (const [quarter, weight] of around(then)) {
    const worth = weight * at(history.minutes, quarter)
    minutes += worth
    vehicles += worth * at(history.perHour, quarter)
  }
  if (minutes === 0) return null
  return { flow: vehicles / minutes / S_AN_HOUR, sure: Math.min(1, minutes / MINUTES_MOST) }
}

/** How the vehicles of those streams usually divide then, in their order; null where one of them is not known, or nobody comes. */
export function expectedShares(
  history: FlowHistory,
  streams: readonly string[],
  then: WeekQuarter,
): { readonly shares: readonly number[]; readonly sure: number } | null {
  const each = streams.map((stream) => expectedFlow(history, stream, then))
  const known = each.filter((expected) => expected !== null)
  const flow = known.reduce((sum, expected) => sum + expected.flow, 0)
  if (known.length < each.length || flow === 0) return null
  return {
    shares: known.map((expected) => expected.flow / flow),
    sure: Math.min(...known.map(({ sure }) => sure)),
  }
}

/** A lane that is counted, and what it has had lately, in vehicles a second. */
export interface CountedLane {
  readonly lane: string
  readonly flow: number
}

/**
 * What a lane has now while nobody counts it: as usual at this hour, but as much more or less as the lanes beside it have
 * today; without a history as they have. Null where there is neither.
 */
export function expectedToday(history: FlowHistory, lane: string, beside: readonly CountedLane[]): Expected | null {
  const now = history.counting?.at
  const usual = now === undefined ? null : expectedFlow(history, lane, now)
  if (now !== undefined && usual !== null)
    return { flow: usual.flow * againstUsual(history, beside, now), sure: usual.sure }
  if (beside.length === 0) return null
  return { flow: beside.reduce((sum, { flow }) => sum + flow, 0) / beside.length, sure: BESIDE_SURE }
}

function againstUsual(history: FlowHistory, beside: readonly CountedLane[], now: WeekQuarter): number {
  let [lately, usually] = [0, 0]
  for (const { lane, flow } of beside) {
    const expected = expectedFlow(history, lane, now)
    if (expected === null) continue
    lately += flow
    usually += expected.flow
  }
  return usually === 0 ? 1 : Math.min(TODAY.most, Math.max(TODAY.least, lately / usually))
}

function* around({ quarter, alike }: WeekQuarter): Generator<readonly [quarter: number, weight: number]> {
  yield [quarter, 1]
  yield [(quarter + 1) % QUARTERS_A_WEEK, NEARLY]
  yield [(quarter + QUARTERS_A_WEEK - 1) % QUARTERS_A_WEEK, NEARLY]
  for (const other of alike) yield [other, NEARLY]
}

/** Both clocks have gone on alike since the quarter-hour began. */
function isSteady(before: Counting, now: Pick<Counting, 'monoMs' | 'offsetMs'>): boolean {
  const elapsedMs = now.monoMs - before.monoMs
  return elapsedMs >= 0 && elapsedMs <= STEP_MS_MOST && Math.abs(now.offsetMs - before.offsetMs) <= CLOCK_SET_MS
}

function counted(
  before: Counting['streams'],
  left: Readonly<Record<string, number>>,
  elapsedMs: number,
): Counting['streams'] {
  const streams: Record<string, Count> = { ...before }
  for (const [stream, more] of Object.entries(left)) {
    const { vehicles, ms } = before[stream] ?? { vehicles: 0, ms: 0 }
    streams[stream] = { vehicles: vehicles + more, ms: ms + elapsedMs }
  }
  return streams
}

function learn(
  before: FlowHistory['streams'],
  quarter: number,
  counts: Counting['streams'],
): Readonly<Record<string, StreamHistory>> {
  const streams: Record<string, StreamHistory> = { ...before }
  for (const [stream, count] of Object.entries(counts)) {
    const learnt = learnStream(before[stream] ?? NOTHING_KNOWN, quarter, count)
    if (learnt !== null) streams[stream] = learnt
  }
  return streams
}

/** The mean of what is known and of what was counted, each by its minutes; null where the count is not believed. */
function learnStream({ perHour, minutes }: StreamHistory, quarter: number, count: Count): StreamHistory | null {
  const flow = (count.vehicles * MS_AN_HOUR) / Math.max(1, count.ms)
  if (count.ms < COUNTED_LEAST_MS || flow > PER_HOUR_MOST) return null
  const [usual, known] = [at(perHour, quarter), at(minutes, quarter)]
  if (count.vehicles === 0 && (usual * count.ms) / MS_AN_HOUR >= NEVER_NONE) return null
  const more = Math.round(count.ms / MS_A_MINUTE)
  return {
    perHour: perHour.with(quarter, Math.round((usual * known + flow * more) / (known + more))),
    minutes: minutes.with(quarter, Math.min(MINUTES_MOST, known + more)),
  }
}

const NOTHING_KNOWN: StreamHistory = {
  perHour: Array.from({ length: QUARTERS_A_WEEK }, () => 0),
  minutes: Array.from({ length: QUARTERS_A_WEEK }, () => 0),
}
