/** A controller: what it is handed at a step, all that it remembers, and how it begins and begins anew. */
import type { Bits } from '#base/bits.ts'
import type { PatternId } from '#base/id.ts'
import { callEverybody, createCalls, type CallInputs, type Calls } from './detection/calls.ts'
import { createCoordinator, type Coordinator } from './coordination/coordination.ts'
import type { ControllerDatabase } from './database.ts'
import { DETECTOR_MOST } from './detector.ts'
import type { EmitEvent } from './events.ts'
import { createMaximums, type Maximums } from './rings/maximum.ts'
import { abandonPriority, createPriority, type Priority } from './preemption/priority.ts'
import { layOutPriorities } from './preemption/priority-calls.ts'
import { layOutPreempts } from './preemption/preempt-layout.ts'
import { abandonPreempt, createPreemption, type Preemption } from './preemption/preemption.ts'
import { layOut, sequenceOf, type Layout } from './layout.ts'
import { createOverlap, type OverlapRun } from './overlaps/overlap-run.ts'
import { nothingYet, type PhasesNow } from './overlaps/phases-now.ts'
import { layOutPlan } from './coordination/plan-windows.ts'
import { createRing, type Ring } from './rings/ring.ts'
import { createIntergreens, type Intergreens } from './rings/intergreens.ts'
import { createSequencer, type Sequencer } from './rings/sequencing.ts'
import type { Wants } from './rings/wants.ts'
import { CLOSED_PANEL, createPanel, type Panel, type PanelInputs } from './unit/panel.ts'
import { createUnit, type Unit } from './unit/stages.ts'
import { carryStage } from './unit/takeover.ts'

/** What the controller is handed at a step; the caller may reuse and overwrite the object. */
export interface ControllerInputs extends CallInputs {
  /** The controller's wall clock, ms since 1970; places the coordination cycle in the day. */
  readonly epochMs: number
  /** Pattern asked for: the number of a plan, or flash (255); any other number is free operation (254). */
  readonly pattern: PatternId
  /** The maximum green in effect while free. */
  readonly maximum: 1 | 2
  /** Preempt inputs that are on, by number. */
  readonly preempts: Bits
  /** Priority calls that are checked in, by number. */
  readonly priorities: Bits
  /** How late the vehicle of each priority call is, s, by number (index 0 unused); early is negative. */
  readonly latenessS: Int16Array
  readonly panel: PanelInputs
}

/** Every detector is sound, nobody preempts, no bus comes, the panel is closed. */
export const QUIET_UNIT: Omit<ControllerInputs, 'epochMs' | 'pattern' | 'occupied' | 'pedestrianButtons' | 'control'> =
  {
    detectorFaults: new Uint8Array(DETECTOR_MOST + 1),
    maximum: 1,
    preempts: 0,
    priorities: 0,
    latenessS: new Int16Array(17),
    panel: CLOSED_PANEL,
  }

/** All of a controller's memory, as plain data that every step writes over. */
export interface Controller {
  readonly database: ControllerDatabase
  readonly layout: Layout
  readonly rings: readonly Ring[]
  readonly overlaps: readonly OverlapRun[]
  /** What the overlaps saw of the phases at the last step. */
  readonly phasesNow: PhasesNow
  readonly intergreens: Intergreens
  readonly calls: Calls
  readonly wants: Wants
  readonly coordinator: Coordinator
  readonly sequencer: Sequencer
  readonly maximums: Maximums
  readonly preemption: Preemption
  readonly priority: Priority
  readonly unit: Unit
  readonly panel: Panel
  /** Another timing of the same street, which is taken over when the street is clear; null = none. */
  offered: ControllerDatabase | null
}

/** A controller that begins with its start-up flash, or with all red. The database must be one in which `checkDatabase` finds no fault. */
export function createController(database: ControllerDatabase): Controller {
  const layout = layOut(database.intersection)
  return {
    database,
    layout,
    offered: null,
    unit: createUnit(database.unit, database.intersection),
    panel: createPanel(),
    calls: createCalls(layout),
    preemption: createPreemption(layOutPreempts(database.preempts, layout.phases)),
    priority: createPriority(layOutPriorities(database.priorities, layout.phases)),
    ...createRun(database, layout),
  }
}

/** What a controller forgets while it flashes. */
function createRun(database: ControllerDatabase, layout: Layout) {
  const rings = Array.from({ length: layout.ringCount }, createRing)
  const plans = database.plans.map((plan) => layOutPlan(plan, layout))
  return {
    rings,
    overlaps: layout.overlaps.map(createOverlap),
    phasesNow: nothingYet(),
    intergreens: createIntergreens(layout.intergreens),
    wants: { vehicles: 0, pedestrians: 0 },
    coordinator: createCoordinator(plans, database.schedule.timeZone, layout.ringCount),
    sequencer: createSequencer(rings, sequenceOf(layout)),
    maximums: createMaximums(),
  }
}

/** Everything begins anew with the other timing but what the street shows: the all red, or the flash. All are called. */
export function takeOver(controller: Controller, database: ControllerDatabase, emit: EmitEvent): void {
  const { unit, panel, priority } = controller
  abandonPriority(priority, emit)
  Object.assign(controller, createController(database), { panel })
  carryStage(unit, controller.unit)
}

/** The flasher takes the lamps: what the rings showed is cut off, and everybody is called when they begin again. */
export function cutOff(controller: Controller, emit: EmitEvent): void {
  abandonPreempt(controller.preemption)
  abandonPriority(controller.priority, emit)
  Object.assign(controller, createRun(controller.database, controller.layout))
  callEverybody(controller.calls)
}
