/** Starts telemetry in a thread of its own, keeps what is not on disk yet, and begins the thread anew when it dies. */
import { Worker } from 'node:worker_threads'
import type { CallOff } from '#base/clock.ts'
import type { EdgeId, IntersectionId } from '#base/id.ts'
import type { Log } from '#base/log.ts'
import type { LiveState } from '#contract/messages.ts'
import type { PlanProgress } from '#contract/plan-bundle.ts'
import type { Outlook } from '#signal/outlook.ts'
import { OrderHandover } from '../orders/order-handover.ts'
import type { TrustedKey } from '../orders/key-ring.ts'
import type { OrderExchange } from '../orders/order-desk.ts'
import type { OrderDuty } from '../orders/orders-link.ts'
import type { CredentialsPlace } from '#trust/mqtt-connect.ts'
import { wakeAfter, type Waker } from '../wake.ts'
import { Handover } from './handover.ts'
import { NOTHING_HEARD, type OutlookCounts } from './outlook-inbox.ts'
import type { ObservedEvent, OutlookExchange, Telemetry } from './port.ts'
import type { FromWorker, Neighbours, ToWorker, WorkerSettings } from './worker-messages.ts'

const RESTART_MIN_MS = 100
const RESTART_MAX_MS = 5_000
/** Longer than the disk and the broker are given for their farewells. */
const CLOSE_MS = 5_000

/** As every thread of telemetry is started. */
export const THREAD = {
  name: 'telemetry',
  // What lives shortly is a batch or two. Left to itself on a machine with much memory, the thread lets 50 MB of it lie
  // before it sweeps; an edge box has not that much.
  resourceLimits: { maxYoungGenerationSizeMb: 6 },
} as const

export interface TelemetryOptions {
  readonly site: string
  readonly edge: EdgeId
  /** Such as `mqtt://127.0.0.1:1883`; `mqtts:`, `ws:` and `wss:` too. */
  readonly mqttUrl: string
  /** The key that the broker is shown; none on a plain connection. */
  readonly credentials?: CredentialsPlace
  readonly spoolDirectory: string
  readonly log: Log
  readonly spoolBytesMax?: number
  /** On other edges; nobody unless given. */
  readonly neighbours?: Neighbours
  /** Whose orders are followed; nobody's unless given. */
  readonly duty?: OrderDuty
  /** Stands in for the thread in tests that end it. */
  readonly startWorker?: (settings: WorkerSettings) => Worker
  /** The machine's timers unless given. */
  readonly clock?: Waker
}

export type RunningTelemetry = Telemetry &
  OutlookExchange &
  OrderExchange & {
    /** Whose orders are followed from now on; what was followed before goes on. */
    follow(keys: readonly TrustedKey[]): void
  }

/**
 * Resolves when the spool is open; the broker may come later.
 * @throws when the spool's directory cannot be used: an edge that cannot record must not look as if it did.
 */
export async function startTelemetry(options: TelemetryOptions): Promise<RunningTelemetry> {
  const telemetry = new SupervisedTelemetry(options)
  await telemetry.ready
  return telemetry
}

class SupervisedTelemetry implements RunningTelemetry {
  readonly ready: Promise<void>
  readonly #options: TelemetryOptions
  readonly #clock: Waker
  readonly #handover = new Handover()
  readonly #states = new Map<string, LiveState>()
  readonly #orders = new OrderHandover()
  /** Null: those of the options. */
  #keys: readonly TrustedKey[] | null = null
  #worker: Worker | null = null
  #cursors: ReadonlyMap<string, number> | null = null
  #deaths = 0
  #isReady = false
  #isClosing = false
  #lastError: Error | null = null
  #settleReady: { resolve: () => void; reject: (error: Error) => void }
  #closed: (() => void) | null = null
  #callOffStart: CallOff = () => {}
  #heard: Parameters<OutlookExchange['listen']>[0] = () => {}
  #outlookCounts: OutlookCounts = NOTHING_HEARD

  constructor(options: TelemetryOptions) {
    this.#options = options
    this.#clock = options.clock ?? {}
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.ready = promise
    this.#settleReady = { resolve, reject }
    this.#start()
  }

  record(events: readonly ObservedEvent[]): void {
    const taken = this.#handover.add(events)
    if (taken.length > 0 && this.#isReady) this.#tell({ kind: 'events', events: taken })
  }

