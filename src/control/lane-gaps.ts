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
  /** Since when it has seen nobody in this green; null while somebody is there. */
  readonly quietSinceMonoMs: number | null
  /** It has had its gap in this green. */
  readonly gapped: boolean
}

export interface GapMemory {
  readonly lanes: readonly LaneGap[]
  /** By what they were found, and the last step at which it was so. */
  readonly detectors: IntersectionView['detectors'] | null
  readonly greens: Bits
  readonly atMonoMs: number
  /** Before, time alone changes nothing. */
  readonly calmUntilMonoMs: number
}

export const NO_GAPS_YET: GapMemory = { lanes: [], detectors: null, greens: 0, atMonoMs: 0, calmUntilMonoMs: 0 }

/** Notes who has been quiet for the passage time of its phase; forgets a phase when its green ends. Most steps find the same again. */
export function watchGaps(view: IntersectionView, { greens }: SignalStatus, memory: GapMemory): GapMemory {
  const { detectors, nowMonoMs: atMonoMs } = view
  const isSame = memory.detectors === detectors && memory.greens === greens
  if (isSame && atMonoMs < memory.calmUntilMonoMs) return { ...memory, atMonoMs }
  const lanes: LaneGap[] = []
  let calmUntilMonoMs = Infinity
  for (const { id: phase, timing } of view.intersection.phases) {
    if (!hasBit(greens, phase)) continue
    for (const { id } of presenceDetectors(view.intersection, phase)) {
      const reading = detectors.get(id)
      if (reading?.quality !== 'good') continue
      const { occupied } = reading.value
      const gap = gapNow(id, { occupied, passageMs: timing.passageMs, atMonoMs }, memory)
      lanes.push(gap)
      if (gap.quietSinceMonoMs !== null && !gap.gapped)
        calmUntilMonoMs = Math.min(calmUntilMonoMs, gap.quietSinceMonoMs + timing.passageMs)
    }
  }
  return { lanes, detectors, greens, atMonoMs, calmUntilMonoMs }
}

interface Presence {
  readonly occupied: boolean
  readonly passageMs: number
  readonly atMonoMs: number
}

/** A lane that was occupied at the last step has been quiet since then. */
function gapNow(detector: number, { occupied, passageMs, atMonoMs }: Presence, memory: GapMemory): LaneGap {
  const before = gapOf(memory, detector)
  const sinceMonoMs = before === undefined ? atMonoMs : (before.quietSinceMonoMs ?? memory.atMonoMs)
  const quietMs = occupied ? 0 : atMonoMs - sinceMonoMs
  return {
    detector,
    quietSinceMonoMs: occupied ? null : sinceMonoMs,
    gapped: before?.gapped === true || quietMs >= passageMs,
  }
}

/** Of the few that are watched in a green. */
export function gapOf({ lanes }: GapMemory, detector: number): LaneGap | undefined {
  for (const lane of lanes) if (lane.detector === detector) return lane
  return undefined
}

/**
 * The green phases to force off: minimum served, no pedestrian on the crossing, each lane has had its gap, and a phase
 * that cannot run beside it is called. Across a barrier all rings end together (NEMA TS 2 simultaneous gap-out).
 */
export function gappedPhases(view: IntersectionView, signal: SignalStatus, gaps: GapMemory): Bits {
  const calls = (signal.vehicleCalls | signal.pedestrianCalls) >>> 0
  if (calls === 0 || !gaps.lanes.some(hasGapped)) return 0
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

const hasGapped = ({ gapped }: LaneGap): boolean => gapped

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
