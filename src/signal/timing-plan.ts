/** Coordination plans: cycle, offset and splits; and the pattern numbers that stand for something else. */
import { patternId, type PatternId, type PhaseId } from '#base/id.ts'

/** NTCIP 1202 systemPatternControl: numbers that are no plan. */
export const PATTERN_STANDBY = patternId(0) // The controller's own schedule decides.
export const PATTERN_FREE = patternId(254)
export const PATTERN_FLASH = patternId(255)

/** NTCIP 1202 2.5.9 splitMode: what a plan changes about a phase while it runs. */
export type SplitMode =
  | 'none'
  | 'minimumRecall'
  | 'maximumRecall'
  | 'pedestrianRecall'
  | 'maximumAndPedestrianRecall'
  | 'omitted'

/**
 * How a plan runs, beyond its times (NTCIP 1202 2.5 coordination).
 * - `offsetReference`: what happens at local zero: the barrier before the coordinated phases (their group begins), the
 *   start of the first coordinated green, or of the first coordinated yellow (the yield point).
 * - `forceOff`: a `fixed` force-off gives the time that a phase left over to the next one; a `floating` one to the
 *   coordinated phases, for no phase may run longer than its own split.
 * - `permissiveMs`: a phase may begin as long as its minimum fits before its force-off (automatic), or only when the
 *   yield point is at most this long ago (ms by phase; others are automatic).
 * - `coordinatedActuatedMs`: the last part of the coordinated green, before the yield point, in which it may gap out; 0 = none.
 * - `pedestrianOverrun`: people who need more than the split are served when they push (`serve`: the local timer stands
 *   still until they are across, and comes back into step by transition), or every split holds them (`fit`).
 * - `transition`: the way back into step, and the most cycles that it may take. What the minimums do not allow to gain in
 *   them is lost instead, and what is to be lost is lost as fast as they ask for. `dwell` rests in the coordinated green.
 * - `maximum`: which maximum ends greens beside the force-off, as in free operation; `inhibit` = none.
 */
export interface PlanOptions {
  readonly offsetReference: 'barrier' | 'startOfGreen' | 'startOfYellow'
  readonly forceOff: 'fixed' | 'floating'
  readonly permissiveMs: ReadonlyMap<PhaseId, number>
  readonly coordinatedActuatedMs: number
  readonly pedestrianOverrun: 'serve' | 'fit'
  readonly transition: { readonly way: 'shortest' | 'add' | 'subtract' | 'dwell'; readonly cyclesMost: number }
  readonly maximum: 'inhibit' | 'max1' | 'max2'
}

export interface TimingPlan {
  readonly pattern: PatternId
  /** Key of the plan across the site, such as `am_peak`. */
  readonly key: string
  readonly cycleMs: number
  /** Local zero (see `offsetReference`) after the master zero (midnight of the schedule's time zone), 0 ≤ offset < cycle. */
  readonly offsetMs: number
  /** Red-amber + green + yellow + red clearance of each phase of the sequence. */
  readonly splitsMs: ReadonlyMap<PhaseId, number>
  /** Of the phases that are not named: none. An omitted phase has the split 0. */
  readonly splitModes: ReadonlyMap<PhaseId, SplitMode>
  /** At most one per ring; their green ends at the yield point only. */
  readonly coordinatedPhases: readonly PhaseId[]
  /** Number of the phase sequence. */
  readonly sequence: number
  readonly options: PlanOptions
}

/** How a plan runs of which nothing is said. */
export const PLAIN_PLAN: PlanOptions = {
  offsetReference: 'barrier',
  forceOff: 'fixed',
  permissiveMs: new Map(),
  coordinatedActuatedMs: 0,
  pedestrianOverrun: 'serve',
  transition: { way: 'shortest', cyclesMost: 5 },
  maximum: 'inhibit',
}
