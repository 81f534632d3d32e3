/** What really happened, kept beside the product and judged by rules of its own: every event with its identity, stamp and fate. */
import { addRange, coversRange, type Range } from '#base/ranges.ts'
import type { Acknowledgement, Batch } from '#contract/messages.ts'
import type { ObservedEvent } from '#edge/telemetry/port.ts'
import { EVENT } from '#signal/events.ts'
import { AHEAD_MAX_MS } from '#central/store/admission.ts'
import type { StoredEvent } from '#central/store/port.ts'
import type { World } from './world.ts'

/** An event under the identity that a spool has given it. */
export interface Given {
  readonly event: ObservedEvent
  readonly identity: string
  /** When the edge was told that it is on disk. */
  recordedAtMs: number | null
}

/** What the store and its books know, asked at any moment. */
export interface Fate {
  stored(identity: string): StoredEvent | undefined
  isDeadLettered(identity: string): boolean
}

export interface Violation {
  readonly rule: string
  readonly what: string
  readonly atMs: number
  readonly step: number
}

const VIOLATIONS_MAX = 5
/** From an edge's disk to the store, when nothing is in the way. */
export const SETTLED_MS = 5_000

export class Oracle {
  readonly violations: Violation[] = []
  readonly given = new Map<string, Given>()
  /** Sequences that an edge has announced as never to come, by `edge/epoch`. */
  readonly announced = new Map<string, Range[]>()
  /** Those that a spool has said it gave up for room. */
  readonly givenUp = new Map<string, Range[]>()
  /** Recorded, and without a fate when it was looked last. */
  readonly #open = new Set<Given>()
  readonly #byEvent = new Map<ObservedEvent, string[]>()
  readonly #checkedUpTo = new Map<string, number>()
  readonly #world: World
  #fate: Fate | null = null

  constructor(world: World) {
    this.#world = world
  }

  set fate(fate: Fate) {
    this.#fate = fate
  }

