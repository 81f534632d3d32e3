/** The telemetry thread without a thread: its real work on virtual time, its messages on the way, and the oracle beside it. */
import type { Worker } from 'node:worker_threads'
import type { ObservedEvent } from '#edge/telemetry/port.ts'
import { runTelemetry } from '#edge/telemetry/thread.ts'
import type { FromWorker, ToWorker, WorkerSettings } from '#edge/telemetry/worker-messages.ts'
import type { Chance } from './chance.ts'
import type { Given, Oracle } from './oracle.ts'
import { virtualConnect } from './virtual-client.ts'
import type { VirtualBroker } from './virtual-broker.ts'
import type { VirtualDisk } from './virtual-disk.ts'
import type { End, Way } from './wire.ts'
import { Thread, type Machine } from './world.ts'

/** A few dozen events: in a minute's life segments are begun, freed and given up. */
const SEGMENT_BYTES = 2_000
/** From one thread to the other. */
const MESSAGE_MS = 1

export interface WorkerStart {
  readonly edge: string
  readonly settings: WorkerSettings
  readonly machine: Machine
  readonly disk: VirtualDisk
  readonly oracle: Oracle
  readonly broker: VirtualBroker
  readonly way: Way
  readonly scan: Thread
  readonly sockets: Set<End>
  readonly chance: Chance
}

export interface TelemetryThread {
  readonly thread: Thread
  readonly worker: Worker
  /** It dies of an error. */
  fail(): void
}

export const startVirtualWorker = (start: WorkerStart): TelemetryThread => new VirtualWorker(start)

class VirtualWorker implements TelemetryThread {
  readonly thread: Thread
  readonly #start: WorkerStart
  readonly #listeners = new Map<string, (told?: unknown) => void>()
  readonly #underWay: Given[] = []
  #stream = ''
  #sequence = 0
  #hear: ((message: ToWorker) => void) | null = null

  constructor(start: WorkerStart) {
    this.#start = start
    this.thread = new Thread(start.machine, (error) => this.#die(error))
    this.thread.later(MESSAGE_MS, () => this.#run())
  }

  get worker(): Worker {
    const worker = {
      on: (event: string, act: (told?: unknown) => void) => this.#listeners.set(event, act),
      postMessage: (message: ToWorker) => this.thread.later(MESSAGE_MS, () => this.#take(message)),
      terminate: () => Promise.resolve(0),
    }
    // All that telemetry asks of its worker.
    return worker as unknown as Worker
  }

  fail(): void {
    this.thread.later(0, () => {
      throw new Error('the telemetry thread breaks')
    })
  }

  #run(): void {
    const { settings, disk, broker, way, chance } = this.#start
    const { thread } = this
    this.#hear = runTelemetry(
      { ...settings, segmentBytes: SEGMENT_BYTES },
      {
        clock: thread.clock,
        disk,
        connect: virtualConnect({ thread, sockets: this.#start.sockets, way, broker }),
        chance: { newEpoch: () => chance.hex(), uniform: () => chance.uniform() },
        tell: (message) => this.#tell(message),
        leave: () => this.#leave(),
      },
    )
  }

  #take(message: ToWorker): void {
    if (message.kind === 'events') for (const event of message.events) this.#give(event)
    this.#hear?.(message)
  }

  #give(event: ObservedEvent): void {
    this.#underWay.push(this.#start.oracle.give(this.#stream, ++this.#sequence, event))
  }

  #tell(message: FromWorker): void {
    const { edge, oracle, scan } = this.#start
    if (message.kind === 'ready') {
      this.#stream = `${edge}/${message.current.epoch}`
      this.#sequence = message.current.last
    }
    if (message.kind === 'recorded') for (const given of this.#underWay.splice(0, message.count)) oracle.record(given)
    if (message.kind === 'log' && message.code === 'SPOOL_FULL') this.#noteGivenUp(message.message)
    if (message.kind === 'log') this.thread.world.tell(edge, `telemetry: ${message.code}`)
    scan.world.at(this.thread.localMs + MESSAGE_MS, scan, () => this.#listeners.get('message')?.(message))
  }

  #noteGivenUp(message: string): void {
    const found = /(\d+)-(\d+) of epoch ([0-9a-f]{16})/.exec(message)
    if (found) this.#start.oracle.giveUp(`${this.#start.edge}/${found[3]}`, [Number(found[1]), Number(found[2])])
  }

  #leave(): void {
    this.thread.isDead = true
    this.#start.scan.later(MESSAGE_MS, () => this.#listeners.get('exit')?.())
  }

  #die(error: unknown): void {
    const { scan, sockets } = this.#start
    this.thread.world.tell(this.#start.edge, `telemetry dies: ${String(error)}`)
    this.thread.isDead = true
    for (const socket of sockets) socket.close()
    sockets.clear()
    scan.later(MESSAGE_MS, () => {
      this.#listeners.get('error')?.(error)
      this.#listeners.get('exit')?.()
    })
  }
}
