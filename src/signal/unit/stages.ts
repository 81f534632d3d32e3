/** The stages of a controller unit: how it comes up, when it flashes, how it clears the street before and after. */
import { bitsOf, type Bits } from '#base/bits.ts'
import type { PatternId } from '#base/id.ts'
import type { Calls } from '../detection/calls.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import type { Intersection } from '../intersection.ts'
import type { OverlapRun } from '../overlaps/overlap-run.ts'
import { mostUrgentToBe } from '../preemption/preempt-calls.ts'
import type { Preemption } from '../preemption/preemption.ts'
import { phasesIn, type Ring } from '../rings/ring.ts'
import type { FlashCause } from '../status.ts'
import { PATTERN_FLASH } from '../timing-plan.ts'
import type { UnitParameters } from '../unit.ts'
import type { PanelInputs } from './panel.ts'
import { isClear } from './takeover.ts'

/**
 * - `flash`: the flasher has the lamps, and no ring runs.
 * - `allRed`: for whoever is still in the junction after a flash.
 * - `running`: the rings serve their calls.
 * - `enteringFlash`: they serve the entry phases and nothing else; each green ends as soon as it may.
 * - `clearing`: the greens end, and nothing begins any more: out of the all red it flashes.
 */
export type UnitStage = 'flash' | 'allRed' | 'running' | 'enteringFlash' | 'clearing'

export interface Unit {
  readonly parameters: UnitParameters
  /** All red after a flash: the unit's own, and no less than what the street needs between any two greens. */
  readonly allRedMs: number
  readonly startPhases: Bits
  readonly entryPhases: Bits
  readonly exitPhases: Bits
  stage: UnitStage
  stageMs: number
  /** Why it flashes; `none` in every other stage. */
  cause: FlashCause
  /** The cause that the log knows of. */
  logged: FlashCause
  /** Phases to begin with, once the all red is over. */
  starts: Bits
  /** Entry phases that have not yet been green since the flash was asked for. */
  entryLeft: Bits
}

/** The unit and what it looks at before it flashes. */
export interface UnitStreet {
  readonly unit: Unit
  readonly rings: readonly Ring[]
  readonly overlaps: readonly OverlapRun[]
  readonly calls: Calls
  readonly preemption: Preemption
}

export interface UnitInputs {
  readonly pattern: PatternId
  readonly panel: PanelInputs
}

/** Event 173: NTCIP 1202 2.4.5 unitFlashStatus. */
const FLASH_STATE: Readonly<Record<FlashCause, number>> = {
  none: 2,
  automatic: 3,
  local: 4,
  technician: 4,
  conflictMonitor: 6,
  startup: 7,
  preempt: 8,
}

/** A unit that has just got its power: it flashes while it checks itself, or begins with the all red. */
export function createUnit(parameters: UnitParameters, { phases, intergreens }: Intersection): Unit {
  const startPhases = bitsOf(parameters.startPhases)
  const flashes = parameters.startupFlashMs > 0
  return {
    parameters,
    allRedMs: Math.max(
      parameters.startAllRedMs,
      ...phases.map(({ timing }) => Math.max(timing.redClearMs, timing.redRevertMs)),
      ...intergreens.map(({ ms }) => ms),
    ),
    startPhases,
    entryPhases: bitsOf(parameters.flashEntryPhases),
    exitPhases: bitsOf(parameters.flashExitPhases) || startPhases,
    stage: flashes ? 'flash' : 'allRed',
    stageMs: 0,
    cause: flashes ? 'startup' : 'none',
    logged: 'none',
    starts: startPhases,
    entryLeft: 0,
  }
}

/** The stage after `elapsedMs` more, with what the street shows since the step before. */
export function advanceUnit(street: UnitStreet, inputs: UnitInputs, elapsedMs: number, emit: EmitEvent): void {
  const { unit } = street
  unit.stageMs += elapsedMs
  // The switches of police and technician act at once, whatever is green: they work on the flasher itself (NEMA TS 2 5.3).
  if (inputs.panel.flash !== 'none') flashAtOnce(unit, inputs.panel.flash)
  else {
    const asked = inputs.pattern === PATTERN_FLASH && !isPreempted(street)
    if (unit.stage === 'flash') goOnFlashing(unit, asked)
    else if (unit.stage === 'allRed') goOnAllRed(unit, asked)
    // An officer who steers by hand is not interrupted by the clock.
    else seekFlash(street, asked && !inputs.panel.manualControl)
  }
  if (unit.cause !== unit.logged) noteFlash(unit, emit)
}

/** Ends the flash of the power-up before its time: after a trip of the conflict monitor there was flash enough. */
export function skipStartupFlash(unit: Unit): void {
  unit.cause = 'none'
  enter(unit, 'allRed')
}

function enter(unit: Unit, stage: UnitStage): void {
  unit.stage = stage
  unit.stageMs = 0
}

function beginFlash(unit: Unit, cause: FlashCause): void {
  unit.cause = cause
  enter(unit, 'flash')
}

function noteFlash(unit: Unit, emit: EmitEvent): void {
  unit.logged = unit.cause
  emit(EVENT.flashState, FLASH_STATE[unit.cause])
  if (unit.cause === 'automatic') emit(EVENT.pattern, PATTERN_FLASH)
}

function flashAtOnce(unit: Unit, cause: FlashCause): void {
  if (unit.cause !== cause) beginFlash(unit, cause)
}

/** One flash gives way to another without a break; when nobody asks any more it ends with the all red. */
function goOnFlashing(unit: Unit, asked: boolean): void {
  const { parameters, cause } = unit
  if (unit.stageMs < (cause === 'startup' ? parameters.startupFlashMs : parameters.minFlashMs)) return
  if (asked) {
    unit.cause = 'automatic'
    return
  }
  unit.starts = cause === 'automatic' ? unit.exitPhases : unit.startPhases
  unit.cause = 'none'
  enter(unit, 'allRed')
}

function goOnAllRed(unit: Unit, asked: boolean): void {
  if (asked) beginFlash(unit, 'automatic')
  else if (unit.stageMs >= unit.allRedMs) enter(unit, 'running')
}

function seekFlash(street: UnitStreet, asked: boolean): void {
  const { unit } = street
  if (!asked) {
    if (unit.stage !== 'running') enter(unit, 'running')
    return
  }
  if (unit.stage === 'running') {
    unit.entryLeft = unit.entryPhases
    enter(unit, 'enteringFlash')
  }
  unit.entryLeft &= ~(phasesIn(street.rings, 'green') | street.calls.control.phaseOmit)
  if (unit.stage === 'enteringFlash' && unit.entryLeft === 0) enter(unit, 'clearing')
  if (unit.stage === 'clearing' && isClear(street)) beginFlash(unit, 'automatic')
}

/** A preempt is served before a flash that the clock asks for, and calls the unit out of it (NEMA TS 2 3.7.2). */
function isPreempted({ preemption }: UnitStreet): boolean {
  return preemption.active !== null || mostUrgentToBe(preemption.calls) !== null
}
