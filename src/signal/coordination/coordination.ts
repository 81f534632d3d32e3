/** The coordinator: a local cycle timer in step with the clock, the plan that it runs, and what it logs of both. */
import { at } from '#base/at.ts'
import { bit, type Bits } from '#base/bits.ts'
import type { PatternId } from '#base/id.ts'
import { localDayAt, type LocalDay } from '../calendar/schedule-clock.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import type { Transition } from '../status.ts'
import { PATTERN_FREE } from '../timing-plan.ts'
import { waitMs, type PlanLayout } from './plan-windows.ts'
import { noShift, timerAdvanceMs, type Shift } from './transition.ts'

export interface Coordinator {
  readonly plans: readonly PlanLayout[]
  readonly timeZone: string
  /** In effect; null while free. */
  plan: PlanLayout | null
  localMs: number
  transition: Transition
  readonly shift: Shift
  /** The timer stands still: people who overrun their split are still on the crossing. */
  stands: boolean
  /** Master zero is the local midnight of this day. */
  day: LocalDay
  /** By ring index: counts begun so far (see `PlanLayout.yieldsMs`). */
  readonly cycles: number[]
  /** By ring index: where the local cycle stands in the ring's count, ms; while a plan is in effect. */
  readonly positionsMs: number[]
  /** Rings whose count began in this step; ring 1 is bit 0. */
  yielded: Bits
  /** By ring index: time of the count that runs which transit priority has given away; turns begin later by so much. */
  readonly lateMs: number[]
  /** False before the first pattern is in effect. */
  started: boolean
  /** Waited when the ring's last count began, and since. */
  vehiclesSinceYield: Bits
  pedestriansSinceYield: Bits
  /** Waited for more than a whole cycle: are served at the next chance, whatever their window says. */
  overdueVehicles: Bits
  overduePedestrians: Bits
}

/** Event 150, coordination cycle state. */
const CYCLE_STATE = {
  free: 0,
  inStep: 1,
  add: 2,
  subtract: 3,
  dwell: 4,
  localZero: 5,
  pickUp: 6,
  masterZero: 7,
} as const

/** Event 132 has one byte; event 156 tells a longer cycle. */
const CYCLE_S_MOST = 255

const NO_DAY: LocalDay = { startEpochMs: 0, endEpochMs: 0 }

export function createCoordinator(plans: readonly PlanLayout[], timeZone: string, ringCount: number): Coordinator {
  return {
    plans,
    timeZone,
    plan: null,
    localMs: 0,
    transition: 'free',
    shift: noShift(),
    stands: false,
    day: NO_DAY,
    cycles: Array.from({ length: ringCount }, () => 0),
    positionsMs: Array.from({ length: ringCount }, () => 0),
    yielded: 0,
    lateMs: Array.from({ length: ringCount }, () => 0),
    started: false,
    vehiclesSinceYield: 0,
    pedestriansSinceYield: 0,
    overdueVehicles: 0,
    overduePedestrians: 0,
  }
}

/**
 * Lets `elapsedMs` pass. A change to free, and from free to a plan, is taken at once: both leave every green its
 * minimum. From plan to plan it is taken at the barrier before the coordinated phases, and the offset is then sought by
 * the new plan's way.
 */
export function advanceCoordinator(
  coordinator: Coordinator,
  { epochMs, pattern }: { readonly epochMs: number; readonly pattern: PatternId },
  elapsedMs: number,
  emit: EmitEvent,
): void {
  coordinator.yielded = 0
  const asked = planOf(coordinator, pattern)
  const { plan, transition } = coordinator
  if (!coordinator.started || plan === null || asked === null) {
    if (!coordinator.started || plan !== asked) pickUp(coordinator, asked, epochMs, emit)
    return
  }
  const masterMs = waitMs(0, sinceMidnightMs(coordinator, epochMs), plan.cycleMs)
  if (masterMs < elapsedMs) emit(EVENT.cycleState, CYCLE_STATE.masterZero)
  const idealMs = waitMs(plan.offsetMs, masterMs, plan.cycleMs)
  const advanceMs = timerAdvanceMs(coordinator, plan, { idealMs, elapsedMs })
  if (coordinator.transition !== transition) emit(EVENT.cycleState, CYCLE_STATE[coordinator.transition])
  const fromMs = coordinator.localMs
  advanceCycle(coordinator, plan, advanceMs, emit)
  if (asked === plan) return
  const pastBarrierMs = advanceMs - untilMs(plan, fromMs, plan.barrierMs)
  if (pastBarrierMs >= 0) changePlan(coordinator, asked, pastBarrierMs, emit)
}

