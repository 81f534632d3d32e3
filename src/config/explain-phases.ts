/** Explains the faults of phases and their timing: what stands under `phases` in `network.yaml`. */
import type { PedestrianOption, PhaseFault } from '#signal/check/database-fault.ts'
import type { PhaseTiming } from '#signal/phase.ts'
import { inSeconds, inStreet, type Explanations } from './explain.ts'

const TIMING_KEYS: Readonly<Record<keyof PhaseTiming, string>> = {
  minGreenMs: 'min_green_s',
  passageMs: 'passage_s',
  max1Ms: 'max1_s',
  max2Ms: 'max2_s',
  yellowMs: 'yellow_s',
  redClearMs: 'red_clear_s',
  redAmberMs: 'red_amber_s',
  redRevertMs: 'red_revert_s',
  addedInitialMs: 'added_initial_s',
  maxInitialMs: 'max_initial_s',
  timeBeforeReductionMs: 'time_before_reduction_s',
  timeToReduceMs: 'time_to_reduce_s',
  minGapMs: 'min_gap_s',
  dynamicMaxLimitMs: 'dynamic_max_limit_s',
  dynamicMaxStepMs: 'dynamic_max_step_s',
  leadingPedMs: 'leading_ped_s',
  walkMs: 'walk_s',
  pedClearMs: 'ped_clear_s',
}

const OPTION_KEYS: Readonly<Record<PedestrianOption, string>> = {
  leadingPedMs: TIMING_KEYS.leadingPedMs,
  walkRest: 'walk_rest',
  pedClearInYellow: 'ped_clear_in_yellow',
}

