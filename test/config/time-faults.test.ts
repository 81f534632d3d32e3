/** Plans and schedules that no controller could keep: each fault planted once, told with its exact sentence. */
import { describe, expect, test } from 'vitest'
import { HAMADAN, loadCopy, loadEdited, plant } from './planted.ts'

/** Code, file, what stands there, what is planted, what is said. */
type Row = readonly [code: string, file: string, find: string, write: string, says: string]

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
    'SPLIT_BELOW_INTERGREEN',
    'network.yaml',
    '    channels: {',
    '    intergreens: [{ from: phase 2, to: phase 4, s: 23 }]\n    channels: {',
    `${DAY}.splits_s.4: 30 is below 31.9: an intergreen makes phase 4 begin 17 later than the clearance of phase 2. Lengthen the split.`,
  ],
  [
    'SPLIT_BELOW_OVERLAP',
    'network.yaml',
    'phases: [2, 5] }',
    'phases: [2, 5], trailing_green_s: 17 }',
    `${DAY}.splits_s.4: 30 is below 31.9: overlap 1 is red 17 later than phase 2 has cleared, and phase 4 waits for it. Lengthen the split, or shorten what the overlap trails.`,
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
    'SPLIT_OF_OMITTED_PHASE',
    'plans.yaml',
    'splits_s: { 1: 16, 2: 34, 4: 30, 5: 16, 6: 34 } }',
    'split_modes: { 1: omitted, 5: omitted }, splits_s: { 1: 4, 2: 46, 4: 30, 6: 50 } }',
    `${DAY}.splits_s.1: phase 1 is omitted, and has 4 s. Give them to another phase, and leave its split out.`,
  ],
  [
    'SPLIT_MODE_PHASE_UNKNOWN',
    'plans.yaml',
    'offset_s: 0,',
    'offset_s: 0, split_modes: { 9: minimum },',
    `${DAY}.split_modes.9: V-1 has no phase 9. Remove the mode.`,
  ],
  [
    'SPLIT_MODE_WITHOUT_WALK',
    'plans.yaml',
    'offset_s: 0,',
    'offset_s: 0, split_modes: { 1: pedestrian },',
    `${DAY}.split_modes.1: phase 1 has no walk to recall. Give it walk_s and ped_clear_s, or another mode.`,
  ],
  [
    'COORDINATED_PHASE_OMITTED',
    'plans.yaml',
    'offset_s: 0, splits_s: { 1: 16, 2: 34,',
    'offset_s: 0, coordinated: [2, 6], split_modes: { 2: omitted }, splits_s: { 1: 50,',
    `${DAY}.split_modes.2: phase 2 is coordinated, and cannot be omitted. Serve it, or coordinate another.`,
  ],
  [
    'PERMISSIVE_PHASE_UNKNOWN',
    'plans.yaml',
    'offset_s: 0,',
    'offset_s: 0, permissive_s: { 9: 5 },',
    `${DAY}.permissive_s.9: V-1 has no phase 9. Remove the window.`,
  ],
  [
    'PERMISSIVE_OF_COORDINATED_PHASE',
    'plans.yaml',
    'offset_s: 0,',
    'offset_s: 0, permissive_s: { 6: 5 },',
    `${DAY}.permissive_s.6: phase 6 is coordinated, and begins in its turn. Remove the window.`,
  ],
  [
    'PERMISSIVE_OUTSIDE_TURN',
    'plans.yaml',
    'offset_s: 0,',
    'offset_s: 0, permissive_s: { 4: 5 },',
    `${DAY}.permissive_s.4: 5 is not 6 (its turn begins) to 21.1 (its minimum still fits) after the yield point. Bring it into that range.`,
  ],
  [
    'ACTUATED_PART_OUT_OF_RANGE',
    'plans.yaml',
    'offset_s: 0,',
    'offset_s: 0, coordinated_actuated_s: 21,',
    `${DAY}.coordinated_actuated_s: 21 is more than the 20 s that the green of phase 2 has beyond its minimum. Shorten it.`,
  ],
  [
    'SPLIT_BELOW_BARRIER_CLEARANCE',
    'network.yaml',
    'en: South }, recall: minimum',
    'en: South }, recall: minimum, min_green_s: 5, red_clear_s: 24',
    `${DAY}.splits_s.2: 34 is below 35.5: at the barrier all greens end together, and a phase beside it clears for 27.5 instead of 6. Lengthen the split.`,
  ],
  [
    'SUBTRACT_WITHOUT_SPARE_TIME',
    'plans.yaml',
    'offset_s: 0, splits_s: { 1: 16, 2: 34,',
    'offset_s: 0, transition: subtract, splits_s: { 1: 11, 2: 39,',
    `${DAY}.transition: the 11 s of phase 1 cannot be made shorter. Lengthen its split, or choose add, dwell or shortest.`,
  ],
  [
    'SPLIT_BELOW_INITIAL',
    'network.yaml',
    'min_green_s: 5, clears_m: 14, may_omit: true }\n      2:',
    'min_green_s: 5, clears_m: 14, added_initial_s: 2, max_initial_s: 11 }\n      2:',
    `${DAY}.splits_s.1: 16 is below 17, which an initial green of up to 11 takes. Lengthen the split, or shorten max_initial_s.`,
  ],
  [
    'SPLIT_BELOW_PEDESTRIANS',
    'network.yaml',
    'walk_s: 7, ped_clear_s: 10',
    'walk_s: 15, ped_clear_s: 12, ped_recall: true, ped_clear_in_yellow: true',
    `${DAY}.splits_s.4: 30 is below 30.4 for its walk. Lengthen the split.`,
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

describe('a plan or schedule that no controller could keep is refused with place, rule and remedy', () => {
  test.each(IN_TIME)('%s in %s', async (...[code, file, find, write, says]) => {
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
})
