/** Where a timing comes into the cabinet: who may bring it, what has become of it, and the one that is kept for good. */
import { unreachable } from '#base/invariant.ts'
import type { TimingAsker, TimingStep } from '#devices/timing.ts'
import { configurationHash } from '#config/configuration-hash.ts'
import type { IntersectionConfig } from '#config/site.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { EVENT, type EmitEvent } from '#signal/events.ts'
import { floorsOf } from '#signal/transaction/floors.ts'
import { TIMING_REFUSALS, type TimingRefusal } from '#signal/transaction/refusal.ts'
import { decodeTiming, encodeTiming } from '#signal/transaction/timing-text.ts'
import { timingOf, withTiming } from '#signal/transaction/timing.ts'
import {
  abandon,
  age,
  arm,
  begin,
  NO_TRANSACTION,
  refuse,
  verify,
  write,
  type Transaction,
} from '#signal/transaction/transaction.ts'
import type { ControllerUnit } from './controller-unit.ts'
import { PARAMETER_WRAP } from './decision-log.ts'

/** Who may stand behind a transaction now: the holder of the lease by its epoch, or a technician who has turned his switch. */
export interface TimingPermit {
  /** 0 = nobody holds the lease. */
  readonly leaseEpoch: number
  readonly technician: boolean
}

const NOBODY: TimingAsker = { writer: 0, leaseEpoch: 0 }

/** A timing that runs, whole. */
export interface KeptTiming {
  readonly database: ControllerDatabase
  /** Its text; undefined where it is the one that the cabinet was built with. */
  readonly text?: string
}

/** What was activated in an earlier life; what the cabinet was built with where that is no timing of it any more. */
export function keptTiming(built: ControllerDatabase, text: string | undefined): KeptTiming {
  const timing = text === undefined ? null : decodeTiming(text)
  const database = timing?.ok === true ? withTiming(built, timing.value) : null
  return database === null || text === undefined ? { database: built } : { database, text }
}

export interface TimingDeskStart {
  /** What the cabinet was commissioned with: its times are the floors of the site. */
  readonly config: Pick<IntersectionConfig, 'database' | 'limits'>
  readonly kept: KeptTiming
  readonly unit: Pick<ControllerUnit, 'database' | 'offer'>
  readonly emit: EmitEvent
}

export class TimingDesk {
  readonly #start: TimingDeskStart
  #transaction: Transaction = NO_TRANSACTION
  /** Who has begun it; who has asked last. */
  #holder = NOBODY
  #asker = NOBODY
  #kept: KeptTiming
  #hash: number

  constructor(start: TimingDeskStart) {
    this.#start = start
    this.#kept = start.kept
    this.#hash =
      start.kept.text === undefined ? start.config.limits.configurationHash : configurationHash(start.kept.database)
  }

  get transaction(): Transaction {
    return this.#transaction
  }

  /** Text of the timing that was activated last; undefined while the cabinet runs what it was built with. */
  get activated(): string | undefined {
    return this.#kept.text
  }

  /** Of what runs. */
  get hash(): number {
    return this.#hash
  }

  /** Hash of what is staged and verified; 0 = nothing. */
  get stagedHash(): number {
    return this.#transaction.database === null ? 0 : configurationHash(this.#transaction.database)
  }

  /** What is read of the last request by its number. */
  get refusedCode(): number {
    return TIMING_REFUSALS.indexOf(this.#transaction.refusal)
  }

  /** Writer of the last request, whose refusal it is. */
  get asker(): number {
    return this.#asker.writer
  }

  /** Writer whose transaction it is; 0 = there is none. */
  get owner(): number {
    return this.#transaction.state === 'idle' ? 0 : this.#holder.writer
  }

  /** Follows a request, or names why not; only who has begun a transaction goes on with it. */
  ask(step: TimingStep, asker: TimingAsker, permit: TimingPermit): TimingRefusal {
    this.#asker = asker
    const isIdle = this.#transaction.state === 'idle'
    const isOwner = !isIdle && isSame(asker, this.#holder)
    if (!isPermitted(asker, permit)) this.#transaction = refuse(this.#transaction, 'notPermitted')
    else if (!isIdle && !isOwner) this.#transaction = refuse(this.#transaction, 'inUse')
    else {
      this.#holder = asker
      this.#transaction = this.#follow(step)
    }
    if (this.#transaction.refusal !== 'none') this.#start.emit(EVENT.timingRefused, this.refusedCode)
    return this.#transaction.refusal
  }

  /** After each step of the controller: what was armed may be running now; what nobody stands behind any more is dropped. */
  follow(elapsedMs: number, permit: TimingPermit): void {
    const before = this.#transaction
    if (before.state === 'idle') return
    if (before.state === 'armed' && this.#start.unit.database === before.database) return this.#noteActivation(before)
    this.#transaction = isPermitted(this.#holder, permit) ? age(before, elapsedMs) : abandon(before, 'leaseLost')
    if (this.#transaction.state !== 'idle') return
    this.#start.unit.offer(null)
    this.#start.emit(EVENT.timingRefused, this.refusedCode)
  }

  /** The power was cut: what was staged is gone. What has been activated is what runs; else what was built in. */
  powerUp(): ControllerDatabase {
    this.#transaction = NO_TRANSACTION
    return this.#kept.database
  }

  #follow(step: TimingStep): Transaction {
    const built = this.#start.config.database
    switch (step.do) {
      case 'begin':
        return begin(this.#transaction)
      case 'write':
        return write(this.#transaction, step.offset, step.part)
      case 'verify':
        return verify(this.#transaction, built, floorsOf(built))
      case 'activate':
        return this.#activate()
      case 'abandon':
        this.#start.unit.offer(null)
        return NO_TRANSACTION
      default:
        return unreachable(step)
    }
  }

  #activate(): Transaction {
    const armed = arm(this.#transaction)
    if (armed.state === 'armed' && armed.refusal === 'none') this.#start.unit.offer(armed.database)
    return armed
  }

  /** Kept from the same step on in which it runs: a power cut finds the one or the other, whole. */
  #noteActivation({ database }: Transaction): void {
    this.#transaction = NO_TRANSACTION
    if (database === null) return
    this.#kept = { database, text: encodeTiming(timingOf(database)) }
    this.#hash = configurationHash(database)
    this.#start.emit(EVENT.timingActivated, this.#hash % PARAMETER_WRAP)
  }
}

/** Who holds the lease needs no technician, and who has none does: the one is at the desk, the other in the street. */
const isPermitted = (asker: TimingAsker, permit: TimingPermit): boolean =>
  asker.leaseEpoch > 0 ? asker.leaseEpoch === permit.leaseEpoch : permit.technician

const isSame = (a: TimingAsker, b: TimingAsker): boolean => a.writer === b.writer && a.leaseEpoch === b.leaseEpoch
