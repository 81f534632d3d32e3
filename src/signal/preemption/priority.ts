/** Transit priority: others' greens end early, or the vehicle's own green lasts longer; nobody is skipped, no minimum cut. */
import { at } from '#base/at.ts'
import { lowestOf, type Bits } from '#base/bits.ts'
import type { Calls } from '../detection/calls.ts'
import type { Coordinator } from '../coordination/coordination.ts'
import { sinceYieldMs } from '../coordination/force-offs.ts'
import type { PlanLayout } from '../coordination/plan-windows.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import type { Layout, PhaseLayout } from '../layout.ts'
import { minimumsServed, phasesIn, type Ring } from '../rings/ring.ts'
import { maximumMs, type Maximums } from '../rings/maximum.ts'
import type { Termination } from '../status.ts'
import {
  checkedIn,
  countCycle,
  createPriorityCalls,
  nextInTurn,
  registerPriorities,
  type PriorityCalls,
  type PriorityInputs,
  type PriorityLayout,
} from './priority-calls.ts'
import type { Preemption } from './preemption.ts'
import { spareAfterMs } from './spare-time.ts'

export interface Priority {
  readonly calls: PriorityCalls
  /** Being served; one at a time. */
  active: PriorityLayout | null
  /** What its green may still be lengthened by. */
  extensionMs: number
  /** In this step a green of its goes on only because of it, … */
  holds: boolean
  /** … and keeps somebody waiting. */
  extends: boolean
  /** Free: what the greens of others may still be shortened by. In a plan their force-offs are the measure. */
  reductionMs: number
  /** Its phases have been green since the service began. */
  shown: boolean
  /** What the service has done (113, 114). */
  endedEarly: boolean
  extended: boolean
  /** The ring count that a cycle was counted with, and the time of the free minute that runs. */
  cycle: number
  freeMs: number
}

/** What priority looks at, and moves. */
export interface PriorityStreet {
  readonly priority: Priority
  /** While one is in service nobody else has priority. */
  readonly preemption: Preemption
  readonly calls: Calls
  readonly layout: Layout
  readonly rings: readonly Ring[]
  readonly coordinator: Coordinator
  readonly maximums: Maximums
}

/** In free operation nothing comes round: a minute stands for a cycle (see `PriorityStrategy.reserviceCycles`). */
const FREE_CYCLE_MS = 60_000

export function createPriority(layouts: readonly PriorityLayout[]): Priority {
  return {
    calls: createPriorityCalls(layouts),
    active: null,
    extensionMs: 0,
    holds: false,
    extends: false,
    reductionMs: 0,
    shown: false,
    endedEarly: false,
    extended: false,
    cycle: 0,
    freeMs: 0,
  }
}

/** Lets `elapsedMs` pass: calls come and go, and a service begins or ends (118, 119). */
export function advancePriority(
  street: PriorityStreet,
  inputs: PriorityInputs,
  elapsedMs: number,
  emit: EmitEvent,
): void {
  const { priority, coordinator, rings } = street
  const { calls } = priority
  const barred = street.preemption.active !== null
  if (calls.layouts.length === 0) return
  registerPriorities(calls, inputs.priorities, elapsedMs, emit)
  countCycles(priority, coordinator, elapsedMs)
  if (priority.active !== null) {
    spendExtension(priority, coordinator, elapsedMs)
    if (isOver(priority, priority.active, barred, rings)) endService(priority, priority.active, emit)
  }
  if (priority.active !== null || barred) return
  const next = nextInTurn(calls, inputs.latenessS)
  if (next !== null) startService(street, next, emit)
}

/** Phases that the vehicle served waits for: they are called, so that their turn comes. */
export function phasesCalledFor({ active }: Priority): Bits {
  return active === null ? 0 : active.phases
}

/** The lamps have been taken from the rings. */
export function abandonPriority(priority: Priority, emit: EmitEvent): void {
  if (priority.active !== null) endService(priority, priority.active, emit)
}

/** The reason why a green may end, in the light of the vehicle that is served: none after all, or earlier than without it. */
export function weighPriority(street: PriorityStreet, ring: Ring, reason: Termination): Termination {
  const { active } = street.priority
  const { phase } = ring
  if (active === null || phase === null) return reason
  if ((active.phases & phase.bit) !== 0) return reason === 'none' ? reason : hold(street.priority, reason)
  if (reason !== 'none' || !minimumsServed(ring) || (street.calls.control.hold & phase.bit) !== 0) return reason
  const awaited = active.phases & ~phasesIn(street.rings, 'green')
  return (awaited & phase.conflicts) !== 0 && mayEndEarly(street, active, ring, phase) ? 'priority' : reason
}

