/** A timing plan laid out on its cycle: when the turn of each phase begins, and when its green must be over. */
import { at } from '#base/at.ts'
import { bitsOf, hasBit, type Bits } from '#base/bits.ts'
import type { PatternId, PhaseId } from '#base/id.ts'
import { invariant } from '#base/invariant.ts'
import { NUMBERED } from '../conflicts.ts'
import { sequenceOf, type Layout, type PhaseLayout, type SequenceLayout } from '../layout.ts'
import type { Lateness } from '../rings/lateness.ts'
import type { PlanOptions, TimingPlan } from '../timing-plan.ts'
import { layOutTurns, type Turn as TurnOf } from '../rings/turns.ts'
import { leastServiceMs, leastServiceOnFootMs, leastSplitMs } from './least-split.ts'
import { layOutService, type PlanService } from './plan-service.ts'

/**
 * The turn of a phase, in ms of its ring's count, which begins where the coordinated green may first end: so all others
 * have their turns between there and the coordinated phase's own, and none spans the end of the count.
 */
export interface PhaseWindow {
  readonly startMs: number
  /** Fixed force-off: the green must end here, however early it began. */
  readonly forceOffMs: number
  /** Whoever comes later waits for the next cycle: the end of the permissive window for vehicles … */
  readonly latestMs: number
  /** … and for people. */
  readonly latestOnFootMs: number
  /** Floating force-off: the longest green, however late the fixed one is. Infinity where force-offs are fixed. */
  readonly greenMostMs: number
}

export interface PlanLayout {
  readonly pattern: PatternId
  readonly cycleMs: number
  readonly offsetMs: number
  readonly options: PlanOptions
  readonly sequence: SequenceLayout
  readonly coordinated: Bits
  readonly splitsMs: ReadonlyMap<PhaseId, number>
  readonly service: PlanService
  /** The maximum green in effect beside the force-offs; 0 = none. */
  readonly maximum: 0 | 1 | 2
  /** Local cycle time of the barrier before the coordinated phases: there one plan gives way to the next. */
  readonly barrierMs: number
  /** By ring index: local cycle time at which the ring's count begins, `coordinatedActuatedMs` before the yield point. */
  readonly yieldsMs: readonly number[]
  /** By ring index: the coordinated phase, 0 where the ring has none. */
  readonly coordinatedOfRing: readonly number[]
  /** Phases whose turn ends with their ring's count, one a ring: the coordinated phase, else the last one beside it. */
  readonly lasts: Bits
  /** Phases whose people need more than the split: when they push, the street falls out of step for them. */
  readonly oversize: Bits
  /** Local cycle time at which the first coordinated green may end: the timer that dwells stands before it. */
  readonly dwellMs: number
  /** By phase number. */
  readonly windows: readonly PhaseWindow[]
  /** How much faster than the clock the cycle may run at most, without a split below its minimums, 0–1. */
  readonly gainMost: number
}

/** A cycle never runs at more than twice its pace, however much spare time its splits have. */
const GAIN_MOST = 1

const MAXIMUMS = { inhibit: 0, max1: 1, max2: 2 } as const

/** A phase that has no turn in the plan: it is past its force-off whenever it is green. */
const NO_WINDOW: PhaseWindow = { startMs: 0, forceOffMs: 0, latestMs: 0, latestOnFootMs: 0, greenMostMs: Infinity }

/** A phase whose turn comes so late still gets its minimum, whatever its permissive window says. */
const LATE_MS = 3_000

export interface Turn extends TurnOf<PhaseLayout> {
  /** Its change to the next turn: its own clearance, or before a barrier the longest, for there all greens end together. */
  readonly changeMs: number
  /** Where its green must be over. */
  readonly forceOffMs: number
  /** An intergreen, or an overlap, lets it begin so much later when all before it have their turns. */
  readonly beginsLateMs: number
}

/** How long from one local cycle time until the next occurrence of another: 0 ≤ result < cycle. */
export function waitMs(fromMs: number, toMs: number, cycleMs: number): number {
  const differenceMs = toMs - fromMs
  // Nearly all lie within a cycle of each other, and a division is dear in the innermost loops.
  if (differenceMs >= 0 && differenceMs < cycleMs) return differenceMs
  if (differenceMs < 0 && differenceMs >= -cycleMs) return differenceMs + cycleMs
  const restMs = differenceMs % cycleMs
  return restMs < 0 ? restMs + cycleMs : restMs
}

