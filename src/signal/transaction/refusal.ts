/** Why a controller refuses a staged timing, by the name and number that its wire has for it. */
import type { DatabaseFault } from '../check/database-fault.ts'

/** The number of a refusal is its place here; the order is the wire's. */
export const TIMING_REFUSALS = [
  'none',
  'notPermitted', // Neither the held lease nor a technician at the cabinet stands behind it.
  'outOfOrder', // begin, write, verify, activate: each in its turn.
  'tooLong',
  'garbled', // It is not the text of a timing.
  'otherStreet', // It is the timing of another intersection, or of other phases and detectors.
  'number', // Something is numbered twice, or as no controller numbers it.
  'concurrency', // Phases are to run together that must not, or a ring crosses a barrier alone.
  'sequence',
  'minimum', // A split, or a maximum, below what the phase needs at least.
  'clearance',
  'pedestrian',
  'timing', // Any other time out of range.
  'cycle',
  'offset',
  'split', // The splits do not fill the cycle, or the barriers.
  'coordination',
  'overlap',
  'channel',
  'detector',
  'schedule',
  'preempt',
  'priority',
  'unit',
  'floor', // Below what the site has been built for.
  'leaseLost',
  'timedOut',
  'noLegalMoment', // The street was never clear in the time that an activation may wait.
  'inUse', // Another writer has begun a transaction, and goes on with it.
] as const
export type TimingRefusal = (typeof TIMING_REFUSALS)[number]

