/** What no controller could run: each fault that a file can hold is planted once, told with its exact sentence. */
import { describe, expect, test } from 'vitest'
import { HAMADAN, loadCopy, loadEdited, plant } from './planted.ts'

type Row = readonly [code: string, file: string, find: string, write: string, says: string]

const V1 = 'village/network.yaml intersections.V-1'

const IN_THE_STREET: readonly Row[] = [
  [
    'RING_NUMBER_INVALID',
    'network.yaml',
    'rings:\n      - [[1, 2], [4]]',
    'rings:\n      - [[1, 2], []]',
    `${V1}.phases.4: phase 4 stands in no ring. Add it to rings.`,
  ],
  [
    'TIMING_OUT_OF_RANGE',
    'network.yaml',
    'red_clear_s: 3.4',
    'red_clear_s: 30',
    `${V1}.phases.4.red_clear_s: 30 is not 0 to 25.5. Bring it into that range.`,
  ],
  [
    'MAX_BELOW_MIN_GREEN',
    'network.yaml',
    'red_clear_s: 3.4',
    'red_clear_s: 3.4, max1_s: 7',
    `${V1}.phases.4.max1_s: 7 is below min_green_s 8. Raise max1_s or lower min_green_s.`,
  ],
  [
    'WALK_AND_CLEARANCE_NOT_BOTH',
    'network.yaml',
    'name: { fa: جنوب, en: South }, recall: minimum',
    'name: { fa: جنوب, en: South }, recall: minimum, walk_s: 7',
    `${V1}.phases.6: walk_s 7 and ped_clear_s 0 do not go together. Give both, or neither.`,
  ],
  [
    'PEDESTRIAN_RECALL_WITHOUT_WALK',
    'network.yaml',
    'name: { fa: جنوب, en: South }, recall: minimum',
    'name: { fa: جنوب, en: South }, recall: minimum, ped_recall: true',
    `${V1}.phases.6.ped_recall: the phase has no pedestrians to recall. Give walk_s and ped_clear_s, or leave ped_recall out.`,
  ],
  [
    'CONFLICT_PHASE_UNKNOWN',
    'network.yaml',
    '    overlaps:',
    '    extra_conflicts: [[1, 7]]\n    overlaps:',
    `${V1}.extra_conflicts: [7, 1] names a phase that is not there. Correct the pair.`,
  ],
  [
    'CONFLICT_WITH_ITSELF',
    'network.yaml',
    '    overlaps:',
    '    extra_conflicts: [[1, 1]]\n    overlaps:',
    `${V1}.extra_conflicts: [1, 1] is a phase and itself. Name two phases.`,
  ],
  [
    'PHASE_LIGHTS_NOTHING',
    'network.yaml',
    '6: phase 6, ',
    '',
    `${V1}.phases.6: no load switch shows phase 6. Add \`phase 6\` to channels, or an overlap that includes it.`,
  ],
  [
    'LANE_HEAD_WITHOUT_CHANNEL',
    'network.yaml',
    '6: phase 6, ',
    '',
    `${V1}.approaches.S.lanes.0.head: no load switch shows phase 6 to lane S1. Add it to channels, or name another head.`,
  ],
  [
    'SEQUENCE_PHASE_UNKNOWN',
    'network.yaml',
    '- [[2, 1], [4]]',
    '- [[2, 1], [4, 3]]',
    `${V1}.sequences.2: ring 1 holds phase 3, which is not under phases. Add it there, or take it out here.`,
  ],
  [
    'SEQUENCE_PHASE_TWICE',
    'network.yaml',
    '- [[2, 1], [4]]',
    '- [[2, 1, 2], [4]]',
    `${V1}.sequences.2: ring 1 holds phase 2 a second time. Take it out once.`,
  ],
  [
    'SEQUENCE_PHASE_IN_OTHER_RING',
    'network.yaml',
    '- [[2, 1], [4]]\n        - [[6, 5], []]',
    '- [[2, 1, 5], [4]]\n        - [[6], []]',
    `${V1}.sequences.2: ring 1 holds phase 5, which belongs to ring 2. Leave it in one ring.`,
  ],
  [
    'SEQUENCE_PHASE_MISSING',
    'network.yaml',
    '- [[2, 1], [4]]',
    '- [[2], [4]]',
    `${V1}.sequences.2: phase 1 stands in no ring of this sequence. Add it.`,
  ],
  [
    'BARRIER_CROSSED',
    'network.yaml',
    '- [[2, 1], [4]]',
    '- [[2], [4], [1]]',
    `${V1}.sequences.2: ring 1 comes to phase 1 of barrier group 1 out of the order 1, 2. Keep each phase in its group, and the groups of all rings in one order.`,
  ],
  [
    'OVERLAP_PHASE_UNKNOWN',
    'network.yaml',
    'phases: [2, 5]',
    'phases: [2, 7]',
    `${V1}.overlaps.1.phases: there is no phase 7. Name one that is under phases.`,
  ],
  [
    'CHANNEL_DRIVES_NOTHING',
    'network.yaml',
    '9: overlap 1',
    '9: overlap 1, 10: overlap 2',
    `${V1}.channels.10: there is no overlap 2. Name one that there is, or remove the channel.`,
  ],
  [
    'CHANNEL_DRIVES_NOTHING',
    'network.yaml',
    '14: walk 4',
    '14: walk 4, 15: walk 6',
    `${V1}.channels.15: phase 6 has no pedestrians to show. Give it walk_s and ped_clear_s, or remove the channel.`,
  ],
  [
    'CROSSWALK_HEAD_WITHOUT_CHANNEL',
    'network.yaml',
    ', 14: walk 4',
    '',
    `${V1}.approaches.N.crosswalk.phase: no load switch shows walk 4. Add it to channels, or name another phase.`,
  ],
  [
    'CROSSWALK_PHASE_WITHOUT_WALK',
    'network.yaml',
    'crosswalk: { length_m: 12, phase: 4 }',
    'crosswalk: { length_m: 12, phase: 6 }',
    `${V1}.approaches.N.crosswalk.phase: phase 6 has no walk. Give it walk_s and ped_clear_s, or name another phase.`,
  ],
  [
    'DETECTOR_PHASE_UNKNOWN',
    'network.yaml',
    'lanes: [S1], phase: 6, device',
    'lanes: [S1], phase: 8, device',
    `${V1}.detectors.7.phase: there is no phase 8 to call. Name one that is under phases.`,
  ],
  [
    'DETECTOR_LANE_UNKNOWN',
    'network.yaml',
    'lanes: [N1, N2]',
    'lanes: [N1, N4]',
    `${V1}.detectors.2.lanes: there is no lane N4. Did you mean N1?`,
  ],
  [
    'DETECTOR_INPUT_TWICE',
    'network.yaml',
    'device: loops, channel: 1',
    'channel: 1',
    `${V1}.detectors.7.channel: channel 1 of the controller is detector 1's too. Give one of them another channel.`,
  ],
]

