/** Preempts turned into the tables that a controller runs on: which phase each ring shows at each step of a service. */
import { bit, type Bits } from '#base/bits.ts'
import type { PatternId, PhaseId } from '#base/id.ts'
import type { PhaseLayout } from '../layout.ts'
import type { Preempt } from '../preempt.ts'

/** What the rings are to show, and nothing else. */
export interface Goal {
  readonly phases: Bits
  /** Barrier group of the phases; 0 where there is none: all red. */
  readonly barrier: number
  /** By ring index. */
  readonly ofRing: readonly (PhaseLayout | null)[]
}

export interface PreemptLayout {
  readonly number: number
  readonly bit: Bits
  /** 1 = highest. */
  readonly priority: number
  readonly facts: Preempt
  /** null = straight to the dwell. */
  readonly track: Goal | null
  readonly dwell: Goal
  /** null = normal operation goes on from the dwell. */
  readonly exit: Goal | null
  readonly exitPattern: PatternId | null
  /** Bit of the linked preempt, 0 = none. */
  readonly link: Bits
}

/** All red. */
export const NOTHING_GREEN: Goal = { phases: 0, barrier: 0, ofRing: [] }

/** Highest priority first; of equal ones the lower number, as NTCIP 1202 2.7.2.2 preemptControl has it. */
export function layOutPreempts(preempts: readonly Preempt[], phases: readonly PhaseLayout[]): PreemptLayout[] {
  const ranked = preempts.toSorted((a, b) => a.priority - b.priority || a.number - b.number)
  return ranked.map((facts) => ({
    number: facts.number,
    bit: bit(facts.number),
    priority: facts.priority,
    facts,
    track: facts.track === null ? null : goalOf(facts.track.phases, phases),
    dwell: goalOf(facts.dwell.phases, phases),
    exit: facts.exitPhases.length === 0 ? null : goalOf(facts.exitPhases, phases),
    exitPattern: facts.exitPattern,
    link: facts.link === null ? 0 : bit(facts.link),
  }))
}

function goalOf(numbers: readonly PhaseId[], phases: readonly PhaseLayout[]): Goal {
  const chosen = phases.filter(({ number }) => numbers.includes(number))
  const rings = Math.max(0, ...chosen.map(({ ring }) => ring + 1))
  return {
    phases: chosen.reduce((bits, phase) => bits | phase.bit, 0) >>> 0,
    barrier: chosen[0]?.barrier ?? 0,
    ofRing: Array.from({ length: rings }, (_, index) => chosen.find(({ ring }) => ring === index) ?? null),
  }
}
