/** The log of a cabinet: whoever has something to say emits it, stamped by the cabinet's clock. */
import type { LogRecord } from '#devices/device.ts'
import type { EmitEvent } from '#signal/events.ts'
import type { CabinetClock } from './cabinet-clock.ts'
import { EventRing } from './event-ring.ts'

export class CabinetLog {
  readonly #ring: EventRing
  readonly #clock: CabinetClock
  readonly #onRecord: ((record: LogRecord) => void) | undefined

  /** `head`: sequence of the newest record ever written. */
  constructor(head: number, clock: CabinetClock, onRecord: ((record: LogRecord) => void) | undefined) {
    this.#ring = new EventRing(head)
    this.#clock = clock
    this.#onRecord = onRecord
  }

  get head(): number {
    return this.#ring.head
  }

  after(sequence: number, max: number): LogRecord[] {
    return this.#ring.after(sequence, max)
  }

  /** A property, not a method: it is handed on as it is. */
  readonly emit: EmitEvent = (code, parameter) => {
    const record = this.#ring.append(this.#clock.epochMs, code, parameter)
    this.#onRecord?.(record)
  }
}