/** Of a plan that has passed its checks: every phase has a split, an omitted one 0. */
export function splitOf({ splitsMs }: Pick<TimingPlan, 'splitsMs'>, phase: PhaseId): number {
  const splitMs = splitsMs.get(phase)
  invariant(splitMs !== undefined, `phase ${phase} has a split`)
  return splitMs
}

export function layOutPlan(plan: TimingPlan, layout: Layout): PlanLayout {
  const { cycleMs, options } = plan
  const sequence = sequenceOf(layout, plan.sequence)
  const service = layOutService(plan, layout)
  const coordinated = bitsOf(plan.coordinatedPhases)
  const turns = turnsOf(plan, layout)
  const main = turns.filter(({ phase }) => hasBit(coordinated, phase.number))
  const zeroMs = referenceMs(plan, main, service)
  const lasts = sequence.rings.map((_, ring) => lastOf(ring, turns, main))
  const endMs = Math.max(...main.map(({ forceOffMs }) => forceOffMs))
  const yieldsMs = lasts.map((last) =>
    waitMs(zeroMs, (last?.forceOffMs ?? endMs) - options.coordinatedActuatedMs, cycleMs),
  )
  const coordinatedOfRing = lasts.map((last) => (last && main.includes(last) ? last.phase.number : 0))
  const firstMs = Math.min(...main.map(({ forceOffMs }) => forceOffMs)) - options.coordinatedActuatedMs
  const windows = Array.from({ length: NUMBERED }, () => NO_WINDOW)
  for (const turn of turns)
    windows[turn.phase.number] = layOutWindow(plan, turn, {
      countMs: at(yieldsMs, turn.phase.ring) + zeroMs,
      last: lasts.includes(turn),
      lateMs: Math.max(LATE_MS, apartMs(turns), turn.beginsLateMs),
    })
  return {
    pattern: plan.pattern,
    cycleMs,
    offsetMs: plan.offsetMs,
    options,
    sequence,
    coordinated,
    splitsMs: plan.splitsMs,
    service,
    maximum: MAXIMUMS[options.maximum],
    barrierMs: waitMs(zeroMs, 0, cycleMs),
    yieldsMs,
    coordinatedOfRing,
    lasts: bitsOf(lasts.flatMap((last) => (last ? [last.phase.number] : []))),
    oversize: bitsOf(
      turns.filter((turn) => !main.includes(turn) && !holdsPeople(turn)).map(({ phase }) => phase.number),
    ),
    dwellMs: waitMs(zeroMs, firstMs, cycleMs),
    windows,
    gainMost: gainMostOf(turns, service),
  }
}

/** The turns of all phases, in ms after the barrier before the coordinated phases; an omitted phase has none. */
export function turnsOf(plan: TimingPlan, layout: Layout): Turn[] {
  const sequence = sequenceOf(layout, plan.sequence)
  const rings = sequence.rings.map(({ groups }) => groups.flat())
  const laidOut = layOutTurns(rings, barriersFrom(plan, sequence), ({ number }) => splitOf(plan, number))
  const turns = laidOut.filter(({ splitMs }) => splitMs > 0)
  const placed = turns.map((turn) => {
    const beside = endsGroup(turn, turns) ? turns.filter((other) => endTogether(turn, other, turns)) : [turn]
    const changeMs = Math.max(...beside.map(({ phase }) => phase.clearanceMs))
    return { ...turn, changeMs, forceOffMs: turn.startMs + turn.splitMs - changeMs }
  })
  return placed.map((turn) => ({
    ...turn,
    beginsLateMs: Math.max(
      0,
      ...layout.latenesses.map((lateness) => lateBeginMs(lateness, { turn, turns: placed, plan })),
    ),
  }))
}

/** What is left of a lateness where the turn begins: from the end of the other green something may have passed. */
export function lateBeginMs(
  { after, phase, lateMs }: Lateness,
  of: { readonly turn: TimedTurn; readonly turns: readonly TimedTurn[]; readonly plan: Pick<TimingPlan, 'cycleMs'> },
): number {
  const before = of.turns.find((turn) => turn.phase.number === after.id)
  if (before === undefined || of.turn.phase.number !== phase.id) return 0
  return lateMs - waitMs(before.forceOffMs + before.phase.clearanceMs, of.turn.startMs, of.plan.cycleMs)
}

type TimedTurn = Omit<Turn, 'beginsLateMs'>
type PlacedTurn = TurnOf<PhaseLayout>

/** The last turn of its ring before a barrier. */
const endsGroup = ({ phase, startMs }: PlacedTurn, turns: readonly PlacedTurn[]): boolean =>
  !turns.some(
    (other) => other.phase.ring === phase.ring && other.phase.barrier === phase.barrier && other.startMs > startMs,
  )

