/** Explains the faults of phases, sequences, overlaps, channels, approaches and detectors: all of `network.yaml`. */
import type {
  ApproachFault,
  ChannelFault,
  DetectorFault,
  OverlapFault,
  PhaseFault,
  SequenceFault,
} from '#signal/check/database-fault.ts'
import type { HeadSource } from '#signal/heads.ts'
import type { PhaseTiming } from '#signal/phase.ts'
import { CONTROLLER, laneIndex, legOf } from './build-intersection.ts'
import { inSeconds, inStreet, type Explanations } from './explain.ts'
import { writeInstead } from './nearest.ts'

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
}

const ringsOf = (sequence: number): (string | number)[] => (sequence === 1 ? ['rings'] : ['sequences', sequence])

export const SEQUENCE_EXPLANATIONS: Explanations<SequenceFault> = {
  NO_SEQUENCES: (_, origin) => inStreet(origin, ['rings'], 'there is no ring. Add one.'),
  SEQUENCE_TWICE: ({ sequence }, origin) =>
    inStreet(origin, ringsOf(sequence), `sequence ${sequence} stands twice. Remove one.`),
  TOO_MANY_RINGS: ({ sequence, rings, most }, origin) =>
    inStreet(origin, ringsOf(sequence), `${rings} rings are more than ${most}. Leave out a ring.`),
  SEQUENCE_PHASE_UNKNOWN: ({ sequence, ring, phase }, origin) =>
    inStreet(
      origin,
      ringsOf(sequence),
      `ring ${ring} holds phase ${phase}, which is not under phases. Add it there, or take it out here.`,
    ),
  SEQUENCE_PHASE_TWICE: ({ sequence, ring, phase }, origin) =>
    inStreet(origin, ringsOf(sequence), `ring ${ring} holds phase ${phase} a second time. Take it out once.`),
  SEQUENCE_PHASE_IN_OTHER_RING: ({ sequence, ring, phase, ringOfPhase }, origin) =>
    inStreet(
      origin,
      ringsOf(sequence),
      `ring ${ring} holds phase ${phase}, which belongs to ring ${ringOfPhase}. Leave it in one ring.`,
    ),
  SEQUENCE_PHASE_MISSING: ({ sequence, phase }, origin) =>
    sequence === 1
      ? null // Ring and barrier come from these very rings: the phase has none, which is told.
      : inStreet(origin, ringsOf(sequence), `phase ${phase} stands in no ring of this sequence. Add it.`),
  BARRIER_CROSSED: ({ sequence, ring, phase, barrier, order }, origin) =>
    inStreet(
      origin,
      ringsOf(sequence),
      `ring ${ring} comes to phase ${phase} of barrier group ${barrier} out of the order ${order.join(', ')}. Keep each phase in its group, and the groups of all rings in one order.`,
    ),
}

export const OVERLAP_EXPLANATIONS: Explanations<OverlapFault> = {
  OVERLAP_NUMBER_INVALID: ({ overlap, most }, origin) =>
    inStreet(origin, ['overlaps', overlap], `${overlap} is not 1 to ${most}. Renumber the overlap.`),
  OVERLAP_TWICE: ({ overlap }, origin) => inStreet(origin, ['overlaps', overlap], 'it stands twice. Remove one.'),
  OVERLAP_WITHOUT_PHASES: ({ overlap }, origin) =>
    inStreet(origin, ['overlaps', overlap, 'phases'], 'no phase lights it. Name one, or remove the overlap.'),
  OVERLAP_PHASE_UNKNOWN: ({ overlap, phase }, origin) =>
    inStreet(origin, ['overlaps', overlap, 'phases'], `there is no phase ${phase}. Name one that is under phases.`),
}

/** A head as the file writes it. */
const written = (head: HeadSource): string =>
  'overlap' in head
    ? `${head.kind === 'overlap' ? 'overlap' : 'flash'} ${head.overlap}`
    : `${head.kind === 'pedestrian' ? 'walk' : 'phase'} ${head.phase}`

