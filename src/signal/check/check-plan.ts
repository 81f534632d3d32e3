/** Coordination plans that no ring can keep: sums, splits, offsets and coordinated phases that do not fit. */
import { splitOf } from '../coordination/plan-windows.ts'
import { checkOptions } from './check-plan-options.ts'
import { checkSequences } from './check-sequences.ts'
import { checkSplits } from './check-splits.ts'
import type { PlanFault } from './plan-fault.ts'
import type { Intersection } from '../intersection.ts'
import type { Phase, PhaseSequence } from '../phase.ts'
import type { TimingPlan } from '../timing-plan.ts'
import { barrierOrder, layOutTurns, type Turn } from '../rings/turns.ts'

/** Below, two streets cannot both be served; above, nobody believes that the signal works. HCM 6 ch. 19 stays within. */
const CYCLE_MS = { leastMs: 20_000, mostMs: 600_000 } as const

export function checkPlan(plan: TimingPlan, intersection: Intersection): PlanFault[] {
  const sequence = intersection.sequences.find(({ number }) => number === plan.sequence)
  return [
    ...checkCycle(plan),
    ...checkSplits(plan, intersection),
    ...(sequence ? checkTurns(plan, intersection, sequence) : [sequenceUnknown(plan)]),
    ...checkCoordinated(plan, intersection),
    ...checkOptions(plan, intersection),
  ]
}

function* checkCycle({ pattern, cycleMs, offsetMs }: TimingPlan): Generator<PlanFault> {
  const { leastMs, mostMs } = CYCLE_MS
  if (!Number.isInteger(cycleMs) || cycleMs < leastMs || cycleMs > mostMs)
    yield { code: 'CYCLE_OUT_OF_RANGE', pattern, cycleMs, leastMs, mostMs }
  if (!Number.isInteger(offsetMs) || offsetMs < 0 || offsetMs >= cycleMs)
    yield { code: 'OFFSET_OUTSIDE_CYCLE', pattern, offsetMs, cycleMs }
}

const sequenceUnknown = ({ pattern, sequence }: TimingPlan): PlanFault => ({
  code: 'PLAN_SEQUENCE_UNKNOWN',
  pattern,
  sequence,
})

/** Sums are judged once every phase has its split and its place: before that they would only repeat what is missing. */
function checkTurns(plan: TimingPlan, intersection: Intersection, sequence: PhaseSequence): PlanFault[] {
  const { phases, extraConflicts } = intersection
  const { rings } = sequence
  if (phases.some(({ id }) => !plan.splitsMs.has(id))) return []
  if (checkSequences({ ...intersection, sequences: [sequence] }).length > 0) return []
  const known = rings.map((members) => members.flatMap((member) => phases.filter(({ id }) => id === member)))
  const barriers = barrierOrder(known)
  const turns = layOutTurns(known, barriers, ({ id }) => splitOf(plan, id))
  return [
    ...barriers.flatMap((barrier) => [...checkBarrier(plan, barrier, turns)]),
    ...known.flatMap((_, ring) => [...checkRing(plan, ring, groupsOf(barriers, ring, turns))]),
    ...extraConflicts.flatMap(([a, b]) => [...checkConflict(plan, turns, [a, b])]),
  ]
}

const sum = (splitsMs: readonly number[]): number => splitsMs.reduce((total, splitMs) => total + splitMs, 0)

/** Splits by ring index of the phases between two barriers; rings without one there, or with none to serve, are left out. */
function splitsAt(barrier: number, turns: readonly Turn<Phase>[]): [ring: number, splitsMs: number[]][] {
  const rings = [...new Set(turns.map(({ ring }) => ring))]
  return rings.flatMap((ring): [number, number[]][] => {
    const own = turns.filter((turn) => turn.ring === ring && turn.phase.barrier === barrier && turn.splitMs > 0)
    return own.length === 0 ? [] : [[ring, own.map(({ splitMs }) => splitMs)]]
  })
}

function* checkBarrier({ pattern }: TimingPlan, barrier: number, turns: readonly Turn<Phase>[]): Generator<PlanFault> {
  const [first, ...others] = splitsAt(barrier, turns)
  if (first === undefined) return
  const [otherRing, otherSumMs] = [first[0] + 1, sum(first[1])]
  for (const [index, splitsMs] of others) {
    const ring = index + 1
    const sumMs = sum(splitsMs)
    if (sumMs !== otherSumMs)
      yield { code: 'RINGS_UNEQUAL_AT_BARRIER', pattern, barrier, ring, sumMs, otherRing, otherSumMs }
  }
}

/** The splits of a ring; where it has no phase it waits as long as the longest other ring takes. */
function groupsOf(barriers: readonly number[], ring: number, turns: readonly Turn<Phase>[]): number[] {
  return barriers.flatMap((barrier) => {
    const splits = splitsAt(barrier, turns)
    const own = splits.find(([index]) => index === ring)
    return own?.[1] ?? Math.max(0, ...splits.map(([, splitsMs]) => sum(splitsMs)))
  })
}

function* checkRing({ pattern, cycleMs }: TimingPlan, ring: number, splitsMs: readonly number[]): Generator<PlanFault> {
  const sumMs = sum(splitsMs)
  if (sumMs !== cycleMs) yield { code: 'RING_SUM_NOT_CYCLE', pattern, ring: ring + 1, splitsMs, sumMs, cycleMs }
}

function* checkConflict(
  { pattern }: TimingPlan,
  turns: readonly Turn<Phase>[],
  [phase, other]: readonly [number, number],
): Generator<PlanFault> {
  const a = turns.find((turn) => turn.phase.id === phase)
  const b = turns.find((turn) => turn.phase.id === other)
  if (a === undefined || b === undefined || a === b) return
  const overlapMs = Math.min(a.startMs + a.splitMs, b.startMs + b.splitMs) - Math.max(a.startMs, b.startMs)
  if (overlapMs > 0) yield { code: 'SPLITS_OVERLAP_CONFLICT', pattern, phase, other, overlapMs }
}

function* checkCoordinated(plan: TimingPlan, { phases }: Intersection): Generator<PlanFault> {
  const { pattern, coordinatedPhases, splitModes } = plan
  if (coordinatedPhases.length === 0) yield { code: 'NO_COORDINATED_PHASE', pattern }
  const before: Phase[] = []
  for (const phase of coordinatedPhases) {
    const known = phases.find(({ id }) => id === phase)
    if (known === undefined) yield { code: 'COORDINATED_PHASE_UNKNOWN', pattern, phase }
    else {
      if (splitModes.get(phase) === 'omitted') yield { code: 'COORDINATED_PHASE_OMITTED', pattern, phase }
      yield* checkPartner(pattern, known, before)
      before.push(known)
    }
  }
}

function* checkPartner(pattern: number, phase: Phase, before: readonly Phase[]): Generator<PlanFault> {
  const { ring, barrier } = phase
  const inRing = before.find((other) => other.ring === ring)
  if (inRing) yield { code: 'COORDINATED_PHASES_IN_ONE_RING', pattern, ring, phases: [inRing.id, phase.id] }
  const across = before.find((other) => other.barrier !== barrier)
  if (across)
    yield {
      code: 'COORDINATED_PHASES_ACROSS_BARRIER',
      pattern,
      phases: [across.id, phase.id],
      barriers: [across.barrier, barrier],
    }
}
