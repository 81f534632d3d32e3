/** The words of neighbours over the broker: ours out once a second, theirs in; what goes wrong is summed up once a minute. */
import type { IntersectionId } from '#base/id.ts'
import type { Log } from '#base/log.ts'
import { OUTLOOK_VERSION } from '#contract/outlook-message.ts'
import { edgeTopics } from '#contract/topics.ts'
import type { Outlook } from '#signal/outlook.ts'
import type { Message } from './broker-link.ts'
import { OUTLOOK_FAULT_CODES, OutlookInbox, type HeardOutlook, type OutlookCounts } from './outlook-inbox.ts'

/** An intersection of another edge that feeds one of ours, or is fed by one. */
export interface ForeignNeighbour {
  readonly edge: string
  readonly intersection: IntersectionId
}

export interface OutlookLinkOptions {
  readonly site: string
  readonly edge: string
  readonly neighbours: readonly ForeignNeighbour[]
  /** Of this life: 16 hex digits, random. */
  readonly epoch: string
  readonly publish: (message: Message, taken: () => void) => void
  readonly onHeard: (heard: HeardOutlook) => void
  readonly log: Log
}

const SUMMARY_MS = 60_000

const MEANING: Readonly<Record<(typeof OUTLOOK_FAULT_CODES)[number], string>> = {
  OUTLOOK_MALFORMED: 'could not be read',
  OUTLOOK_FOREIGN: 'were about another intersection than their topic',
  OUTLOOK_LATE: 'came later than 5 s, or from a clock that is behind',
  OUTLOOK_AHEAD: 'came from a clock that is ahead',
  OUTLOOK_REPEATED: 'came twice, or behind a newer one',
  OUTLOOK_LOST: 'never came',
}

export class OutlookLink {
  /** Of those whom we listen to. */
  readonly topics: readonly string[]
  readonly #options: OutlookLinkOptions
  readonly #inbox: OutlookInbox
  readonly #sent = new Map<IntersectionId, { seq: number; isUnderWay: boolean }>()
  #summedUp: OutlookCounts
  #summedUpEpochMs: number | null = null

  constructor(options: OutlookLinkOptions) {
    this.#options = options
    const { site, neighbours } = options
    const expected = new Map(
      neighbours.map(({ edge, intersection }) => [edgeTopics(site, edge).outlook(intersection), intersection] as const),
    )
    this.topics = [...expected.keys()]
    this.#inbox = new OutlookInbox(expected)
    this.#summedUp = this.#inbox.counts
  }

  get counts(): OutlookCounts {
    return this.#inbox.counts
  }

  /** At most once; while the socket has not taken the last one, the next is left out. */
  tell(intersection: IntersectionId, { atEpochMs, movements, approaches }: Outlook): void {
    const { site, edge, epoch, publish } = this.#options
    const sent = this.#sent.get(intersection) ?? { seq: 0, isUnderWay: false }
    this.#sent.set(intersection, sent)
    if (sent.isUnderWay) return
    sent.seq++
    sent.isUnderWay = true
    const message = { v: OUTLOOK_VERSION, intersection, epoch, seq: sent.seq, atEpochMs, movements, approaches }
    const topic = edgeTopics(site, edge).outlook(intersection)
    publish({ topic, payload: JSON.stringify(message), qos: 0, retain: false }, () => (sent.isUnderWay = false))
  }

  /** A new connection: what the last one had not taken is gone. */
  restart(): void {
    for (const sent of this.#sent.values()) sent.isUnderWay = false
  }

  hear(topic: string, payload: Buffer, nowEpochMs: number): void {
    const heard = this.#inbox.receive(topic, payload, nowEpochMs)
    if (heard !== null) this.#options.onHeard(heard)
    this.#sumUp(nowEpochMs)
  }

  /** The first fault is told at once, the others minute by minute. */
  #sumUp(nowEpochMs: number): void {
    const sinceMs = nowEpochMs - (this.#summedUpEpochMs ?? Number.NEGATIVE_INFINITY)
    if (sinceMs >= 0 && sinceMs < SUMMARY_MS) return
    const { counts } = this
    const before = this.#summedUp
    for (const code of OUTLOOK_FAULT_CODES) {
      const fresh = counts[code] - before[code]
      if (fresh === 0) continue
      this.#summedUp = counts
      this.#summedUpEpochMs = nowEpochMs
      this.#options.log('warn', code, `neighbours: ${fresh} messages ${MEANING[code]}; they change nothing.`)
    }
  }
}