const endTogether = (turn: PlacedTurn, other: PlacedTurn, turns: readonly PlacedTurn[]): boolean =>
  other.phase.barrier === turn.phase.barrier && endsGroup(other, turns)

function barriersFrom(plan: TimingPlan, { barriers, rings }: SequenceLayout): number[] {
  const coordinated = bitsOf(plan.coordinatedPhases)
  const from = barriers.findIndex((barrier) => rings.some((order) => (at(order.bits, barrier) & coordinated) !== 0))
  invariant(from >= 0, 'a plan coordinates a phase of its sequence')
  return [...barriers.slice(from), ...barriers.slice(0, from)]
}

/** Where local zero is, in ms after the barrier before the coordinated phases. */
function referenceMs({ options }: TimingPlan, main: readonly Turn[], { pedestrianRecalled }: PlanService): number {
  if (options.offsetReference === 'startOfYellow') return Math.min(...main.map(({ forceOffMs }) => forceOffMs))
  if (options.offsetReference === 'barrier') return 0
  return Math.min(
    ...main.map(({ phase: { bit, timing }, startMs }) => {
      const leadingPedMs = (bit & pedestrianRecalled) === 0 ? 0 : timing.leadingPedMs
      return startMs + leadingPedMs + timing.redAmberMs
    }),
  )
}

/** The phase with which a ring's count ends: its coordinated one, else the last beside the coordinated phases. */
function lastOf(ring: number, turns: readonly Turn[], main: readonly Turn[]): Turn | undefined {
  const own = turns.filter((turn) => turn.phase.ring === ring)
  return (
    own.find((turn) => main.includes(turn)) ??
    own.findLast(({ phase }) => main.some((turn) => turn.phase.barrier === phase.barrier))
  )
}

/** Where the last phase before a barrier is passed over, rings whose clearances differ come to it that far apart. */
function apartMs(turns: readonly Turn[]): number {
  const barriers = [...new Set(turns.map(({ phase }) => phase.barrier))]
  return barriers.reduce((sumMs, barrier) => {
    const clearances = turns.filter(({ phase }) => phase.barrier === barrier).map(({ phase }) => phase.clearanceMs)
    return sumMs + Math.max(...clearances) - Math.min(...clearances)
  }, 0)
}

/** What the split of a turn must hold where it stands, before a barrier with the longest change of all that end there. */
export const leastTurnMs = ({ phase, changeMs }: Turn, onFoot: boolean): number =>
  leastSplitMs(phase, onFoot) + changeMs - phase.clearanceMs

const holdsPeople = ({ phase, splitMs, changeMs, beginsLateMs }: Turn): boolean =>
  phase.timing.walkMs === 0 || beginsLateMs + leastServiceOnFootMs(phase) <= splitMs - changeMs

function layOutWindow(
  plan: TimingPlan,
  turn: Turn,
  { countMs, last, lateMs }: { readonly countMs: number; readonly last: boolean; readonly lateMs: number },
): PhaseWindow {
  const { cycleMs, options } = plan
  const { phase, splitMs, changeMs } = turn
  const startMs = waitMs(countMs, turn.startMs, cycleMs)
  const forceOffMs = last ? cycleMs + options.coordinatedActuatedMs : waitMs(countMs, turn.forceOffMs, cycleMs)
  const permissiveMs = options.permissiveMs.get(phase.number) ?? Infinity
  const latestMs = (serviceMs: number) =>
    Math.max(startMs + lateMs, Math.min(permissiveMs + options.coordinatedActuatedMs, forceOffMs - serviceMs))
  return {
    startMs,
    forceOffMs,
    latestMs: latestMs(leastServiceMs(phase)),
    latestOnFootMs: latestMs(leastServiceOnFootMs(phase)),
    greenMostMs: options.forceOff === 'floating' ? splitMs - phase.timing.redAmberMs - changeMs : Infinity,
  }
}

/**
 * Clearances keep their length whatever the pace: the one before a turn takes its share of it from the turn, so that the
 * longest of them counts.
 */
function gainMostOf(turns: readonly Turn[], { pedestrianRecalled }: PlanService): number {
  const clearMs = Math.max(...turns.map(({ phase }) => phase.clearanceMs))
  const spare = turns.map((turn) => {
    const leastMs = leastTurnMs(turn, (turn.phase.bit & pedestrianRecalled) !== 0) + turn.beginsLateMs
    return (turn.splitMs - leastMs) / (leastMs - turn.changeMs + clearMs)
  })
  return Math.max(0, Math.min(GAIN_MOST, ...spare))
}
