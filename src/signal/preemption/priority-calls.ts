/** Which transit vehicles are checked in, how late they are, and who of them may be served (NTCIP 1211). */
import { at } from '#base/at.ts'
import { bit, type Bits } from '#base/bits.ts'
import { emitEach, EVENT, type EmitEvent } from '../events.ts'
import type { PhaseLayout } from '../layout.ts'
import type { PriorityStrategy } from '../preempt.ts'

export interface PriorityLayout {
  readonly number: number
  readonly bit: Bits
  readonly phases: Bits
  readonly facts: PriorityStrategy
}

export interface PriorityCalls {
  /** Ascending. */
  readonly layouts: readonly PriorityLayout[]
  /** Checked in, as at the last step. */
  inputs: Bits
  /** Checked in for so long that the check-out must have been missed. */
  forgotten: Bits
  /** By number. */
  readonly presentMs: number[]
  /** By number: cycles (free: minutes) that must pass before it is served again. */
  readonly restCycles: number[]
}

/** What comes in at a step; lateness by number, in s. */
export interface PriorityInputs {
  readonly priorities: Bits
  readonly latenessS: Int16Array
}

/** Strategies 1–16; index 0 is unused. */
const PRIORITY_INDEXES = 17

export function layOutPriorities(
  strategies: readonly PriorityStrategy[],
  phases: readonly PhaseLayout[],
): PriorityLayout[] {
  return strategies
    .toSorted((a, b) => a.number - b.number)
    .map((facts) => ({
      number: facts.number,
      bit: bit(facts.number),
      phases:
        phases.filter(({ number }) => facts.phases.includes(number)).reduce((bits, phase) => bits | phase.bit, 0) >>> 0,
      facts,
    }))
}

export function createPriorityCalls(layouts: readonly PriorityLayout[]): PriorityCalls {
  return {
    layouts,
    inputs: 0,
    forgotten: 0,
    presentMs: Array.from({ length: PRIORITY_INDEXES }, () => 0),
    restCycles: Array.from({ length: PRIORITY_INDEXES }, () => 0),
  }
}

/** Reads check-ins and check-outs (112, 115), and forgets those that never check out. */
export function registerPriorities(calls: PriorityCalls, priorities: Bits, elapsedMs: number, emit: EmitEvent): void {
  const before = calls.inputs
  let known = 0
  for (const layout of calls.layouts) known |= layout.bit
  calls.inputs = (priorities & known) >>> 0
  calls.forgotten &= calls.inputs
  emitEach(calls.inputs & ~before, EVENT.priorityCheckIn, emit)
  emitEach(before & ~calls.inputs, EVENT.priorityCheckOut, emit)
  for (const { bit: own, number, facts } of calls.layouts) {
    calls.presentMs[number] = (before & own) === 0 ? 0 : at(calls.presentMs, number) + elapsedMs
    if (at(calls.presentMs, number) > facts.maximumPresenceMs) calls.forgotten |= calls.inputs & own
  }
}

/** Vehicles that are on their way. */
export const checkedIn = ({ inputs, forgotten }: PriorityCalls): Bits => (inputs & ~forgotten) >>> 0

/** A cycle, or a free minute, has passed. */
export function countCycle(calls: PriorityCalls): void {
  for (const { number } of calls.layouts) calls.restCycles[number] = Math.max(0, at(calls.restCycles, number) - 1)
}

/** The lowest number whose vehicle is on its way, late enough, and whose last service is long enough ago. */
export function nextInTurn(calls: PriorityCalls, latenessS: Int16Array): PriorityLayout | null {
  const bits = checkedIn(calls)
  if (bits === 0) return null
  for (const layout of calls.layouts)
    if ((layout.bit & bits) !== 0 && at(calls.restCycles, layout.number) === 0 && isLate(layout, latenessS))
      return layout
  return null
}

const isLate = ({ number, facts }: PriorityLayout, latenessS: Int16Array): boolean =>
  facts.leastLatenessS === 0 || at(latenessS, number) >= facts.leastLatenessS
