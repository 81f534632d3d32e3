/** The why line: what keeps the green that is shown, or what ends it, in a code and its numbers. */
import { hasBit, type Bits } from '#base/bits.ts'
import type { DetectorId, PatternId } from '#base/id.ts'
import { phaseConflicts } from '#signal/conflicts.ts'
import type { Phase } from '#signal/phase.ts'
import type { RingStatus, SignalStatus } from '#signal/status.ts'
import { waitMs } from '#signal/coordination/plan-windows.ts'
import type { TimingPlan } from '#signal/timing-plan.ts'
import type { IntersectionView } from '#signal/view.ts'
import { forceOffPointMs } from './force-off.ts'
import { presenceDetectors, type ForwardedCalls } from './forwarded-calls.ts'
import type { GapMemory } from './lane-gaps.ts'
import type { Reason } from './strategy.ts'

export interface Circumstances {
  readonly view: IntersectionView
  readonly gaps: GapMemory
  readonly forceOff: Bits
  readonly recalls: ForwardedCalls['recalls']
  /** null when free. */
  readonly plan: TimingPlan | null
}

/** In a plan: the transition towards it, the coordinated green, or what any other green is doing. */
export function explainPlan(pattern: PatternId, of: Omit<Circumstances, 'plan'>): Reason {
  const plan = of.view.plans.find((each) => each.pattern === pattern) ?? null
  if (!plan || of.view.signal.quality !== 'good') return explainGreen({ ...of, plan })
  const { coordination, greens } = of.view.signal.value
  const { cycleMs, localCycleMs, transition } = coordination
  if (coordination.pattern !== pattern || transition !== 'inStep') {
    return { code: 'PLAN_BY_SCHEDULE', numbers: { pattern, cycleMs, localCycleMs } }
  }
  const phase = plan.coordinatedPhases.find((each) => hasBit(greens, each))
  if (phase === undefined) return explainGreen({ ...of, plan })
  const yieldMs = forceOffPointMs(of.view, plan, phase) ?? 0
  return { code: 'COORDINATED_GREEN', phase, numbers: { localCycleMs, yieldMs, cycleMs } }
}

/** Looks at the ring whose green has run longest, for that is the one people ask about. */
export function explainGreen(of: Circumstances): Reason {
  if (of.view.signal.quality !== 'good') return nothingKnown(of.view)
  const signal = of.view.signal.value
  const rings = signal.rings.toSorted((a, b) => b.elapsedMs - a.elapsedMs)
  const green = rings.find(({ interval }) => interval === 'green')
  const phase = of.view.intersection.phases.find(({ id }) => id === green?.phase)
  if (!green || !phase) return explainChange(rings)
  return explainPhase(of, signal, { ring: green, phase })
}

const nothingKnown = (view: IntersectionView): Reason => ({
  code: 'IMAGE_NOT_FRESH',
  numbers: { ageMs: view.signal.quality === 'stale' ? view.signal.ageMs : -1 },
})

function explainChange(rings: readonly RingStatus[]): Reason {
  const ending = rings.find(({ phase, interval }) => phase > 0 && interval !== 'rest')
  if (!ending) return { code: 'RESTING', numbers: {} }
  return { code: 'CHANGING', phase: ending.phase, numbers: { elapsedMs: ending.elapsedMs } }
}

function explainPhase(of: Circumstances, signal: SignalStatus, green: { ring: RingStatus; phase: Phase }): Reason {
  const { elapsedMs } = green.ring
  const { id: phase, timing } = green.phase
  if (hasBit(of.forceOff, phase)) return { code: 'LANES_HAVE_GAPPED', phase, numbers: { elapsedMs } }
  if (hasBit(signal.walks | signal.pedClears, phase)) {
    return { code: 'CLEARING_PEDESTRIANS', phase, numbers: { elapsedMs, clearMs: timing.walkMs + timing.pedClearMs } }
  }
  if (elapsedMs < timing.minGreenMs) {
    return { code: 'SERVING_CALL', phase, numbers: { elapsedMs, minMs: timing.minGreenMs } }
  }
  const recall = of.recalls.find((each) => each.phase === phase)
  if (recall) return { code: 'DETECTOR_ON_RECALL', phase, numbers: { detector: recall.detector } }
  const conflicting = phaseConflicts(of.view.intersection)[phase] ?? 0
  if (((signal.vehicleCalls | signal.pedestrianCalls) & conflicting) === 0)
    return { code: 'RESTING', phase, numbers: {} }
  return explainExtension(of, green)
}

/** Past its minimum, with somebody waiting elsewhere: a vehicle extends it, or the gap timer runs. */
function explainExtension(of: Circumstances, { ring, phase }: { ring: RingStatus; phase: Phase }): Reason {
  const { id, timing } = phase
  const { elapsedMs } = ring
  const limits = { elapsedMs, maxMs: timing.max1Ms, ...forceOffIn(of, id) }
  const lanes = presenceDetectors(of.view.intersection, id)
  const extending = lanes.find((detector) => isOccupied(of.view, detector.id))
  if (extending) {
    return { code: 'EXTENDING_FOR_VEHICLE', phase: id, numbers: { ...limits, detector: extending.id } }
  }
  const gapsMs = lanes.map((lane) => of.view.nowMonoMs - (of.gaps.quietSinceMonoMs[lane.id] ?? of.view.nowMonoMs))
  const gapMs = Math.min(elapsedMs, ...gapsMs)
  return { code: 'WAITING_FOR_GAP', phase: id, numbers: { ...limits, gapMs, passageMs: timing.passageMs } }
}

function isOccupied(view: IntersectionView, id: DetectorId): boolean {
  const reading = view.detectors.get(id)
  return reading?.quality === 'good' && reading.value.occupied
}

/** Only in a plan that is in step: when free, or on the way to its offset, the maximum is all that is known. */
function forceOffIn({ plan, view }: Circumstances, phase: number) {
  if (!plan || view.signal.quality !== 'good') return {}
  const pointMs = forceOffPointMs(view, plan, phase)
  if (pointMs === null) return {}
  return { forceOffInMs: waitMs(view.signal.value.coordination.localCycleMs, pointMs, plan.cycleMs) }
}
