/** The closed list of what makes a controller database impossible, each with the facts that explain it. All times in ms. */
import type { HeadSource } from '../heads.ts'
import type { PhaseTiming } from '../phase.ts'

export type DatabaseFault =
  | PhaseFault
  | SequenceFault
  | OverlapFault
  | ChannelFault
  | ApproachFault
  | DetectorFault
  | PlanFault
  | ScheduleFault

/** `timing` of a phase outside what a controller accepts, or phases that cannot be told apart or served. */
export type PhaseFault =
  | { readonly code: 'NO_PHASES' }
  | { readonly code: 'PHASE_NUMBER_INVALID'; readonly phase: number; readonly most: number }
  | { readonly code: 'PHASE_TWICE'; readonly phase: number }
  | { readonly code: 'RING_NUMBER_INVALID'; readonly phase: number; readonly ring: number; readonly most: number }
  | { readonly code: 'BARRIER_NUMBER_INVALID'; readonly phase: number; readonly barrier: number; readonly most: number }
  | {
      readonly code: 'TIMING_OUT_OF_RANGE'
      readonly phase: number
      readonly timing: keyof PhaseTiming
      readonly ms: number
      readonly leastMs: number
      readonly mostMs: number
    }
  | {
      readonly code: 'TIMING_NOT_WHOLE_MS'
      readonly phase: number
      readonly timing: keyof PhaseTiming
      readonly ms: number
    }
  | {
      readonly code: 'MAX_BELOW_MIN_GREEN'
      readonly phase: number
      readonly max: 1 | 2
      readonly maxMs: number
      readonly minGreenMs: number
    }
  /** Walk without clearance would strand people; clearance without walk would serve nobody. */
  | {
      readonly code: 'WALK_AND_CLEARANCE_NOT_BOTH'
      readonly phase: number
      readonly walkMs: number
      readonly pedClearMs: number
    }
  | { readonly code: 'PEDESTRIAN_RECALL_WITHOUT_WALK'; readonly phase: number }
  | { readonly code: 'CONFLICT_PHASE_UNKNOWN'; readonly phase: number; readonly other: number }
  | { readonly code: 'CONFLICT_WITH_ITSELF'; readonly phase: number }
  /** Neither a head of its own nor one of an overlap would show that it is served. */
  | { readonly code: 'PHASE_LIGHTS_NOTHING'; readonly phase: number }

export type SequenceFault =
  | { readonly code: 'NO_SEQUENCES' }
  | { readonly code: 'SEQUENCE_TWICE'; readonly sequence: number }
  | { readonly code: 'TOO_MANY_RINGS'; readonly sequence: number; readonly rings: number; readonly most: number }
  | {
      readonly code: 'SEQUENCE_PHASE_UNKNOWN'
      readonly sequence: number
      readonly ring: number
      readonly phase: number
    }
  | { readonly code: 'SEQUENCE_PHASE_TWICE'; readonly sequence: number; readonly ring: number; readonly phase: number }
  | {
      readonly code: 'SEQUENCE_PHASE_IN_OTHER_RING'
      readonly sequence: number
      readonly ring: number
      readonly phase: number
      readonly ringOfPhase: number
    }
  /** A phase that no ring of the sequence holds would never be served while it runs. */
  | { readonly code: 'SEQUENCE_PHASE_MISSING'; readonly sequence: number; readonly phase: number }
  /** The ring comes to `barrier` out of the order in which the rings before it meet their barriers. */
  | {
      readonly code: 'BARRIER_CROSSED'
      readonly sequence: number
      readonly ring: number
      readonly phase: number
      readonly barrier: number
      readonly order: readonly number[]
    }

export type OverlapFault =
  | { readonly code: 'OVERLAP_NUMBER_INVALID'; readonly overlap: number; readonly most: number }
  | { readonly code: 'OVERLAP_TWICE'; readonly overlap: number }
  | { readonly code: 'OVERLAP_WITHOUT_PHASES'; readonly overlap: number }
  | { readonly code: 'OVERLAP_PHASE_UNKNOWN'; readonly overlap: number; readonly phase: number }

export type ChannelFault =
  | { readonly code: 'CHANNEL_NUMBER_INVALID'; readonly channel: number; readonly most: number }
  | { readonly code: 'CHANNEL_TWICE'; readonly channel: number }
  /** Its phase or overlap does not exist, or its phase has no pedestrian movement. */
  | { readonly code: 'CHANNEL_DRIVES_NOTHING'; readonly channel: number; readonly source: HeadSource }

export type ApproachFault =
  | { readonly code: 'APPROACH_TWICE'; readonly approach: string }
  | { readonly code: 'LANE_TWICE'; readonly approach: string; readonly lane: string }
  | {
      readonly code: 'LANE_HEAD_WITHOUT_CHANNEL'
      readonly approach: string
      readonly lane: string
      readonly head: HeadSource
    }
  | { readonly code: 'CROSSWALK_HEAD_WITHOUT_CHANNEL'; readonly approach: string; readonly head: HeadSource }
  | { readonly code: 'CROSSWALK_PHASE_WITHOUT_WALK'; readonly approach: string; readonly phase: number }

export type DetectorFault =
  | { readonly code: 'DETECTOR_NUMBER_INVALID'; readonly detector: number; readonly most: number }
  | { readonly code: 'DETECTOR_TWICE'; readonly detector: number }
  | { readonly code: 'DETECTOR_PHASE_UNKNOWN'; readonly detector: number; readonly phase: number }
  | { readonly code: 'DETECTOR_LANE_UNKNOWN'; readonly detector: number; readonly lane: string }
  | {
      readonly code: 'DETECTOR_INPUT_TWICE'
      readonly detector: number
      readonly other: number
      readonly device: string
      readonly deviceChannel: number
    }

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
  /** The phase serves pedestrians every cycle (pedestrian recall), and its split cannot hold them. */
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

/** `minute` counts from local midnight; week days are ISO, Monday = 1. */
export type ScheduleFault =
  | { readonly code: 'TIME_ZONE_UNKNOWN'; readonly timeZone: string }
  | { readonly code: 'DAY_PLAN_TWICE'; readonly dayPlan: number }
  | { readonly code: 'DAY_PLAN_EMPTY'; readonly dayPlan: number }
  | { readonly code: 'DAY_PLAN_NOT_FROM_MIDNIGHT'; readonly dayPlan: number; readonly minute: number }
  | { readonly code: 'DAY_PLAN_MINUTE_INVALID'; readonly dayPlan: number; readonly minute: number }
  | {
      readonly code: 'DAY_PLAN_OUT_OF_ORDER'
      readonly dayPlan: number
      readonly minute: number
      readonly previousMinute: number
    }
  | {
      readonly code: 'DAY_PLAN_PATTERN_UNKNOWN'
      readonly dayPlan: number
      readonly minute: number
      readonly pattern: number
    }
  | { readonly code: 'WEEK_NOT_SEVEN_DAYS'; readonly days: number }
  | { readonly code: 'WEEK_DAY_PLAN_UNKNOWN'; readonly weekDay: number; readonly dayPlan: number }
