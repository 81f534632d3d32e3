/** Explains the faults of sequences, overlaps, channels, approaches and detectors: `network.yaml` but for its phases. */
import type {
  ApproachFault,
  ChannelFault,
  DetectorFault,
  DetectorTiming,
  SequenceFault,
} from '#signal/check/database-fault.ts'
import { CONTROLLER, laneIndex, legOf, writtenHead } from './build-intersection.ts'
import { inSeconds, inStreet, type Explanations } from './explain.ts'
import { writeInstead } from './nearest.ts'

const ringsOf = (sequence: number): (string | number)[] => (sequence === 1 ? ['rings'] : ['sequences', sequence])

export const SEQUENCE_EXPLANATIONS: Explanations<SequenceFault> = {
  NO_SEQUENCES: (_, origin) => inStreet(origin, ['rings'], 'there is no ring. Add one.'),
  SEQUENCE_NUMBER_INVALID: ({ sequence, most }, origin) =>
    inStreet(origin, ['sequences', sequence], `${sequence} is not 1 to ${most}. Renumber the sequence.`),
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
        : `there is no ${writtenHead(source)}. Name one that there is, or remove the channel.`,
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
      `no load switch shows ${writtenHead(head)} to lane ${lane}. Add it to channels, or name another head.`,
    ),
  CROSSWALK_HEAD_WITHOUT_CHANNEL: ({ approach, head }, origin) =>
    inStreet(
      origin,
      ['approaches', approach, 'crosswalk', 'phase'],
      `no load switch shows ${writtenHead(head)}. Add it to channels, or name another phase.`,
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
  DETECTOR_TIMING_INVALID: ({ detector, timing, ms, mostMs }, origin) => {
    const { key, unitMs } = DETECTOR_TIMINGS[timing]
    const says = `${ms / unitMs} is not 0 to ${mostMs / unitMs} in whole milliseconds. Bring it into that range.`
    return inStreet(origin, ['detectors', detector, key], says)
  },
  DETECTOR_COUNTS_INVALID: ({ detector, counts, most }, origin) =>
    inStreet(
      origin,
      ['detectors', detector, 'erratic_per_min'],
      `${counts} is not a whole number from 0 to ${most}. Correct it.`,
    ),
  DETECTOR_DELAY_BEYOND_PRESENCE: ({ detector, delayMs, maxPresenceMs }, origin) =>
    inStreet(
      origin,
      ['detectors', detector, 'delay_s'],
      `${inSeconds(delayMs)} is not below the ${inSeconds(maxPresenceMs)} s of max_presence_min: every vehicle would be a fault before it is a call. Shorten the delay.`,
    ),
  DETECTOR_SWITCH_UNKNOWN: ({ detector, phase }, origin) =>
    inStreet(
      origin,
      ['detectors', detector, 'switch_phase'],
      `there is no phase ${phase} to extend. Name one that is under phases.`,
    ),
  DETECTOR_SWITCHES_TO_ITSELF: ({ detector, phase }, origin) =>
    inStreet(
      origin,
      ['detectors', detector, 'switch_phase'],
      `${phase} is the phase that it calls already. Name another, or leave it out.`,
    ),
  DETECTOR_OF_CARD_HAS_OPTIONS: ({ detector, device }, origin) =>
    inStreet(
      origin,
      ['detectors', detector],
      `it is wired to ${device}, whose vehicles reach the controller as calls, past all of its detection. Leave out options and diagnostics, or wire it to the controller.`,
    ),
}

/** The keys of the file, and their units. */
const DETECTOR_TIMINGS: Readonly<Record<DetectorTiming, { readonly key: string; readonly unitMs: number }>> = {
  delayMs: { key: 'delay_s', unitMs: 1_000 },
  extensionMs: { key: 'extension_s', unitMs: 1_000 },
  queueLimitMs: { key: 'queue_limit_s', unitMs: 1_000 },
  failTimeMs: { key: 'fail_time_s', unitMs: 1_000 },
  noActivityMs: { key: 'no_activity_min', unitMs: 60_000 },
  maxPresenceMs: { key: 'max_presence_min', unitMs: 60_000 },
}
