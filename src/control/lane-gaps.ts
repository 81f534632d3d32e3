/** Gap-out lane by lane: a controller that joins the lanes of a phase waits for a gap in all of them at once; this does not. */
import { at } from '#base/at.ts'
import { hasBit, listBits, withBit, type Bits } from '#base/bits.ts'
import { phaseConflicts } from '#signal/conflicts.ts'
import type { Phase } from '#signal/phase.ts'
import type { SignalStatus } from '#signal/status.ts'
import type { IntersectionView } from '#signal/view.ts'
import { presenceDetectors } from './forwarded-calls.ts'

/** A detector of a phase that is green. */
export interface LaneGap {
  readonly detector: number
  /** Since when it has seen nobody in this green. */
  readonly quietSinceMonoMs: number
  /** It has had its gap in this green. */
  readonly gapped: boolean
}

export type GapMemory = readonly LaneGap[]

export const NO_GAPS_YET: GapMemory = []

/** Notes who has been quiet for the passage time of its phase; forgets a phase when its green ends. */
export function watchGaps(view: IntersectionView, signal: SignalStatus, memory: GapMemory): GapMemory {
  const gaps: LaneGap[] = []
  for (const { id: phase, timing } of view.intersection.phases) {
    if (!hasBit(signal.greens, phase)) continue
    for (const { id } of presenceDetectors(view.intersection, phase)) {
      const reading = view.detectors.get(id)
      if (reading?.quality !== 'good') continue
      const before = gapOf(memory, id)
      const sinceMs = reading.value.occupied ? view.nowMonoMs : (before?.quietSinceMonoMs ?? view.nowMonoMs)
      const gapped = before?.gapped || view.nowMonoMs - sinceMs >= timing.passageMs
      const isSame = before?.quietSinceMonoMs === sinceMs && before.gapped === gapped
      gaps.push(isSame ? before : { detector: id, quietSinceMonoMs: sinceMs, gapped })
    }
  }
  return gaps
}

/** Of the few that are watched in a green. */
export function gapOf(gaps: GapMemory, detector: number): LaneGap | undefined {
  for (const gap of gaps) if (gap.detector === detector) return gap
  return undefined
}

/**
 * The green phases to force off: minimum served, no pedestrian on the crossing, each lane has had its gap, and a phase
 * that cannot run beside it is called. Across a barrier all rings end together (NEMA TS 2 simultaneous gap-out).
 */
export function gappedPhases(view: IntersectionView, signal: SignalStatus, gaps: GapMemory): Bits {
  const calls = (signal.vehicleCalls | signal.pedestrianCalls) >>> 0
  const conflicts = phaseConflicts(view.intersection)
  const green = greenPhases(view, signal)
  const ready = green.filter((phase) => isReady(view, signal, { phase, gaps }))
  const allReady = ready.length === green.length
  let forced: Bits = 0
  for (const phase of ready) {
    const waiting = listBits((calls & at(conflicts, phase.id)) >>> 0)
    const beyondBarrier = waiting.some((number) => barrierOf(view, number) !== phase.barrier)
    const besideIt = waiting.some((number) => barrierOf(view, number) === phase.barrier)
    if (besideIt || (beyondBarrier && allReady)) forced = withBit(forced, phase.id)
  }
  return forced
}

function isReady(view: IntersectionView, signal: SignalStatus, of: { phase: Phase; gaps: GapMemory }) {
  const { phase, gaps } = of
  const ring = signal.rings.find((each) => each.phase === phase.id && each.interval === 'green')
  if (!ring || ring.elapsedMs < phase.timing.minGreenMs) return false
  if (hasBit(signal.walks | signal.pedClears, phase.id)) return false
  const lanes = presenceDetectors(view.intersection, phase.id)
  return lanes.length > 0 && lanes.every(({ id }) => gapOf(gaps, id)?.gapped)
}

const greenPhases = (view: IntersectionView, signal: SignalStatus): readonly Phase[] =>
  view.intersection.phases.filter(({ id }) => hasBit(signal.greens, id))

const barrierOf = (view: IntersectionView, phase: number): number | undefined =>
  view.intersection.phases.find(({ id }) => id === phase)?.barrier
