/** One ring: the phase that it runs, the intervals of that phase in their order, and the timers of its green. */
import { at } from '#base/at.ts'
import type { Bits } from '#base/bits.ts'
import { invariant } from '#base/invariant.ts'
import { NUMBERED } from '../conflicts.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import type { PhaseLayout } from '../layout.ts'
import type { Interval, Termination } from '../status.ts'
import { advancePedestrians, beginWalk, mayClearInYellow, type PedestrianService } from './pedestrians.ts'

export interface Ring extends PedestrianService {
  /** The phase on; null while the ring rests in red. */
  phase: PhaseLayout | null
  interval: Interval
  elapsedMs: number
  /** Since the last vehicle of the green left its detector; 0 while one is there. */
  gapMs: number
  /** Its vehicles come within the gap that they are allowed. */
  extended: boolean
  /** They do not, or did not, and it is not extended again. */
  gappedOut: boolean
  /** Gap reduction. */
  reduction: 'none' | 'runs' | 'over'
  /** Runs from the first conflicting call. */
  maxMs: number
  maxRuns: boolean
  minServed: boolean
  /** The green that the vehicles which have waited need; at least the minimum. */
  initialMs: number
  initialServed: boolean
  /** Why the green may end now, or did end; `none` while it may not. */
  mayEnd: Termination
  termination: Termination
  /** The decision: the phase that the ring has committed itself to serve next. */
  next: PhaseLayout | null
  /** The phase served last, for overlaps that bridge two phases. */
  previous: PhaseLayout | null
  /** Time that the ring has run, and by phase number what it was when the last yellow of the phase ended. */
  clockMs: number
  readonly yellowEndedMs: number[]
  /** Phases of the barrier group that the ring may still serve in this visit, in its order. */
  ahead: Bits
  /** The ring's count of yield points when its phase began. */
  begunInCycle: number
}

export function createRing(): Ring {
  return {
    phase: null,
    interval: 'rest',
    elapsedMs: 0,
    gapMs: 0,
    extended: false,
    gappedOut: false,
    reduction: 'none',
    maxMs: 0,
    maxRuns: false,
    minServed: false,
    initialMs: 0,
    initialServed: false,
    pedestrians: 'none',
    pedestrianMs: 0,
    walkRests: false,
    mayEnd: 'none',
    termination: 'none',
    next: null,
    previous: null,
    clockMs: 0,
    yellowEndedMs: Array.from({ length: NUMBERED }, () => -Infinity),
    ahead: 0,
    begunInCycle: 0,
  }
}

/** Lets `elapsedMs` pass: intervals that are over give way to the next one. A green ends by `endGreen` only. */
export function advanceRing(ring: Ring, elapsedMs: number, emit: EmitEvent): void {
  ring.elapsedMs += elapsedMs
  ring.clockMs += elapsedMs
  const { phase } = ring
  if (phase === null) return
  advancePedestrians(ring, phase, elapsedMs, emit)
  if (ring.interval === 'green') advanceGreen(ring, phase, elapsedMs, emit)
  else if (ring.interval === 'leadingPed' && ring.elapsedMs >= phase.timing.leadingPedMs)
    beginVehicles(ring, phase, emit)
  else if (ring.interval === 'redAmber' && ring.elapsedMs >= phase.timing.redAmberMs) beginGreen(ring, phase, emit)
  else if (ring.interval === 'yellow' && ring.elapsedMs >= phase.timing.yellowMs) endYellow(ring, phase, emit)
  if (ring.interval === 'redClear' && ring.elapsedMs >= phase.timing.redClearMs) endRedClear(ring, phase, emit)
}

/** Starts the ring's next phase, which must be allowed to start: with its vehicles, or with a walk that leads them. */
export function beginPhase(ring: Ring, phase: PhaseLayout, leadingPed: boolean, emit: EmitEvent): void {
  ring.phase = phase
  ring.next = null
  ring.termination = 'none'
  ring.mayEnd = 'none'
  emit(EVENT.phaseOn, phase.number)
  if (!leadingPed) return beginVehicles(ring, phase, emit)
  enter(ring, 'leadingPed')
  beginWalk(ring, phase, emit)
}

const TERMINATION_EVENT = {
  gapOut: EVENT.gapOut,
  maxOut: EVENT.maxOut,
  forceOff: EVENT.forceOff,
  preempt: EVENT.preemptForceOff,
  priority: EVENT.priorityForceOff,
} as const satisfies Record<Exclude<Termination, 'none'>, number>

