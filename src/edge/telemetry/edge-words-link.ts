/** What central asks of an edge's telemetry (throttle, fetch), and the alarms that the edge tells: each change, and the whole list retained. */
import { Compile } from 'typebox/compile'
import type { Clock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import { Fetch, Throttle, type AlarmChange } from '#contract/edge-words.ts'
import { isVersionAccepted, type Acknowledgement, type LiveState } from '#contract/messages.ts'
import type { EdgeTopics } from '#contract/topics.ts'
import { AlarmBoard } from './alarm-board.ts'
import type { BatchSender } from './batch-sender.ts'
import type { Message } from './broker-link.ts'
import { FetchDesk } from './fetch-desk.ts'
import type { Spool } from './spool.ts'
import type { SpoolFault } from './spool-fault.ts'

export interface EdgeWordsOptions {
  readonly topics: EdgeTopics
  readonly spool: Spool
  readonly sender: BatchSender
  readonly clock: Clock
  /** Sends now or never. */
  readonly publish: (message: Message) => void
  readonly log: Log
}

export class EdgeWordsLink {
  /** To be heard. */
  readonly topics: readonly string[]
  readonly #options: EdgeWordsOptions
  readonly #alarms = new AlarmBoard()
  readonly #desk: FetchDesk

  constructor(options: EdgeWordsOptions) {
    this.#options = options
    const { topics, spool, clock, publish } = options
    this.topics = [topics.throttle, topics.fetch]
    this.#desk = new FetchDesk({
      spool,
      publish: ({ payload }) => publish({ topic: topics.batch, payload, qos: 1, retain: false }),
      answer: (answer) => publish({ topic: topics.fetched, payload: JSON.stringify(answer), qos: 1, retain: false }),
      monoMs: () => clock.monoMs(),
    })
  }

  /** A connection is new: the alarms that stand are told before anything else is sent. */
  restart(): void {
    this.#tellList()
    this.#desk.restart()
  }

  /** Called while connected, often. */
  turn(): void {
    this.#tell(this.#alarms.turn(this.#now()))
    this.#desk.turn()
  }

  observe(state: LiveState): void {
    this.#tell(this.#alarms.observe(state, this.#now().epochMs))
  }

  fault(fault: SpoolFault): void {
    this.#tell(this.#alarms.raise(fault, this.#now()))
  }

  recorded(): void {
    this.#tell(this.#alarms.recorded(this.#now().epochMs))
  }

  acknowledge(ack: Acknowledgement): void {
    this.#desk.acknowledge(ack)
  }

  hear(topic: string, payload: Buffer): void {
    const { topics, sender, log } = this.#options
    const word: unknown = parseJson(payload)
    if (topic === topics.throttle && throttle.Check(word) && isVersionAccepted(word.v)) sender.throttle(word)
    else if (topic === topics.fetch && fetch.Check(word) && isVersionAccepted(word.v)) this.#desk.ask(word)
    else log('warn', 'WORD_MALFORMED', `uplink: a message on ${topic} could not be read and was passed over.`)
  }

  #now(): { epochMs: number; monoMs: number } {
    const { clock } = this.#options
    return { epochMs: clock.epochMs(), monoMs: clock.monoMs() }
  }

  #tell(changes: readonly AlarmChange[]): void {
    const { topics, publish } = this.#options
    for (const change of changes)
      publish({ topic: topics.alarm(change.alarm.id), payload: JSON.stringify(change), qos: 1, retain: false })
    if (changes.length > 0) this.#tellList()
  }

  #tellList(): void {
    const { topics, publish } = this.#options
    const list = this.#alarms.list(this.#now().epochMs)
    publish({ topic: topics.alarms, payload: JSON.stringify(list), qos: 1, retain: true })
  }
}

const throttle = Compile(Throttle)
const fetch = Compile(Fetch)

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'))
  } catch {
    return undefined
  }
}