  publishState(state: LiveState): void {
    this.#states.set(state.intersection, state)
    if (this.#isReady) this.#tell({ kind: 'state', state })
  }

  tell(intersection: IntersectionId, outlook: Outlook): void {
    if (this.#isReady && this.#options.neighbours?.told.includes(intersection) === true)
      this.#tell({ kind: 'outlook', intersection, outlook })
  }

  listen(heard: Parameters<OutlookExchange['listen']>[0]): void {
    this.#heard = heard
  }

  listenToOrders(heard: Parameters<OrderExchange['listenToOrders']>[0]): void {
    this.#orders.listen(heard)
  }

  reportPlan(progress: PlanProgress): void {
    this.#orders.report(progress)
    if (this.#isReady) this.#tell({ kind: 'plan-progress', progress })
  }

  follow(keys: readonly TrustedKey[]): void {
    this.#keys = keys
    if (this.#isReady) this.#tell({ kind: 'signers', keys })
  }

  counts(): OutlookCounts {
    return this.#outlookCounts
  }

  pending(): number {
    return this.#handover.size
  }

  cursor(intersection: IntersectionId): number {
    return this.#cursors?.get(intersection) ?? 0
  }

  async close(): Promise<void> {
    if (this.#isClosing) return
    this.#isClosing = true
    this.#callOffStart()
    const worker = this.#worker
    if (!worker) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#closed = resolve
    const callOff = wakeAfter(this.#clock, CLOSE_MS, resolve)
    this.#tell({ kind: 'close' })
    await promise
    callOff()
    await worker.terminate()
  }

  #start(): void {
    const { site, edge, mqttUrl, credentials, spoolDirectory, spoolBytesMax, neighbours, duty } = this.#options
    const { startWorker = startThread } = this.#options
    const worker = startWorker({
      ...{ site, edge, mqttUrl, spoolDirectory },
      ...(credentials !== undefined && { credentials }),
      ...(spoolBytesMax !== undefined && { spoolBytesMax }),
      ...(neighbours !== undefined && { neighbours }),
      ...(duty !== undefined && { duty }),
    })
    this.#worker = worker
    worker.on('message', (message: FromWorker) => this.#hear(message))
    worker.on('error', (error: Error) => {
      this.#lastError = error
    })
    worker.on('exit', () => this.#died())
  }

  #hear(message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        this.#resume(message)
        break
      case 'recorded':
        this.#handover.recorded(message.count)
        this.#deaths = 0
        break
      case 'heard':
        this.#heard(message.heard.intersection, message.heard.outlook)
        break
      case 'orders':
        this.#orders.hear(message.orders)
        break
      case 'outlook-counts':
        this.#outlookCounts = message.counts
        break
      case 'log':
        this.#options.log(message.level, message.code, message.message)
        break
      case 'closed':
        this.#closed?.()
        break
    }
  }

  #resume(ready: FromWorker & { kind: 'ready' }): void {
    this.#cursors ??= ready.cursors
    const events = this.#handover.resume(ready.former, ready.current)
    this.#isReady = true
    if (events.length > 0) this.#tell({ kind: 'events', events })
    for (const state of this.#states.values()) this.#tell({ kind: 'state', state })
    if (this.#keys !== null) this.#tell({ kind: 'signers', keys: this.#keys })
    for (const progress of this.#orders.reported) this.#tell({ kind: 'plan-progress', progress })
    this.#settleReady.resolve()
  }

  #died(): void {
    this.#worker = null
    this.#isReady = false
    if (this.#isClosing) {
      this.#closed?.()
      return
    }
    const why = this.#lastError?.message ?? 'it ended by itself'
    if (!this.#cursors) {
      this.#settleReady.reject(
        new Error(`telemetry: the spool at ${this.#options.spoolDirectory} cannot be used: ${why}`),
      )
      return
    }
    const message = `telemetry: its thread died (${why}) with ${this.pending()} events not on disk. They are kept; a new thread begins.`
    this.#options.log('error', 'TELEMETRY_DIED', message)
    const delayMs = Math.min(RESTART_MAX_MS, RESTART_MIN_MS * 2 ** this.#deaths++)
    this.#callOffStart = wakeAfter(this.#clock, delayMs, () => this.#start())
  }

  #tell(message: ToWorker): void {
    this.#worker?.postMessage(message)
  }
}

function startThread(settings: WorkerSettings): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { workerData: settings, ...THREAD })
}
