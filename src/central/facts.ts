/** The facts of the site as the API tells them: geometry for the drawing, plans by name, rows of the list. */
import type { Geometry, IntersectionDetail, IntersectionSummary, PlanView } from '#contract/api.ts'
import type { IntersectionConfig } from '#config/site.ts'
import { listBits } from '#base/bits.ts'
import type { PhaseId } from '#base/id.ts'
import type { LiveState } from '#contract/messages.ts'
import type { HeadSource } from '#signal/heads.ts'
import type { Approach, Intersection } from '#signal/intersection.ts'
import type { Phase } from '#signal/phase.ts'
import type { TimingPlan } from '#signal/timing-plan.ts'
import type { LiveIntersection } from './live-city.ts'

/** Values of a lost intersection are null, empty or unknown: nothing old is ever told as if it were now. */
export function summaryOf(config: IntersectionConfig, live: LiveIntersection): IntersectionSummary {
  const { intersection } = config.database
  const state = live.freshness === 'lost' ? null : live.state
  return {
    id: intersection.id,
    name: intersection.name,
    mode: state?.mode ?? 'unknown',
    plan: state?.plan ?? null,
    flash: state?.flash ?? null,
    preempt: preemptOf(state),
    ageMs: live.ageMs,
    freshness: live.freshness,
    edge: live.edge,
    edgeOnline: live.edgeOnline,
    cycleMs: state?.signal?.cycleMs ?? null,
    localCycleMs: state?.signal?.localCycleMs ?? null,
    greens: state?.signal ? listBits(state.signal.greens) : [],
    phases: intersection.phases.map((phase) => phase.id),
    rings: (intersection.sequences[0]?.rings ?? []).map((ring) => [...ring]),
    preempts: config.database.preempts.map(({ number, name }) => ({ number, name })),
    priorities: config.database.priorities.map(({ number, name }) => ({ number, name })),
  }
}

function preemptOf(state: LiveState | null): IntersectionSummary['preempt'] {
  const { number, state: now } = state?.signal?.preempt ?? { number: 0, state: 'none' as const }
  return number === 0 ? null : { number, state: now }
}

export function detailOf(config: IntersectionConfig, live: LiveIntersection): IntersectionDetail {
  const { intersection, plans } = config.database
  return {
    ...summaryOf(config, live),
    position: { latitude: intersection.latitude, longitude: intersection.longitude },
    geometry: geometryOf(intersection, config.database.unit.flashYellowPhases),
    plans: plans.map(planView),
    state: live.state,
  }
}

function geometryOf(intersection: Intersection, yellowPhases: readonly PhaseId[]): Geometry {
  return {
    phases: intersection.phases.map((phase) => ({
      ...phaseView(phase),
      flashesYellow: yellowPhases.includes(phase.id),
    })),
    overlaps: intersection.overlaps.map(({ id, name, kind, included, modifiers }) => ({
      id,
      name,
      kind,
      included: [...included],
      modifiers: [...modifiers],
      // A group that a side street lights too has to give way to the main one.
      flashesYellow: included.every((phase) => yellowPhases.includes(phase)),
    })),
    approaches: intersection.approaches.map(approachView),
    detectors: intersection.detectors.map(({ id, kind, lanes, setbackM, lengthM, phase }) => ({
      id,
      kind,
      lanes: [...lanes],
      setbackM,
      lengthM,
      phase,
    })),
  }
}

function phaseView({ id, name, ring, barrier, timing, pedClearInYellow }: Phase) {
  const { minGreenMs, max1Ms, passageMs, yellowMs, redClearMs, walkMs, pedClearMs, leadingPedMs } = timing
  const hasPedestrians = walkMs > 0
  return {
    id,
    name,
    ring,
    barrier,
    minGreenMs,
    max1Ms,
    passageMs,
    yellowMs,
    redClearMs,
    walkMs,
    pedClearMs,
    clearInGreenMs: pedClearMs - (pedClearInYellow ? yellowMs : 0),
    hasPedestrians,
    leadingPedMs,
  }
}

function approachView({ id, name, bearingDeg, lengthM, lanes, crosswalk }: Approach): Geometry['approaches'][number] {
  return {
    id,
    name,
    bearingDeg,
    lengthM,
    lanes: lanes.map((lane) => ({
      id: lane.id,
      turns: [...lane.turns],
      lengthM: lane.lengthM,
      head: headView(lane.head),
    })),
    crosswalk: crosswalk && { lengthM: crosswalk.lengthM, phase: crosswalk.phase, ...headView(crosswalk.head) },
  }
}

function headView(head: HeadSource): { kind: string; number: number } {
  return { kind: head.kind, number: 'overlap' in head ? head.overlap : head.phase }
}

function planView({ key, pattern, cycleMs, offsetMs, splitsMs }: TimingPlan): PlanView {
  const splits = [...splitsMs].map(([phase, splitMs]) => [String(phase), splitMs] as const)
  return { key, pattern, cycleMs, offsetMs, splitsMs: Object.fromEntries(splits) }
}
