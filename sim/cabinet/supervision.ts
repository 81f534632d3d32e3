/** Who decides at the cabinet: the command that holds under the lease, the technician's key, and what was refused. */
import { patternId } from '#base/id.ts'
import { LEASE_REFUSALS, type LeaseRefusal, type PointName } from '#devices/points.ts'
import type { SupervisoryCommand } from '#signal/command.ts'
import type { CommandLimits } from '#signal/database.ts'
import type { ControlStatus } from '#signal/status.ts'
import { PATTERN_FREE, PATTERN_STANDBY } from '#signal/timing-plan.ts'
import { ageLease, endLease, grantLease, isHeld, leaseAtPowerUp, revokeLease, type Lease } from './lease.ts'

/** Parameter of event 155, unit control. */
const UNIT_CONTROL = { other: 1, system: 2, standby: 3, timeBase: 6, localManual: 10 } as const

export class Supervision {
  readonly #limits: Pick<CommandLimits, 'phases' | 'patterns'>
  #lease: Lease
  #command: SupervisoryCommand | null = null
  #refused: LeaseRefusal = 'none'
  #localKey = false
  #inFault = false

  constructor(limits: Pick<CommandLimits, 'phases' | 'patterns'>, newestEpoch: number) {
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

  get controlStatus(): Extract<ControlStatus, 'local' | 'supervised' | 'manual' | 'fault'> {
    if (this.#inFault) return 'fault'
    if (this.#localKey) return 'manual'
    return this.#command === null ? 'local' : 'supervised'
  }

  get unitControl(): number {
    if (this.#inFault) return UNIT_CONTROL.other
    if (this.#localKey) return UNIT_CONTROL.localManual
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
    if (this.#inFault) return // Nothing runs, so no local cycle passes.
    this.#lease = ageLease(this.#lease, elapsedMs, cycleMs)
    if (!isHeld(this.#lease)) this.#command = null
  }

  /** The technician's key ends a lease at once, for good, and lets nobody supervise while it is turned. */
  turnLocalKey(turned: boolean): void {
    this.#localKey = turned
    if (!turned) return
    this.#lease = endLease(this.#lease)
    this.#command = null
  }

  /** The conflict monitor has the lamps: ends a lease at once, and lets nobody supervise before a whole local cycle after it. */
  setFault(inFault: boolean): void {
    this.#inFault = inFault
    this.#lease = revokeLease(this.#lease)
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
    if (this.#localKey || this.#inFault) return 'notAvailable'
    const pattern = patternId(value('control.pattern'))
    const own = pattern === PATTERN_STANDBY || pattern === PATTERN_FREE
    if (!own && !this.#limits.patterns.includes(pattern)) return 'unknownPattern'
    this.#lease = granted.value
    this.#command = { pattern, ...this.#phaseControl(value) }
    return 'none'
  }

  /** Bits of phases that the intersection does not have mean nothing. */
  #phaseControl(value: (name: PointName) => number): Omit<SupervisoryCommand, 'pattern'> {
    const bits = (name: PointName) => (value(name) & this.#limits.phases) >>> 0
    return {
      hold: bits('control.hold'),
      forceOff: bits('control.forceOff'),
      phaseOmit: bits('control.phaseOmit'),
      pedestrianOmit: bits('control.pedestrianOmit'),
      vehicleCall: bits('control.vehicleCall'),
      pedestrianCall: bits('control.pedestrianCall'),
    }
  }
}