  break(rule: string, what: string): void {
    if (this.violations.length >= VIOLATIONS_MAX) return
    this.#world.tell('VIOLATION', `${rule}: ${what}`)
    this.violations.push({ rule, what, atMs: this.#world.nowMs, step: this.#world.step })
  }

  /** A telemetry thread is handed an event, whose sequence must be the next of the epoch. */
  give(stream: string, sequence: number, event: ObservedEvent): Given {
    const identity = `${stream}/${sequence}`
    const former = this.given.get(identity)
    // A sequence is used again only where nobody was told that it is recorded.
    if (former && former.event !== event && (former.recordedAtMs !== null || this.#fate?.stored(identity)))
      this.break('one identity, one event', `${identity} is given to a second event`)
    const given = { event, identity, recordedAtMs: null }
    this.given.set(identity, given)
    const all = this.#byEvent.get(event)
    if (all) all.push(identity)
    else this.#byEvent.set(event, [identity])
    return given
  }

  record(given: Given): void {
    given.recordedAtMs = this.#world.nowMs
    this.#open.add(given)
  }

  /** Recorded at least `ms` ago, and without a fate. */
  waiting(ms: number): number {
    let count = 0
    for (const given of this.#open) {
      if (this.#hasFate(given.identity)) this.#open.delete(given)
      else if (this.#world.nowMs - (given.recordedAtMs ?? 0) >= ms) count++
    }
    return count
  }

  /** Seen so lately that it may still be on its way. */
  isFresh(identity: string): boolean {
    const given = this.given.get(identity)
    return given !== undefined && (given.recordedAtMs === null || !this.#isDue(given))
  }

  giveUp(stream: string, range: Range): void {
    this.givenUp.set(stream, addRange(this.givenUp.get(stream) ?? [], range))
  }

  /** A batch on its way, by the topic's edge. */
  hearBatch(edge: string, { epoch, first, after }: Batch): void {
    if (after === undefined || after >= first - 1) return
    const stream = `${edge}/${epoch}`
    this.announced.set(stream, addRange(this.announced.get(stream) ?? [], [after + 1, first - 1]))
  }

  /** What is acknowledged is stored, dead-lettered, or was announced as lost: at this very moment. */
  hearAcknowledgement(edge: string, { epoch, upTo, ranges = [] }: Acknowledgement): void {
    const stream = `${edge}/${epoch}`
    const checked = this.#checkedUpTo.get(stream) ?? 0
    this.#mustBeSafe(stream, [checked + 1, upTo])
    for (const [first, last] of ranges) this.#mustBeSafe(stream, [first, last])
    this.#checkedUpTo.set(stream, Math.max(checked, upTo))
  }

  #mustBeSafe(stream: string, [first, last]: Range): void {
    for (let sequence = first; sequence <= last; sequence++) {
      const identity = `${stream}/${sequence}`
      if (this.#fate?.stored(identity) || this.#fate?.isDeadLettered(identity)) continue
      if (coversRange(this.announced.get(stream) ?? [], [sequence, sequence])) continue
      this.break('acknowledged means stored', identity)
      return
    }
  }

  /** A dead letter needs a reason: where central's own clock was never set, only a stamp that is off is one. */
  judgeDeadLetters(identities: readonly string[]): void {
    for (const identity of identities) {
      const given = this.given.get(identity)
      const offMs = given ? Math.abs(given.event.epochMs - this.#world.nowEpochMs) : Infinity
      if (offMs < AHEAD_MAX_MS) this.break('put aside with a reason', `${identity} is a good event`)
    }
  }

  /** At the end of the calm: each event under its fate, and none that nobody has seen. */
  judge(stored: Iterable<StoredEvent>): void {
    const owners = new Map<ObservedEvent, string>()
    const records = new Map<string, string>()
    for (const point of stored) {
      const identity = identityOf(point)
      const given = this.given.get(identity)
      if (!given || !isSame(given.event, point)) {
        if (!given || !this.#isGapRecord(point)) this.break('nothing but what was seen is stored', identity)
        else this.#judgeGapRecord(point)
        continue
      }
      const other = owners.get(given.event)
      if (other !== undefined) this.break('stored once', `${identity} and ${other} are one event`)
      owners.set(given.event, identity)
      this.#oncePerRecord(records, point, identity)
    }
    for (const given of this.given.values()) if (this.#isDue(given)) this.#judgeRecorded(given.identity)
  }

  /** A record of a gap stands in the place of the last event that was given up for room. */
  #isGapRecord({ edge, epoch, sequence, code, source }: StoredEvent): boolean {
    const givenUp = this.givenUp.get(`${edge}/${epoch}`) ?? []
    return code === EVENT.logGap && source === 'edge' && coversRange(givenUp, [sequence, sequence])
  }

  /** It counts all that is missing since the record before it; a dead letter is not missing. */
  #judgeGapRecord({ edge, epoch, sequence, parameter }: StoredEvent): void {
    const stream = `${edge}/${epoch}`
    let missing = 0
    for (let before = sequence - 1; before > 0 && missing <= parameter; before--) {
      const identity = `${stream}/${before}`
      if (this.given.get(identity)?.recordedAtMs === null || !this.#isGivenUp(stream, before)) break
      const point = this.#fate?.stored(identity)
      if (point && this.#isGapRecord(point)) break
      if (!point && !this.#fate?.isDeadLettered(identity)) missing++
    }
    if (missing >= parameter)
      this.break('a record of a gap is exact', `${stream}/${sequence} says ${parameter}, more are missing`)
  }

  #isGivenUp(stream: string, sequence: number): boolean {
    return coversRange(this.givenUp.get(stream) ?? [], [sequence, sequence])
  }

  #oncePerRecord(records: Map<string, string>, point: StoredEvent, identity: string): void {
    if (point.source !== 'controller') return
    const record = `${point.edge} ${point.intersection} ${point.deviceSequence}`
    const other = records.get(record)
    if (other !== undefined) this.break('stored once', `${identity} and ${other} are one record of the controller`)
    records.set(record, identity)
  }

  #isDue({ recordedAtMs }: Given): boolean {
    return recordedAtMs !== null && this.#world.nowMs - recordedAtMs >= SETTLED_MS
  }

  #judgeRecorded(identity: string): void {
    if (this.#hasFate(identity)) return
    this.break('recorded means stored', `${identity} is nowhere`)
  }

  /** Stored, put aside as a dead letter, or given up for room and announced: exactly this one. */
  #hasFate(identity: string): boolean {
    if (this.#fate?.stored(identity) || this.#fate?.isDeadLettered(identity)) return true
    const slash = identity.lastIndexOf('/')
    const stream = identity.slice(0, slash)
    const sequence = Number(identity.slice(slash + 1))
    const isAnnounced = coversRange(this.announced.get(stream) ?? [], [sequence, sequence])
    return isAnnounced && this.#isGivenUp(stream, sequence)
  }
}

export const identityOf = ({ edge, epoch, sequence }: StoredEvent): string => `${edge}/${epoch}/${sequence}`

function isSame(event: ObservedEvent, point: StoredEvent): boolean {
  return (
    event.epochMs === point.epochMs &&
    event.intersection === point.intersection &&
    event.code === point.code &&
    event.parameter === point.parameter &&
    event.source === point.source &&
    event.deviceSequence === point.deviceSequence
  )
}
