/** The closed list of what makes a controller database impossible, each with the facts that explain it. All times in ms. */
import type { HeadSource, OverlapKind } from '../heads.ts'
import type { IntergreenFault } from './intergreen-fault.ts'
import type { UnitFault } from './check-unit.ts'
import type { PhaseTiming } from '../phase.ts'
import type { PlanFault } from './plan-fault.ts'
import type { PreemptFault, PriorityFault } from './preempt-fault.ts'
import type { DateFault, ScheduleFault } from './schedule-fault.ts'

export type DatabaseFault =
  | PhaseFault
  | SequenceFault
  | OverlapFault
  | ChannelFault
  | ApproachFault
  | DetectorFault
  | IntergreenFault
  | PlanFault
  | PreemptFault
  | PriorityFault
  | ScheduleFault
  | UnitFault
  | DateFault

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
  /** Variable initial green could never reach beyond the minimum. */
  | {
      readonly code: 'MAX_INITIAL_BELOW_MIN_GREEN'
      readonly phase: number
      readonly maxInitialMs: number
      readonly minGreenMs: number
    }
  | {
      readonly code: 'MIN_GAP_ABOVE_PASSAGE'
      readonly phase: number
      readonly minGapMs: number
      readonly passageMs: number
    }
  /** Where the gap is to be reduced, it takes a time. */
  | {
      readonly code: 'GAP_REDUCTION_WITHOUT_TIME'
      readonly phase: number
      readonly timeBeforeReductionMs: number
      readonly minGapMs: number
    }
  | {
      readonly code: 'DYNAMIC_MAX_INCOMPLETE'
      readonly phase: number
      readonly limitMs: number
      readonly stepMs: number
    }
  /** One step from either maximum already passes the limit. */
  | {
      readonly code: 'DYNAMIC_MAX_NEVER_MOVES'
      readonly phase: number
      readonly limitMs: number
      readonly stepMs: number
      readonly max1Ms: number
      readonly max2Ms: number
    }
  | {
      readonly code: 'DYNAMIC_MAX_LIMIT_BELOW_MIN_GREEN'
      readonly phase: number
      readonly limitMs: number
      readonly minGreenMs: number
    }
  | { readonly code: 'PEDESTRIAN_OPTION_WITHOUT_WALK'; readonly phase: number; readonly option: PedestrianOption }
  /** Walk would be over while the vehicles that it leads still stand. */
  | {
      readonly code: 'LEADING_PED_ABOVE_WALK'
      readonly phase: number
      readonly leadingPedMs: number
      readonly redAmberMs: number
      readonly walkMs: number
    }
  | {
      readonly code: 'PED_CLEARANCE_BELOW_YELLOW'
      readonly phase: number
      readonly pedClearMs: number
      readonly yellowMs: number
    }
  /** It cannot both end in red when nobody waits, and go on with its walk. */
  | { readonly code: 'WALK_REST_IN_RED'; readonly phase: number }
  | {
      readonly code: 'REST_IN_RED_UNDER_RECALL'
      readonly phase: number
      readonly recall: 'minimum' | 'maximum' | 'soft' | 'pedestrian'
    }
  /** No other phase of its ring, or of another ring, stands in its barrier group. */
  | { readonly code: 'CONDITIONAL_SERVICE_ALONE'; readonly phase: number; readonly barrier: number }
  | { readonly code: 'CONFLICT_PHASE_UNKNOWN'; readonly phase: number; readonly other: number }
  | { readonly code: 'CONFLICT_WITH_ITSELF'; readonly phase: number }
  /** Neither a head of its own nor one of an overlap would show that it is served. */
  | { readonly code: 'PHASE_LIGHTS_NOTHING'; readonly phase: number }

/** What is said of the pedestrians of a phase, beside their times. */
export type PedestrianOption = 'leadingPedMs' | 'walkRest' | 'pedClearInYellow'

export type SequenceFault =
  | { readonly code: 'NO_SEQUENCES' }
  | { readonly code: 'SEQUENCE_NUMBER_INVALID'; readonly sequence: number; readonly most: number }
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
  /** A pedestrian overlap walks with its phases. */
  | { readonly code: 'OVERLAP_PHASE_WITHOUT_WALK'; readonly overlap: number; readonly phase: number }
  /** Nothing would ever turn it red (minus green-yellow), or its arrow green. */
  | { readonly code: 'OVERLAP_MODIFIERS_MISSING'; readonly overlap: number; readonly kind: OverlapKind }
  | { readonly code: 'OVERLAP_MODIFIERS_UNUSED'; readonly overlap: number; readonly kind: OverlapKind }
  | { readonly code: 'OVERLAP_MODIFIER_UNKNOWN'; readonly overlap: number; readonly phase: number }
  | { readonly code: 'OVERLAP_MODIFIER_INCLUDED'; readonly overlap: number; readonly phase: number }
  /** Its kind has no trailing times. */
  | {
      readonly code: 'OVERLAP_TRAILING_UNUSED'
      readonly overlap: number
      readonly kind: OverlapKind
      readonly time: OverlapTime
    }
  | {
      readonly code: 'OVERLAP_TIME_OUT_OF_RANGE'
      readonly overlap: number
      readonly time: OverlapTime
      readonly ms: number
      readonly leastMs: number
      readonly mostMs: number
    }
  | {
      readonly code: 'OVERLAP_TIME_NOT_WHOLE_MS'
      readonly overlap: number
      readonly time: OverlapTime
      readonly ms: number
    }
  /** Each channel of the arrow needs one of its flashing section, and the other way round. */
  | {
      readonly code: 'ARROW_CHANNELS_UNPAIRED'
      readonly overlap: number
      readonly arrows: number
      readonly flashes: number
    }

export type OverlapTime = 'trailingGreenMs' | 'trailingYellowMs' | 'trailingRedMs'

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
  | {
      readonly code: 'DETECTOR_TIMING_INVALID'
      readonly detector: number
      readonly timing: DetectorTiming
      readonly ms: number
      readonly mostMs: number
    }
  | {
      readonly code: 'DETECTOR_COUNTS_INVALID'
      readonly detector: number
      readonly counts: number
      readonly most: number
    }
  /** A vehicle would be taken for a fault before it counts as a call. */
  | {
      readonly code: 'DETECTOR_DELAY_BEYOND_PRESENCE'
      readonly detector: number
      readonly delayMs: number
      readonly maxPresenceMs: number
    }
  | { readonly code: 'DETECTOR_SWITCH_UNKNOWN'; readonly detector: number; readonly phase: number }
  | { readonly code: 'DETECTOR_SWITCHES_TO_ITSELF'; readonly detector: number; readonly phase: number }
  /** What a card sees reaches the controller as calls, past all detection of its own. */
  | { readonly code: 'DETECTOR_OF_CARD_HAS_OPTIONS'; readonly detector: number; readonly device: string }

export type DetectorTiming =
  | 'delayMs'
  | 'extensionMs'
  | 'queueLimitMs'
  | 'failTimeMs'
  | 'noActivityMs'
  | 'maxPresenceMs'
