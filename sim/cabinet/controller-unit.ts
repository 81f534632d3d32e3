/** The controller in its cabinet: the phase machine with its schedule; a bug in it stops it, and is never answered by a guess. */
import { checkDatabase } from '#signal/check/check-database.ts'
import type { DatabaseFault } from '#signal/check/database-fault.ts'
import type { PhaseControl, SupervisoryCommand } from '#signal/command.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import type { EmitEvent } from '#signal/events.ts'
import { createController, type Controller, type ControllerInputs } from '#signal/controller.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import type { SignalStatus } from '#signal/status.ts'
import { PATTERN_STANDBY } from '#signal/timing-plan.ts'
import { skipStartupFlash } from '#signal/unit/stages.ts'
import { LocalSchedule } from './local-schedule.ts'
import { SILENT } from './silent-status.ts'

/** Why a controller has stopped; it flashes until its power, or its monitor, is switched again. */
export type ControllerFault =
  | { readonly code: 'CONTROLLER_STOPPED'; readonly detail: string }
  /** Its power-on check found a database that it cannot run. */
  | { readonly code: 'DATABASE_REFUSED'; readonly faults: readonly DatabaseFault[] }

/** What reaches the controller in a step. */
export interface UnitInputs extends Pick<
  ControllerInputs,
  'epochMs' | 'occupied' | 'detectorFaults' | 'pedestrianButtons' | 'panel' | 'preempts' | 'priorities' | 'latenessS'
> {
  readonly command: SupervisoryCommand | null
}

export interface ControllerUnitStart {
  readonly database: ControllerDatabase
  readonly epochMs: number
  /** Called without a supervisor: what no detector of the controller's own sees. */
  readonly ownCalls: PhaseControl
  readonly emit: EmitEvent
  readonly onFault: (fault: ControllerFault) => void
}

export class ControllerUnit {
  /** Its program hangs: the outputs stay as they are, and nobody tends the watchdog. */
  hangs = false
  readonly #start: ControllerUnitStart
  #database: ControllerDatabase
  #schedule: LocalSchedule | null = null
  #machine: Controller | null = null
  #status: SignalStatus = SILENT
  #fault: ControllerFault | null = null

  constructor(start: ControllerUnitStart) {
    this.#start = start
    this.#database = start.database
    this.powerUp(start.database, start.epochMs)
  }

  /** What it runs. */
  get database(): ControllerDatabase {
    return this.#database
  }

  /** As after the last step that it has completed; all red, and no phase on, once it has stopped. */
  get status(): SignalStatus {
    return this.#status
  }

  get fault(): ControllerFault | null {
    return this.#fault
  }

  /** What it holds against each of its detectors, by number, as bits of `DETECTOR_FAULT`. */
  get detectorFaults(): readonly number[] {
    return this.#machine?.calls.detection.diagnosis.faults ?? []
  }

  /** Whether its program tends the watchdog. */
  get runs(): boolean {
    return this.#fault === null && !this.hangs
  }

  /** Begins with the power-on checks and the start-up flash; or does not, and says why. */
  powerUp(database: ControllerDatabase, epochMs: number): void {
    this.hangs = false
    this.#fault = null
    this.#machine = null
    this.#schedule = null
    this.#status = SILENT
    this.#database = database
    const faults = checkDatabase(database)
    if (faults.length > 0) return this.#stop({ code: 'DATABASE_REFUSED', faults })
    this.#schedule = new LocalSchedule(database.schedule, epochMs)
    this.#beginAnew(createController(database))
  }

  /** Waits at its beginning, all red, while the monitor has the lamps. */
  standBy(): void {
    if (this.#machine === null) return
    const machine = createController(this.#database)
    skipStartupFlash(machine.unit) // There is flash enough.
    this.#beginAnew(machine)
  }

  /** After a reset at the cabinet; a bug then has its second chance, a refused database has none. */
  restart(): void {
    if (this.#machine === null) return
    this.#fault = null
    this.standBy()
  }

  /** Another timing of its street, to be taken over when the street is clear; null takes it back. */
  offer(database: ControllerDatabase | null): void {
    if (this.#machine !== null) this.#machine.offered = database
  }

  step(elapsedMs: number, inputs: UnitInputs): void {
    if (this.#machine === null || this.#schedule === null || !this.runs) return
    try {
      stepController(this.#machine, this.#read(inputs, this.#schedule), elapsedMs, this.#start.emit)
      this.#status = statusOf(this.#machine)
      if (this.#machine.database !== this.#database) this.#takeOver(this.#machine.database, inputs.epochMs)
    } catch (error) {
      this.#beginAnew(createController(this.#database))
      this.#stop({ code: 'CONTROLLER_STOPPED', detail: detailOf(error) })
    }
  }

  #read(street: UnitInputs, schedule: LocalSchedule): ControllerInputs {
    const entry = schedule.entryAt(street.epochMs)
    const asked = street.command?.pattern ?? PATTERN_STANDBY
    return {
      epochMs: street.epochMs,
      occupied: street.occupied,
      detectorFaults: street.detectorFaults,
      pedestrianButtons: street.pedestrianButtons,
      panel: street.panel,
      preempts: street.preempts,
      priorities: street.priorities,
      latenessS: street.latenessS,
      control: street.command ?? this.#start.ownCalls,
      pattern: asked === PATTERN_STANDBY ? entry.pattern : asked,
      maximum: entry.maximum,
    }
  }

  #takeOver(database: ControllerDatabase, epochMs: number): void {
    this.#database = database
    this.#schedule = new LocalSchedule(database.schedule, epochMs)
  }

  #beginAnew(machine: Controller): void {
    this.#machine = machine
    this.#status = statusOf(machine)
  }

  #stop(fault: ControllerFault): void {
    this.#fault = fault
    this.#start.onFault(fault)
  }
}

const detailOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

/** For the people who look after it. */
export const controllerFaultText = (fault: ControllerFault): string =>
  fault.code === 'CONTROLLER_STOPPED'
    ? `its program has failed (${fault.detail})`
    : `its database cannot be run (${fault.faults.map(({ code }) => code).join(', ')})`
