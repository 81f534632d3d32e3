/** Coordination plans: cycle, offset and splits; and the pattern numbers that stand for something else. */
import { patternId, type PatternId, type PhaseId } from '#base/id.ts'

/** NTCIP 1202 systemPatternControl: numbers that are no plan. */
export const PATTERN_STANDBY = patternId(0) // The controller's own schedule decides.
export const PATTERN_FREE = patternId(254)
export const PATTERN_FLASH = patternId(255)

export interface TimingPlan {
  readonly pattern: PatternId
  /** Key of the plan across the site, such as `am_peak`. */
  readonly key: string
  readonly cycleMs: number
  /**
   * Local zero (the barrier before the coordinated phases: their group begins) after the master zero (midnight of the
   * schedule's time zone), 0 ≤ offset < cycle.
   */
  readonly offsetMs: number
  /** Red-amber + green + yellow + red clearance of each phase of the sequence. */
  readonly splitsMs: ReadonlyMap<PhaseId, number>
  /** At most one per ring; their green ends at the yield point only. */
  readonly coordinatedPhases: readonly PhaseId[]
  /** Number of the phase sequence. */
  readonly sequence: number
}
