/**
 * Which batches are under way: two lanes, live events at once and the backlog beside them at a bounded rate, each batch
 * sent until central says that it is stored. A broker's own acknowledgement (PUBACK) only says that it may be sent again.
 */
import type { Throttle } from '#contract/edge-words.ts'
import { THROTTLE_MS_MAX } from '#contract/limits.ts'
import type { Acknowledgement } from '#contract/messages.ts'
import { backlogReader, liveReader, type BatchReader, type OutgoingBatch } from './batch-reader.ts'
import type { Spool } from './spool.ts'

/** Up to 64 batches of 50 kB wait in memory for central; Mosquitto's queue for a sleeping consumer takes 1,000. */
export const IN_FLIGHT_MAX = 64
/** The backlog goes on when central has stored what it was given, so that it never stands before live events for long. */
export const BACKLOG_IN_FLIGHT_MAX = 4
/** While live events take longer than this from here to an answer, one batch of backlog at a time is enough. */
export const LIVE_SLOW_MS = 500
/** One hour of twelve busy intersections (75,000 events) in 15 s; twenty edges at once stay below what a store takes. */
export const BACKLOG_EVENTS_PER_S = 5_000
/** A broker that was killed has forgotten what central had not fetched: live events are then late by this. */
export const ACK_TIMEOUT_MS = 2_000
/** While central is away each batch is offered once a minute. */
export const ACK_TIMEOUT_MAX_MS = 60_000
/** Once central answers anything, the others' patience goes back to that of this attempt, 8 s: not less, it may be slow. */
const ATTEMPTS_WHEN_HEARD = 3
/** A central that has lost its ledger is offered everything again, but not over and over. */
export const OFFER_ALL_AGAIN_MS = 60_000
/** Live events that central has not kept up with become backlog, and the newest go first again. */
export const LIVE_LAG_EVENTS_MAX = 5_000

interface InFlight {
  readonly batch: OutgoingBatch
  readonly lane: 'live' | 'backlog'
  sentAtMs: number
  attempts: number
  /** The broker has taken it. */
  taken: boolean
}

export interface BatchSenderOptions {
  readonly spool: Spool
  /** Hands a batch to the broker, and calls back when the broker has taken it. */
  readonly publish: (batch: OutgoingBatch, taken: () => void) => void
  readonly monoMs: () => number
}

export class BatchSender {
  readonly #spool: Spool
  readonly #publish: BatchSenderOptions['publish']
  readonly #monoMs: () => number
  readonly #inFlight = new Map<string, InFlight>()
  #live: BatchReader
  #backlog: BatchReader
  #backlogAllowance = BACKLOG_EVENTS_PER_S
  #throttle = { eventsPerS: BACKLOG_EVENTS_PER_S, untilMonoMs: 0 }
  #offeredAllAtMs = Number.NEGATIVE_INFINITY
  /** Of the live batch that was answered last. */
  #liveAnswerMs = 0
  #turnedAtMs: number

  constructor(options: BatchSenderOptions) {
    this.#spool = options.spool
    this.#publish = options.publish
    this.#monoMs = options.monoMs
    this.#turnedAtMs = options.monoMs()
    this.#live = liveReader(this.#spool)
    this.#backlog = backlogReader(this.#spool, this.#spool.end())
  }

  /** A connection is new: everything that is not acknowledged is sent again. */
  restart(): void {
    this.#inFlight.clear()
    this.#restartLanes()
    this.turn()
  }

  /** Sends what there is room for; called while connected, often. */
  turn(): void {
    const nowMs = this.#monoMs()
    const elapsedMs = nowMs - this.#turnedAtMs
    this.#turnedAtMs = nowMs
    const eventsPerS = nowMs < this.#throttle.untilMonoMs ? this.#throttle.eventsPerS : BACKLOG_EVENTS_PER_S
    this.#backlogAllowance = Math.min(eventsPerS, this.#backlogAllowance + (elapsedMs * eventsPerS) / 1_000)
    this.#sendOverdue(nowMs)
    this.#sendLive()
    this.#sendBacklog()
  }

