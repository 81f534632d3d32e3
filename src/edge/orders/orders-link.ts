/** Orders over the broker: plans and commands in, what became of them out; it lives in the thread of disk and network. */
import type { Clock } from '#base/clock.ts'
import { intersectionId, type IntersectionId } from '#base/id.ts'
import type { Log } from '#base/log.ts'
import { orderFault, orderFaultNumber, type OrderFault, type OrderFaultCode } from '#contract/order-fault.ts'
import type { PlanProgress, PlanReported } from '#contract/plan-bundle.ts'
import { ORDER_BYTES_MAX, ORDER_VERSION } from '#contract/signed-order.ts'
import { edgeTopics, type EdgeTopics } from '#contract/topics.ts'
import type { Message } from '../telemetry/broker-link.ts'
import { CommandInbox } from './command-inbox.ts'
import { digestOf, type Duty } from './judge-plan.ts'
import type { KeptFile } from './kept-file.ts'
import { KeyRing, type TrustedKey } from './key-ring.ts'
import type { OrderNews, OrdersOf } from './order-desk.ts'
import { PlanInbox } from './plan-inbox.ts'
import type { Commissioned } from './planned-timing.ts'
import { Refusals } from './refusals.ts'

/** Plain data: it crosses into the thread. */
export interface OrderDuty {
  readonly intersections: readonly Commissioned[]
  /** None: every order is refused. */
  readonly keys: readonly TrustedKey[]
}

export interface OrderFiles {
  readonly plans: KeptFile
  readonly commands: KeptFile
}

export interface OrdersLinkParts {
  readonly site: string
  readonly edge: string
  readonly duty: OrderDuty
  readonly files: OrderFiles
  readonly clock: Clock
  readonly log: Log
  /** Sends now or never. */
  readonly publish: (message: Message) => void
  readonly tell: (orders: OrdersOf) => void
}

/** Refusals that another list of keys may lift. */
const OF_KEYS: ReadonlySet<OrderFaultCode> = new Set([
  'KEY_UNKNOWN',
  'KEY_RUN_OUT',
  'KEY_NOT_FOR_THIS',
  'SIGNERS_TOO_FEW',
])

export class OrdersLink {
  /** Of those that are listened to. */
  readonly topics: readonly string[]
  readonly #parts: OrdersLinkParts
  readonly #topics: EdgeTopics
  readonly #duty: Duty
  readonly #plans: PlanInbox
  readonly #commands: CommandInbox
  readonly #refusedPlans = new Refusals()
  readonly #refusedCommands = new Refusals()
  readonly #progress = new Map<string, PlanProgress>()
  /** A plan that lacked nothing but somebody who is trusted: a key may come later than what it has signed. */
  #unsignedPlan: Buffer | null = null

