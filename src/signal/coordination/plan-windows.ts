/** A timing plan laid out on its cycle: when the turn of each phase begins, and when its green must be over. */
import { at } from '#base/at.ts'
import { bitsOf, hasBit, type Bits } from '#base/bits.ts'
import type { PatternId, PhaseId } from '#base/id.ts'
import { NUMBERED } from '../conflicts.ts'
import { sequenceOf, type Layout, type PhaseLayout, type SequenceLayout } from '../layout.ts'
import type { TimingPlan } from '../timing-plan.ts'
import { layOutTurns, type Turn as TurnOf } from '../rings/turns.ts'

/**
 * The turn of a phase, in ms after the yield point of its ring: there the coordinated green may end, so that all
 * others have their turns between it and the coordinated phase's own, and none spans the end of the count.
 */
export interface PhaseWindow {
  readonly startMs: number
  /** Fixed force-off: the green must end here, however early it began. */
  readonly forceOffMs: number
}

export interface PlanLayout {
  readonly pattern: PatternId
  readonly cycleMs: number
  readonly offsetMs: number
  readonly sequence: SequenceLayout
  readonly coordinated: Bits
  readonly splitsMs: ReadonlyMap<PhaseId, number>
  /** By ring index: local cycle time of the yield point. */
  readonly yieldsMs: readonly number[]
  /** By ring index: the coordinated phase, 0 where the ring has none. */
  readonly coordinatedOfRing: readonly number[]
  /** By phase number. */
  readonly windows: readonly PhaseWindow[]
  /** How much faster than the clock the cycle may run in transition without a split below its minimums, 0–1. */
  readonly gainShare: number
}

/** A cycle in transition is at least 80 % of its length: a quarter faster than the clock. */
const GAIN_SHARE_MAX = 0.25

const NO_WINDOW: PhaseWindow = { startMs: 0, forceOffMs: 0 }

interface Turn extends TurnOf<PhaseLayout> {
  /** Where its green must be over. */
  readonly forceOffMs: number
}

/** How long from one local cycle time until the next occurrence of another: 0 ≤ result < cycle. */
export function waitMs(fromMs: number, toMs: number, cycleMs: number): number {
  const difference = (toMs - fromMs) % cycleMs
  return difference < 0 ? difference + cycleMs : difference
}

/** Local zero is the barrier at which the group of the coordinated phases begins. */
export function layOutPlan(plan: TimingPlan, layout: Layout): PlanLayout {
  const sequence = sequenceOf(layout, plan.sequence)
  const turns = turnsOf(plan, sequence)
  const coordinated = bitsOf(plan.coordinatedPhases)
  const yieldsMs = sequence.rings.map((_, ring) => yieldOf(plan, turns, ring))
  const windows = Array.from({ length: NUMBERED }, () => NO_WINDOW)
  for (const { phase, startMs, forceOffMs } of turns) {
    const yieldMs = at(yieldsMs, phase.ring)
    windows[phase.number] = {
      startMs: waitMs(yieldMs, startMs, plan.cycleMs),
      forceOffMs: waitMs(yieldMs, forceOffMs, plan.cycleMs) || plan.cycleMs,
    }
  }
  return {
    pattern: plan.pattern,
    cycleMs: plan.cycleMs,
    offsetMs: plan.offsetMs,
    sequence,
    coordinated,
    splitsMs: plan.splitsMs,
    yieldsMs,
    coordinatedOfRing: sequence.rings.map(
      (_, ring) =>
        turns.find(({ phase }) => phase.ring === ring && hasBit(coordinated, phase.number))?.phase.number ?? 0,
    ),
    windows,
    gainShare: gainShareOf(turns),
  }
}

/** The turns of all phases in local cycle time: from the barrier before the coordinated phases on. */
function turnsOf(plan: TimingPlan, sequence: SequenceLayout): Turn[] {
  const rings = sequence.rings.map(({ groups }) => groups.flat())
  const turns = layOutTurns(rings, barriersFrom(plan, sequence), ({ number }) => plan.splitsMs.get(number) ?? 0)
  return turns.map((turn) => ({ ...turn, forceOffMs: turn.startMs + turn.splitMs - turn.phase.clearanceMs }))
}

function barriersFrom(plan: TimingPlan, { barriers, rings }: SequenceLayout): number[] {
  const coordinated = bitsOf(plan.coordinatedPhases)
  const first = barriers.findIndex((barrier) => rings.some((order) => ((order.bits[barrier] ?? 0) & coordinated) !== 0))
  const from = Math.max(0, first)
  return [...barriers.slice(from), ...barriers.slice(0, from)]
}

/** The force-off of the ring's coordinated phase; else of the ring's first phase after any ring's yield point. */
function yieldOf(plan: TimingPlan, turns: readonly Turn[], ring: number): number {
  const coordinated = turns.filter(({ phase }) => plan.coordinatedPhases.includes(phase.number))
  const own = coordinated.find(({ phase }) => phase.ring === ring)
  if (own) return own.forceOffMs
  const firstMs = Math.min(plan.cycleMs, ...coordinated.map(({ forceOffMs }) => forceOffMs))
  const after = turns.filter(({ phase }) => phase.ring === ring).map(({ forceOffMs }) => forceOffMs)
  return after.toSorted((a, b) => waitMs(firstMs, a, plan.cycleMs) - waitMs(firstMs, b, plan.cycleMs))[0] ?? firstMs
}

function gainShareOf(turns: readonly Turn[]): number {
  const spare = turns.map(({ phase, splitMs }) => splitMs / leastSplitMs(phase) - 1)
  return Math.max(0, Math.min(GAIN_SHARE_MAX, ...spare))
}

/** What a split must hold at least. */
function leastSplitMs({ timing, clearanceMs, pedestrianRecall }: PhaseLayout): number {
  const pedestriansMs = pedestrianRecall ? timing.walkMs + timing.pedClearMs : 0
  return timing.redAmberMs + Math.max(timing.minGreenMs, pedestriansMs) + clearanceMs
}
