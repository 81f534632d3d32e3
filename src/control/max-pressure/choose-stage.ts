/** Which stage comes next, or stays: the one that presses most, but nobody waits beyond the bound. */
import { bit, bitsOf, hasBit, lowestOf, type Bits } from '#base/bits.ts'
import type { AdaptiveLimits } from '#signal/adaptive-limits.ts'
import { greensToEnd, phasesPassed } from '#signal/legal-stages.ts'
import type { SignalStatus } from '#signal/status.ts'
import type { IntersectionView } from '#signal/view.ts'
import type { Reason } from '../strategy.ts'
import type { PlannedDepartures } from '../neighbours/outlook-of.ts'
import type { Demand } from './demand.ts'
import { serviceOf } from './lane-service.ts'
import { lapMs, nextStages, waysBy } from './moves.ts'
import { greenMs, isInTurn, longestMs, newPhase, overdueStages } from './overdue.ts'
import { pressureOf } from './pressure.ts'
import { afterLeastCycle, spentPhases, withinMostCycle, type GreenStarts } from './turn-bounds.ts'
import { isSwinging } from './vain-turns.ts'

export interface PressureOptions {
  /** `cyclic`: only the next stage in the order of the rings for which somebody waits may follow. */
  readonly order: 'free' | 'cyclic'
  /** The longest wait at a stop line, and of people on foot. */
  readonly waitMostMs: number
  readonly walkWaitMostMs: number
  /** Another stage must press so much more than the one that is green. */
  readonly hysteresis: number
  /** So many times as much as others do those count at most who stand in a full street that they can leave. */
  readonly reliefMost: number
}

export interface Circumstances {
  readonly view: IntersectionView
  readonly signal: SignalStatus
  readonly omitted: Bits
  readonly demand: Demand
  readonly maximum: 1 | 2
  /** The engineer's, under the plan of the hour. */
  readonly limits: AdaptiveLimits
  readonly starts: GreenStarts
  /** Phases that the controller serves in their turn, whatever is wished. */
  readonly servedAnyway: Bits
  /** By how many turns of which nobody had any good outnumber the others. */
  readonly vainTurns: number
  readonly options: PressureOptions
}

export interface Choice {
  readonly stage: Bits
  readonly why: Reason
  /** Who leaves by the plan that the choice begins; a rule that looks no further has none. */
  readonly planned?: PlannedDepartures
}

/**
 * Lost beside the clearance: 2 s until a queue is at speed (HCM 6 ch. 19), and what the tail of the green that ends would
 * have used. With less, stages follow each other so fast that short streets between lights lock up.
 */
const START_UP_MS = 3_500

/** Beside a strategy that swings another stage must press twice as much as the one that is green. */
const SWINGING_HYSTERESIS = 1

/** `stage` is green, each of its minimums is served. */
export function chooseStage(of: Circumstances, stage: Bits): Choice {
  const { demand } = of
  const { others, isOver } = allowedNext(of, stage)
  const overdue = overdueStages(of, stage, others)
  const isLong = isOver || greenMs(of) >= longestMs(of, stage)
  const mustGo = isLong || overdue?.mayHold === false
  const wanted = overdue?.stages ?? others
  const lapsMs = lapMs(of)
  const best = mostPressing(
    of,
    stage,
    mustGo ? wanted : wanted.filter((each) => !costsALap(of, stage, { next: each, lapsMs })),
  )
  if (best === null) return { stage, why: holds(of, stage, { pressure: pressureOf(demand, stage, 0), next: 0 }) }
  if (overdue !== null) return { stage: best.stage, why: overdue.why(best.stage) }
  const { pressure, left } = best
  const usual = isLong ? 0 : (1 + of.options.hysteresis) * left
  if (pressure <= usual) return { stage, why: holds(of, stage, { pressure: left, next: pressure }) }
  if (!isLong && isSwinging(of) && pressure <= (1 + SWINGING_HYSTERESIS) * left) return calmed(of, stage)
  const numbers = { pressure: hundredths(pressure), left: hundredths(left) }
  return { stage: best.stage, why: { code: 'PRESSURE_CHANGES', phase: newPhase(of, best.stage), numbers } }
}

/** The green goes on, though by what is known another stage would be better. */
export const calmed = (of: Circumstances, stage: Bits): Choice => ({
  stage,
  why: {
    code: 'SWING_DAMPED',
    phase: lowestOf(stage),
    numbers: { elapsedMs: greenMs(of), turns: of.vainTurns },
  },
})

/** What may follow now within the engineer's bounds and in his order; `isOver`: for a green that has had its longest split. */
export function allowedNext(of: Circumstances, stage: Bits) {
  const next = nextStages(of, stage)
  const { stages, isOver } = withoutSpent(of, stage, withinMostCycle(of, afterLeastCycle(of, next)))
  return { others: inOrder(of, stage, stages), isOver }
}

