/** The plain facts of preemption and transit priority: who may break into the sequence, and what he gets. */
import type { PatternId, PhaseId } from '#base/id.ts'
import type { Bilingual } from '#base/text.ts'

/** NTCIP 1202 2.7 preemptTable. Walk and green that are cut still get their entry minimums; clearances are never cut. */
export interface Preempt {
  /** 1–16: bit `number - 1` of every preempt bit field. */
  readonly number: number
  readonly name: Bilingual
  /** 1 = highest. A call of higher priority takes over from one that is served; an equal or lower one waits. */
  readonly priority: number
  /** A call that has begun is served even when it is gone before the entry. */
  readonly locking: boolean
  readonly delayMs: number
  /** From the entry on, served at least this long. */
  readonly minimumDurationMs: number
  /** A call that lasts longer is taken for a broken input and ignored until it drops; 0 = never. */
  readonly maximumPresenceMs: number
  /** After its service a call waits so long before it is served again, so that the street is served in between; 0 = none. */
  readonly lockoutMs: number
  /** What a green that is cut off keeps at least; the phase's own minimum where that is less. */
  readonly entry: { readonly minGreenMs: number; readonly minWalkMs: number }
  /** Clears the tracks (or the way of a fire engine) first; null = straight to the dwell. */
  readonly track: { readonly phases: readonly PhaseId[]; readonly greenMs: number } | null
  /** Green while the call lasts; `walks`: with their pedestrians. Empty phases: all red. */
  readonly dwell: { readonly phases: readonly PhaseId[]; readonly minGreenMs: number; readonly walks: boolean }
  /** Served first after the dwell. */
  readonly exitPhases: readonly PhaseId[]
  /** In effect for the first cycle after it (254 = free); null = what schedule or supervision ask for. */
  readonly exitPattern: PatternId | null
  /** The preempt that follows this one at once; null = none. */
  readonly link: number | null
}

/** Transit signal priority (NTCIP 1211): never skips a phase, never cuts a minimum, leaves coordination in step. */
export interface PriorityStrategy {
  /** 1–16: bit `number - 1` of every priority bit field. */
  readonly number: number
  readonly name: Bilingual
  /** Green for the vehicle that asks; at most one a ring, in one barrier group. */
  readonly phases: readonly PhaseId[]
  /** Green extension: how much longer its green may last. */
  readonly maxExtensionMs: number
  /** Early green: how much of the other greens it may save in a cycle, all together. */
  readonly maxReductionMs: number
  /** Cycles (or, free, minutes) that must pass between two services. */
  readonly reserviceCycles: number
  /** Conditional priority: only for a vehicle that is so many seconds late, or more; 0 = for all. */
  readonly leastLatenessS: number
  /** A call that lasts longer has forgotten to check out. */
  readonly maximumPresenceMs: number
}
