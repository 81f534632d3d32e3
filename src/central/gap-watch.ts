/** Looks into the ledgers now and then: how complete each edge's history is, and how soon what is coming will be here. */
import type { Clock } from '#base/clock.ts'
import { GAPS_LISTED_MAX, type EdgeGapsView, type GapView } from '#contract/gaps-view.ts'
import { gapsOf, type EdgeGaps, type Gap } from './gap-book.ts'
import type { StreamRecord } from './ledger.ts'

/** Often enough to see a backlog go down, seldom enough to cost nothing. */
const LOOK_MS = 2_000
/** A rate is that of the last half minute. */
const RATE_OVER_MS = 30_000

export interface GapWatchOptions {
  readonly edges: readonly string[]
  readonly isOnline: (edge: string) => boolean
  /** What all ledgers hold; throws where one cannot be read. */
  readonly records: () => readonly StreamRecord[]
  readonly clock: Clock
}

interface Sample {
  readonly atMonoMs: number
  readonly missingEvents: number
}

export class GapWatch {
  readonly #options: GapWatchOptions
  readonly #samples = new Map<string, Sample[]>()
  readonly #timer: NodeJS.Timeout

  constructor(options: GapWatchOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.#look(), LOOK_MS)
  }

  /** As the ledgers stand now. @throws where a ledger cannot be read. */
  view(): EdgeGapsView[] {
    const records = this.#options.records()
    return this.#options.edges.map((edge) => this.#viewOf(this.#sample(gapsOf(edge, records))))
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    try {
      this.view()
    } catch {
      // Whoever asks is told; the next look may see it again.
    }
  }

  #sample(gaps: EdgeGaps): EdgeGaps {
    const atMonoMs = this.#options.clock.monoMs()
    const known = this.#samples.get(gaps.edge) ?? []
    const recent = known.filter((sample) => atMonoMs - sample.atMonoMs <= RATE_OVER_MS)
    this.#samples.set(gaps.edge, [...recent, { atMonoMs, missingEvents: gaps.missingEvents }])
    return gaps
  }

  #viewOf(gaps: EdgeGaps): EdgeGapsView {
    const { edge, completeUntilEpochMs, missing, missingEvents, lost, lostEvents } = gaps
    return {
      edge,
      online: this.#options.isOnline(edge),
      completeUntil: instant(completeUntilEpochMs),
      missingEvents,
      missing: newestOf(missing),
      lostEvents,
      lost: newestOf(lost),
      replay: this.#replayOf(edge, missingEvents),
    }
  }

  /** What is missing grows by what overtakes it and shrinks by what is replayed; only a hole that shrinks has an end in sight. */
  #replayOf(edge: string, events: number): EdgeGapsView['replay'] {
    const samples = this.#samples.get(edge) ?? []
    const [oldest, latest] = [samples[0], samples.at(-1)]
    if (!oldest || !latest || latest.atMonoMs === oldest.atMonoMs || events === 0) return null
    const perMs = (oldest.missingEvents - latest.missingEvents) / (latest.atMonoMs - oldest.atMonoMs)
    if (perMs <= 0) return null
    const until = instant(this.#options.clock.epochMs() + Math.round(events / perMs))
    return { events, eventsPerS: Math.round(perMs * 10_000) / 10, until }
  }
}

const newestOf = (gaps: readonly Gap[]): GapView[] =>
  gaps.slice(-GAPS_LISTED_MAX).map(({ epoch, first, last, fromEpochMs, untilEpochMs }) => ({
    epoch,
    first,
    last,
    events: last - first + 1,
    from: instant(fromEpochMs),
    until: instant(untilEpochMs),
  }))

const instant = (epochMs: number | null): string | null => (epochMs === null ? null : new Date(epochMs).toISOString())
