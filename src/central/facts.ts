/** The facts of the site as the API tells them: geometry for the drawing, plans by name, rows of the list. */
import type { Geometry, IntersectionDetail, IntersectionSummary, PlanView } from '#contract/api.ts'
import type { IntersectionConfig } from '#config/site.ts'
import { listBits } from '#base/bits.ts'
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
    ageMs: live.ageMs,
    freshness: live.freshness,
    edge: live.edge,
    edgeOnline: live.edgeOnline,
    cycleMs: state?.signal?.cycleMs ?? null,
    localCycleMs: state?.signal?.localCycleMs ?? null,
    greens: state?.signal ? listBits(state.signal.greens) : [],
    phases: intersection.phases.map((phase) => phase.id),
    rings: (intersection.sequences[0]?.rings ?? []).map((ring) => [...ring]),
  }
}

export function detailOf(config: IntersectionConfig, live: LiveIntersection): IntersectionDetail {
  const { intersection, plans } = config.database
  return {
    ...summaryOf(config, live),
    position: { latitude: intersection.latitude, longitude: intersection.longitude },
    geometry: geometryOf(intersection),
    plans: plans.map(planView),
    state: live.state,
  }
}

function geometryOf(intersection: Intersection): Geometry {
  return {
    phases: intersection.phases.map(phaseView),
    overlaps: intersection.overlaps.map(({ id, name, kind, included, modifiers }) => ({
      id,
      name,
      kind,
      included: [...included],
      modifiers: [...modifiers],
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

function phaseView({ id, name, ring, barrier, timing, pedClearInYellow }: Phase): Geometry['phases'][number] {
  const { minGreenMs, max1Ms, passageMs, yellowMs, redClearMs, walkMs, pedClearMs } = timing
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
