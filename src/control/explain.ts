/** The why line: what keeps the green that is shown, or what ends it, in a code and its numbers. */
import { at } from '#base/at.ts'
import { hasBit, type Bits } from '#base/bits.ts'
import type { DetectorId } from '#base/id.ts'
import { invariant } from '#base/invariant.ts'
import { oncePer } from '#base/once-per.ts'
import { phaseConflicts } from '#signal/conflicts.ts'
import { waitMs } from '#signal/coordination/plan-windows.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { Phase } from '#signal/phase.ts'
import { PREEMPT_STATES, type RingStatus, type SignalStatus } from '#signal/status.ts'
import { PATTERN_FLASH, type TimingPlan } from '#signal/timing-plan.ts'
import type { IntersectionView } from '#signal/view.ts'
import { forceOffPointMs } from './force-off.ts'
import { presenceDetectors, type ForwardedCalls } from './forwarded-calls.ts'
import { gapNumbers, longestGreenMs, omittedBy } from './green-limits.ts'
import { gapOf, type GapMemory } from './lane-gaps.ts'
import type { Scheduled } from './scheduled.ts'
import type { Reason } from './strategy.ts'

export interface Circumstances {
  readonly view: IntersectionView
  readonly gaps: GapMemory
  readonly forceOff: Bits
  readonly recalls: ForwardedCalls['recalls']
  readonly scheduled: Scheduled
}

/** What is explained, by lamps that are known; `plan` is null when free. */
interface Street extends Circumstances {
  readonly signal: SignalStatus
  readonly plan: TimingPlan | null
}

/** In a plan: the transition towards it, the coordinated green, or what any other green is doing. */
export function explainPlan(of: Circumstances): Reason {
  const plan = of.view.plans.find(({ pattern }) => pattern === of.scheduled.pattern) ?? null
  return explain(of, plan, (street) => (plan && explainCoordination(street, plan)) ?? explainGreen(street))
}

/** Free running: what the green is doing that people ask about. */
export const explainFree = (of: Circumstances): Reason => explain(of, null, explainGreen)

/** A choice of the strategy's own, free running. */
export const explainChoice = (of: Circumstances, choice: Reason): Reason => explain(of, null, () => choice)

/** Somebody who breaks in, and the schedule's flash, come before all that a strategy wants. */
function explain(of: Circumstances, plan: TimingPlan | null, otherwise: (street: Street) => Reason): Reason {
  const { signal } = of.view
  if (signal.quality !== 'good') return nothingKnown(of.view)
  return explainPreempt(signal.value) ?? explainFlash(of.scheduled) ?? otherwise({ ...of, signal: signal.value, plan })
}

const nothingKnown = (view: IntersectionView): Reason => ({
  code: 'IMAGE_NOT_FRESH',
  numbers: { ageMs: view.signal.quality === 'stale' ? view.signal.ageMs : -1 },
})

/** A preempt that still waits for its delay has nothing of the street yet. */
function explainPreempt({ preempt: { number, state } }: SignalStatus): Reason | null {
  if (state === 'none' || state === 'delay') return null
  return { code: 'PREEMPT_SERVED', numbers: { preempt: number, state: PREEMPT_STATES.indexOf(state) } }
}

const explainFlash = ({ pattern }: Scheduled): Reason | null =>
  pattern === PATTERN_FLASH ? { code: 'FLASH_BY_SCHEDULE', numbers: {} } : null

function explainCoordination(street: Street, plan: TimingPlan): Reason | null {
  const { coordination, greens } = street.signal
  const { cycleMs, localCycleMs, transition } = coordination
  if (coordination.pattern !== plan.pattern || transition !== 'inStep') {
    return { code: 'PLAN_BY_SCHEDULE', numbers: { pattern: plan.pattern, cycleMs, localCycleMs } }
  }
  const phase = plan.coordinatedPhases.find((each) => hasBit(greens, each))
  if (phase === undefined) return null
  const yieldMs = forceOffPointMs(street.view, plan, phase)
  invariant(yieldMs !== null, 'no plan leaves out its coordinated phases')
  // A vehicle with priority may move the yield point either way.
  return explainPriority(street) ?? { code: 'COORDINATED_GREEN', phase, numbers: { localCycleMs, yieldMs, cycleMs } }
}

/** The lowest strategy that is served: its green goes on for the vehicle, or another ends early for it. */
function explainPriority({ signal, view }: Street): Reason | null {
  const served = view.priorities.find(({ number }) => hasBit(signal.preempt.priorityActive, number))
  if (!served) return null
  const phase = served.phases.find((each) => hasBit(signal.greens, each))
  return { code: 'PRIORITY_SERVED', ...(phase !== undefined && { phase }), numbers: { strategy: served.number } }
}

