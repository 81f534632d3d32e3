/** A believable live state of any intersection at any instant, by its plan alone: for pages, without simulator or wire. */
import { bitsOf } from '#base/bits.ts'
import type { IntersectionConfig } from '#config/site.ts'
import type { LiveState } from '#contract/messages.ts'
import type { Lane } from '#signal/intersection.ts'
import type { Phase } from '#signal/phase.ts'
import type { TimingPlan } from '#signal/timing-plan.ts'

interface Active {
  readonly phase: Phase
  readonly elapsedMs: number
  readonly interval: 'green' | 'yellow' | 'redClear'
  readonly intervalMs: number
}

/** Fixed time by the plan: the same instant always gives the same picture. */
export function pictureOf(config: IntersectionConfig, epochMs: number, planKey = 'midday'): LiveState {
  const { intersection, plans } = config.database
  const plan = plans.find(({ key }) => key === planKey) ?? plans[0]
  if (!plan) throw new Error(`${intersection.id} has no plan`)
  const localCycleMs = (epochMs - plan.offsetMs) % plan.cycleMs
  const active = activePhases(config, plan, localCycleMs)
  const greens = active.filter(({ interval }) => interval === 'green')
  const greenIds = greens.map(({ phase }) => phase.id)
  const yellowIds = active.filter(({ interval }) => interval === 'yellow').map(({ phase }) => phase.id)
  const walking = greens.filter(({ phase, elapsedMs }) => elapsedMs < phase.timing.walkMs)
  const clearing = greens.filter(
    ({ phase, elapsedMs }) =>
      elapsedMs >= phase.timing.walkMs && elapsedMs < phase.timing.walkMs + phase.timing.pedClearMs,
  )
  const overlapsOf = (ids: readonly number[]) =>
    bitsOf(intersection.overlaps.filter(({ included }) => included.some((id) => ids.includes(id))).map(({ id }) => id))
  const waiting = intersection.phases.filter(({ id }) => !greenIds.includes(id) && chance(id, epochMs, 9_000) > 0.35)
  const lanes = intersection.approaches.flatMap((approach) => approach.lanes)
  const coordinated = greens.find(({ phase }) => plan.coordinatedPhases.includes(phase.id)) ?? greens[0]
  return {
    v: 1,
    intersection: intersection.id,
    sampledAtEpochMs: epochMs,
    mode: 'coordinated',
    flash: 'none',
    alarms: [],
    plan: plan.key,
    why: coordinated ? whyOf(coordinated, plan, localCycleMs) : null,
    ladder: null,
    signal: {
      greens: bitsOf(greenIds),
      yellows: bitsOf(yellowIds),
      redAmbers: 0,
      walks: bitsOf(walking.map(({ phase }) => phase.id)),
      pedClears: bitsOf(clearing.map(({ phase }) => phase.id)),
      vehicleCalls: bitsOf(waiting.map(({ id }) => id)),
      pedestrianCalls: bitsOf(
        waiting.filter(({ timing, id }) => timing.walkMs > 0 && id % 4 === 0).map(({ id }) => id),
      ),
      nexts: 0,
      overlapGreens: overlapsOf(greenIds),
      overlapYellows: 0,
      overlapFlashes: 0,
      rings: active.map(({ phase, interval, intervalMs }) => ({
        phase: phase.id,
        interval,
        elapsedMs: intervalMs,
        termination: 'none',
      })),
      pattern: plan.pattern,
      cycleMs: plan.cycleMs,
      localCycleMs,
      offsetMs: plan.offsetMs,
      transition: 'inStep',
      preempt: { number: 0, state: 'none', calls: 0, priorityCalls: 0, priorityActive: 0 },
    },
    detectors: intersection.detectors.map(({ id }) => ({
      id,
      quality: 'good',
      occupied: chance(id * 31, epochMs, 1_500) > 0.6,
    })),
    queues: lanes.map((lane, index) => ({ lane: lane.id, vehicles: queueOf(lane, index, greenIds, epochMs) })),
    doorOpen: false,
    mainsPower: true,
    clockDriftMs: 40,
  }
}

/** Each ring follows its sequence from the zero of the cycle; barriers meet because the splits do. */
function activePhases({ database }: IntersectionConfig, plan: TimingPlan, localCycleMs: number): Active[] {
  const { intersection } = database
  const sequence = intersection.sequences.find(({ number }) => number === plan.sequence) ?? intersection.sequences[0]
  return (sequence?.rings ?? []).flatMap((ring) => {
    let startMs = 0
    for (const id of ring) {
      const splitMs = plan.splitsMs.get(id) ?? 0
      const phase = intersection.phases.find((each) => each.id === id)
      if (phase && localCycleMs >= startMs && localCycleMs < startMs + splitMs)
        return [activeOf(phase, localCycleMs - startMs, splitMs)]
      startMs += splitMs
    }
    return []
  })
}

function activeOf(phase: Phase, elapsedMs: number, splitMs: number): Active {
  const yellowAtMs = splitMs - phase.timing.yellowMs - phase.timing.redClearMs
  const clearAtMs = splitMs - phase.timing.redClearMs
  if (elapsedMs < yellowAtMs) return { phase, elapsedMs, interval: 'green', intervalMs: elapsedMs }
  if (elapsedMs < clearAtMs) return { phase, elapsedMs, interval: 'yellow', intervalMs: elapsedMs - yellowAtMs }
  return { phase, elapsedMs, interval: 'redClear', intervalMs: elapsedMs - clearAtMs }
}

function whyOf({ phase }: Active, plan: TimingPlan, localCycleMs: number): LiveState['why'] {
  const yieldMs = Math.min(plan.cycleMs, localCycleMs + 12_400)
  return { code: 'COORDINATED_GREEN', phase: phase.id, numbers: { localCycleMs, yieldMs, cycleMs: plan.cycleMs } }
}

function queueOf(lane: Lane, index: number, greens: readonly number[], epochMs: number): number {
  const served = !('overlap' in lane.head) && greens.includes(lane.head.phase)
  return served ? 0 : Math.floor(chance(index * 7, epochMs, 20_000) * 8)
}

/** 0 … 1, constant for the period: a small integer hash, so that a picture can be repeated. */
function chance(seed: number, epochMs: number, periodMs: number): number {
  let hash = Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(Math.floor(epochMs / periodMs), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return ((hash ^ (hash >>> 13)) >>> 0) / 0x1_0000_0000
}
