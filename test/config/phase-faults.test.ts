/** Phases with all that can be said of them, and times that make no sense together: each fault told with its exact sentence. */
import { expect, test } from 'vitest'
import { loadEdited, plant } from './planted.ts'

/** Code, what is planted in the row of phase 4 (which has pedestrians) or 6 (which has none), what is said. */
type Row = readonly [code: string, phase: 4 | 6, write: string, says: string]

const PLACES = { 4: 'red_clear_s: 3.4', 6: 'name: { fa: جنوب, en: South }, recall: minimum' } as const

const ROWS: readonly Row[] = [
  [
    'MAX_INITIAL_BELOW_MIN_GREEN',
    4,
    'added_initial_s: 2, max_initial_s: 7',
    'max_initial_s: 7 is below min_green_s 8: no vehicle that waits would make the green longer. Raise it, or leave added_initial_s out.',
  ],
  [
    'MIN_GAP_ABOVE_PASSAGE',
    4,
    'time_to_reduce_s: 10, min_gap_s: 9',
    'min_gap_s: 9 is above passage_s 2.5, from which the gap shrinks. Lower it.',
  ],
  [
    'GAP_REDUCTION_WITHOUT_TIME',
    4,
    'time_before_reduction_s: 10, min_gap_s: 1',
    'time_to_reduce_s: time_before_reduction_s 10 and min_gap_s 1 do nothing while time_to_reduce_s is 0. Give the time, or leave both out.',
  ],
  [
    'DYNAMIC_MAX_INCOMPLETE',
    4,
    'dynamic_max_limit_s: 60',
    ': dynamic_max_limit_s 60 and dynamic_max_step_s 0 do not go together. Give both, or neither.',
  ],
  [
    'DYNAMIC_MAX_NEVER_MOVES',
    4,
    'dynamic_max_limit_s: 45, dynamic_max_step_s: 25',
    'dynamic_max_step_s: one step of 25 from max1_s 30 or max2_s 40 passes dynamic_max_limit_s 45, so that none is taken. Lower the step or move the limit.',
  ],
  [
    'DYNAMIC_MAX_LIMIT_BELOW_MIN_GREEN',
    4,
    'dynamic_max_limit_s: 7, dynamic_max_step_s: 5',
    'dynamic_max_limit_s: 7 is below min_green_s 8. Raise it.',
  ],
  [
    'PEDESTRIAN_OPTION_WITHOUT_WALK',
    6,
    'walk_rest: true',
    'walk_rest: the phase has no pedestrians. Give walk_s and ped_clear_s, or leave walk_rest out.',
  ],
  [
    'PEDESTRIAN_OPTION_WITHOUT_WALK',
    6,
    'leading_ped_s: 4',
    'leading_ped_s: the phase has no pedestrians. Give walk_s and ped_clear_s, or leave leading_ped_s out.',
  ],
  [
    'LEADING_PED_ABOVE_WALK',
    4,
    'leading_ped_s: 8',
    'leading_ped_s: 8 lasts longer than walk_s 7, of which it is the first part: walk would end before the vehicles go. Lower it, or raise walk_s.',
  ],
  [
    'LEADING_PED_ABOVE_WALK',
    4,
    'leading_ped_s: 6, red_amber_s: 1.5',
    'leading_ped_s: 6 and red_amber_s 1.5 last longer than walk_s 7, of which it is the first part: walk would end before the vehicles go. Lower it, or raise walk_s.',
  ],
  [
    'PED_CLEARANCE_BELOW_YELLOW',
    6,
    'walk_s: 5, ped_clear_s: 3, ped_clear_in_yellow: true',
    'ped_clear_in_yellow: ped_clear_s 3 is below yellow_s 3.5, and cannot end with it. Leave ped_clear_in_yellow out.',
  ],
  [
    'WALK_REST_IN_RED',
    4,
    'walk_rest: true, rest: red',
    'walk_rest: the phase rests in red, and so it has no green whose walk could rest. Leave walk_rest or `rest: red` out.',
  ],
]

test.each(ROWS)('%s of phase %i: %s', async (...[code, phase, write, says]) => {
  const loaded = await loadEdited('network.yaml', plant(PLACES[phase], `${PLACES[phase]}, ${write}`))
  const place = `village/network.yaml intersections.V-1.phases.${phase}${says.startsWith(':') ? '' : '.'}`
  expect(loaded.ok ? [] : loaded.fault.map((fault) => [fault.code, fault.message])).toContainEqual([code, place + says])
})

test('all that the phase table has is read, in milliseconds', async () => {
  const write = [
    'added_initial_s: 1.5, max_initial_s: 20, time_before_reduction_s: 8, time_to_reduce_s: 12, min_gap_s: 1.2',
    'dynamic_max_limit_s: 60, dynamic_max_step_s: 7.5, red_revert_s: 3.5, leading_ped_s: 4',
    'ped_clear_in_yellow: true, walk_rest: true, simultaneous_gap_out: false',
  ].join(', ')
  const loaded = await loadEdited('network.yaml', plant(PLACES[4], `${PLACES[4]}, ${write}`))
  const street = loaded.ok ? loaded.value.intersections[0]?.database.intersection : undefined
  expect(street?.phases.find(({ id }) => id === 4)).toMatchObject({
    simultaneousGapOut: false,
    walkRest: true,
    pedClearInYellow: true,
    timing: {
      addedInitialMs: 1_500,
      maxInitialMs: 20_000,
      timeBeforeReductionMs: 8_000,
      timeToReduceMs: 12_000,
      minGapMs: 1_200,
      dynamicMaxLimitMs: 60_000,
      dynamicMaxStepMs: 7_500,
      redRevertMs: 3_500,
      leadingPedMs: 4_000,
    },
  })
})
