/** The only way to an output over a wire: one gate per controller, which alone holds its port for commands. */
import type { CommandPort, DeviceResult } from '#devices/device.ts'
import type { CommandLimits } from '#signal/database.ts'
import { CommandLease } from './command-lease.ts'
import { REQUEST_MS_MAX, type LinkResult } from './device-link.ts'
import { FRESH_MS_MAX } from './process-image.ts'

export interface GateParts {
  readonly limits: CommandLimits
  /** Held by nobody else. */
  readonly port: CommandPort
  /** Runs a request alone on the device's connection, unless its turn comes after `latestMonoMs`. */
  readonly send: (latestMonoMs: number, request: () => Promise<DeviceResult<void>>) => Promise<LinkResult>
  readonly monoMs: () => number
}

const NEVER_SENT: ReadonlySet<string> = new Set(['BUSY', 'TOO_LATE', 'NOT_CONNECTED', 'NOT_IN_PROFILE'])

export class CommandGate extends CommandLease {
  readonly #parts: GateParts

  constructor(parts: GateParts) {
    super(parts.limits)
    this.#parts = parts
  }

  /**
   * Writes what passed in this tick; called only after all that belongs to the tick is done, so that a tick that breaks
   * off renews nothing. null when there was nothing to write.
   */
  async flush(): Promise<LinkResult | null> {
    const passed = this.take()
    if (!passed) return null
    let sentAtMonoMs = passed.decidedAtMonoMs
    // Whoever stood still between deciding and writing has decided on a street that is no more.
    const result = await this.#parts.send(passed.decidedAtMonoMs + FRESH_MS_MAX, () => {
      sentAtMonoMs = this.#parts.monoMs()
      return this.#parts.port.write(passed.values, REQUEST_MS_MAX)
    })
    if (result.ok) this.written(passed, sentAtMonoMs)
    else if (result.fault.code === 'REFUSED_BY_DEVICE') this.refused(passed)
    else if (!NEVER_SENT.has(result.fault.code)) this.unanswered(sentAtMonoMs)
    return result
  }
}
