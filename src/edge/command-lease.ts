/** What may go out at all: a command that has passed the envelope, spelled in writable points under the numbers of the lease. */
import { invariant } from '#base/invariant.ts'
import type { Known } from '#base/known.ts'
import type { Reason } from '#control/strategy.ts'
import { checkCommand, checkLease } from '#safety/check-command.ts'
import type { Refusal } from '#safety/envelope.ts'
import type { SupervisoryCommand } from '#signal/command.ts'
import type { CommandLimits } from '#signal/database.ts'
import type { UnitStatus } from '#signal/status.ts'
import type { IntersectionView } from '#signal/view.ts'
import {
  isDoubled,
  judgeLease,
  LEASE_MS,
  nextWrite,
  NO_LEASE,
  released,
  renewed,
  steppedBack,
  type Lease,
} from './lease.ts'
import type { OwnWrites } from './other-supervisor.ts'

/** The points that supervision may write at all; a command that maps to any other does not compile. */
type WritablePoint =
  | 'control.epoch'
  | 'control.sequence'
  | 'control.leaseMs'
  | 'control.pattern'
  | 'control.hold'
  | 'control.forceOff'
  | 'control.phaseOmit'
  | 'control.pedestrianOmit'
  | 'control.vehicleCall'
  | 'control.pedestrianCall'
  | 'control.preempt'
  | 'control.priority'

/** A command that has passed, with the lease that it renews; good for this tick only. */
export interface PassedCommand {
  readonly decidedAtMonoMs: number
  readonly values: ReadonlyMap<WritablePoint, number>
  readonly lease: Lease
}

/** Networks have delivered writes, and devices have followed them, seconds after everybody had given them up. */
const ON_ITS_WAY_MS = 10_000

/** One per controller; whoever holds its port writes what `take` gives, and nothing else. */
export class CommandLease {
  #limits: CommandLimits
  #lease: Lease = NO_LEASE
  #passed: PassedCommand | null = null
  /** Of the last write, if the device refused it. */
  #refused: Lease | null = null
  /** Of the last write that the device took. */
  #taken: Lease = NO_LEASE
  #unansweredAtMonoMs = Number.NEGATIVE_INFINITY

  constructor(limits: CommandLimits) {
    this.#limits = limits
  }

  /** Once per tick, first: drops what was not written in the last one, and says why we may not command (null = we may). */
  judge(unit: Known<UnitStatus>, nowMonoMs: number): Reason | null {
    this.#passed = null
    if (this.#refused && unit.quality === 'good' && isDoubled(this.#refused, unit.value)) {
      this.#refused = null
      this.#lease = steppedBack(this.#lease)
    }
    const { lease, blocker } = judgeLease(this.#lease, unit, nowMonoMs)
    this.#lease = lease
    return blocker
  }

  /** Checks a command by the envelope; what passes is there to `take`, what is refused leaves the lease to run on. */
  submit(view: IntersectionView, command: SupervisoryCommand): Refusal | null {
    const verdict = checkCommand(this.#limits, view, command)
    if (!verdict.pass) return verdict.refusal
    const refusal = checkLease(LEASE_MS)
    if (refusal) return refusal
    invariant(view.unit.quality === 'good', 'the envelope passes nothing without a fresh unit')
    const now = { monoMs: view.nowMonoMs, epochMs: view.nowEpochMs }
    const lease = nextWrite(this.#lease, view.unit.value, now)
    this.#passed = { decidedAtMonoMs: now.monoMs, lease, values: spell(verdict.command, lease) }
    return null
  }

  /** What passed in this tick, once. A number that was given to a command is used up, whether or not it is sent and answered. */
  take(): PassedCommand | null {
    const passed = this.#passed
    this.#passed = null
    if (passed) {
      this.#lease = passed.lease
      this.#refused = null
    }
    return passed
  }

  /** The device has taken it. */
  written(passed: PassedCommand, sentAtMonoMs: number): void {
    this.#taken = renewed(passed.lease, sentAtMonoMs)
    if (this.#lease.epoch === passed.lease.epoch) this.#lease = renewed(this.#lease, sentAtMonoMs)
  }

  /** The device has answered, and not taken it. */
  refused(passed: PassedCommand): void {
    this.#refused = passed.lease
  }

  /** It was sent, and nobody knows whether it has arrived, or still will. */
  unanswered(sentAtMonoMs: number): void {
    this.#unansweredAtMonoMs = sentAtMonoMs
  }

  /** What the controller may show of our own doing. */
  get own(): OwnWrites {
    const { epoch, sequence } = this.#lease
    const { renewedAtMonoMs: sentAtMonoMs } = this.#taken
    const isTaken = epoch === this.#taken.epoch && sequence === this.#taken.sequence
    const isAlone = sentAtMonoMs - this.#unansweredAtMonoMs > ON_ITS_WAY_MS
    return { epoch, sequence, takenAtMonoMs: isTaken && isAlone ? sentAtMonoMs : null }
  }

  /** Epoch of the lease that the controller shows as ours; 0 = none. */
  get heldEpoch(): number {
    return this.#lease.state === 'held' ? this.#lease.epoch : 0
  }

  /** Another timing of the site runs: what it allows is judged by from now on. */
  adopt(limits: CommandLimits): void {
    this.#limits = limits
  }

  /** No more writes; the controller's lease runs out by itself. */
  release(): void {
    this.#passed = null
    this.#lease = released(this.#lease)
  }
}

function spell(command: SupervisoryCommand, lease: Lease): ReadonlyMap<WritablePoint, number> {
  return new Map<WritablePoint, number>()
    .set('control.epoch', lease.epoch)
    .set('control.sequence', lease.sequence)
    .set('control.leaseMs', LEASE_MS)
    .set('control.pattern', command.pattern)
    .set('control.hold', command.hold)
    .set('control.forceOff', command.forceOff)
    .set('control.phaseOmit', command.phaseOmit)
    .set('control.pedestrianOmit', command.pedestrianOmit)
    .set('control.vehicleCall', command.vehicleCall)
    .set('control.pedestrianCall', command.pedestrianCall)
    .set('control.preempt', command.preempts)
    .set('control.priority', command.priorities)
}
