/** Streets that no controller could run: each fault of `network.yaml` planted once, told with its exact sentence. */
import { describe, expect, test } from 'vitest'
import { loadEdited, plant } from './planted.ts'

/** Code, what stands there, what is planted, what is said. */
type Row = readonly [code: string, find: string, write: string, says: string]

const V1 = 'village/network.yaml intersections.V-1'

const IN_THE_STREET: readonly Row[] = [
  [
    'RING_NUMBER_INVALID',
    'rings:\n      - [[1, 2], [4]]',
    'rings:\n      - [[1, 2], []]',
    `${V1}.phases.4: phase 4 stands in no ring. Add it to rings.`,
  ],
  [
    'TIMING_OUT_OF_RANGE',
    'red_clear_s: 3.4',
    'red_clear_s: 30',
    `${V1}.phases.4.red_clear_s: 30 is not 0 to 25.5. Bring it into that range.`,
  ],
  [
    'MAX_BELOW_MIN_GREEN',
    'red_clear_s: 3.4',
    'red_clear_s: 3.4, max1_s: 7',
    `${V1}.phases.4.max1_s: 7 is below min_green_s 8. Raise max1_s or lower min_green_s.`,
  ],
  [
    'WALK_AND_CLEARANCE_NOT_BOTH',
    'name: { fa: جنوب, en: South }, recall: minimum',
    'name: { fa: جنوب, en: South }, recall: minimum, walk_s: 7',
    `${V1}.phases.6: walk_s 7 and ped_clear_s 0 do not go together. Give both, or neither.`,
  ],
  [
    'PEDESTRIAN_RECALL_WITHOUT_WALK',
    'name: { fa: جنوب, en: South }, recall: minimum',
    'name: { fa: جنوب, en: South }, recall: minimum, ped_recall: true',
    `${V1}.phases.6.ped_recall: the phase has no pedestrians to recall. Give walk_s and ped_clear_s, or leave ped_recall out.`,
  ],
  [
    'CONFLICT_PHASE_UNKNOWN',
    '    overlaps:',
    '    extra_conflicts: [[1, 7]]\n    overlaps:',
    `${V1}.extra_conflicts: [7, 1] names a phase that is not there. Correct the pair.`,
  ],
  [
    'CONFLICT_WITH_ITSELF',
    '    overlaps:',
    '    extra_conflicts: [[1, 1]]\n    overlaps:',
    `${V1}.extra_conflicts: [1, 1] is a phase and itself. Name two phases.`,
  ],
  [
    'PHASE_LIGHTS_NOTHING',
    '6: phase 6, ',
    '',
    `${V1}.phases.6: no load switch shows phase 6. Add \`phase 6\` to channels, or an overlap that includes it.`,
  ],
  [
    'LANE_HEAD_WITHOUT_CHANNEL',
    '6: phase 6, ',
    '',
    `${V1}.approaches.S.lanes.0.head: no load switch shows phase 6 to lane S1. Add it to channels, or name another head.`,
  ],
  [
    'SEQUENCE_PHASE_UNKNOWN',
    '- [[2, 1], [4]]',
    '- [[2, 1], [4, 3]]',
    `${V1}.sequences.2: ring 1 holds phase 3, which is not under phases. Add it there, or take it out here.`,
  ],
  [
    'SEQUENCE_PHASE_TWICE',
    '- [[2, 1], [4]]',
    '- [[2, 1, 2], [4]]',
    `${V1}.sequences.2: ring 1 holds phase 2 a second time. Take it out once.`,
  ],
  [
    'SEQUENCE_PHASE_IN_OTHER_RING',
    '- [[2, 1], [4]]\n        - [[6, 5], []]',
    '- [[2, 1, 5], [4]]\n        - [[6], []]',
    `${V1}.sequences.2: ring 1 holds phase 5, which belongs to ring 2. Leave it in one ring.`,
  ],
  [
    'SEQUENCE_PHASE_MISSING',
    '- [[2, 1], [4]]',
    '- [[2], [4]]',
    `${V1}.sequences.2: phase 1 stands in no ring of this sequence. Add it.`,
  ],
  [
    'BARRIER_CROSSED',
    '- [[2, 1], [4]]',
    '- [[2], [4], [1]]',
    `${V1}.sequences.2: ring 1 comes to phase 1 of barrier group 1 out of the order 1, 2. Keep each phase in its group, and the groups of all rings in one order.`,
  ],
  [
    'INTERGREEN_HEAD_UNKNOWN',
    '    channels: {',
    '    intergreens: [{ from: phase 2, to: phase 7, s: 7 }]\n    channels: {',
    `${V1}.intergreens.0: there is no phase 7. Name one that there is, or remove the row.`,
  ],
  [
    'INTERGREEN_HEAD_UNKNOWN',
    '    channels: {',
    '    intergreens: [{ from: phase 2, to: phase 4, s: 7 }, { from: walk 2, to: phase 4, s: 7 }]\n    channels: {',
    `${V1}.intergreens.1: phase 2 has no pedestrians to show. Give it walk_s and ped_clear_s, or remove the row.`,
  ],
  [
    'INTERGREEN_TWICE',
    '    channels: {',
    '    intergreens: [{ from: phase 2, to: phase 4, s: 7 }, { from: phase 2, to: phase 4, s: 8 }]\n    channels: {',
    `${V1}.intergreens.1: phase 2 to phase 4 stands twice. Remove one.`,
  ],
  [
    'INTERGREEN_WITHOUT_CONFLICT',
    '    channels: {',
    '    intergreens: [{ from: phase 2, to: phase 6, s: 7 }]\n    channels: {',
    `${V1}.intergreens.0: phase 2 and phase 6 may be green together, so that neither waits for the other. Add their phases to extra_conflicts, or remove the row.`,
  ],
  [
    'INTERGREEN_OUT_OF_RANGE',
    '    channels: {',
    '    intergreens: [{ from: overlap 1, to: walk 4, s: 31 }]\n    channels: {',
    `${V1}.intergreens.0: 31 s is not 0 to 30 in whole milliseconds. Bring it there.`,
  ],
  [
    'CONDITIONAL_SERVICE_ALONE',
    'name: { fa: شرق, en: East }, walk_s: 7',
    'name: { fa: شرق, en: East }, conditional_service: true, walk_s: 7',
    `${V1}.phases.4.conditional_service: in barrier group 2 phase 4 follows no phase of its ring beside another ring, so that it has no second turn. Remove it.`,
  ],
  [
    'REST_IN_RED_UNDER_RECALL',
    'name: { fa: شمال, en: North }, recall: minimum }',
    'name: { fa: شمال, en: North }, recall: minimum, rest: red }',
    `${V1}.phases.2.rest: phase 2 is under minimum recall, which would call it back as soon as it is red. Remove the recall, or let it rest in green.`,
  ],
  [
    'OVERLAP_PHASE_UNKNOWN',
    'phases: [2, 5]',
    'phases: [2, 7]',
    `${V1}.overlaps.1.phases: there is no phase 7. Name one that is under phases.`,
  ],
  [
    'OVERLAP_PHASE_WITHOUT_WALK',
    'phases: [2, 5]',
    'phases: [4, 5], kind: pedestrian',
    `${V1}.overlaps.1.phases: phase 5 has no walk for the crossing to go with. Give it walk_s and ped_clear_s, or take it out here.`,
  ],
  [
    'OVERLAP_MODIFIERS_MISSING',
    'phases: [2, 5]',
    'phases: [2, 5], kind: minus_green_yellow',
    `${V1}.overlaps.1.modifiers: there is nobody to give way to. Name the phases beside which it is red, or make it kind normal.`,
  ],
  [
    'OVERLAP_MODIFIERS_UNUSED',
    'phases: [2, 5]',
    'phases: [2, 5], modifiers: [4]',
    `${V1}.overlaps.1.modifiers: kind normal has no modifiers. Leave them out, or correct the kind.`,
  ],
  [
    'OVERLAP_MODIFIER_UNKNOWN',
    'phases: [2, 5]',
    'phases: [2, 5], kind: minus_green_yellow, modifiers: [8]',
    `${V1}.overlaps.1.modifiers: there is no phase 8. Name one that is under phases.`,
  ],
  [
    'OVERLAP_MODIFIER_INCLUDED',
    'phases: [2, 5]',
    'phases: [2, 5], kind: minus_green_yellow, modifiers: [5]',
    `${V1}.overlaps.1.modifiers: phase 5 stands under phases too, where it says the opposite. Take it out of one of them.`,
  ],
  [
    'OVERLAP_TIME_OUT_OF_RANGE',
    'phases: [2, 5]',
    'phases: [2, 5], trailing_yellow_s: 2',
    `${V1}.overlaps.1.trailing_yellow_s: 2 is not 3 to 7. Bring it into that range, or leave it out.`,
  ],
  [
    'OVERLAP_TRAILING_UNUSED',
    'phases: [2, 5]',
    'phases: [4], kind: pedestrian, trailing_green_s: 2',
    `${V1}.overlaps.1.trailing_green_s: kind pedestrian ends with its phases. Leave trailing_green_s out.`,
  ],
  [
    'OVERLAP_MODIFIERS_MISSING',
    'phases: [2, 5]',
    'phases: [2], kind: flashing_yellow_arrow',
    `${V1}.overlaps.1.modifiers: no phase turns the arrow green. Name the protected phases.`,
  ],
  [
    'ARROW_CHANNELS_UNPAIRED',
    'phases: [2, 5]',
    'phases: [2], kind: flashing_yellow_arrow, modifiers: [5]',
    `${V1}.channels: the arrow of overlap 1 has 1 load switches \`overlap 1\` and 0 \`flash 1\`. Give it as many of the one as of the other.`,
  ],
  [
    'CHANNEL_DRIVES_NOTHING',
    '9: overlap 1',
    '9: overlap 1, 10: overlap 2',
    `${V1}.channels.10: there is no overlap 2. Name one that there is, or remove the channel.`,
  ],
  [
    'CHANNEL_DRIVES_NOTHING',
    '14: walk 4',
    '14: walk 4, 15: walk 6',
    `${V1}.channels.15: phase 6 has no pedestrians to show. Give it walk_s and ped_clear_s, or remove the channel.`,
  ],
  [
    'CROSSWALK_HEAD_WITHOUT_CHANNEL',
    ', 14: walk 4',
    '',
    `${V1}.approaches.N.crosswalk.phase: no load switch shows walk 4. Add it to channels, or name another phase.`,
  ],
  [
    'CROSSWALK_PHASE_WITHOUT_WALK',
    'crosswalk: { length_m: 12, phase: 4 }',
    'crosswalk: { length_m: 12, phase: 6 }',
    `${V1}.approaches.N.crosswalk.phase: phase 6 has no walk. Give it walk_s and ped_clear_s, or name another phase.`,
  ],
  [
    'DETECTOR_PHASE_UNKNOWN',
    'lanes: [S1], phase: 6, device',
    'lanes: [S1], phase: 8, device',
    `${V1}.detectors.7.phase: there is no phase 8 to call. Name one that is under phases.`,
  ],
  [
    'DETECTOR_LANE_UNKNOWN',
    'lanes: [N1, N2]',
    'lanes: [N1, N4]',
    `${V1}.detectors.2.lanes: there is no lane N4. Did you mean N1?`,
  ],
  [
    'DETECTOR_INPUT_TWICE',
    'device: loops, channel: 1',
    'channel: 1',
    `${V1}.detectors.7.channel: channel 1 of the controller is detector 1's too. Give one of them another channel.`,
  ],
]

describe('a street that no controller could run is refused with place, rule and remedy', () => {
  test.each(IN_THE_STREET)('%s', async (...[code, find, write, says]) => {
    const loaded = await loadEdited('network.yaml', plant(find, write))
    expect(loaded.ok ? [] : loaded.fault.map((fault) => [fault.code, fault.message])).toContainEqual([code, says])
  })

  test('a crossing without phases is refused and does not crash the loader', async () => {
    const loaded = await loadEdited('network.yaml', (text) =>
      text.replace(/ {4}phases:\n( {6}.*\n)+/, '    phases: {}\n'),
    )
    expect(loaded.ok ? [] : loaded.fault.map(({ message }) => message)).toContain(
      `${V1}.phases: there is no phase. Add one.`,
    )
  })
})
