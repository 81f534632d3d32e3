/** One edge's machine: the real scan cycle, supervisor, gate, recorder, telemetry, spool and uplink, in two virtual threads. */
import type { Worker } from 'node:worker_threads'
import { edgeId } from '#base/id.ts'
import type { Log } from '#base/log.ts'
import { actuated } from '#control/actuated.ts'
import { coordinated } from '#control/coordinated.ts'
import { queueCount } from '#control/queue-count.ts'
import type { Strategy } from '#control/strategy.ts'
import { startEdge, type RunningEdge } from '#edge/edge.ts'
import { PERIOD_MS } from '#edge/scan-cycle.ts'
import type { Telemetry } from '#edge/telemetry/port.ts'
import { startTelemetry } from '#edge/telemetry/telemetry.ts'
import { NO_LIMITS } from '#signal/adaptive-limits.ts'
import { SITE } from './central-machine.ts'
import { Chance } from './chance.ts'
import { HEALTHY_WIRE, openOverWire, type WireMood } from './field-wire.ts'
import type { Oracle } from './oracle.ts'
import { STREET_LIMITS, type Street } from './street.ts'
import { startVirtualWorker, type TelemetryThread } from './telemetry-thread.ts'
import type { VirtualBroker } from './virtual-broker.ts'
import { VirtualDisk } from './virtual-disk.ts'
import type { End, Way } from './wire.ts'
import { Machine, Thread, type World } from './world.ts'

export interface EdgeMachineParts {
  readonly name: string
  readonly seed: number
  readonly world: World
  readonly oracle: Oracle
  readonly street: Street
  readonly broker: VirtualBroker
  readonly way: Way
  readonly spoolBytesMax: number
  /** Best rung first, above those that an edge always has. */
  readonly hostile: readonly Strategy<unknown>[]
}

const STOP_MS_MAX = 10_000
const RESTART_MS = 500

/** One life of the edge's process. */
interface Life {
  readonly scan: Thread
  readonly sockets: Set<End>
  telemetryThread: TelemetryThread | null
  telemetry: Telemetry | null
  running: RunningEdge | null
}

export class EdgeMachine {
  readonly name: string
  readonly machine: Machine
  readonly disk: VirtualDisk
  readonly wire: WireMood = { ...HEALTHY_WIRE }
  readonly #parts: EdgeMachineParts
  readonly #chance: Chance
  #life: Life | null = null
  #isDark = false
  /** Slots that it cannot have kept, because it was stopped. */
  #excused = 0
  #missed = 0
  #ticks = 0

  constructor(parts: EdgeMachineParts) {
    const { name, seed, world } = parts
    this.name = name
    this.#parts = parts
    this.machine = new Machine(world, name)
    this.#chance = new Chance(seed, `chance of ${name}`)
    this.disk = new VirtualDisk({
      chance: new Chance(seed, `disk of ${name}`),
      wait: (ms) => world.current?.wait(ms),
      tell: (what) => world.tell(name, what),
    })
  }

  get isAlive(): boolean {
    return this.#life !== null
  }

  /** Events that the scan cycle has handed over and that are on no disk yet. */
  get pending(): number {
    return this.#life?.telemetry?.pending() ?? 0
  }

