/** The coordinator: a local cycle timer in step with the clock, and what it lets each phase do at its place in the cycle. */
import { at } from '#base/at.ts'
import type { Bits } from '#base/bits.ts'
import type { PatternId } from '#base/id.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import type { PhaseLayout } from '../layout.ts'
import { waitMs, type PlanLayout } from './plan-windows.ts'
import { localDayAt, type LocalDay } from '../calendar/schedule-clock.ts'
import type { Transition } from '../status.ts'
import { PATTERN_FREE } from '../timing-plan.ts'

export interface Coordinator {
  readonly plans: readonly PlanLayout[]
  readonly timeZone: string
  /** In effect; null while free. */
  plan: PlanLayout | null
  localMs: number
  transition: Transition
  /** Master zero is the local midnight of this day. */
  day: LocalDay
  /** By ring index: yield points passed so far. */
  readonly cycles: number[]
  /** By ring index: true when the yield point was passed in this step. */
  readonly yielded: boolean[]
  /** False before the first pattern is in effect. */
  started: boolean
  /** Waited when the ring's last yield point was passed, and since. */
  vehiclesSinceYield: Bits
  pedestriansSinceYield: Bits
  /** Waited for more than a whole cycle: are served at the next chance, whatever their window says. */
  overdueVehicles: Bits
  overduePedestrians: Bits
}

/** Phases that vehicles and pedestrians wait for. */
export interface Waiting {
  readonly vehicles: Bits
  readonly pedestrians: Bits
}

/** A cycle in transition is at most 120 % of its length: the timer then loses a sixth of the clock's time. */
const LOSS_SHARE = 1 / 6

/** Less is no transition: clocks of a cabinet and its time source differ by so much, and nobody sees it. */
const IN_STEP_MS = 1_000

/** A phase whose turn comes so late still gets its minimum: rings whose clearances differ meet at the barrier that far apart. */
const PERMISSIVE_MARGIN_MS = 3_000

/** Event 150, coordination cycle state. */
const CYCLE_STATE = { free: 0, inStep: 1, add: 2, subtract: 3, dwell: 4, localZero: 5, pickUp: 6 } as const

const NO_DAY: LocalDay = { startEpochMs: 0, endEpochMs: 0 }

export function createCoordinator(plans: readonly PlanLayout[], timeZone: string, ringCount: number): Coordinator {
  return {
    plans,
    timeZone,
    plan: null,
    localMs: 0,
    transition: 'free',
    day: NO_DAY,
    cycles: Array.from({ length: ringCount }, () => 0),
    yielded: Array.from({ length: ringCount }, () => false),
    started: false,
    vehiclesSinceYield: 0,
    pedestriansSinceYield: 0,
    overdueVehicles: 0,
    overduePedestrians: 0,
  }
}

/**
 * Lets `elapsedMs` pass. A change to free, and from free to a plan, is taken at once: both leave every green its
 * minimum. From plan to plan it is taken at local zero, and the offset is then sought by the shortest way.
 */
export function advanceCoordinator(
  coordinator: Coordinator,
  { epochMs, pattern }: { readonly epochMs: number; readonly pattern: PatternId },
  elapsedMs: number,
  emit: EmitEvent,
): void {
  coordinator.yielded.fill(false)
  const asked = planOf(coordinator, pattern)
  const { plan, transition } = coordinator
  if (coordinator.started && plan !== null && asked !== null) {
    const advanceMs = elapsedMs + correctionMs(coordinator, plan, epochMs, elapsedMs)
    if (coordinator.transition !== transition) emit(EVENT.cycleState, CYCLE_STATE[coordinator.transition])
    advanceCycle(coordinator, plan, advanceMs, emit)
    if (coordinator.localMs < plan.cycleMs) return
    coordinator.localMs -= plan.cycleMs
    emit(EVENT.cycleState, CYCLE_STATE.localZero)
    if (asked !== plan) takeEffect(coordinator, asked, emit)
  } else if (!coordinator.started || plan !== asked) pickUp(coordinator, asked, epochMs, emit)
}

/** Position of the local cycle in the ring's own count: ms since the ring's yield point. */
export function sinceYieldMs(coordinator: Coordinator, plan: PlanLayout, ring: number): number {
  return waitMs(at(plan.yieldsMs, ring), coordinator.localMs, plan.cycleMs)
}

/** True where a phase may begin `clearMs` from now: before its window, or while `needMs` of green still fit into it. */
export function fitsWindow(coordinator: Coordinator, phase: PhaseLayout, clearMs: number, needMs: number): boolean {
  const { plan } = coordinator
  if (plan === null) return true
  const { startMs, forceOffMs } = at(plan.windows, phase.number)
  const beginMs = sinceYieldMs(coordinator, plan, phase.ring) + clearMs
  return beginMs <= Math.max(startMs + PERMISSIVE_MARGIN_MS, forceOffMs - phase.timing.redAmberMs - needMs)
}

