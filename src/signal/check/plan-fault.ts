/** What makes a coordination plan impossible, each with the facts that explain it. All times in ms. */
import type { SplitMode } from '../timing-plan.ts'

/** `pattern` is the plan's number. */
export type PlanFault =
  | { readonly code: 'PATTERN_NUMBER_INVALID'; readonly pattern: number; readonly most: number }
  | { readonly code: 'PATTERN_TWICE'; readonly pattern: number }
  | { readonly code: 'PLAN_SEQUENCE_UNKNOWN'; readonly pattern: number; readonly sequence: number }
  | {
      readonly code: 'CYCLE_OUT_OF_RANGE'
      readonly pattern: number
      readonly cycleMs: number
      readonly leastMs: number
      readonly mostMs: number
    }
  | {
      readonly code: 'OFFSET_OUTSIDE_CYCLE'
      readonly pattern: number
      readonly offsetMs: number
      readonly cycleMs: number
    }
  | { readonly code: 'SPLIT_MISSING'; readonly pattern: number; readonly phase: number }
  | { readonly code: 'SPLIT_PHASE_UNKNOWN'; readonly pattern: number; readonly phase: number }
  | { readonly code: 'SPLIT_NOT_WHOLE_MS'; readonly pattern: number; readonly phase: number; readonly splitMs: number }
  | {
      readonly code: 'SPLIT_BELOW_MINIMUM'
      readonly pattern: number
      readonly phase: number
      readonly splitMs: number
      readonly neededMs: number
      readonly redAmberMs: number
      readonly minGreenMs: number
      readonly yellowMs: number
      readonly redClearMs: number
    }
  /** The phase serves pedestrians every cycle (recall), or only inside its split (`fit`), and its split cannot hold them. */
  | {
      readonly code: 'SPLIT_BELOW_PEDESTRIANS'
      readonly pattern: number
      readonly phase: number
      readonly splitMs: number
      readonly neededMs: number
      readonly redAmberMs: number
      readonly walkMs: number
      readonly pedClearMs: number
      readonly yellowMs: number
      readonly redClearMs: number
    }
  /** A split that a counted queue may overrun in any cycle (added initial). */
  | {
      readonly code: 'SPLIT_BELOW_INITIAL'
      readonly pattern: number
      readonly phase: number
      readonly splitMs: number
      readonly neededMs: number
      readonly maxInitialMs: number
    }
  /** An intergreen lets the phase begin `lateMs` after the clearance of the one before, and the rest does not hold it. */
  | {
      readonly code: 'SPLIT_BELOW_INTERGREEN'
      readonly pattern: number
      readonly phase: number
      readonly after: number
      readonly splitMs: number
      readonly neededMs: number
      readonly lateMs: number
    }
  /** The same of an overlap that outlasts the phase before, by its trailing green or by longer clearances of its own. */
  | {
      readonly code: 'SPLIT_BELOW_OVERLAP'
      readonly pattern: number
      readonly phase: number
      readonly after: number
      readonly overlap: number
      readonly splitMs: number
      readonly neededMs: number
      readonly lateMs: number
    }
  | {
      readonly code: 'SPLIT_OF_OMITTED_PHASE'
      readonly pattern: number
      readonly phase: number
      readonly splitMs: number
    }
  | { readonly code: 'SPLIT_MODE_PHASE_UNKNOWN'; readonly pattern: number; readonly phase: number }
  | {
      readonly code: 'SPLIT_MODE_WITHOUT_WALK'
      readonly pattern: number
      readonly phase: number
      readonly mode: SplitMode
    }
  | { readonly code: 'COORDINATED_PHASE_OMITTED'; readonly pattern: number; readonly phase: number }
  | { readonly code: 'PERMISSIVE_PHASE_UNKNOWN'; readonly pattern: number; readonly phase: number }
  /** A coordinated phase begins in its turn, and has no permissive window. */
  | { readonly code: 'PERMISSIVE_OF_COORDINATED_PHASE'; readonly pattern: number; readonly phase: number }
  /** Its window would be over before its turn comes, or is still open when its minimum no longer fits. */
  | {
      readonly code: 'PERMISSIVE_OUTSIDE_TURN'
      readonly pattern: number
      readonly phase: number
      readonly permissiveMs: number
      readonly leastMs: number
      readonly mostMs: number
    }
  /** The actuated part is longer than what the green of a phase has beyond its minimum. */
  | {
      readonly code: 'ACTUATED_PART_OUT_OF_RANGE'
      readonly pattern: number
      readonly phase: number
      readonly actuatedMs: number
      readonly mostMs: number
    }
  | {
      readonly code: 'TRANSITION_CYCLES_OUT_OF_RANGE'
      readonly pattern: number
      readonly cycles: number
      readonly least: number
      readonly most: number
    }
  /** A cycle that cannot be made shorter never comes into step by subtracting. */
  /** `changeMs`: the longest clearance of the phases that end beside it at the barrier, longer than its own. */
  | {
      readonly code: 'SPLIT_BELOW_BARRIER_CLEARANCE'
      readonly pattern: number
      readonly phase: number
      readonly splitMs: number
      readonly neededMs: number
      readonly clearanceMs: number
      readonly changeMs: number
    }
  | {
      readonly code: 'SUBTRACT_WITHOUT_SPARE_TIME'
      readonly pattern: number
      readonly phase: number
      readonly splitMs: number
    }
  | {
      readonly code: 'RING_SUM_NOT_CYCLE'
      readonly pattern: number
      readonly ring: number
      readonly splitsMs: readonly number[]
      readonly sumMs: number
      readonly cycleMs: number
    }
  | {
      readonly code: 'RINGS_UNEQUAL_AT_BARRIER'
      readonly pattern: number
      readonly barrier: number
      readonly ring: number
      readonly sumMs: number
      readonly otherRing: number
      readonly otherSumMs: number
    }
  /** Phases that must not run together (`extraConflicts`) have been given the same time. */
  | {
      readonly code: 'SPLITS_OVERLAP_CONFLICT'
      readonly pattern: number
      readonly phase: number
      readonly other: number
      readonly overlapMs: number
    }
  | { readonly code: 'NO_COORDINATED_PHASE'; readonly pattern: number }
  | { readonly code: 'COORDINATED_PHASE_UNKNOWN'; readonly pattern: number; readonly phase: number }
  | {
      readonly code: 'COORDINATED_PHASES_IN_ONE_RING'
      readonly pattern: number
      readonly ring: number
      readonly phases: readonly [number, number]
    }
  | {
      readonly code: 'COORDINATED_PHASES_ACROSS_BARRIER'
      readonly pattern: number
      readonly phases: readonly [number, number]
      readonly barriers: readonly [number, number]
    }