const DAY = 'village/plans.yaml day.V-1'

const IN_TIME: readonly Row[] = [
  [
    'PATTERN_TWICE',
    'site.yaml',
    '{ day: 1, market: 2 }',
    '{ day: 1, market: 1 }',
    'village/site.yaml patterns: 1 is the number of two plans. Renumber one.',
  ],
  [
    'PLAN_SEQUENCE_UNKNOWN',
    'plans.yaml',
    'sequence: 2',
    'sequence: 3',
    'village/plans.yaml market.V-1.sequence: network.yaml has no sequence 3 for V-1. Add it under sequences, or leave it out for 1.',
  ],
  [
    'OFFSET_OUTSIDE_CYCLE',
    'plans.yaml',
    'offset_s: 0',
    'offset_s: 85',
    `${DAY}.offset_s: 85 is not below cycle_s 80. Write 5.`,
  ],
  ['SPLIT_MISSING', 'plans.yaml', '1: 16, 2: 34, ', '2: 34, ', `${DAY}.splits_s: phase 1 has no split. Add one.`],
  [
    'SPLIT_PHASE_UNKNOWN',
    'plans.yaml',
    '5: 16, 6: 34',
    '5: 16, 6: 34, 8: 30',
    `${DAY}.splits_s.8: V-1 has no phase 8 in this sequence. Remove the split.`,
  ],
  [
    'SPLIT_BELOW_MINIMUM',
    'plans.yaml',
    '1: 16, 2: 34',
    '1: 10, 2: 40',
    `${DAY}.splits_s.1: 10 is below 11 = 5+3.5+2.5 (minimum green, yellow, red clearance). Lengthen the split.`,
  ],
  [
    'SPLIT_BELOW_PEDESTRIANS',
    'network.yaml',
    'walk_s: 7, ped_clear_s: 10',
    'walk_s: 15, ped_clear_s: 10, ped_recall: true',
    `${DAY}.splits_s.4: 30 is below 31.9 = 15+10+3.5+3.4 (walk, pedestrian clearance, yellow, red clearance). Lengthen the split.`,
  ],
  [
    'RING_SUM_NOT_CYCLE',
    'plans.yaml',
    '1: 16, 2: 34',
    '1: 16, 2: 44',
    `${DAY}.splits_s: 16+44+30 = 90 exceeds cycle_s 80. Shorten a split or raise cycle_s.`,
  ],
  [
    'RING_SUM_NOT_CYCLE',
    'plans.yaml',
    '1: 16, 2: 34',
    '1: 16, 2: 24',
    `${DAY}.splits_s: 16+24+30 = 70 falls short of cycle_s 80. Lengthen a split or lower cycle_s.`,
  ],
  [
    'RINGS_UNEQUAL_AT_BARRIER',
    'plans.yaml',
    '1: 16, 2: 34, 4: 30',
    '1: 16, 2: 36, 4: 28',
    `${DAY}.splits_s: in barrier group 1 ring 2 takes 50 and ring 1 52. Make them equal.`,
  ],
  [
    'SPLITS_OVERLAP_CONFLICT',
    'network.yaml',
    '    overlaps:',
    '    extra_conflicts: [[1, 5]]\n    overlaps:',
    `${DAY}.splits_s: phases 1 and 5 conflict, and their splits share 16 s. Move them apart.`,
  ],
  [
    'NO_COORDINATED_PHASE',
    'plans.yaml',
    'coordinated: [2, 6]',
    'coordinated: []',
    'village/plans.yaml market.V-1.coordinated: no phase is coordinated. Name one, at most one a ring.',
  ],
  [
    'COORDINATED_PHASE_UNKNOWN',
    'plans.yaml',
    'coordinated: [2, 6]',
    'coordinated: [2, 8]',
    'village/plans.yaml market.V-1.coordinated: V-1 has no phase 8 in this sequence. Name another.',
  ],
  [
    'COORDINATED_PHASES_IN_ONE_RING',
    'plans.yaml',
    'coordinated: [2, 6]',
    'coordinated: [1, 2]',
    'village/plans.yaml market.V-1.coordinated: phases 1 and 2 are both in ring 1. Leave one.',
  ],
  [
    'COORDINATED_PHASES_ACROSS_BARRIER',
    'plans.yaml',
    'coordinated: [2, 6]',
    'coordinated: [4, 6]',
    'village/plans.yaml market.V-1.coordinated: phases 4 and 6 stand in barrier groups 2 and 1 and never run together. Name two of one group.',
  ],
  [
    'TIME_ZONE_UNKNOWN',
    'site.yaml',
    'Asia/Tehran',
    'Asia/Hamadan',
    'village/site.yaml time_zone: Asia/Hamadan is no time zone. Write an IANA name such as Asia/Tehran.',
  ],
  [
    'DAY_PLAN_TWICE',
    'schedule.yaml',
    'number: 2',
    'number: 1',
    'village/schedule.yaml day_plans: 1 is the number of two day plans. Renumber one.',
  ],
  [
    'DAY_PLAN_NOT_FROM_MIDNIGHT',
    'schedule.yaml',
    '      00:00: free\n      05:30: market',
    '      05:30: market',
    'village/schedule.yaml day_plans.market_day.entries: it begins at 05:30. Say what runs from 00:00 on.',
  ],
  [
    'DAY_PLAN_EMPTY',
    'schedule.yaml',
    'entries:\n      00:00: free\n      05:30: market\n      14:00: day',
    'entries: {}',
    'village/schedule.yaml day_plans.market_day.entries: it is empty. Begin with 00:00.',
  ],
  [
    'DAY_PLAN_PATTERN_UNKNOWN',
    'schedule.yaml',
    '05:30: market',
    '05:30: markt',
    'village/schedule.yaml day_plans.market_day.entries.05:30: site.yaml has no plan markt. Did you mean market?',
  ],
  [
    'WEEK_DAY_PLAN_UNKNOWN',
    'schedule.yaml',
    'thursday: market_day',
    'thursday: marketday',
    'village/schedule.yaml week.thursday: there is no day plan marketday. Did you mean market_day?',
  ],
]

describe('what no controller could run is refused with place, rule and remedy', () => {
  test.each([...IN_THE_STREET, ...IN_TIME])('%s in %s', async (...[code, file, find, write, says]) => {
    const loaded = await loadEdited(file, plant(find, write))
    expect(loaded.ok ? [] : loaded.fault.map((fault) => [fault.code, fault.message])).toContainEqual([code, says])
  })

  test('a plan that an intersection lacks is missed by the day plan that asks for it', async () => {
    const loaded = await loadEdited('plans.yaml', (text) => text.slice(0, text.indexOf('market:')))
    expect(loaded.ok ? [] : loaded.fault.map(({ message }) => message)).toEqual([
      'village/schedule.yaml day_plans.market_day.entries.05:30: V-1 has no plan market. Add V-1 to it in plans.yaml, or give V-1 a week of its own under own_weeks.',
    ])
  })

  test('a fault of the week of the city is told once, not once for each of twelve cabinets', async () => {
    const loaded = await loadCopy(HAMADAN, { 'schedule.yaml': plant('number: 3', 'number: 2') })
    expect(loaded.ok ? [] : loaded.fault.map(({ code }) => code)).toEqual(['DAY_PLAN_TWICE'])
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
