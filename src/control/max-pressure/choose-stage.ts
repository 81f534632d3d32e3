/** Which stage comes next, or stays: the one that presses most, but nobody waits beyond the bound. */
import { at } from '#base/at.ts'
import { hasBit, lowestOf, type Bits } from '#base/bits.ts'
import type { AdaptiveLimits } from '#signal/adaptive-limits.ts'
import type { Intersection } from '#signal/intersection.ts'
import { greensToEnd, legalStages } from '#signal/legal-stages.ts'
import type { SignalStatus } from '#signal/status.ts'
import type { IntersectionView } from '#signal/view.ts'
import { maximumMs } from '../green-limits.ts'
import type { Reason } from '../strategy.ts'
import type { Demand } from './demand.ts'
import { newPhase, overdueStages } from './overdue.ts'
import { pressureOf } from './pressure.ts'
import { afterLeastCycle, changeMs, spentPhases, withinMostCycle, type GreenStarts } from './turn-bounds.ts'

export interface PressureOptions {
  /** `cyclic`: only the next stage in the order of the rings for which somebody waits may follow. */
  readonly order: 'free' | 'cyclic'
  /** The longest wait at a stop line, and of people on foot. */
  readonly waitMostMs: number
  readonly walkWaitMostMs: number
  /** Another stage must press so much more than the one that is green. */
  readonly hysteresis: number
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
  readonly options: PressureOptions
}

export interface Choice {
  readonly stage: Bits
  readonly why: Reason
}

/**
 * Lost beside the clearance: 2 s until a queue is at speed (HCM 6 ch. 19), and what the tail of the green that ends would
 * have used. With less, stages follow each other so fast that short streets between lights lock up.
 */
const START_UP_MS = 3_500

/** `stage` is green, each of its minimums is served. */
export function chooseStage(of: Circumstances, stage: Bits): Choice {
  const { view, omitted, demand } = of
  const legal = legalStages(view.intersection, omitted).filter((each) => each !== stage)
  const { stages: allowed, isOver } = withoutSpent(of, stage, withinMostCycle(of, afterLeastCycle(of, legal)))
  const others = inOrder(of, stage, allowed)
  const overdue = overdueStages(of, stage, others)
  const next = mostPressing(of, overdue?.stages ?? others)
  const pressure = pressureOf(demand, stage, 0)
  if (next === null) return { stage, why: holds(of, stage, { pressure, next: 0 }) }
  if (overdue !== null) return { stage: next.stage, why: overdue.why(next.stage) }
  const most = isOver || greenMs(of) >= longestMs(of, stage) ? 0 : (1 + of.options.hysteresis) * pressure
  if (next.pressure <= most) return { stage, why: holds(of, stage, { pressure, next: next.pressure }) }
  const numbers = { pressure: hundredths(next.pressure), left: hundredths(pressure) }
  return { stage: next.stage, why: { code: 'PRESSURE_CHANGES', phase: newPhase(of, next.stage), numbers } }
}

function mostPressing(of: Circumstances, stages: readonly Bits[]): { stage: Bits; pressure: number } | null {
  const ranked = stages
    .map((stage) => ({ stage, pressure: pressureOf(of.demand, stage, lossMs(of, stage)) }))
    .toSorted((a, b) => b.pressure - a.pressure)
  return ranked[0] ?? null
}

/** What a change to the stage costs: the longest clearance of the greens that end, and the start-up of those that begin. */
function lossMs({ view, signal }: Circumstances, stage: Bits): number {
  return START_UP_MS + changeMs({ view }, greensToEnd(view.intersection, signal.greens, stage))
}

/** A green that has had its longest split ends as soon as somebody is there for any stage without it. */
function withoutSpent(of: Circumstances, stage: Bits, stages: readonly Bits[]) {
  const spent = spentPhases(of, stage)
  if (spent === 0) return { stages, isOver: false }
  const wanted = stages.filter((each) => (each & spent) === 0 && pressureOf(of.demand, each, START_UP_MS) > 0)
  return wanted.length > 0 ? { stages: wanted, isOver: true } : { stages, isOver: false }
}

function inOrder(of: Circumstances, stage: Bits, others: readonly Bits[]): readonly Bits[] {
  if (of.options.order === 'free' && of.limits.order === 'free') return others
  const place = placeIn(of.view.intersection)
  const sorted = others.toSorted((a, b) => place(a) - place(b))
  const turned = [...sorted.filter((each) => place(each) > place(stage)), ...sorted]
  return turned.filter((each) => pressureOf(of.demand, each, START_UP_MS) > 0).slice(0, 1)
}

/** By the place of its phases in the sequence, the first ring first. */
function placeIn({ sequences }: Intersection): (stage: Bits) => number {
  const { rings } = at(sequences, 0)
  const base = 1 + Math.max(...rings.map(({ length }) => length))
  return (stage) => rings.reduce((place, ring) => place * base + 1 + ring.findIndex((phase) => hasBit(stage, phase)), 0)
}

/** How long what is green has been. */
export const greenMs = ({ signal }: Circumstances): number =>
  Math.max(0, ...signal.rings.map(({ elapsedMs }) => elapsedMs))

/** The longest of its phases that the controller would allow against somebody who waits. */
function longestMs({ view, maximum }: Circumstances, stage: Bits): number {
  const phases = view.intersection.phases.filter(({ id }) => hasBit(stage, id))
  return Math.max(...phases.map((phase) => maximumMs(phase, maximum)))
}

function holds(of: Circumstances, stage: Bits, { pressure, next }: { pressure: number; next: number }): Reason {
  if (pressure === 0 && next === 0) return { code: 'RESTING', phase: lowestOf(stage), numbers: {} }
  const numbers = { elapsedMs: greenMs(of), pressure: hundredths(pressure), next: hundredths(next) }
  return { code: 'PRESSURE_HOLDS', phase: lowestOf(stage), numbers }
}

const hundredths = (pressure: number): number => Math.round(pressure * 100)
