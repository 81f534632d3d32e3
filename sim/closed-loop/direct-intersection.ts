/** An intersection whose devices stand in the same memory: the edge's own step between reading and writing, with no wait on either side. */
import type { IntersectionId } from '#base/id.ts'
import type { CommandLease } from '#edge/command-lease.ts'
import type { EventRecorder } from '#edge/event-recorder.ts'
import type { IntersectionParts } from '#edge/intersection-parts.ts'
import { SupervisedIntersection } from '#edge/supervised-intersection.ts'
import { CONTROLLER } from '#edge/wiring.ts'
import type { DirectLink } from './direct-link.ts'

export interface DirectParts extends IntersectionParts {
  readonly devices: ReadonlyMap<string, DirectLink>
  readonly gate: CommandLease | null
  readonly recorder: EventRecorder
}

export class DirectIntersection extends SupervisedIntersection {
  readonly #parts: DirectParts
  readonly #controller: DirectLink | undefined

  constructor(parts: DirectParts) {
    super(parts)
    this.#parts = parts
    this.#controller = parts.devices.get(CONTROLLER)
  }

  get id(): IntersectionId {
    return this.#parts.database.intersection.id
  }

  read(): void {
    const { devices, recorder } = this.#parts
    const logAfter = recorder.logAfter()
    for (const [name, link] of devices) link.poll(name === CONTROLLER ? logAfter : null)
  }

  /** Writes what has passed the envelope in this tick. */
  write(): void {
    const { gate } = this.#parts
    const passed = gate?.take()
    if (!passed) return
    if (this.#controller?.write(passed.values)) gate?.written(passed, passed.decidedAtMonoMs)
    else gate?.refused(passed)
  }
}
