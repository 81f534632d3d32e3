/** What the ledger is told of batches that were brought into the store: which sequences, of what time, and what will never come. */
import { missingFrom, unionOf, type Range } from '#base/ranges.ts'
import type { ReceivedBatch } from './ingest-message.ts'
import { rangeOf, type Ledger, type LedgerEntry, type TimedRange } from './ledger.ts'
import { AHEAD_MAX_MS } from './store/admission.ts'

/** One entry a stream; neighbouring batches are one range. */
export function entriesOf(group: readonly ReceivedBatch[], ledger: Ledger, nowEpochMs: number): LedgerEntry[] {
  const streams = Map.groupBy(group, ({ edge, epoch }) => `${edge}/${epoch}`)
  return [...streams.values()].flatMap((batches) => {
    const [head] = batches
    if (!head) return []
    const settled = joined(batches.map((batch) => timedRangeOf(batch, nowEpochMs)))
    const known = unionOf(ledger.settled(head), settled.map(rangeOf))
    const announced = batches.flatMap(({ after, first }): Range[] =>
      after < first - 1 ? [[after + 1, first - 1]] : [],
    )
    const lost = announced.flatMap((range) => missingFrom(known, range))
    return [{ edge: head.edge, epoch: head.epoch, settled, lost }]
  })
}

/** A time stamp from the future is a clock that is wrong: it says nothing about when the range was. */
function timedRangeOf({ first, last, events }: ReceivedBatch, nowEpochMs: number): TimedRange {
  const isBelievable = ({ epochMs }: { epochMs: number }) => epochMs <= nowEpochMs + AHEAD_MAX_MS
  return {
    first,
    last,
    fromEpochMs: events.find(isBelievable)?.epochMs ?? null,
    untilEpochMs: events.findLast(isBelievable)?.epochMs ?? null,
  }
}

function joined(ranges: readonly TimedRange[]): TimedRange[] {
  const all: TimedRange[] = []
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const newest = all.at(-1)
    if (!newest || range.first > newest.last + 1) all.push(range)
    else if (range.last > newest.last)
      all[all.length - 1] = { ...range, first: newest.first, fromEpochMs: newest.fromEpochMs }
  }
  return all
}
