/** The gap that vehicles may leave between them before their green may end, and how it shrinks while others wait. */
import type { Bits } from '#base/bits.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import type { PhaseLayout } from '../layout.ts'
import { minimumsServed, type Ring } from './ring.ts'

/** Phases with a vehicle at a detector that extends them: now, and at the step before. */
interface Vehicles {
  readonly present: Bits
  readonly wasPresent: Bits
}

/** Lets `elapsedMs` of a green pass. The gap runs from the moment that the last vehicle left its detector. */
export function extendGreen(ring: Ring, vehicles: Vehicles, elapsedMs: number, emit: EmitEvent): void {
  const { phase } = ring
  if (phase === null || ring.interval !== 'green' || ring.elapsedMs === 0) return
  if (phase.timing.timeToReduceMs > 0) noteReduction(ring, phase, emit)
  const present = (vehicles.present & phase.bit) !== 0
  ring.gapMs = present || (vehicles.wasPresent & phase.bit) !== 0 ? 0 : ring.gapMs + elapsedMs
  const wasExtended = ring.extended
  ring.extended = present || ring.gapMs < allowedGapMs(ring, phase)
  if (wasExtended && !ring.extended) emit(EVENT.extensionGapOut, phase.number)
  ring.gappedOut = !ring.extended || (ring.gappedOut && staysGappedOut(ring, phase))
}

/** NTCIP 1202 2.2.2.13–17: passage, until others have waited for the time before reduction; then linearly less. */
function allowedGapMs({ maxMs }: Ring, { timing }: PhaseLayout): number {
  const { passageMs, minGapMs, timeBeforeReductionMs, timeToReduceMs } = timing
  const reducedMs = Math.min(maxMs - timeBeforeReductionMs, timeToReduceMs)
  if (timeToReduceMs === 0 || reducedMs <= 0) return passageMs
  return passageMs - Math.floor(((passageMs - minGapMs) * reducedMs) / timeToReduceMs)
}

/** Codes 15 and 16, once for each time that others begin to wait. */
function noteReduction(ring: Ring, { number, timing }: PhaseLayout, emit: EmitEvent): void {
  const { timeBeforeReductionMs, timeToReduceMs } = timing
  if (!ring.maxRuns) ring.reduction = 'none'
  else if (ring.reduction === 'none' && ring.maxMs >= timeBeforeReductionMs) {
    ring.reduction = 'runs'
    emit(EVENT.gapReduction, number)
  }
  if (ring.reduction === 'runs' && ring.maxMs >= timeBeforeReductionMs + timeToReduceMs) {
    ring.reduction = 'over'
    emit(EVENT.minGapReached, number)
  }
}

/**
 * NTCIP 1202 2.2.2.21 "simultaneous gap disable": a green that was ready to end, and only waits for the other rings at the
 * barrier, is not extended again. Without anybody who waits it rests, and is extended as ever.
 */
const staysGappedOut = (ring: Ring, phase: PhaseLayout): boolean =>
  !phase.simultaneousGapOut && ring.maxRuns && minimumsServed(ring)