  /** Central asks for patience: the backlog comes no faster than this, for so long. */
  throttle({ backlogEventsPerS, forMs }: Throttle): void {
    const eventsPerS = Math.min(BACKLOG_EVENTS_PER_S, backlogEventsPerS)
    this.#throttle = { eventsPerS, untilMonoMs: this.#monoMs() + Math.min(forMs, THROTTLE_MS_MAX) }
  }

  acknowledge(ack: Acknowledgement): void {
    const isLess = ack.upTo < this.#spool.acknowledged(ack.epoch)
    this.#spool.release(ack.epoch, ack.upTo, ack.ranges)
    for (const [key, flight] of this.#inFlight) {
      if (this.#isStored(flight.batch)) {
        this.#inFlight.delete(key)
        if (flight.lane === 'live' && flight.attempts === 1) this.#liveAnswerMs = this.#monoMs() - flight.sentAtMs
      }
      flight.attempts = Math.min(flight.attempts, ATTEMPTS_WHEN_HEARD)
    }
    if (isLess) this.#offerAllAgain()
    this.turn()
  }

  #offerAllAgain(): void {
    const nowMs = this.#monoMs()
    if (nowMs - this.#offeredAllAtMs < OFFER_ALL_AGAIN_MS) return
    this.#offeredAllAtMs = nowMs
    this.#inFlight.clear()
    this.#restartLanes()
  }

  #restartLanes(): void {
    this.#live = liveReader(this.#spool)
    this.#backlog = backlogReader(this.#spool, this.#spool.end())
  }

  #sendLive(): void {
    if (this.#spool.last - this.#live.previous > LIVE_LAG_EVENTS_MAX) this.#restartLanes()
    while (this.#inFlight.size < IN_FLIGHT_MAX) {
      const batch = this.#live.next()
      if (!batch) return
      this.#send(batch, 'live')
    }
  }

  #sendBacklog(): void {
    const inFlightMax = this.#liveAnswerMs > LIVE_SLOW_MS ? 1 : BACKLOG_IN_FLIGHT_MAX
    while (this.#backlogAllowance > 0 && this.#countInFlight('backlog') < inFlightMax) {
      const batch = this.#backlog.next()
      if (!batch) return
      if (this.#isStored(batch) || this.#isInFlight(batch)) continue
      this.#backlogAllowance -= batch.last - batch.first + 1
      this.#send(batch, 'backlog')
    }
  }

  #sendOverdue(nowMs: number): void {
    for (const flight of this.#inFlight.values()) {
      const timeoutMs = Math.min(ACK_TIMEOUT_MAX_MS, ACK_TIMEOUT_MS * 2 ** (flight.attempts - 1))
      if (flight.taken && nowMs - flight.sentAtMs >= timeoutMs) this.#offer(flight)
    }
  }

  #send(batch: OutgoingBatch, lane: InFlight['lane']): void {
    const flight = { batch, lane, sentAtMs: 0, attempts: 0, taken: false }
    this.#inFlight.set(`${batch.epoch}:${batch.first}`, flight)
    this.#offer(flight)
  }

  #offer(flight: InFlight): void {
    flight.sentAtMs = this.#monoMs()
    flight.attempts += 1
    flight.taken = false
    this.#publish(flight.batch, () => {
      flight.taken = true
    })
  }

  #countInFlight(lane: InFlight['lane']): number {
    let count = 0
    for (const flight of this.#inFlight.values()) if (flight.lane === lane) count += 1
    return count
  }

  /** With the hole before it: events that are stored may stand behind one that central has not been told of. */
  #isStored({ epoch, after, last }: OutgoingBatch): boolean {
    return this.#spool.isStored(epoch, [after + 1, last])
  }

  #isInFlight({ epoch, after, last }: OutgoingBatch): boolean {
    for (const { batch } of this.#inFlight.values())
      if (batch.epoch === epoch && batch.after <= after && batch.last >= last) return true
    return false
  }
}