export const CHANNEL_EXPLANATIONS: Explanations<ChannelFault> = {
  CHANNEL_NUMBER_INVALID: ({ channel, most }, origin) =>
    inStreet(origin, ['channels', channel], `${channel} is not 1 to ${most}. Renumber the channel.`),
  CHANNEL_TWICE: ({ channel }, origin) => inStreet(origin, ['channels', channel], 'it stands twice. Remove one.'),
  CHANNEL_DRIVES_NOTHING: ({ channel, source }, origin) =>
    inStreet(
      origin,
      ['channels', channel],
      source.kind === 'pedestrian'
        ? `phase ${source.phase} has no pedestrians to show. Give it walk_s and ped_clear_s, or remove the channel.`
        : `there is no ${written(source)}. Name one that there is, or remove the channel.`,
    ),
}

export const APPROACH_EXPLANATIONS: Explanations<ApproachFault> = {
  APPROACH_TWICE: ({ approach }, origin) => inStreet(origin, ['approaches', approach], 'it stands twice. Remove one.'),
  LANE_TWICE: ({ approach, lane }, origin) =>
    inStreet(origin, ['approaches', approach, 'lanes'], `lane ${lane} stands twice. Remove one.`),
  LANE_HEAD_WITHOUT_CHANNEL: ({ approach, lane, head }, origin) =>
    inStreet(
      origin,
      ['approaches', approach, 'lanes', laneIndex(lane), 'head'],
      `no load switch shows ${written(head)} to lane ${lane}. Add it to channels, or name another head.`,
    ),
  CROSSWALK_HEAD_WITHOUT_CHANNEL: ({ approach, head }, origin) =>
    inStreet(
      origin,
      ['approaches', approach, 'crosswalk', 'phase'],
      `no load switch shows ${written(head)}. Add it to channels, or name another phase.`,
    ),
  CROSSWALK_PHASE_WITHOUT_WALK: ({ approach, phase }, origin) =>
    inStreet(
      origin,
      ['approaches', approach, 'crosswalk', 'phase'],
      `phase ${phase} has no walk. Give it walk_s and ped_clear_s, or name another phase.`,
    ),
}

export const DETECTOR_EXPLANATIONS: Explanations<DetectorFault> = {
  DETECTOR_NUMBER_INVALID: ({ detector, most }, origin) =>
    inStreet(origin, ['detectors', detector], `${detector} is not 1 to ${most}. Renumber the detector.`),
  DETECTOR_TWICE: ({ detector }, origin) => inStreet(origin, ['detectors', detector], 'it stands twice. Remove one.'),
  DETECTOR_PHASE_UNKNOWN: ({ detector, phase }, origin) =>
    inStreet(
      origin,
      ['detectors', detector, 'phase'],
      `there is no phase ${phase} to call. Name one that is under phases.`,
    ),
  DETECTOR_LANE_UNKNOWN: ({ detector, lane }, { id, files }) => {
    const approaches = files.network.intersections[id]?.approaches ?? {}
    const known = Object.entries(approaches).flatMap(([leg, row]) => row.lanes.map((_, index) => `${leg}${index + 1}`))
    const ofLeg = known.filter((name) => legOf(name) === legOf(lane))
    const says = `there is no lane ${lane}. ${writeInstead(lane, ofLeg.length > 0 ? ofLeg : known)}`
    return inStreet({ id, files }, ['detectors', detector, 'lanes'], says)
  },
  DETECTOR_INPUT_TWICE: ({ detector, other, device, deviceChannel }, origin) =>
    inStreet(
      origin,
      ['detectors', detector, 'channel'],
      `channel ${deviceChannel} of ${device === CONTROLLER ? 'the controller' : device} is detector ${other}'s too. Give one of them another channel.`,
    ),
}