  constructor(parts: OrdersLinkParts) {
    const { site, edge, duty, files, log } = parts
    this.#parts = parts
    this.#topics = edgeTopics(site, edge)
    this.topics = [this.#topics.planDesired, this.#topics.command('+')]
    const intersections = new Map(duty.intersections.map((each) => [each.database.intersection.id, each] as const))
    this.#duty = { site, edge, intersections, keys: new KeyRing(duty.keys) }
    this.#plans = new PlanInbox({ duty: this.#duty, file: files.plans, log })
    const streets = () => this.#streets()
    this.#commands = new CommandInbox({ duty: this.#duty, file: files.commands, log, streets })
  }

  /** All that is kept, for a scan cycle that begins. */
  tellAll(): void {
    for (const id of this.#duty.intersections.keys()) this.#tell(id, [])
  }

  /** A new connection: whoever comes later finds it retained. */
  restart(): void {
    if (this.#progress.size > 0) this.#report()
  }

  /** Whose orders are followed from now on. What nobody known had signed may be signed by somebody now. */
  follow(keys: readonly TrustedKey[]): void {
    this.#duty.keys.replace(keys)
    if (this.#unsignedPlan !== null) this.#hearPlan(this.#unsignedPlan)
  }

  /** False: the topic is not for us. */
  hear(topic: string, payload: Buffer): boolean {
    const commands = this.#topics.command('')
    if (topic === this.#topics.planDesired) this.#hearPlan(payload)
    else if (topic.startsWith(commands)) this.#hearCommand(topic.slice(commands.length), payload)
    else return false
    return true
  }

  /** What an intersection says of its plans. */
  note(progress: PlanProgress): void {
    this.#progress.set(progress.id, progress)
    if (progress.running !== null) this.#plans.noteRunning(intersectionId(progress.id), progress.running)
    this.#report()
  }

  #hearPlan(payload: Buffer): void {
    this.#unsignedPlan = null
    // Whoever takes the retained message away takes nothing back.
    if (payload.length === 0) return
    const text = textOf(payload)
    const received = text === null ? tooLarge(payload) : this.#plans.receive(text, this.#parts.clock.epochMs())
    if (!received.ok) {
      if (OF_KEYS.has(received.fault.code)) this.#unsignedPlan = payload
      this.#refuse(this.#refusedPlans, { what: 'planRefused', payload, fault: received.fault })
    } else if (received.value !== null) {
      const { version } = received.value.bundle
      this.#parts.log(
        'info',
        'PLAN_ACCEPTED',
        `plans: version ${version} is to run at ${[...received.value.timings.keys()].join(', ')}.`,
      )
      for (const id of received.value.timings.keys()) this.#tell(id, [{ what: 'planAccepted', version }])
    }
    this.#report()
  }

  #hearCommand(name: string, payload: Buffer): void {
    if (payload.length === 0) return
    const text = textOf(payload)
    const received = text === null ? tooLarge(payload) : this.#commands.receive(text, name, this.#parts.clock.epochMs())
    if (!received.ok)
      return this.#refuse(this.#refusedCommands, { what: 'orderRefused', payload, fault: received.fault })
    const { topic, result, fault, isRepeated } = received.value
    this.#parts.publish({ topic, payload: JSON.stringify(result), qos: 1, retain: false })
    if (isRepeated) return
    if (fault !== null) return this.#refuse(this.#refusedCommands, { what: 'orderRefused', payload, fault })
    this.#parts.log('info', 'ORDER_FOLLOWED', `commands: ${name} (${result.correlation}) holds.`)
    this.tellAll()
  }

  #refuse(
    refusals: Refusals,
    { what, payload, fault }: { what: 'planRefused' | 'orderRefused'; payload: Buffer; fault: OrderFault },
  ): void {
    const { clock, log } = this.#parts
    const digest = digestOf(payload.subarray(0, ORDER_BYTES_MAX).toString('latin1'))
    const refusal = { fault, digest, atEpochMs: clock.epochMs() }
    if (!refusals.note(refusal, clock.monoMs())) return
    log(
      'warn',
      fault.code,
      `${what === 'planRefused' ? 'plans' : 'commands'}: refused, ${fault.detail}. Nothing has changed.`,
    )
    const news: OrderNews = { what, fault: orderFaultNumber(fault) }
    for (const id of this.#duty.intersections.keys()) this.#tell(id, [news])
  }

  #tell(id: IntersectionId, news: readonly OrderNews[]): void {
    this.#parts.tell({ plans: this.#plans.plansOf(id), standing: this.#commands.standingAt(id), news })
  }

  /** As they run now: a plan may have brought plans that commands can name. */
  #streets(): ReadonlyMap<IntersectionId, Commissioned> {
    return new Map(
      [...this.#duty.intersections].map(([id, base]) => {
        const { known, ran } = this.#plans.plansOf(id)
        return [id, known.find(({ version }) => version === ran) ?? base] as const
      }),
    )
  }

  #report(): void {
    const { edge, clock, publish } = this.#parts
    const { last, count } = this.#refusedPlans
    const accepted = this.#plans.accepted
    const reported: PlanReported = {
      v: ORDER_VERSION,
      edge,
      atEpochMs: clock.epochMs(),
      newest: this.#plans.newest,
      accepted: accepted && {
        version: accepted.bundle.version,
        digest: accepted.digest,
        signedBy: [...accepted.signedBy],
        validUntilEpochMs: accepted.bundle.validUntilEpochMs,
        note: accepted.bundle.note,
      },
      refused: last && { ...last.fault, digest: last.digest, atEpochMs: last.atEpochMs, count },
      intersections: [...this.#progress.values()],
    }
    publish({ topic: this.#topics.planReported, payload: JSON.stringify(reported), qos: 1, retain: true })
  }
}

/** Byte by byte: what is beyond ASCII is not canonical, and is refused as that. Null: too large to be looked at. */
const textOf = (payload: Buffer): string | null =>
  payload.length > ORDER_BYTES_MAX ? null : payload.toString('latin1')

const tooLarge = ({ length }: Buffer) => ({
  ok: false as const,
  fault: orderFault('ORDER_TOO_LARGE', `${length} bytes, at most ${ORDER_BYTES_MAX}`),
})
