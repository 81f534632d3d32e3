/** An intersection whose devices are reached over a wire: waits once to read them, decides, waits once to write. */
import type { IntersectionId } from '#base/id.ts'
import type { CommandGate } from './command-gate.ts'
import type { DeviceLink } from './device-link.ts'
import type { EventRecorder } from './event-recorder.ts'
import type { IntersectionParts } from './intersection-parts.ts'
import { SupervisedIntersection } from './supervised-intersection.ts'
import { CONTROLLER } from './wiring.ts'

export interface WiredParts extends IntersectionParts {
  readonly devices: ReadonlyMap<string, DeviceLink>
  readonly gate: CommandGate | null
  readonly recorder: EventRecorder
}

export class WiredIntersection extends SupervisedIntersection {
  readonly #parts: WiredParts

  constructor(parts: WiredParts) {
    super(parts)
    this.#parts = parts
  }

  get id(): IntersectionId {
    return this.#parts.database.intersection.id
  }

  /** Asks every device; a device that does not answer in time keeps its last sample. */
  async read(): Promise<void> {
    const { devices, recorder } = this.#parts
    const logAfter = recorder.logAfter()
    await Promise.all([...devices].map(([name, link]) => link.poll(name === CONTROLLER ? logAfter : null)))
  }

  /** Writes what has passed the envelope in this tick. */
  async write(): Promise<void> {
    await this.#parts.gate?.flush()
  }

  async close(): Promise<void> {
    this.#parts.orders?.close()
    await Promise.all([...this.#parts.devices.values()].map((link) => link.close()))
  }
}
