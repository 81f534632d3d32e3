/** The wire of one virtual device: its server, what is wrong with it, and its restarts. */
import type { RunningServer } from './modbus-server.ts'
import type { WireFaults } from './wire-faults.ts'

/** Longer than an edge needs to see that a device is gone, far shorter than it takes to be called so. */
const RESTART_MS = 2_000

export interface LineParts {
  readonly protocol: 'modbus-tcp' | 'opcua'
  readonly faults: WireFaults
  /** Listens; on the port that it was given before, once it has one. */
  readonly serve: (port?: number) => Promise<RunningServer>
  /** Is told where it cannot listen again. */
  readonly onLost: (detail: string) => void
}

export class DeviceLine {
  readonly protocol: LineParts['protocol']
  readonly faults: WireFaults
  readonly #parts: LineParts
  #server: RunningServer | null = null
  #port = 0
  /** Servers start and stop one after the other, in the order in which they were asked to. */
  #last: Promise<void> = Promise.resolve()
  #closed = false

  constructor(parts: LineParts) {
    this.protocol = parts.protocol
    this.faults = parts.faults
    this.#parts = parts
  }

  get port(): number {
    return this.#port
  }

  /** Listens for the first time. Rejects when it cannot. */
  async open(): Promise<void> {
    this.#server = await this.#parts.serve()
    this.#port = this.#server.port
  }

  /** Nobody listens any more, and all connections end. */
  down(): Promise<void> {
    return this.#next(async () => {
      const server = this.#server
      this.#server = null
      await server?.close()
    })
  }

  /** Listens again, on the same port. */
  up(): Promise<void> {
    return this.#next(async () => {
      if (this.#closed || this.#server) return
      this.#server = await this.#parts.serve(this.#port)
    })
  }

  /** As after another firmware was loaded: gone for a moment, and `change` holds when it is back. */
  async restart(change: () => void): Promise<void> {
    await this.down()
    change()
    await new Promise((resolve) => setTimeout(resolve, RESTART_MS))
    await this.up()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.down()
  }

  #next(step: () => Promise<void>): Promise<void> {
    const done = this.#last.then(step)
    this.#last = done.catch((error: unknown) =>
      this.#parts.onLost(error instanceof Error ? error.message : String(error)),
    )
    return this.#last
  }
}