/** Looks at the ring whose green has run longest, for that is the one people ask about. */
function explainGreen(street: Street): Reason {
  let green: RingStatus | null = null
  for (const ring of street.signal.rings)
    if (ring.interval === 'green' && ring.elapsedMs > (green?.elapsedMs ?? -1)) green = ring
  const phase = phaseOf(street, green?.phase)
  if (green && phase) return explainPhase(street, { ring: green, phase })
  return explainChange(
    street,
    street.signal.rings.toSorted((a, b) => b.elapsedMs - a.elapsedMs),
  )
}

const phaseOf = ({ view }: Street, number: number | undefined): Phase | undefined =>
  number === undefined ? undefined : phasesByNumber(view.intersection)[number]

const phasesByNumber = oncePer(({ phases }: Intersection) => {
  const byNumber: (Phase | undefined)[] = []
  for (const phase of phases) byNumber[phase.id] = phase
  return byNumber
})

/** Nobody has green: a walk leads, somebody ends, somebody is about to begin, or all rest in red. */
function explainChange(street: Street, rings: readonly RingStatus[]): Reason {
  const leading = rings.find(({ interval }) => interval === 'leadingPed')
  const led = phaseOf(street, leading?.phase)
  if (leading && led) {
    const numbers = { elapsedMs: leading.elapsedMs, leadMs: led.timing.leadingPedMs }
    return { code: 'LEADING_WALK', phase: led.id, numbers }
  }
  const ending = rings.find(({ interval }) => interval === 'yellow' || interval === 'redClear')
  if (ending) return { code: 'CHANGING', phase: ending.phase, numbers: { elapsedMs: ending.elapsedMs } }
  const next = phaseOf(street, rings.find(({ interval }) => interval === 'redAmber')?.phase)
  if (!next) return { code: 'RESTING', numbers: {} }
  return { code: 'SERVING_CALL', phase: next.id, numbers: { elapsedMs: 0, minMs: next.timing.minGreenMs } }
}

interface Green {
  readonly ring: RingStatus
  readonly phase: Phase
}

function explainPhase(street: Street, green: Green): Reason {
  const { signal, view } = street
  const { elapsedMs } = green.ring
  const { id: phase, timing } = green.phase
  if (hasBit(street.forceOff, phase)) return { code: 'LANES_HAVE_GAPPED', phase, numbers: { elapsedMs } }
  if (hasBit(signal.walks | signal.pedClears, phase)) {
    return { code: 'CLEARING_PEDESTRIANS', phase, numbers: { elapsedMs, clearMs: timing.walkMs + timing.pedClearMs } }
  }
  if (elapsedMs < timing.minGreenMs) {
    return { code: 'SERVING_CALL', phase, numbers: { elapsedMs, minMs: timing.minGreenMs } }
  }
  const priority = explainPriority(street)
  if (priority) return priority
  const recall = street.recalls.find((each) => each.phase === phase)
  if (recall) return { code: 'DETECTOR_ON_RECALL', phase, numbers: { detector: recall.detector } }
  const conflicting = at(phaseConflicts(view.intersection), phase)
  // Whoever waits for a phase that the plan leaves out ends nobody's green.
  const waiting = (signal.vehicleCalls | signal.pedestrianCalls) & ~omittedBy(street.plan)
  if ((waiting & conflicting) === 0) return { code: 'RESTING', phase, numbers: {} }
  return explainExtension(street, green)
}

/** Past its minimum, with somebody waiting elsewhere: a vehicle extends it, or the gap timer runs. */
function explainExtension(street: Street, { ring, phase }: Green): Reason {
  const { id } = phase
  const { elapsedMs } = ring
  const maxMs = longestGreenMs(phase, street.plan, street.scheduled.maximum)
  const limits = { elapsedMs, ...(maxMs !== null && { maxMs }), ...forceOffIn(street, id) }
  const lanes = presenceDetectors(street.view.intersection, id)
  const extending = lanes.find((detector) => isOccupied(street.view, detector.id))
  if (extending) {
    return { code: 'EXTENDING_FOR_VEHICLE', phase: id, numbers: { ...limits, detector: extending.id } }
  }
  const { nowMonoMs } = street.view
  const gapsMs = lanes.map((lane) => nowMonoMs - (gapOf(street.gaps, lane.id)?.quietSinceMonoMs ?? nowMonoMs))
  const gapMs = Math.min(elapsedMs, ...gapsMs)
  return { code: 'WAITING_FOR_GAP', phase: id, numbers: { ...limits, gapMs, ...gapNumbers(phase) } }
}

function isOccupied(view: IntersectionView, id: DetectorId): boolean {
  const reading = view.detectors.get(id)
  return reading?.quality === 'good' && reading.value.occupied
}

/** Only in a plan that is in step: when free, or on the way to its offset, the maximum is all that is known. */
function forceOffIn({ plan, view, signal }: Street, phase: number) {
  if (!plan) return {}
  const pointMs = forceOffPointMs(view, plan, phase)
  if (pointMs === null) return {}
  return { forceOffInMs: waitMs(signal.coordination.localCycleMs, pointMs, plan.cycleMs) }
}