/** After the rings have decided: what has ended early (113, 117), and whether a green is being lengthened (114). */
export function notePriority({ priority, rings, maximums, coordinator }: PriorityStreet, emit: EmitEvent): void {
  const { active } = priority
  if (active === null) return
  let savedMs = 0
  for (const ring of rings) {
    if (ring.phase === null || !hasJustEndedEarly(ring)) continue
    if (!priority.endedEarly) emit(EVENT.priorityEarlyGreen, active.number)
    priority.endedEarly = true
    emit(EVENT.priorityEndsGreen, active.number)
    if (coordinator.plan === null) savedMs = Math.max(savedMs, maximumMs(maximums, ring.phase) - ring.maxMs)
  }
  priority.reductionMs -= savedMs
  priority.extends = keepsWaiting(priority, active, rings)
  priority.holds = false
  if (!priority.extends || priority.extended) return
  priority.extended = true
  emit(EVENT.priorityExtendGreen, active.number)
}

const hasJustEndedEarly = ({ termination, interval, elapsedMs }: Ring): boolean =>
  termination === 'priority' && interval === 'yellow' && elapsedMs === 0

function hold(priority: Priority, reason: Termination): Termination {
  if (priority.extensionMs <= 0) return reason
  priority.holds = true
  return 'none'
}

/** The extension runs only while somebody waits: a green that would rest anyway costs nothing. */
function keepsWaiting({ holds }: Priority, { phases }: PriorityLayout, rings: readonly Ring[]): boolean {
  if (!holds) return false
  for (const { phase, maxRuns } of rings) if (phase !== null && maxRuns && (phase.bit & phases) !== 0) return true
  return false
}

/** Time that is given to the vehicle makes all turns after it in this cycle as much later. */
function spendExtension(priority: Priority, { plan, lateMs }: Coordinator, elapsedMs: number): void {
  if (!priority.extends) return
  priority.extends = false
  priority.extensionMs -= elapsedMs
  if (plan === null) return
  for (let ring = 0; ring < lateMs.length; ring++) lateMs[ring] = at(lateMs, ring) + elapsedMs
}

/** Free: as soon as no more than the reduction is left of its maximum. */
function mayEndEarly(
  { priority, coordinator, maximums }: PriorityStreet,
  active: PriorityLayout,
  ring: Ring,
  phase: PhaseLayout,
): boolean {
  const { plan } = coordinator
  if (plan !== null) return endsBefore({ coordinator, plan }, active, phase)
  return ring.maxRuns && maximumMs(maximums, phase) - ring.maxMs <= priority.reductionMs
}

/**
 * In a plan a green may end at most the whole reduction before its force-off: so the vehicle's own turn, which follows, is
 * early by no more. The coordinated greens, and those after the vehicle's turn, are left alone.
 */
function endsBefore(
  { coordinator, plan }: { readonly coordinator: Coordinator; readonly plan: PlanLayout },
  { phases, facts }: PriorityLayout,
  phase: PhaseLayout,
): boolean {
  if ((plan.coordinated & phase.bit) !== 0) return false
  const { forceOffMs } = at(plan.windows, phase.number)
  const leftMs = forceOffMs - sinceYieldMs(coordinator, phase.ring)
  if (leftMs > facts.maxReductionMs) return false
  for (let bits = phases; bits !== 0; bits &= bits - 1)
    if (at(plan.windows, lowestOf(bits)).startMs < forceOffMs) return false
  return true
}

function countCycles(priority: Priority, { plan, cycles }: Coordinator, elapsedMs: number): void {
  if (plan === null) priority.freeMs += elapsedMs
  const passed = plan === null ? priority.freeMs >= FREE_CYCLE_MS : at(cycles, 0) !== priority.cycle
  priority.cycle = at(cycles, 0)
  if (!passed) return
  priority.freeMs = 0
  countCycle(priority.calls)
}

function startService({ priority, layout, coordinator }: PriorityStreet, next: PriorityLayout, emit: EmitEvent): void {
  const { plan } = coordinator
  const { maxExtensionMs, maxReductionMs } = next.facts
  priority.active = next
  priority.extensionMs =
    plan === null ? maxExtensionMs : Math.min(maxExtensionMs, spareAfterMs(next.phases, plan, layout))
  priority.reductionMs = maxReductionMs
  priority.holds = false
  priority.extends = false
  priority.shown = false
  priority.endedEarly = false
  priority.extended = false
  emit(EVENT.priorityServiceStart, next.number)
}

/** The vehicle is gone, or given up, a preempt breaks in, or the green that was there for it has ended. */
function isOver(priority: Priority, active: PriorityLayout, barred: boolean, rings: readonly Ring[]): boolean {
  const green = (phasesIn(rings, 'green') & active.phases) !== 0
  const wasShown = priority.shown
  priority.shown = green
  return barred || (wasShown && !green) || (checkedIn(priority.calls) & active.bit) === 0
}

/** Only a service that took something from others makes the next one wait. */
function endService(priority: Priority, { number, facts }: PriorityLayout, emit: EmitEvent): void {
  priority.active = null
  priority.freeMs = 0
  if (priority.endedEarly || priority.extended) priority.calls.restCycles[number] = facts.reserviceCycles
  emit(EVENT.priorityServiceEnd, number)
}
