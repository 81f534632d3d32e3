/** The broker of a demo, which can be taken away and given back as a restart does: whoever was connected has lost it meanwhile. */
import { startBroker, type EmbeddedBroker } from './embedded-broker.ts'

export class SwitchedBroker {
  readonly url: string
  readonly #port: number
  readonly #onLost: (detail: string) => void
  #broker: EmbeddedBroker | null
  /** Starts and ends come one after the other, in the order in which they were asked for. */
  #last: Promise<void> = Promise.resolve()

  /** `onLost`: it could not come back, because its port is taken meanwhile. */
  constructor(broker: EmbeddedBroker, onLost: (detail: string) => void) {
    this.#broker = broker
    this.#onLost = onLost
    this.url = broker.url
    this.#port = Number(new URL(broker.url).port)
  }

  down(): Promise<void> {
    return this.#next(async () => {
      const broker = this.#broker
      this.#broker = null
      await broker?.close()
    })
  }

  up(): Promise<void> {
    return this.#next(async () => {
      this.#broker ??= await startBroker({ port: this.#port })
    })
  }

  #next(step: () => Promise<void>): Promise<void> {
    this.#last = this.#last
      .then(step)
      .catch((error: unknown) => this.#onLost(error instanceof Error ? error.message : String(error)))
    return this.#last
  }
}