  /** Ticks so far, and slots missed that nobody excuses. */
  get cadence(): { readonly ticks: number; readonly missed: number } {
    const { ticks, missed } = this.#life?.running?.stats() ?? { ticks: 0, missed: 0 }
    return { ticks: this.#ticks + ticks, missed: Math.max(0, this.#missed + missed - this.#excused) }
  }

  /** Again, if it is not alive; a machine that was dark is booted first. */
  start(): void {
    if (this.#life) return
    if (this.#isDark) this.machine.bootedAtMs = this.#parts.world.nowMs
    this.#isDark = false
    const scan = new Thread(this.machine)
    const life: Life = { scan, sockets: new Set(), telemetryThread: null, telemetry: null, running: null }
    this.#life = life
    this.#tell('process starts')
    scan.later(0, () => void this.#run(life))
  }

  /** kill -9: the kernel keeps what was written, and closes what was open. */
  kill(): void {
    const life = this.#die('killed')
    for (const socket of life?.sockets ?? []) socket.close()
  }

  /** The machine is dark: what the medium does not have is gone, and nobody is told. */
  cutPower(): void {
    const life = this.#die('power cut')
    for (const socket of life?.sockets ?? []) socket.vanish()
    this.disk.cutPower()
    this.#isDark = true
  }

  /** SIGSTOP, or a machine that swaps: all threads stand still. */
  stopFor(ms: number): void {
    const { scan, telemetryThread } = this.#life ?? {}
    this.#tell(`stands still for ${ms} ms`)
    this.#excused += Math.ceil(ms / PERIOD_MS) + 1
    scan?.stopFor(ms)
    telemetryThread?.thread.stopFor(ms)
  }

  /** SIGTERM, and its end when all is said. */
  stop(): void {
    const life = this.#life
    if (!life) return
    this.#tell('asked to end')
    life.scan.later(0, () => {
      const { running, telemetry } = life
      void running?.stop().then(() => telemetry?.close().then(() => life.scan.later(0, () => this.#end(life))))
    })
    // Whoever watches over it does not wait for ever.
    this.#parts.world.after(STOP_MS_MAX, () => this.#end(life))
  }

  failTelemetryThread(): void {
    this.#life?.telemetryThread?.fail()
  }

  stallTelemetryThread(ms: number): void {
    this.#life?.telemetryThread?.thread.stopFor(ms)
  }

  #end(life: Life): void {
    if (this.#life !== life) return
    this.kill()
    this.#parts.world.after(RESTART_MS, () => this.start())
  }

  #die(how: string): Life | null {
    const life = this.#life
    if (!life) return null
    this.#tell(how)
    const { ticks, missed } = life.running?.stats() ?? { ticks: 0, missed: 0 }
    this.#ticks += ticks
    this.#missed += missed
    life.scan.isDead = true
    if (life.telemetryThread) life.telemetryThread.thread.isDead = true
    this.#life = null
    return life
  }

  async #run(life: Life): Promise<void> {
    const { world, hostile, street } = this.#parts
    const { clock } = life.scan
    try {
      life.telemetry = await startTelemetry({
        site: SITE,
        edge: edgeId(this.name),
        mqttUrl: 'mqtt://broker',
        spoolDirectory: 'spool',
        spoolBytesMax: this.#parts.spoolBytesMax,
        log: this.#log,
        clock,
        startWorker: (settings) => this.#startWorker(life, settings),
      })
    } catch (error) {
      this.#tell(`ends: ${String(error)}`)
      this.kill()
      world.after(1_000, () => this.start())
      return
    }
    const sleep = (ms: number) => this.stopFor(ms)
    const place = { thread: life.scan, chance: this.#chance, mood: this.wire, sleep }
    const { controller, loops } = street.profiles
    const card = street.cabinet.cards.get('loops')
    if (!card) throw new Error('the cabinet has a loop card')
    life.running = startEdge({
      intersections: [
        {
          database: street.database,
          limits: STREET_LIMITS,
          adaptiveLimits: NO_LIMITS,
          controller: {
            name: 'controller',
            open: () => openOverWire(controller, street.controllerFor(this.name), place),
          },
          cards: [{ name: 'loops', open: () => openOverWire(loops, card, place) }],
        },
      ],
      telemetry: life.telemetry,
      strategies: [...hostile, coordinated, actuated],
      queues: queueCount,
      clock,
      log: this.#log,
    })
  }

  #startWorker(life: Life, settings: Parameters<typeof startVirtualWorker>[0]['settings']): Worker {
    const { name, oracle, broker, way } = this.#parts
    const { machine, disk } = this
    const started = startVirtualWorker({
      ...{ edge: name, settings, machine, disk, oracle, broker, way },
      scan: life.scan,
      sockets: life.sockets,
      chance: this.#chance,
    })
    life.telemetryThread = started
    return started.worker
  }

  readonly #log: Log = (_, code, message) =>
    this.#tell(code === 'EDGE_FAULT' || code === 'RUNG_CHANGED' ? `${code} ${message}` : code)

  #tell(what: string): void {
    this.#parts.world.tell(this.name, what)
  }
}