/** null for free, and for a pattern that is no plan of the database. */
function planOf({ plan, plans }: Coordinator, pattern: PatternId): PlanLayout | null {
  if (plan !== null && plan.pattern === pattern) return plan
  for (const candidate of plans) if (candidate.pattern === pattern) return candidate
  return null
}

/** From free the timer jumps: greens that stand beside their window end as soon as they may. */
function pickUp(coordinator: Coordinator, plan: PlanLayout | null, epochMs: number, emit: EmitEvent): void {
  coordinator.started = true
  takeEffect(coordinator, plan, emit)
  const idealMs = plan === null ? 0 : waitMs(plan.offsetMs, sinceMidnightMs(coordinator, epochMs), plan.cycleMs)
  setTimer(coordinator, idealMs)
  coordinator.transition = plan === null ? 'free' : 'inStep'
  if (plan !== null) emit(EVENT.cycleState, CYCLE_STATE.pickUp)
  emit(EVENT.cycleState, CYCLE_STATE[coordinator.transition])
}

/** At the barrier of the one plan stands the barrier of the other, wherever their local zeros are. */
function changePlan(coordinator: Coordinator, plan: PlanLayout, pastBarrierMs: number, emit: EmitEvent): void {
  takeEffect(coordinator, plan, emit)
  setTimer(coordinator, waitMs(0, plan.barrierMs + pastBarrierMs, plan.cycleMs))
}

function setTimer(coordinator: Coordinator, localMs: number): void {
  const { plan, positionsMs } = coordinator
  coordinator.localMs = localMs
  if (plan === null) return
  plan.yieldsMs.forEach((yieldMs, ring) => (positionsMs[ring] = waitMs(yieldMs, localMs, plan.cycleMs)))
}

function advanceCycle(coordinator: Coordinator, plan: PlanLayout, advanceMs: number, emit: EmitEvent): void {
  const { positionsMs } = coordinator
  for (let ring = 0; ring < plan.yieldsMs.length; ring++) {
    const positionMs = at(positionsMs, ring) + advanceMs
    positionsMs[ring] = positionMs < plan.cycleMs ? positionMs : positionMs - plan.cycleMs
    if (positionMs < plan.cycleMs) continue
    coordinator.yielded |= bit(ring + 1)
    coordinator.lateMs[ring] = 0
    coordinator.cycles[ring] = at(coordinator.cycles, ring) + 1
    const coordinated = at(plan.coordinatedOfRing, ring)
    if (coordinated !== 0) emit(EVENT.yieldPoint, coordinated)
  }
  coordinator.localMs += advanceMs
  if (coordinator.localMs < plan.cycleMs) return
  coordinator.localMs -= plan.cycleMs
  emit(EVENT.cycleState, CYCLE_STATE.localZero)
}

/** Until that local cycle time comes next; a whole cycle where it is now. */
const untilMs = ({ cycleMs }: PlanLayout, fromMs: number, toMs: number): number =>
  waitMs(fromMs, toMs, cycleMs) || cycleMs

/** The master timer: time since the midnight that began this local day. */
function sinceMidnightMs(coordinator: Coordinator, epochMs: number): number {
  const { startEpochMs, endEpochMs } = coordinator.day
  if (epochMs < startEpochMs || epochMs >= endEpochMs) coordinator.day = localDayAt(coordinator.timeZone, epochMs)
  return (epochMs - coordinator.day.startEpochMs) | 0 // Less than 2^31, and integers divide much faster than doubles.
}

function takeEffect(coordinator: Coordinator, plan: PlanLayout | null, emit: EmitEvent): void {
  coordinator.plan = plan
  coordinator.shift.way = 'inStep'
  coordinator.stands = false
  emit(EVENT.pattern, plan?.pattern ?? PATTERN_FREE)
  if (plan === null) return
  const cycleS = seconds(plan.cycleMs)
  emit(EVENT.cycleS, Math.min(cycleS, CYCLE_S_MOST))
  if (cycleS > CYCLE_S_MOST) emit(EVENT.longCycleS, cycleS)
  emit(EVENT.offsetS, seconds(plan.offsetMs))
  for (const [phase, splitMs] of plan.splitsMs)
    emit(phase <= 16 ? EVENT.splitS + phase - 1 : EVENT.splitOfPhase17S + phase - 17, seconds(splitMs))
}

const seconds = (ms: number) => Math.round(ms / 1000)
