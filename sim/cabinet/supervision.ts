/** Who decides at the cabinet: the command that holds under the lease, who keeps supervisors out, and what was refused. */
import { patternId, type PatternId } from '#base/id.ts'
import { LEASE_REFUSALS, type LeaseRefusal, type PointName } from '#devices/points.ts'
import type { SupervisoryCommand } from '#signal/command.ts'
import type { CommandLimits } from '#signal/database.ts'
import type { ControlStatus } from '#signal/status.ts'
import { PATTERN_FLASH, PATTERN_FREE, PATTERN_STANDBY } from '#signal/timing-plan.ts'
import { ageLease, endLease, grantLease, isHeld, leaseAtPowerUp, revokeLease, type Lease } from './lease.ts'

/** Parameter of event 155, unit control. */
const UNIT_CONTROL = { other: 1, system: 2, standby: 3, manual: 5, timeBase: 6, localManual: 10 } as const

/**
 * Who keeps supervisors out, the strongest first: a latched trip or a stopped program, any flash, the technician's key,
 * an officer's hand on the panel. A preempt, and a flash that he has asked for himself, let whoever supervises go on renewing
 * his lease, but nobody begins.
 */
export type Keeper = 'fault' | 'flash' | 'automaticFlash' | 'key' | 'manual' | 'preempt' | 'nobody'

const CONTROL_STATUS: Readonly<Record<Exclude<Keeper, 'nobody'>, ControlStatus>> = {
  fault: 'fault',
  flash: 'flash',
  automaticFlash: 'flash',
  key: 'manual',
  manual: 'manual',
  preempt: 'preempt',
}

type CabinetLimits = Pick<CommandLimits, 'phases' | 'patterns' | 'preempts' | 'priorities'>

export class Supervision {
  readonly #limits: CabinetLimits
  #lease: Lease
  #command: SupervisoryCommand | null = null
  #refused: LeaseRefusal = 'none'
  #keeper: Keeper = 'nobody'

  constructor(limits: CabinetLimits, newestEpoch: number) {
    this.#limits = limits
    this.#lease = leaseAtPowerUp(newestEpoch)
  }

  get lease(): Lease {
    return this.#lease
  }

  /** What the holder of the lease asks; null, with every bit of it gone, once the lease has run out. */
  get command(): SupervisoryCommand | null {
    return this.#command
  }

  /** Index into `LEASE_REFUSALS` of the last command. */
  get refusedCode(): number {
    return LEASE_REFUSALS.indexOf(this.#refused)
  }

  get controlStatus(): ControlStatus {
    if (this.#keeper !== 'nobody') return CONTROL_STATUS[this.#keeper]
    return this.#command === null ? 'local' : 'supervised'
  }

  get unitControl(): number {
    if (this.#flashes) return UNIT_CONTROL.other
    if (this.#keeper === 'key') return UNIT_CONTROL.localManual
    if (this.#keeper === 'manual') return UNIT_CONTROL.manual
    if (this.#command === null) return UNIT_CONTROL.timeBase
    return this.#command.pattern === PATTERN_STANDBY ? UNIT_CONTROL.standby : UNIT_CONTROL.system
  }

  /** Takes the whole control group, or refuses it whole; a refused command renews nothing. */
  obey(values: ReadonlyMap<PointName, number>): LeaseRefusal {
    this.#refused = this.#take(values)
    return this.#refused
  }

  /** After a step of the controller: `cycleMs` is the length of the local cycle. */
  age(elapsedMs: number, cycleMs: number): void {
    if (this.#flashes && !isHeld(this.#lease)) return // Nothing runs, so no local cycle passes.
    this.#lease = ageLease(this.#lease, elapsedMs, cycleMs)
    if (!isHeld(this.#lease)) this.#command = null
  }

  /** Ends a lease at once, for good. A fault moreover gives none before a whole local cycle after it. */
  keptBy(keeper: Keeper): void {
    const before = this.#keeper
    this.#keeper = keeper
    if (keeper === before) return
    if (keeper === 'fault' || before === 'fault') this.#end(revokeLease(this.#lease))
    else if (!this.#leavesLease(keeper)) this.#end(endLease(this.#lease))
  }

  get #flashes(): boolean {
    return this.#keeper === 'fault' || this.#keeper === 'flash' || this.#keeper === 'automaticFlash'
  }

  #leavesLease(keeper: Keeper): boolean {
    if (keeper === 'automaticFlash') return this.#command?.pattern === PATTERN_FLASH
    return keeper === 'nobody' || keeper === 'preempt'
  }

  #end(lease: Lease): void {
    this.#lease = lease
    this.#command = null
  }

  #take(values: ReadonlyMap<PointName, number>): LeaseRefusal {
    const value = (name: PointName) => values.get(name) ?? 0
    const granted = grantLease(this.#lease, {
      epoch: value('control.epoch'),
      sequence: value('control.sequence'),
      leaseMs: value('control.leaseMs'),
    })
    if (!granted.ok) return granted.fault
    const renews = isHeld(this.#lease) && granted.value.epoch === this.#lease.epoch
    if (this.#keeper !== 'nobody' && !renews) return 'notAvailable'
    const pattern = patternId(value('control.pattern'))
    const own = pattern === PATTERN_STANDBY || pattern === PATTERN_FREE
    if (!own && !this.#limits.patterns.includes(pattern)) return 'unknownPattern'
    this.#lease = granted.value
    this.#command = this.#commandIn(pattern, value)
    return 'none'
  }

  /**
   * Bits of phases that the intersection does not have mean nothing. The second lock beside the envelope of the edge: what the
   * site does not let supervision call is not there.
   */
  #commandIn(pattern: PatternId, value: (name: PointName) => number): SupervisoryCommand {
    const { phases, preempts, priorities } = this.#limits
    const bits = (name: PointName) => (value(name) & phases) >>> 0
    return {
      pattern,
      hold: bits('control.hold'),
      forceOff: bits('control.forceOff'),
      phaseOmit: bits('control.phaseOmit'),
      pedestrianOmit: bits('control.pedestrianOmit'),
      vehicleCall: bits('control.vehicleCall'),
      pedestrianCall: bits('control.pedestrianCall'),
      preempts: (value('control.preempt') & preempts) >>> 0,
      priorities: (value('control.priority') & priorities) >>> 0,
    }
  }
}