/** Every fault of a database stands under one refusal. */
const FAULTS_OF = {
  number: [
    'BARRIER_NUMBER_INVALID',
    'NO_PHASES',
    'PATTERN_NUMBER_INVALID',
    'PATTERN_TWICE',
    'PHASE_NUMBER_INVALID',
    'PHASE_TWICE',
    'RING_NUMBER_INVALID',
  ],
  concurrency: [
    'BARRIER_CROSSED',
    'CONDITIONAL_SERVICE_ALONE',
    'CONFLICT_PHASE_UNKNOWN',
    'CONFLICT_WITH_ITSELF',
    'COORDINATED_PHASES_ACROSS_BARRIER',
    'COORDINATED_PHASES_IN_ONE_RING',
    'SPLITS_OVERLAP_CONFLICT',
  ],
  sequence: [
    'NO_SEQUENCES',
    'PLAN_SEQUENCE_UNKNOWN',
    'SEQUENCE_NUMBER_INVALID',
    'SEQUENCE_PHASE_IN_OTHER_RING',
    'SEQUENCE_PHASE_MISSING',
    'SEQUENCE_PHASE_TWICE',
    'SEQUENCE_PHASE_UNKNOWN',
    'SEQUENCE_TWICE',
    'TOO_MANY_RINGS',
  ],
  minimum: [
    'DYNAMIC_MAX_LIMIT_BELOW_MIN_GREEN',
    'MAX_BELOW_MIN_GREEN',
    'MAX_INITIAL_BELOW_MIN_GREEN',
    'SPLIT_BELOW_INITIAL',
    'SPLIT_BELOW_MINIMUM',
    'SPLIT_BELOW_PEDESTRIANS',
  ],
  clearance: [
    'INTERGREEN_HEAD_UNKNOWN',
    'INTERGREEN_OUT_OF_RANGE',
    'INTERGREEN_TWICE',
    'INTERGREEN_WITHOUT_CONFLICT',
    'PED_CLEARANCE_BELOW_YELLOW',
    'SPLIT_BELOW_BARRIER_CLEARANCE',
    'SPLIT_BELOW_INTERGREEN',
    'SPLIT_BELOW_OVERLAP',
  ],
  pedestrian: [
    'LEADING_PED_ABOVE_WALK',
    'PEDESTRIAN_OPTION_WITHOUT_WALK',
    'PEDESTRIAN_RECALL_WITHOUT_WALK',
    'WALK_AND_CLEARANCE_NOT_BOTH',
    'WALK_REST_IN_RED',
  ],
  timing: [
    'DYNAMIC_MAX_INCOMPLETE',
    'DYNAMIC_MAX_NEVER_MOVES',
    'GAP_REDUCTION_WITHOUT_TIME',
    'MIN_GAP_ABOVE_PASSAGE',
    'REST_IN_RED_UNDER_RECALL',
    'TIMING_NOT_WHOLE_MS',
    'TIMING_OUT_OF_RANGE',
  ],
  cycle: ['CYCLE_OUT_OF_RANGE'],
  offset: ['OFFSET_OUTSIDE_CYCLE'],
  split: [
    'RINGS_UNEQUAL_AT_BARRIER',
    'RING_SUM_NOT_CYCLE',
    'SPLIT_MISSING',
    'SPLIT_MODE_PHASE_UNKNOWN',
    'SPLIT_MODE_WITHOUT_WALK',
    'SPLIT_NOT_WHOLE_MS',
    'SPLIT_OF_OMITTED_PHASE',
    'SPLIT_PHASE_UNKNOWN',
  ],
  coordination: [
    'ACTUATED_PART_OUT_OF_RANGE',
    'COORDINATED_PHASE_OMITTED',
    'COORDINATED_PHASE_UNKNOWN',
    'NO_COORDINATED_PHASE',
    'PERMISSIVE_OF_COORDINATED_PHASE',
    'PERMISSIVE_OUTSIDE_TURN',
    'PERMISSIVE_PHASE_UNKNOWN',
    'SUBTRACT_WITHOUT_SPARE_TIME',
    'TRANSITION_CYCLES_OUT_OF_RANGE',
  ],
  overlap: [
    'OVERLAP_MODIFIERS_MISSING',
    'OVERLAP_MODIFIERS_UNUSED',
    'OVERLAP_MODIFIER_INCLUDED',
    'OVERLAP_MODIFIER_UNKNOWN',
    'OVERLAP_NUMBER_INVALID',
    'OVERLAP_PHASE_UNKNOWN',
    'OVERLAP_PHASE_WITHOUT_WALK',
    'OVERLAP_TIME_NOT_WHOLE_MS',
    'OVERLAP_TIME_OUT_OF_RANGE',
    'OVERLAP_TRAILING_UNUSED',
    'OVERLAP_TWICE',
    'OVERLAP_WITHOUT_PHASES',
  ],
  channel: [
    'APPROACH_TWICE',
    'ARROW_CHANNELS_UNPAIRED',
    'CHANNEL_DRIVES_NOTHING',
    'CHANNEL_NUMBER_INVALID',
    'CHANNEL_TWICE',
    'CROSSWALK_HEAD_WITHOUT_CHANNEL',
    'CROSSWALK_PHASE_WITHOUT_WALK',
    'LANE_HEAD_WITHOUT_CHANNEL',
    'LANE_TWICE',
    'PHASE_LIGHTS_NOTHING',
  ],
  detector: [
    'DETECTOR_COUNTS_INVALID',
    'DETECTOR_DELAY_BEYOND_PRESENCE',
    'DETECTOR_INPUT_TWICE',
    'DETECTOR_LANE_UNKNOWN',
    'DETECTOR_NUMBER_INVALID',
    'DETECTOR_OF_CARD_HAS_OPTIONS',
    'DETECTOR_PHASE_UNKNOWN',
    'DETECTOR_SWITCHES_TO_ITSELF',
    'DETECTOR_SWITCH_UNKNOWN',
    'DETECTOR_TIMING_INVALID',
    'DETECTOR_TWICE',
  ],
  schedule: [
    'DATE_DAY_INVALID',
    'DATE_MONTH_INVALID',
    'DATE_RANGE_BACKWARDS',
    'DATE_RULE_COVERED',
    'DATE_RULE_DAY_PLAN_UNKNOWN',
    'DATE_RULE_NEVER_HOLDS',
    'DATE_RULE_TWICE',
    'DATE_WEEK_DAY_INVALID',
    'DATE_YEAR_INVALID',
    'DATE_YEAR_ON_ONE_SIDE',
    'DAY_PLAN_EMPTY',
    'DAY_PLAN_MINUTE_INVALID',
    'DAY_PLAN_NOT_FROM_MIDNIGHT',
    'DAY_PLAN_OUT_OF_ORDER',
    'DAY_PLAN_PATTERN_UNKNOWN',
    'DAY_PLAN_TWICE',
    'TIME_ZONE_UNKNOWN',
    'WEEK_DAY_PLAN_UNKNOWN',
    'WEEK_NOT_SEVEN_DAYS',
  ],
  preempt: [
    'PREEMPT_ENTRY_ABOVE_MINIMUM',
    'PREEMPT_EXIT_PATTERN_UNKNOWN',
    'PREEMPT_LINK_NOT_HIGHER',
    'PREEMPT_LINK_UNKNOWN',
    'PREEMPT_NEVER_SERVED',
    'PREEMPT_NUMBER_INVALID',
    'PREEMPT_PHASES_CONFLICT',
    'PREEMPT_PHASE_UNKNOWN',
    'PREEMPT_PRIORITY_INVALID',
    'PREEMPT_TIME_OUT_OF_RANGE',
    'PREEMPT_TRACK_WITHOUT_PHASES',
    'PREEMPT_TWICE',
    'PREEMPT_WALKS_WITHOUT_PEDESTRIANS',
  ],
  priority: [
    'PRIORITY_NUMBER_INVALID',
    'PRIORITY_PHASES_CONFLICT',
    'PRIORITY_PHASE_UNKNOWN',
    'PRIORITY_TWICE',
    'PRIORITY_VALUE_OUT_OF_RANGE',
    'PRIORITY_WITHOUT_EFFECT',
    'PRIORITY_WITHOUT_PHASES',
  ],
  unit: ['UNIT_PHASES_CONFLICT', 'UNIT_PHASE_TWICE', 'UNIT_PHASE_UNKNOWN', 'UNIT_TIME_INVALID'],
} as const satisfies Partial<Record<TimingRefusal, readonly DatabaseFault['code'][]>>

type KnownFault = (typeof FAULTS_OF)[keyof typeof FAULTS_OF][number]

/** A fault that has no refusal yet does not compile here. */
export function refusalOf(fault: DatabaseFault): TimingRefusal {
  const time = fault.code === 'TIMING_OUT_OF_RANGE' ? fault.timing : null
  if (time === 'minGreenMs') return 'minimum'
  if (time === 'yellowMs' || time === 'redClearMs' || time === 'pedClearMs') return 'clearance'
  return REFUSAL_OF[fault.code]
}

const REFUSAL_OF = Object.fromEntries(
  Object.entries(FAULTS_OF).flatMap(([refusal, codes]) => codes.map((code) => [code, refusal])),
) as Readonly<Record<KnownFault, TimingRefusal>>