/** Ends a green that may end, for the reason found. */
export function endGreen(ring: Ring, phase: PhaseLayout, emit: EmitEvent): void {
  const reason = ring.mayEnd
  invariant(reason !== 'none', 'a green ends for a reason')
  ring.termination = reason
  ring.mayEnd = 'none'
  emit(TERMINATION_EVENT[reason], phase.number)
  emit(EVENT.greenTermination, phase.number)
  enter(ring, 'yellow')
  emit(EVENT.beginYellow, phase.number)
}

/**
 * True once initial green, walk and what must be over of the pedestrian clearance are served: before that nothing ends a
 * green. A preempt that breaks in leaves it its minimum green at most, or less (`entry`).
 */
export function minimumsServed(ring: Ring, entry?: { readonly minGreenMs: number }): boolean {
  const { phase, interval, elapsedMs, minServed, initialServed } = ring
  if (phase === null || interval !== 'green' || !mayClearInYellow(ring, phase)) return false
  return initialServed || (entry !== undefined && (minServed || elapsedMs >= entry.minGreenMs))
}

/**
 * True once the red after its last yellow has lasted: a yellow that turns green again reads as a broken lamp (NEMA TS 2
 * 3.5.3.1 "red revert"), whoever was served meanwhile.
 */
export const isReverted = ({ clockMs, yellowEndedMs }: Ring, { number, timing }: PhaseLayout): boolean =>
  clockMs - at(yellowEndedMs, number) >= timing.redRevertMs

/** The phases of all rings that are in that interval. */
export function phasesIn(rings: readonly Ring[], interval: Interval): Bits {
  let bits = 0
  for (const ring of rings) if (ring.phase !== null && ring.interval === interval) bits |= ring.phase.bit
  return bits >>> 0
}

/** The phases that are on, up to the end of their green: nobody waits for them. */
export function servedPhases(rings: readonly Ring[]): Bits {
  let bits = 0
  for (const { phase, interval } of rings)
    if (phase !== null && interval !== 'yellow' && interval !== 'redClear') bits |= phase.bit
  return bits >>> 0
}

/** The phases whose walk is on. */
export function walksIn(rings: readonly Ring[]): Bits {
  let bits = 0
  for (const ring of rings) if (ring.phase !== null && ring.pedestrians === 'walk') bits |= ring.phase.bit
  return bits >>> 0
}

function enter(ring: Ring, interval: Interval): void {
  ring.interval = interval
  ring.elapsedMs = 0
}

function beginVehicles(ring: Ring, phase: PhaseLayout, emit: EmitEvent): void {
  if (phase.timing.redAmberMs === 0) return beginGreen(ring, phase, emit)
  enter(ring, 'redAmber')
  emit(EVENT.redAmber, phase.number)
}

function beginGreen(ring: Ring, phase: PhaseLayout, emit: EmitEvent): void {
  enter(ring, 'green')
  ring.gapMs = 0
  ring.extended = true
  ring.gappedOut = false
  ring.reduction = 'none'
  ring.maxMs = 0
  ring.maxRuns = false
  ring.minServed = false
  ring.initialMs = phase.timing.minGreenMs
  ring.initialServed = false
  emit(EVENT.beginGreen, phase.number)
}

function advanceGreen(ring: Ring, phase: PhaseLayout, elapsedMs: number, emit: EmitEvent): void {
  if (ring.maxRuns) ring.maxMs += elapsedMs
  if (ring.initialServed) return
  if (!ring.minServed && ring.elapsedMs >= phase.timing.minGreenMs) {
    ring.minServed = true
    emit(EVENT.minComplete, phase.number)
  }
  if (ring.elapsedMs < ring.initialMs) return
  ring.initialServed = true
  if (phase.timing.addedInitialMs > 0) emit(EVENT.initialComplete, phase.number)
}

function endYellow(ring: Ring, phase: PhaseLayout, emit: EmitEvent): void {
  emit(EVENT.endYellow, phase.number)
  enter(ring, 'redClear')
  ring.yellowEndedMs[phase.number] = ring.clockMs
  emit(EVENT.beginRedClear, phase.number)
}

function endRedClear(ring: Ring, phase: PhaseLayout, emit: EmitEvent): void {
  emit(EVENT.endRedClear, phase.number)
  emit(EVENT.phaseInactive, phase.number)
  ring.phase = null
  ring.previous = phase
  enter(ring, 'rest')
}