export const PHASE_EXPLANATIONS: Explanations<PhaseFault> = {
  NO_PHASES: (_, origin) => inStreet(origin, ['phases'], 'there is no phase. Add one.'),
  PHASE_NUMBER_INVALID: ({ phase, most }, origin) =>
    inStreet(origin, ['phases', phase], `${phase} is not 1 to ${most}. Renumber the phase.`),
  PHASE_TWICE: ({ phase }, origin) => inStreet(origin, ['phases', phase], 'the phase stands twice. Remove one.'),
  RING_NUMBER_INVALID: ({ phase, ring, most }, origin) =>
    ring === 0
      ? inStreet(origin, ['phases', phase], `phase ${phase} stands in no ring. Add it to rings.`)
      : inStreet(origin, ['rings'], `ring ${ring} of phase ${phase} is not 1 to ${most}. Leave out a ring.`),
  BARRIER_NUMBER_INVALID: ({ phase, barrier, most }, origin) =>
    barrier === 0
      ? null // It stands in no ring, which is told.
      : inStreet(origin, ['rings'], `barrier group ${barrier} of phase ${phase} is not 1 to ${most}. Join two groups.`),
  TIMING_OUT_OF_RANGE: ({ phase, timing, ms, leastMs, mostMs }, origin) =>
    inStreet(
      origin,
      ['phases', phase, TIMING_KEYS[timing]],
      `${inSeconds(ms)} is not ${inSeconds(leastMs)} to ${inSeconds(mostMs)}. Bring it into that range.`,
    ),
  TIMING_NOT_WHOLE_MS: ({ phase, timing, ms }, origin) =>
    inStreet(
      origin,
      ['phases', phase, TIMING_KEYS[timing]],
      `${inSeconds(ms)} is no whole number of milliseconds. Round it.`,
    ),
  MAX_BELOW_MIN_GREEN: ({ phase, max, maxMs, minGreenMs }, origin) =>
    inStreet(
      origin,
      ['phases', phase, `max${max}_s`],
      `${inSeconds(maxMs)} is below min_green_s ${inSeconds(minGreenMs)}. Raise max${max}_s or lower min_green_s.`,
    ),
  WALK_AND_CLEARANCE_NOT_BOTH: ({ phase, walkMs, pedClearMs }, origin) =>
    inStreet(
      origin,
      ['phases', phase],
      `walk_s ${inSeconds(walkMs)} and ped_clear_s ${inSeconds(pedClearMs)} do not go together. Give both, or neither.`,
    ),
  PEDESTRIAN_RECALL_WITHOUT_WALK: ({ phase }, origin) =>
    inStreet(
      origin,
      ['phases', phase, 'ped_recall'],
      'the phase has no pedestrians to recall. Give walk_s and ped_clear_s, or leave ped_recall out.',
    ),
  REST_IN_RED_UNDER_RECALL: ({ phase, recall }, origin) =>
    inStreet(
      origin,
      ['phases', phase, 'rest'],
      `phase ${phase} is under ${recall} recall, which would call it back as soon as it is red. Remove the recall, or let it rest in green.`,
    ),
  CONDITIONAL_SERVICE_ALONE: ({ phase, barrier }, origin) =>
    inStreet(
      origin,
      ['phases', phase, 'conditional_service'],
      `in barrier group ${barrier} phase ${phase} follows no phase of its ring beside another ring, so that it has no second turn. Remove it.`,
    ),
  CONFLICT_PHASE_UNKNOWN: ({ phase, other }, origin) =>
    inStreet(origin, ['extra_conflicts'], `[${phase}, ${other}] names a phase that is not there. Correct the pair.`),
  CONFLICT_WITH_ITSELF: ({ phase }, origin) =>
    inStreet(origin, ['extra_conflicts'], `[${phase}, ${phase}] is a phase and itself. Name two phases.`),
  PHASE_LIGHTS_NOTHING: ({ phase }, origin) =>
    inStreet(
      origin,
      ['phases', phase],
      `no load switch shows phase ${phase}. Add \`phase ${phase}\` to channels, or an overlap that includes it.`,
    ),
  MAX_INITIAL_BELOW_MIN_GREEN: ({ phase, maxInitialMs, minGreenMs }, origin) =>
    inStreet(
      origin,
      ['phases', phase, 'max_initial_s'],
      `${inSeconds(maxInitialMs)} is below min_green_s ${inSeconds(minGreenMs)}: no vehicle that waits would make the green longer. Raise it, or leave added_initial_s out.`,
    ),
  MIN_GAP_ABOVE_PASSAGE: ({ phase, minGapMs, passageMs }, origin) =>
    inStreet(
      origin,
      ['phases', phase, 'min_gap_s'],
      `${inSeconds(minGapMs)} is above passage_s ${inSeconds(passageMs)}, from which the gap shrinks. Lower it.`,
    ),
  GAP_REDUCTION_WITHOUT_TIME: ({ phase, timeBeforeReductionMs, minGapMs }, origin) =>
    inStreet(
      origin,
      ['phases', phase, 'time_to_reduce_s'],
      `time_before_reduction_s ${inSeconds(timeBeforeReductionMs)} and min_gap_s ${inSeconds(minGapMs)} do nothing while time_to_reduce_s is 0. Give the time, or leave both out.`,
    ),
  DYNAMIC_MAX_INCOMPLETE: ({ phase, limitMs, stepMs }, origin) =>
    inStreet(
      origin,
      ['phases', phase],
      `dynamic_max_limit_s ${inSeconds(limitMs)} and dynamic_max_step_s ${inSeconds(stepMs)} do not go together. Give both, or neither.`,
    ),
  DYNAMIC_MAX_NEVER_MOVES: ({ phase, limitMs, stepMs, max1Ms, max2Ms }, origin) =>
    inStreet(
      origin,
      ['phases', phase, 'dynamic_max_step_s'],
      `one step of ${inSeconds(stepMs)} from max1_s ${inSeconds(max1Ms)} or max2_s ${inSeconds(max2Ms)} passes dynamic_max_limit_s ${inSeconds(limitMs)}, so that none is taken. Lower the step or move the limit.`,
    ),
  DYNAMIC_MAX_LIMIT_BELOW_MIN_GREEN: ({ phase, limitMs, minGreenMs }, origin) =>
    inStreet(
      origin,
      ['phases', phase, 'dynamic_max_limit_s'],
      `${inSeconds(limitMs)} is below min_green_s ${inSeconds(minGreenMs)}. Raise it.`,
    ),
  PEDESTRIAN_OPTION_WITHOUT_WALK: ({ phase, option }, origin) =>
    inStreet(
      origin,
      ['phases', phase, OPTION_KEYS[option]],
      `the phase has no pedestrians. Give walk_s and ped_clear_s, or leave ${OPTION_KEYS[option]} out.`,
    ),
  LEADING_PED_ABOVE_WALK: ({ phase, leadingPedMs, redAmberMs, walkMs }, origin) =>
    inStreet(
      origin,
      ['phases', phase, 'leading_ped_s'],
      `${inSeconds(leadingPedMs)}${redAmberMs > 0 ? ` and red_amber_s ${inSeconds(redAmberMs)}` : ''} ${redAmberMs > 0 ? 'last' : 'lasts'} longer than walk_s ${inSeconds(walkMs)}, of which it is the first part: walk would end before the vehicles go. Lower it, or raise walk_s.`,
    ),
  PED_CLEARANCE_BELOW_YELLOW: ({ phase, pedClearMs, yellowMs }, origin) =>
    inStreet(
      origin,
      ['phases', phase, 'ped_clear_in_yellow'],
      `ped_clear_s ${inSeconds(pedClearMs)} is below yellow_s ${inSeconds(yellowMs)}, and cannot end with it. Leave ped_clear_in_yellow out.`,
    ),
  WALK_REST_IN_RED: ({ phase }, origin) =>
    inStreet(
      origin,
      ['phases', phase, 'walk_rest'],
      'the phase rests in red, and so it has no green whose walk could rest. Leave walk_rest or `rest: red` out.',
    ),
}
