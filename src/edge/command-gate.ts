/** The only way to an output: one gate per controller, with its envelope, its allow-list and the numbers of its lease. */
import { invariant } from '#base/invariant.ts'
import type { Known } from '#base/known.ts'
import type { Reason } from '#control/strategy.ts'
import type { CommandPort, DeviceResult } from '#devices/device.ts'
import type { PointName } from '#devices/points.ts'
import { checkCommand, checkLease } from '#safety/check-command.ts'
import type { Refusal } from '#safety/envelope.ts'
import type { SupervisoryCommand } from '#signal/command.ts'
import type { CommandLimits } from '#signal/database.ts'
import type { UnitStatus } from '#signal/status.ts'
import type { IntersectionView } from '#signal/view.ts'
import { REQUEST_MS_MAX, type LinkResult } from './device-link.ts'
import { FRESH_MS_MAX } from './process-image.ts'
import { judgeLease, LEASE_MS, nextWrite, NO_LEASE, released, renewed, type Lease } from './lease.ts'

/** The points that supervision may write at all; a command that maps to any other is a bug. */
const WRITABLE: ReadonlySet<PointName> = new Set<PointName>([
  'control.epoch',
  'control.sequence',
  'control.leaseMs',
  'control.pattern',
  'control.hold',
  'control.forceOff',
  'control.phaseOmit',
  'control.pedestrianOmit',
  'control.vehicleCall',
  'control.pedestrianCall',
  'control.preempt',
  'control.priority',
])

export interface GateParts {
  readonly limits: CommandLimits
  /** Held by nobody else. */
  readonly port: CommandPort
  /** Runs a request alone on the device's connection, unless its turn comes after `latestMonoMs`. */
  readonly send: (latestMonoMs: number, request: () => Promise<DeviceResult<void>>) => Promise<LinkResult>
  readonly monoMs: () => number
}

/** A command that has passed, with the lease that it renews; good for this tick only. */
interface PassedCommand {
  readonly decidedAtMonoMs: number
  readonly values: ReadonlyMap<PointName, number>
  readonly lease: Lease
}

export class CommandGate {
  readonly #parts: GateParts
  #lease: Lease = NO_LEASE
  #passed: PassedCommand | null = null

  constructor(parts: GateParts) {
    this.#parts = parts
  }

  /** Once per tick, first: drops what was not written in the last one, and says why we may not command (null = we may). */
  judge(unit: Known<UnitStatus>, nowMonoMs: number): Reason | null {
    this.#passed = null
    const { lease, blocker } = judgeLease(this.#lease, unit, nowMonoMs)
    this.#lease = lease
    return blocker
  }

  /** Checks a command by the envelope; what passes is written by `flush`, what is refused leaves the lease to run on. */
  submit(view: IntersectionView, command: SupervisoryCommand): Refusal | null {
    const verdict = checkCommand(this.#parts.limits, view, command)
    if (!verdict.pass) return verdict.refusal
    const refusal = checkLease(LEASE_MS)
    if (refusal) return refusal
    invariant(view.unit.quality === 'good', 'the envelope passes nothing without a fresh unit')
    const now = { monoMs: view.nowMonoMs, epochMs: view.nowEpochMs }
    const lease = nextWrite(this.#lease, view.unit.value, now)
    this.#passed = { decidedAtMonoMs: now.monoMs, lease, values: spell(verdict.command, lease) }
    return null
  }

  /**
   * Writes what passed in this tick; called only after all that belongs to the tick is done, so that a tick that breaks
   * off renews nothing. null when there was nothing to write.
   */
  async flush(): Promise<LinkResult | null> {
    const passed = this.#passed
    this.#passed = null
    if (!passed) return null
    // A number that was given to a command is used up, whether or not it is sent and answered.
    this.#lease = passed.lease
    let sentAtMonoMs = passed.decidedAtMonoMs
    // Whoever stood still between deciding and writing has decided on a street that is no more.
    const result = await this.#parts.send(passed.decidedAtMonoMs + FRESH_MS_MAX, () => {
      sentAtMonoMs = this.#parts.monoMs()
      return this.#parts.port.write(passed.values, REQUEST_MS_MAX)
    })
    if (result.ok && this.#lease.epoch === passed.lease.epoch) this.#lease = renewed(this.#lease, sentAtMonoMs)
    return result
  }

  /** No more writes; the controller's lease runs out by itself. */
  release(): void {
    this.#passed = null
    this.#lease = released(this.#lease)
  }
}

function spell(command: SupervisoryCommand, lease: Lease): ReadonlyMap<PointName, number> {
  const values = new Map<PointName, number>([
    ['control.epoch', lease.epoch],
    ['control.sequence', lease.sequence],
    ['control.leaseMs', LEASE_MS],
    ['control.pattern', command.pattern],
    ['control.hold', command.hold],
    ['control.forceOff', command.forceOff],
    ['control.phaseOmit', command.phaseOmit],
    ['control.pedestrianOmit', command.pedestrianOmit],
    ['control.vehicleCall', command.vehicleCall],
    ['control.pedestrianCall', command.pedestrianCall],
    ['control.preempt', command.preempts],
    ['control.priority', command.priorities],
  ])
  for (const name of values.keys()) invariant(WRITABLE.has(name), `${name} may not be written`)
  return values
}
