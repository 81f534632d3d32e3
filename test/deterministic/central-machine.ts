/** Central's machine: the real ingest and its real ledger, over a virtual broker and store, killed and started again. */
import { DatabaseSync } from 'node:sqlite'
import { threadId } from 'node:worker_threads'
import { startIngest, type Ingest } from '#central/ingest.ts'
import { virtualConnect } from './virtual-client.ts'
import type { VirtualBroker } from './virtual-broker.ts'
import type { VirtualStore } from './virtual-store.ts'
import type { End, Way } from './wire.ts'
import { Machine, Thread, type World } from './world.ts'

export const SITE = 'dst'
const RESTART_MS = 500
/** Ledgers in memory are told apart by their number: one may outlive its world until it is collected. */
let ledgers = 0

export interface CentralParts {
  readonly world: World
  readonly broker: VirtualBroker
  readonly store: VirtualStore
  readonly way: Way
}

export class CentralMachine {
  readonly machine: Machine
  readonly #parts: CentralParts
  readonly #ledgerPath: string
  /** Keeps the ledger in memory while no ingest runs: what was committed outlives its process. */
  readonly #keeper: DatabaseSync
  #thread: Thread | null = null
  #sockets = new Set<End>()
  #isLocked = false
  ingest: Ingest | null = null

  constructor(parts: CentralParts) {
    this.#parts = parts
    this.machine = new Machine(parts.world, 'central')
    this.#ledgerPath = `file:dst-${threadId}-${ledgers++}?mode=memory&cache=shared`
    this.#keeper = new DatabaseSync(this.#ledgerPath)
  }

  start(): void {
    if (this.#thread?.isDead === false) return
    const { world, broker, store, way } = this.#parts
    const thread = new Thread(this.machine)
    const sockets = new Set<End>()
    this.#thread = thread
    this.#sockets = sockets
    world.tell('central', 'ingest starts')
    thread.later(0, () => {
      void startIngest({
        site: SITE,
        mqttUrl: 'mqtt://broker',
        store: store.from(thread),
        ledgerPath: this.#ledgerPath,
        log: (_, code) => world.tell('ingest', code),
        nowEpochMs: () => thread.clock.epochMs(),
        monoMs: () => thread.clock.monoMs(),
        sleep: (ms) => new Promise((resolve) => void thread.clock.after?.(ms, () => resolve(undefined))),
        connect: virtualConnect({ thread, sockets, way, broker }),
      }).then(
        (ingest) => (this.ingest = ingest),
        (error: unknown) => this.#failed(String(error)),
      )
    })
  }

  kill(): void {
    this.#parts.world.tell('central', 'ingest killed')
    if (this.#thread) this.#thread.isDead = true
    for (const socket of this.#sockets) socket.close()
    this.ingest = null
  }

  /** A ledger that cannot be opened ends the process; whoever watches over it starts it again. */
  #failed(why: string): void {
    this.#parts.world.tell('central', `ends: ${why}`)
    this.kill()
    this.#parts.world.after(RESTART_MS, () => this.start())
  }

  stopFor(ms: number): void {
    this.#thread?.stopFor(ms)
  }

  /** Somebody else holds the ledger: nothing can be entered meanwhile. */
  lockLedger(isLocked: boolean): void {
    if (isLocked === this.#isLocked) return
    this.#isLocked = isLocked
    this.#keeper.exec(isLocked ? 'BEGIN IMMEDIATE' : 'ROLLBACK')
  }

  deadLetters(): string[] {
    return this.#keeper
      .prepare('SELECT identity FROM dead_letter')
      .all()
      .map((row) => String(row['identity']))
  }

  isDeadLettered(identity: string): boolean {
    return this.#keeper.prepare('SELECT 1 FROM dead_letter WHERE identity = ?').get(identity) !== undefined
  }

  close(): void {
    this.lockLedger(false)
    this.#keeper.close()
  }
}
