/** Speaks TraCI over TCP: batches of commands go out at once, answers come back in their order, each with a deadline. */
import { connect, type Socket } from 'node:net'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import {
  closeCommand,
  encodeMessage,
  getCommand,
  setCommand,
  stepCommand,
  subscribeCommand,
  versionCommand,
  type Command,
  type Setting,
  type Subscription,
} from './commands.ts'
import { MessageSplitter } from './message-splitter.ts'
import type { DomainName } from './protocol.ts'
import {
  decodeDone,
  decodeStep,
  decodeSubscribed,
  decodeValue,
  decodeVersion,
  type Report,
  type Version,
} from './replies.ts'
import type { SumoFault } from './sumo-fault.ts'
import type { TypedValue } from './typed-value.ts'

interface Waiting {
  readonly resolve: (message: Outcome<Buffer, SumoFault>) => void
  readonly timer: NodeJS.Timeout
}

export class TraciClient {
  readonly #socket: Socket
  readonly #answerWithinMs: number
  readonly #splitter = new MessageSplitter()
  readonly #waiting: Waiting[] = []
  /** Why nothing more can be asked. */
  #ended: SumoFault | null = null

  /** Takes a connected socket over. */
  constructor(socket: Socket, answerWithinMs: number) {
    this.#socket = socket
    this.#answerWithinMs = answerWithinMs
    socket.setNoDelay(true)
    socket.on('data', (piece: Buffer) => this.#receive(piece))
    socket.on('error', (error) => this.#end({ code: 'SUMO_CONNECTION_LOST', detail: error.message }))
    socket.on('close', () => this.#end({ code: 'SUMO_CONNECTION_LOST', detail: 'the other side has closed it' }))
  }

  async version(): Promise<Outcome<Version, SumoFault>> {
    const command = versionCommand()
    return decoded(await this.#ask([command]), (message) => decodeVersion(message, command))
  }

  async get(domain: DomainName, id: string, variable: number): Promise<Outcome<TypedValue, SumoFault>> {
    const command = getCommand(domain, id, variable)
    return decoded(await this.#ask([command]), (message) => decodeValue(message, command))
  }

  /** All settings in one message. SUMO takes them one by one: after a refusal those before it hold. */
  async set(settings: readonly Setting[]): Promise<Outcome<void, SumoFault>> {
    if (settings.length === 0) return ok(undefined)
    const commands = settings.map(setCommand)
    return decoded(await this.#ask(commands), (message) => decodeDone(message, commands))
  }

  /** All subscriptions in one message; returns what each of them says now. */
  async subscribe(subscriptions: readonly Subscription[]): Promise<Outcome<readonly Report[], SumoFault>> {
    if (subscriptions.length === 0) return ok([])
    const commands = subscriptions.map(subscribeCommand)
    return decoded(await this.#ask(commands), (message) => decodeSubscribed(message, commands))
  }

  /**
   * Sets, then goes on until that time of the simulation (0 = one step), and returns what was subscribed. Both
   * messages go out together, so that a step costs one way there and one way back.
   */
  async step(settings: readonly Setting[], untilS = 0): Promise<Outcome<readonly Report[], SumoFault>> {
    const command = stepCommand(untilS)
    const [done, stepped] = await Promise.all([this.set(settings), this.#ask([command])])
    return done.ok ? decoded(stepped, (message) => decodeStep(message, command)) : done
  }

  /** Asks SUMO to end its simulation and write what it has to write. */
  async close(): Promise<Outcome<void, SumoFault>> {
    const command = closeCommand()
    const outcome = decoded(await this.#ask([command]), (message) => decodeDone(message, [command]))
    this.#end({ code: 'SUMO_CONNECTION_LOST', detail: 'closed by ourselves' })
    return outcome
  }

  #ask(commands: readonly Command[]): Promise<Outcome<Buffer, SumoFault>> {
    if (this.#ended) return Promise.resolve(failed(this.#ended))
    const { promise, resolve } = Promise.withResolvers<Outcome<Buffer, SumoFault>>()
    const late: SumoFault = { code: 'SUMO_TIMED_OUT', afterMs: this.#answerWithinMs }
    // What comes after a late answer could be taken for another's: the connection is not used again.
    this.#waiting.push({ resolve, timer: setTimeout(() => this.#end(late), this.#answerWithinMs) })
    this.#socket.write(encodeMessage(commands))
    return promise
  }

  #receive(piece: Buffer): void {
    const messages = this.#splitter.push(piece)
    if (!messages.ok) return this.#end(messages.fault)
    for (const message of messages.value) {
      const first = this.#waiting.shift()
      if (!first) return this.#end({ code: 'SUMO_REPLY_MALFORMED', detail: 'an answer to no question' })
      clearTimeout(first.timer)
      first.resolve(ok(message))
    }
  }

  #end(fault: SumoFault): void {
    this.#ended ??= fault
    this.#socket.destroy()
    for (const { resolve, timer } of this.#waiting.splice(0)) {
      clearTimeout(timer)
      resolve(failed(fault))
    }
  }
}

/** One attempt; null where nobody listens yet. */
export function connectTraci(port: number, answerWithinMs: number): Promise<TraciClient | null> {
  const { promise, resolve } = Promise.withResolvers<TraciClient | null>()
  const socket = connect({ port, host: '127.0.0.1' })
  const refuse = () => resolve(null)
  socket.once('error', refuse)
  socket.once('connect', () => {
    socket.off('error', refuse)
    resolve(new TraciClient(socket, answerWithinMs))
  })
  return promise
}

const decoded = <T>(
  answer: Outcome<Buffer, SumoFault>,
  decode: (message: Buffer) => Outcome<T, SumoFault>,
): Outcome<T, SumoFault> => (answer.ok ? decode(answer.value) : answer)