/**
 * Where the rings come back to a green only after a lap, each who still leaves in it saves that lap; each who waits in red
 * loses a second for each second that it lasts. While the former is more the green goes on.
 */
function costsALap(
  of: Circumstances,
  stage: Bits,
  { next, lapsMs }: { readonly next: Bits; readonly lapsMs: number },
): boolean {
  if (!isInTurn(of)) return false
  let leaving = 0
  let waitInRed = 0
  for (const { open, waiting, coming, heldUp, saturationPerS } of of.demand.lanes) {
    const { rate, vehiclesMost } = serviceOf(open, stage, heldUp)
    if (rate === 0) waitInRed += waiting
    if (rate === 0 || serviceOf(open, next, heldUp).rate > 0) continue
    const there = coming.reduce((sum, { inMs, vehicles }) => sum + (inMs < SOON_MS ? vehicles : 0), waiting)
    leaving += Math.min(there, vehiclesMost, (rate * saturationPerS * SOON_MS) / 1_000)
  }
  return (leaving / SOON_MS) * lapsMs > waitInRed
}

/** As long as a few leave one behind the other. */
const SOON_MS = 5_000

interface Pressing {
  readonly stage: Bits
  readonly pressure: number
  /** What presses for the greens that end. */
  readonly left: number
}

/**
 * The stage with which the way begins to what presses most more than what ends for it, the time until it is green
 * included. Who is green before and after, and on the way, presses for neither.
 */
function mostPressing(of: Circumstances, stage: Bits, firsts: readonly Bits[]): Pressing | null {
  const { demand, view } = of
  const ranked = waysBy(of, stage, firsts).map(({ stage: there, first, timeMs }): Pressing => {
    const staying = there === first ? stage & there & ~greensToEnd(view.intersection, stage, there) : 0
    const lanes = demand.lanes.filter(({ open, heldUp }) => serviceOf(open, staying, heldUp).rate === 0)
    const others = { ...demand, lanes }
    return {
      stage: first,
      pressure: pressureOf(others, there, START_UP_MS + timeMs),
      left: pressureOf(others, stage, 0),
    }
  })
  return ranked.toSorted((a, b) => b.pressure - b.left - (a.pressure - a.left))[0] ?? null
}

/** A green that has had its longest split ends as soon as somebody is there for any stage without it. */
function withoutSpent(of: Circumstances, stage: Bits, stages: readonly Bits[]) {
  const spent = spentPhases(of, stage)
  if (spent === 0) return { stages, isOver: false }
  const wanted = stages.filter((each) => (each & spent) === 0 && pressureOf(of.demand, each, START_UP_MS) > 0)
  return wanted.length > 0 ? { stages: wanted, isOver: true } : { stages, isOver: false }
}

/** In an order of the rings nobody who waits is passed over. */
function inOrder(of: Circumstances, stage: Bits, others: readonly Bits[]): readonly Bits[] {
  if (isFree(of)) return others
  const { view, servedAnyway } = of
  const wanted = wantedBeside(of, stage)
  const due = wanted === 0 ? 0 : (wanted | (servedAnyway & ~stage)) >>> 0
  return others.filter(
    (each) => (each & due) !== 0 && (phasesPassed(view.intersection, stage, each) & due & ~each) === 0,
  )
}

const isFree = ({ options, limits }: Circumstances): boolean => options.order === 'free' && limits.order === 'free'

/** Phases for which somebody waits, those of the stage left out. */
const wantedBeside = ({ view, demand }: Circumstances, stage: Bits): Bits =>
  bitsOf(
    view.intersection.phases
      .map(({ id }) => id)
      .filter((id) => !hasBit(stage, id) && pressureOf(demand, bit(id), START_UP_MS) > 0),
  )

/** Phases that a plan made now may not pass over: in an order of the rings also those for which somebody waits. */
export const neverPassed = (of: Circumstances, stage: Bits): Bits =>
  isFree(of) ? of.servedAnyway : (of.servedAnyway | wantedBeside(of, stage)) >>> 0

function holds(of: Circumstances, stage: Bits, { pressure, next }: { pressure: number; next: number }): Reason {
  if (pressure === 0 && next === 0) return { code: 'RESTING', phase: lowestOf(stage), numbers: {} }
  const numbers = { elapsedMs: greenMs(of), pressure: hundredths(pressure), next: hundredths(next) }
  return { code: 'PRESSURE_HOLDS', phase: lowestOf(stage), numbers }
}

const hundredths = (pressure: number): number => Math.round(pressure * 100)
