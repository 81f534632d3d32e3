/** A street whose clock can be set: runs by the second, and keeps its log with the time since it began. */
import { patternId } from '#base/id.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { createController, QUIET_UNIT, type Controller } from '#signal/controller.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'

export const TICK_MS = 100
export const FREE = 254

export class Street {
  readonly controller: Controller
  readonly events: { readonly ms: number; readonly code: number; readonly parameter: number }[] = []
  epochMs: number
  ms = 0
  pattern = FREE
  /** Somebody always waits at phase 4. */
  readonly occupied = new Uint8Array(65).fill(1, 4, 5)

  constructor(of: ControllerDatabase, epochMs: number) {
    this.controller = createController(of)
    this.epochMs = epochMs
  }

  run(seconds: number): this {
    for (let ms = 0; ms < seconds * 1000; ms += TICK_MS) {
      this.epochMs += TICK_MS
      this.ms += TICK_MS
      const { epochMs, occupied } = this
      const pattern = patternId(this.pattern)
      const inputs = { ...QUIET_UNIT, epochMs, occupied, pattern, pedestrianButtons: 0, control: NO_PHASE_CONTROL }
      stepController(this.controller, inputs, TICK_MS, (code, parameter) =>
        this.events.push({ ms: this.ms, code, parameter }),
      )
    }
    return this
  }

  get coordination() {
    return statusOf(this.controller).coordination
  }

  /** When that was logged. */
  timesOf(code: number, parameter: number): number[] {
    return this.events.filter((event) => event.code === code && event.parameter === parameter).map(({ ms }) => ms)
  }
}
