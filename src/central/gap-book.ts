/** Reads the ledger as people ask it: until when is the history of an edge complete, and where are its holes? */
import { countOf, missingFrom, unionOf, type Range } from '#base/ranges.ts'
import { rangeOf, type StreamRecord, type TimedRange } from './ledger.ts'

export interface Gap {
  readonly epoch: string
  readonly first: number
  readonly last: number
  /** Of the last event before it and of the first behind it; null where there is none, or its time is not known. */
  readonly fromEpochMs: number | null
  readonly untilEpochMs: number | null
}

export interface EdgeGaps {
  readonly edge: string
  /** null while nothing is known of the edge. */
  readonly completeUntilEpochMs: number | null
  /** Oldest first. */
  readonly missing: readonly Gap[]
  readonly missingEvents: number
  readonly lost: readonly Gap[]
  readonly lostEvents: number
}

/** Several ledgers may know of one stream, when edges went from one worker to another: what one of them has is there. */
export function gapsOf(edge: string, records: readonly StreamRecord[]): EdgeGaps {
  const own = Map.groupBy(
    records.filter((record) => record.edge === edge),
    ({ epoch }) => epoch,
  )
  const streams = [...own].map(([epoch, parts]) => streamOf(epoch, parts))
  const missing = inOrder(streams.flatMap((stream) => stream.missing))
  const lost = inOrder(streams.flatMap((stream) => stream.lost))
  return {
    edge,
    completeUntilEpochMs: completeUntil(streams),
    missing,
    missingEvents: eventsIn(missing),
    lost,
    lostEvents: eventsIn(lost),
  }
}

interface Stream {
  readonly missing: readonly Gap[]
  readonly lost: readonly Gap[]
  readonly newestEpochMs: number | null
}

function streamOf(epoch: string, parts: readonly StreamRecord[]): Stream {
  const timed = parts.flatMap(({ settled }) => settled)
  const settled = parts.map((part) => part.settled.map(rangeOf)).reduce<readonly Range[]>(unionOf, [])
  const announced = parts.map((part) => part.lost).reduce<readonly Range[]>(unionOf, [])
  const covered = unionOf(settled, announced)
  const last = covered.at(-1)?.[1] ?? 0
  const edges = new TimesAtEdges(timed)
  const gapOf = (range: Range): Gap => ({ epoch, first: range[0], last: range[1], ...edges.around(range) })
  return {
    missing: missingFrom(covered, [1, last]).map(gapOf),
    lost: announced.flatMap((range) => missingFrom(settled, range)).map(gapOf),
    newestEpochMs: newest(timed.map(({ untilEpochMs }) => untilEpochMs)),
  }
}

/** When the events next to a hole were. */
class TimesAtEdges {
  readonly #endings = new Map<number, number | null>()
  readonly #beginnings = new Map<number, number | null>()

  constructor(ranges: readonly TimedRange[]) {
    for (const { first, last, fromEpochMs, untilEpochMs } of ranges) {
      this.#endings.set(last, untilEpochMs)
      this.#beginnings.set(first, fromEpochMs)
    }
  }

  around([first, last]: Range): Pick<Gap, 'fromEpochMs' | 'untilEpochMs'> {
    return {
      fromEpochMs: this.#endings.get(first - 1) ?? null,
      untilEpochMs: this.#beginnings.get(last + 1) ?? null,
    }
  }
}

/** Before the first hole that is to be filled; where there is none, until the newest event. */
function completeUntil(streams: readonly Stream[]): number | null {
  const holes = streams.flatMap(({ missing }) => missing.map(({ fromEpochMs }) => fromEpochMs))
  if (holes.length > 0) return holes.includes(null) ? null : Math.min(...holes.filter((hole) => hole !== null))
  return newest(streams.map(({ newestEpochMs }) => newestEpochMs))
}

function newest(moments: readonly (number | null)[]): number | null {
  return moments.reduce(
    (latest, moment) => (latest === null || (moment !== null && moment > latest) ? moment : latest),
    null,
  )
}

const eventsIn = (gaps: readonly Gap[]): number => countOf(gaps.map(({ first, last }): Range => [first, last]))

const inOrder = (gaps: readonly Gap[]): Gap[] =>
  gaps.toSorted((a, b) => (a.fromEpochMs ?? 0) - (b.fromEpochMs ?? 0) || a.first - b.first)
