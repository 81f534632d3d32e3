/** Gap-out lane by lane: a controller that joins the lanes of a phase waits for a gap in all of them at once; this does not. */
import { at } from '#base/at.ts'
import { hasBit, listBits, withBit, type Bits } from '#base/bits.ts'
import { phaseConflicts } from '#signal/conflicts.ts'
import type { Phase } from '#signal/phase.ts'
import type { SignalStatus } from '#signal/status.ts'
import type { IntersectionView } from '#signal/view.ts'
import { presenceDetectors } from './forwarded-calls.ts'

/** By detector number, for the detectors of phases that are green. */
export interface GapMemory {
  /** Since when the detector has seen nobody in this green. */
  readonly quietSinceMonoMs: Readonly<Record<number, number>>
  /** Detectors that have had their gap in this green. */
  readonly gapped: readonly number[]
}

export const NO_GAPS_YET: GapMemory = { quietSinceMonoMs: {}, gapped: [] }

/** Notes who has been quiet for the passage time of its phase; forgets a phase when its green ends. */
export function watchGaps(view: IntersectionView, signal: SignalStatus, memory: GapMemory): GapMemory {
  const quietSinceMonoMs: Record<number, number> = {}
  const gapped: number[] = []
  for (const phase of view.intersection.phases) {
    if (!hasBit(signal.greens, phase.id)) continue
    for (const { id } of presenceDetectors(view.intersection, phase.id)) {
      const reading = view.detectors.get(id)
      if (reading?.quality !== 'good') continue
      const sinceMs = reading.value.occupied ? view.nowMonoMs : (memory.quietSinceMonoMs[id] ?? view.nowMonoMs)
      quietSinceMonoMs[id] = sinceMs
      const quietMs = view.nowMonoMs - sinceMs
      if (memory.gapped.includes(id) || quietMs >= phase.timing.passageMs) gapped.push(id)
    }
  }
  return { quietSinceMonoMs, gapped }
}

/**
 * The green phases to force off: minimum served, no pedestrian on the crossing, each lane has had its gap, and a phase
 * that cannot run beside it is called. Across a barrier all rings end together (NEMA TS 2 simultaneous gap-out).
 */
export function gappedPhases(view: IntersectionView, signal: SignalStatus, gaps: GapMemory): Bits {
  const calls = (signal.vehicleCalls | signal.pedestrianCalls) >>> 0
  const conflicts = phaseConflicts(view.intersection)
  const green = greenPhases(view, signal)
  const ready = green.filter((phase) => isReady(view, signal, { phase, gapped: gaps.gapped }))
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

function isReady(view: IntersectionView, signal: SignalStatus, of: { phase: Phase; gapped: readonly number[] }) {
  const { phase, gapped } = of
  const ring = signal.rings.find((each) => each.phase === phase.id && each.interval === 'green')
  if (!ring || ring.elapsedMs < phase.timing.minGreenMs) return false
  if (hasBit(signal.walks | signal.pedClears, phase.id)) return false
  const lanes = presenceDetectors(view.intersection, phase.id)
  return lanes.length > 0 && lanes.every(({ id }) => gapped.includes(id))
}

const greenPhases = (view: IntersectionView, signal: SignalStatus): readonly Phase[] =>
  view.intersection.phases.filter(({ id }) => hasBit(signal.greens, id))

const barrierOf = (view: IntersectionView, phase: number): number | undefined =>
  view.intersection.phases.find(({ id }) => id === phase)?.barrier
