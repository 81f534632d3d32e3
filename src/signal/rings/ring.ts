/** One ring: the phase that it runs, the intervals of that phase in their order, and the timers of its green. */
import type { Bits } from '#base/bits.ts'
import { invariant } from '#base/invariant.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import type { PhaseLayout } from '../layout.ts'
import type { Interval, Termination } from '../status.ts'

/** Pedestrian service inside a green; `none` also when it is over. */
type PedestrianInterval = 'none' | 'walk' | 'clearance'

export interface Ring {
  /** The phase on; null while the ring rests in red. */
  phase: PhaseLayout | null
  interval: Interval
  elapsedMs: number
  /** What is left of the gap that vehicles may leave; 0 when gapped out. */
  passageMs: number
  /** Runs from the first conflicting call. */
  maxMs: number
  maxRuns: boolean
  minServed: boolean
  pedestrians: PedestrianInterval
  pedestrianMs: number
  /** Why the green may end now, or did end; `none` while it may not. */
  mayEnd: Termination
  termination: Termination
  /** The decision: the phase that the ring has committed itself to serve next. */
  next: PhaseLayout | null
  /** The phase served last, for overlaps that bridge two phases and for the red before the same phase comes again. */
  previous: PhaseLayout | null
  sinceYellowMs: number
  /** Last phase of the ring in this visit of the barrier group, 0 = none yet. */
  position: number
  /** The ring's count of yield points when its phase began. */
  begunInCycle: number
}

/**
 * Red that a driver must see between a yellow and the next green of the same head; without it a yellow that turns
 * green again reads as a broken lamp. NEMA TS 2 3.5.3.1 "red revert" has 2 s as its least value.
 */
export const RED_REVERT_MS = 2_000

export function createRing(): Ring {
  return {
    phase: null,
    interval: 'rest',
    elapsedMs: 0,
    passageMs: 0,
    maxMs: 0,
    maxRuns: false,
    minServed: false,
    pedestrians: 'none',
    pedestrianMs: 0,
    mayEnd: 'none',
    termination: 'none',
    next: null,
    previous: null,
    sinceYellowMs: RED_REVERT_MS,
    position: 0,
    begunInCycle: 0,
  }
}

/** Lets `elapsedMs` pass: intervals that are over give way to the next one. A green ends by `endGreen` only. */
export function advanceRing(ring: Ring, elapsedMs: number, emit: EmitEvent): void {
  ring.elapsedMs += elapsedMs
  if (ring.interval !== 'green' && ring.interval !== 'yellow') ring.sinceYellowMs += elapsedMs
  const { phase } = ring
  if (phase === null) return
  if (ring.interval === 'green') advanceGreen(ring, phase, elapsedMs, emit)
  else if (ring.interval === 'redAmber' && ring.elapsedMs >= phase.timing.redAmberMs) beginGreen(ring, phase, emit)
  else if (ring.interval === 'yellow' && ring.elapsedMs >= phase.timing.yellowMs) endYellow(ring, phase, emit)
  if (ring.interval === 'redClear' && ring.elapsedMs >= phase.timing.redClearMs) endRedClear(ring, phase, emit)
}

/** Starts the ring's next phase, which must be allowed to start. */
export function beginPhase(ring: Ring, phase: PhaseLayout, emit: EmitEvent): void {
  ring.phase = phase
  ring.next = null
  ring.position = phase.number
  ring.termination = 'none'
  ring.mayEnd = 'none'
  emit(EVENT.phaseOn, phase.number)
  if (phase.timing.redAmberMs === 0) return beginGreen(ring, phase, emit)
  enter(ring, 'redAmber')
  emit(EVENT.redAmber, phase.number)
}

/** Serves pedestrians in the green that runs: walk, then clearance; the green lasts at least as long. */
export function beginWalk(ring: Ring, phase: PhaseLayout, emit: EmitEvent): void {
  ring.pedestrians = 'walk'
  ring.pedestrianMs = 0
  emit(EVENT.walk, phase.number)
}

const TERMINATION_EVENT = {
  gapOut: EVENT.gapOut,
  maxOut: EVENT.maxOut,
  forceOff: EVENT.forceOff,
  preempt: EVENT.forceOff,
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

/** True once minimum green, walk and pedestrian clearance are served: before that nothing ends a green. */
export function minimumsServed(ring: Ring): boolean {
  return ring.interval === 'green' && ring.minServed && ring.pedestrians === 'none'
}

/** The phases of all rings that are in that interval. */
export function phasesIn(rings: readonly Ring[], interval: Interval): Bits {
  let bits = 0
  for (const ring of rings) if (ring.phase !== null && ring.interval === interval) bits |= ring.phase.bit
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

function beginGreen(ring: Ring, phase: PhaseLayout, emit: EmitEvent): void {
  enter(ring, 'green')
  ring.passageMs = phase.timing.passageMs
  ring.maxMs = 0
  ring.maxRuns = false
  ring.minServed = false
  ring.pedestrians = 'none'
  emit(EVENT.beginGreen, phase.number)
}

function advanceGreen(ring: Ring, phase: PhaseLayout, elapsedMs: number, emit: EmitEvent): void {
  if (ring.maxRuns) ring.maxMs += elapsedMs
  if (!ring.minServed && ring.elapsedMs >= phase.timing.minGreenMs) {
    ring.minServed = true
    emit(EVENT.minComplete, phase.number)
  }
  ring.pedestrianMs += elapsedMs
  if (ring.pedestrians === 'walk' && ring.pedestrianMs >= phase.timing.walkMs) {
    ring.pedestrians = 'clearance'
    ring.pedestrianMs = 0
    emit(EVENT.pedClear, phase.number)
  } else if (ring.pedestrians === 'clearance' && ring.pedestrianMs >= phase.timing.pedClearMs) {
    ring.pedestrians = 'none'
    emit(EVENT.dontWalk, phase.number)
  }
}

function endYellow(ring: Ring, phase: PhaseLayout, emit: EmitEvent): void {
  emit(EVENT.endYellow, phase.number)
  enter(ring, 'redClear')
  ring.sinceYellowMs = 0
  emit(EVENT.beginRedClear, phase.number)
}

function endRedClear(ring: Ring, phase: PhaseLayout, emit: EmitEvent): void {
  emit(EVENT.endRedClear, phase.number)
  emit(EVENT.phaseInactive, phase.number)
  ring.phase = null
  ring.previous = phase
  enter(ring, 'rest')
}
