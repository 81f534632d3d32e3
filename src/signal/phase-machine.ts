/** The phase machine: rings, barriers, calls and coordination of one controller, stepped by whoever owns the clock. */
import type { Bits } from '#base/bits.ts'
import type { PatternId } from '#base/id.ts'
import type { PhaseControl } from './command.ts'
import type { ControllerDatabase } from './database.ts'
import type { SignalStatus } from './status.ts'

/** What the controller is handed at a step; the caller may reuse and overwrite the object. */
export interface ControllerInputs {
  /** The controller's wall clock, ms since 1970; places the coordination cycle in the day. */
  epochMs: number
  /** By `DetectorId` (index 0 unused): 1 while occupied. Detectors wired elsewhere stay 0. */
  occupied: Uint8Array
  /** Push buttons held down now, by the phase that they call. */
  pedestrianButtons: Bits
  /** What supervision asks; `NO_PHASE_CONTROL` without a lease. */
  control: PhaseControl
  /** Pattern asked for: the number of a plan, or 254 (free). */
  pattern: PatternId
}

/** Takes an event of `events.ts` at the moment of the step: phase, overlap, coordination and detector (81/82, 89/90) events. */
export type EmitEvent = (code: number, parameter: number) => void

export interface Controller {
  readonly database: ControllerDatabase
}

/** A controller that begins all red. Throws on a database that `checkDatabase` would refuse. */
export function createController(database: ControllerDatabase): Controller {
  return { database }
}

/** Advances the controller by `elapsedMs` (10–1000) of monotonic time. */
export function stepController(
  _controller: Controller,
  _inputs: ControllerInputs,
  _elapsedMs: number,
  _emit: EmitEvent,
): void {
  throw new Error('not built yet')
}

/** The controller's status groups as they are after its last step. */
export function statusOf(_controller: Controller): SignalStatus {
  throw new Error('not built yet')
}
