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
    'OVERLAP_PHASE_UNKNOWN',
    'phases: [2, 5]',
    'phases: [2, 7]',
    `${V1}.overlaps.1.phases: there is no phase 7. Name one that is under phases.`,
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