/** Keeps account of who has waited since the last yield point of his ring, and of who has waited past a whole cycle. */
export function noteWaiting(coordinator: Coordinator, phasesOfRings: readonly Bits[], waiting: Waiting): void {
  if (!coordinator.yielded.includes(true)) return
  const { vehicles, pedestrians } = waiting
  phasesOfRings.forEach((phases, ring) => {
    if (coordinator.yielded[ring] !== true) return
    const merge = (old: Bits, now: Bits) => (old & ~phases) | (now & phases)
    coordinator.overdueVehicles = merge(coordinator.overdueVehicles, coordinator.vehiclesSinceYield & vehicles)
    coordinator.vehiclesSinceYield = merge(coordinator.vehiclesSinceYield, vehicles)
    coordinator.overduePedestrians = merge(
      coordinator.overduePedestrians,
      coordinator.pedestriansSinceYield & pedestrians,
    )
    coordinator.pedestriansSinceYield = merge(coordinator.pedestriansSinceYield, pedestrians)
  })
}

/** Whoever is served now no longer waits. */
export function noteServed(coordinator: Coordinator, greens: Bits, walks: Bits): void {
  coordinator.vehiclesSinceYield &= ~greens
  coordinator.overdueVehicles &= ~greens
  coordinator.pedestriansSinceYield &= ~walks
  coordinator.overduePedestrians &= ~walks
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
  coordinator.localMs = plan === null ? 0 : idealLocalMs(coordinator, plan, epochMs)
  coordinator.transition = plan === null ? 'free' : 'inStep'
  if (plan !== null) emit(EVENT.cycleState, CYCLE_STATE.pickUp)
  emit(EVENT.cycleState, CYCLE_STATE[coordinator.transition])
}

function advanceCycle(coordinator: Coordinator, plan: PlanLayout, advanceMs: number, emit: EmitEvent): void {
  for (let ring = 0; ring < plan.yieldsMs.length; ring++) {
    const untilMs = waitMs(coordinator.localMs, at(plan.yieldsMs, ring), plan.cycleMs) || plan.cycleMs
    if (advanceMs < untilMs) continue
    coordinator.yielded[ring] = true
    coordinator.cycles[ring] = at(coordinator.cycles, ring) + 1
    const coordinated = at(plan.coordinatedOfRing, ring)
    if (coordinated !== 0) emit(EVENT.yieldPoint, coordinated)
  }
  coordinator.localMs += advanceMs
}

/** What the timer gains (or loses, negative) on the clock in this step, by the way that takes less time. */
function correctionMs(coordinator: Coordinator, plan: PlanLayout, epochMs: number, elapsedMs: number): number {
  const toGainMs = waitMs(coordinator.localMs + elapsedMs, idealLocalMs(coordinator, plan, epochMs), plan.cycleMs)
  if (toGainMs === 0) {
    coordinator.transition = 'inStep'
    return 0
  }
  const toLoseMs = plan.cycleMs - toGainMs
  const gainMs = Math.floor(elapsedMs * plan.gainShare)
  const loseMs = Math.max(1, Math.floor(elapsedMs * LOSS_SHARE))
  const gains = toGainMs / gainMs <= toLoseMs / loseMs
  const unseen = coordinator.transition === 'inStep' && Math.min(toGainMs, toLoseMs) <= IN_STEP_MS
  if (!unseen) coordinator.transition = gains ? 'subtract' : 'add'
  return gains ? Math.min(toGainMs, gainMs) : -Math.min(toLoseMs, loseMs)
}

/** Where the local cycle would be if it had always run in step: master zero is local midnight. */
function idealLocalMs(coordinator: Coordinator, plan: PlanLayout, epochMs: number): number {
  const { startEpochMs, endEpochMs } = coordinator.day
  if (epochMs < startEpochMs || epochMs >= endEpochMs) coordinator.day = localDayAt(coordinator.timeZone, epochMs)
  return waitMs(plan.offsetMs, epochMs - coordinator.day.startEpochMs, plan.cycleMs)
}

function takeEffect(coordinator: Coordinator, plan: PlanLayout | null, emit: EmitEvent): void {
  coordinator.plan = plan
  emit(EVENT.pattern, plan?.pattern ?? PATTERN_FREE)
  if (plan === null) return
  emit(EVENT.cycleS, seconds(plan.cycleMs))
  emit(EVENT.offsetS, seconds(plan.offsetMs))
  for (const [phase, splitMs] of plan.splitsMs)
    emit(phase <= 16 ? EVENT.splitS + phase - 1 : EVENT.splitOfPhase17S + phase - 17, seconds(splitMs))
}

const seconds = (ms: number) => Math.round(ms / 1000)
